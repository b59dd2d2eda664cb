"""One case being answered: which assertions it opens, and the verdict on each of them.

The rules M4 to M17 and M29 are applied here, assertion by assertion; what needs several of them
side by side is in ``weigh``.
"""

from __future__ import annotations

from typing import NamedTuple

from service.engine import words
from service.engine.authorisation import Standing
from service.engine.criteria import Evaluation
from service.engine.entries import Entry
from service.engine.facts import Facts
from service.engine.levels import SUPPORT_APPLICABILITY, Applicability, conditional, level_of
from service.engine.model import Case, Truth
from service.engine.report import Drop, Explain, Match, OpenedBy, TraceLine
from service.engine.rulebook import Rulebook
from service.engine.subtypes import name_subtypes, subtypes_of
from service.engine.trace import Tracer
from service.engine.tumors import Relation
from service.engine.vocabulary import EscatTier


class _Use(NamedTuple):
    """What opens an entry: findings, how narrowly they do (M18), so in words, and ESCAT's tier."""

    findings: tuple[int, ...]
    specificity: int
    words: str
    escat: EscatTier | None


class Question:
    """One case being answered: its facts, the evaluator over them, and what many entries share."""

    def __init__(self, rulebook: Rulebook, case: Case, *, explain: Explain = "brief") -> None:
        self.rulebook = rulebook
        self.case = case
        self.facts = Facts(rulebook, case)
        self.evaluation = Evaluation(rulebook, case, self.facts)
        self._standings = rulebook.standings(case.as_of)
        self._explain = explain
        self._knows_line = case.patient.facts.get("line_of_therapy") is not None
        self.tracer = Tracer(self.evaluation, case)
        self._used: dict[tuple[str, ...], _Use] = {}
        self._tumor_words: dict[tuple[str, ...], str] = {}

    def candidates(self) -> list[Entry]:
        """Return the entries that something found (or a full set of negatives) opens (M6, M7)."""
        found: dict[str, Entry] = {}
        for gene in self.facts.genes:
            for name in self.rulebook.index.opening_classes(gene):
                if self.facts.verdict(name).truth is Truth.TRUE:
                    for entry in self.rulebook.index.opened_by(name):
                        found[entry.assertion.id] = entry
                elif self.facts.may_lie_in(name):
                    for entry in self.rulebook.index.opened_by(name):
                        if self._may_hold(entry):
                            found[entry.assertion.id] = entry
            for name in self.rulebook.index.wild_type_classes(gene):
                if self.facts.verdict(name).truth is Truth.FALSE:
                    for entry in self.rulebook.index.opened_by_absence(name):
                        if self._all_absent(entry):
                            found[entry.assertion.id] = entry
        return [found[id_] for id_ in sorted(found)]

    def opens(self, entry: Entry) -> bool:
        """Tell whether something found, or a full set of negatives, opens an entry (M6, M7)."""
        if entry.openers:
            is_found = any(self.facts.verdict(name).truth is Truth.TRUE for name in entry.openers)
            return is_found or self._may_hold(entry)
        return bool(entry.wild_type) and self._all_absent(entry)

    def _may_hold(self, entry: Entry) -> bool:
        """Tell whether a label of this tumour type is open for the class that was named (M28)."""
        if not any(self.facts.may_lie_in(name) for name in entry.openers):
            return False
        if entry.assertion.effect != "sensitivity":
            return self._holds_with_others(entry)
        return self.is_own_label(entry)

    def _holds_with_others(self, entry: Entry) -> bool:
        """Tell whether one of several statements against a regimen holds, whatever is meant (M28).

        Two statements of resistance, one for each gene that can be meant, are one for both.
        """
        if not self.facts.are_open or not self._is_plain(entry):
            return False
        others = (
            other
            for other in self.rulebook.index.entries_of_regimen(entry.assertion.regimen.id)
            if other.assertion.effect == entry.assertion.effect and self._is_plain(other)
        )
        return bool(self.facts.covering(tuple(name for e in others for name in e.openers)))

    def _is_against_all(self, entry: Entry) -> bool:
        is_against = entry.assertion.effect != "sensitivity"
        return is_against and self.facts.are_open and self._may_hold(entry)

    def _is_plain(self, entry: Entry) -> bool:
        """Tell whether an entry of this tumour type asks for one class and nothing else open."""
        criteria = entry.assertion.criteria
        return (
            entry.openers == self.rulebook.classes_named_by(entry)
            and len(entry.openers) == 1
            and self.evaluation.truth(criteria.tumor) is Truth.TRUE
            and self.evaluation.truth(criteria.clinical) is not Truth.FALSE
        )

    def is_own_label(self, entry: Entry) -> bool:
        """Tell whether a label covers (or may cover) the case's tumour type, stands, is asked."""
        assertion = entry.assertion
        is_own = self.evaluation.truth(assertion.criteria.tumor) is not Truth.FALSE
        return (
            is_own
            and self._standings[assertion.id].stands
            and self._drop_for_standing(entry, self._standings[assertion.id]) is None
        )

    def judge(self, entry: Entry) -> Match | Drop:
        """Decide one candidate: a match, or the rule that drops it."""
        criteria = entry.assertion.criteria
        truth = self.evaluation.truth
        standing = self._standings[entry.assertion.id]
        if standing.status == "not_yet":
            reason = words.why_not_yet(entry.assertion, self.case.as_of)
            return Drop(entry, "M14", reason, is_near_only=True)
        biomarker = truth(criteria.biomarker)
        if biomarker is Truth.UNKNOWN and self._is_against_all(entry):
            biomarker = Truth.TRUE
        if biomarker is Truth.FALSE:
            return Drop(entry, "M4", words.why_biomarker_fails(self.evaluation, self.case, entry))
        relation = self.rulebook.tumors.closest(self.case.tumor_type, entry.tumors)
        if truth(criteria.tumor) is Truth.FALSE:
            drop = self._drop_for_tumor(entry, relation)
            if drop is not None:
                return drop
            relation = "other"
        drop = self._drop_for_standing(entry, standing)
        if drop is not None:
            return drop
        clinical = truth(criteria.clinical)
        if clinical is Truth.FALSE:
            reason = words.why_clinical_fails(self.evaluation, self.case, entry)
            return Drop(entry, "M17", reason, is_near_only=relation == "other")
        return self._match(entry, standing, relation, biomarker, clinical)

    def _match(
        self,
        entry: Entry,
        standing: Standing,
        relation: Relation,
        biomarker: Truth,
        clinical: Truth,
    ) -> Match:
        assertion = entry.assertion
        in_tumor_type = relation != "other"
        evaluation = self.evaluation
        criteria = assertion.criteria
        tumor_known = not in_tumor_type or evaluation.truth(criteria.tumor) is Truth.TRUE
        applicability: Applicability
        if not in_tumor_type:
            applicability = "other_tumor_type"
        elif standing.stands:
            applicability = "on_label"
        else:
            applicability = SUPPORT_APPLICABILITY[assertion.support or "preclinical"]
        if not tumor_known and applicability in ("on_label", "guideline"):
            applicability = "if_subtype"  # a broader term is never on label (M29)
        needs: tuple[str, ...] = ()
        if biomarker is Truth.UNKNOWN:
            needs = evaluation.missing_classes(criteria.biomarker)
        if clinical is Truth.UNKNOWN:
            needs += evaluation.missing_fields(criteria.clinical)
        if not tumor_known:
            needs += ("tumor_type",)
        use = self._use(entry)
        why = ""
        if self._explain != "none":
            why = words.reason(use.words, self._relate(entry, relation), needs)
        level = level_of(assertion, in_tumor_type=in_tumor_type)
        subtypes: tuple[str, ...] = ()
        if not tumor_known:
            subtypes = self._subtypes(entry)
            level = conditional(level, name_subtypes(self.rulebook.tumors, subtypes))
        trace: tuple[TraceLine, ...] = ()
        if self._explain == "full":
            trace = tuple(self.tracer.trace(entry, standing, level))
        return Match(
            entry=entry,
            standing=standing,
            applicability=applicability,
            level=level,
            relation=relation,
            biomarker_criteria="met" if biomarker is Truth.TRUE else "undetermined",
            clinical_criteria="met" if clinical is Truth.TRUE and tumor_known else "undetermined",
            needs=needs,
            findings=use.findings,
            escat=use.escat if in_tumor_type and assertion.effect == "sensitivity" else None,
            specificity=use.specificity,
            line=0 if self._knows_line else entry.earliest_line,
            opened_by=self._opened_by(entry),
            subtypes=subtypes,
            why=why,
            trace=trace,
        )

    def _use(self, entry: Entry) -> _Use:
        """Return what opens an entry; entries of one label share it."""
        names = entry.openers or entry.wild_type
        known = self._used.get(names)
        if known is None:
            wanted = Truth.TRUE if entry.openers else Truth.FALSE
            opened = [name for name in names if self.facts.verdict(name).truth is wanted]
            used = {i for name in opened for i in self.facts.verdict(name).findings}
            if not opened:
                used = {i for name in names for i in self.facts.may_lie_in(name)}
            indexes = tuple(sorted(used))
            specificity = min(
                (self.rulebook.classes[name].specificity for name in opened), default=3
            )
            text = words.biomarker_words(self.evaluation, self.case, entry, indexes)
            escat = self.rulebook.escat_of(opened, self.case.tumor_type)
            known = self._used[names] = _Use(indexes, specificity, text, escat)
        return known

    def _opened_by(self, entry: Entry) -> OpenedBy:
        """Tell what brings an entry in (M6): something found, a perhaps, or negatives only."""
        verdict = self.facts.verdict
        if any(verdict(name).truth is Truth.TRUE for name in entry.present):
            return "found"
        if self._is_against_all(entry):
            return "found"
        is_open = any(self.facts.may_lie_in(name) for name in entry.present)
        return "undetermined" if is_open else "absence"

    def _subtypes(self, entry: Entry) -> tuple[str, ...]:
        """Return the subtypes of the case's tumour type that an entry covers (M29)."""
        return self.rulebook.remember(_subtypes, entry.assertion.id, self.case.tumor_type)

    def _relate(self, entry: Entry, relation: Relation) -> str:
        known = self._tumor_words.get(entry.tumors)
        if known is None:
            known = words.tumor_words(self.rulebook, self.case.tumor_type, entry, relation)
            self._tumor_words[entry.tumors] = known
        return known

    def _all_absent(self, entry: Entry) -> bool:
        return all(self.facts.verdict(name).truth is Truth.FALSE for name in entry.wild_type)

    def _drop_for_tumor(self, entry: Entry, relation: Relation) -> Drop | None:
        """Return why a tumour part that is false bars the entry; ``None`` when it is off-label."""
        case_name = self.rulebook.tumors.types[self.case.tumor_type].name
        if relation != "other":
            return Drop(entry, "M12", f"the tumour type {case_name} is excluded by this criterion")
        if not any(self.facts.verdict(name).truth is Truth.TRUE for name in entry.carried):
            reason = "what must be absent is not carried to another tumour type"
            return Drop(entry, "M7", reason, is_near_only=True)
        side = self.rulebook.tumors.side(self.case.tumor_type)
        if entry.side in ("SOLID", "BLOOD") and side is not None and entry.side != side:
            reason = "nothing is carried between solid tumours and blood cancers"
            return Drop(entry, "M13", reason, is_near_only=True)
        return None

    def _drop_for_standing(self, entry: Entry, standing: Standing) -> Drop | None:
        assertion = entry.assertion
        asked = self.case.jurisdictions
        if assertion.jurisdiction is not None and asked and assertion.jurisdiction not in asked:
            reason = f"authorised in {assertion.jurisdiction}, which was not asked for"
            return Drop(entry, "M15", reason, is_near_only=True)
        if standing.status == "withdrawn":
            return Drop(entry, "M16", words.why_withdrawn(assertion, self.case.as_of))
        if standing.status == "superseded" and standing.event is not None:
            return Drop(entry, "M16", words.why_superseded(standing.event), is_near_only=True)
        return None


def _subtypes(rulebook: Rulebook, id_: str, code: str) -> tuple[str, ...]:
    entry = rulebook.entry(id_)
    return subtypes_of(rulebook.tumors, entry.assertion.criteria.tumor, code) if entry else ()
