"""A case in, a report out: judge each candidate assertion, weigh each regimen, order the rows.

``docs/semantics.md`` states the rules M1 to M23 that this module applies; ``judge`` decides one
assertion, ``match`` the whole case; what is opened and not listed is dropped by a rule that the
answer names (M22). Wording lives in ``words``, ordering in ``rank``.
"""

from __future__ import annotations

from service.engine import words
from service.engine.authorisation import Standing
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.levels import SUPPORT_APPLICABILITY, Applicability, level_of
from service.engine.model import Case, Truth
from service.engine.plan import suggest_tests
from service.engine.rank import match_key, row_key
from service.engine.report import Conflict, Drop, Explain, Match, Report, Row
from service.engine.rulebook import Entry, Rulebook
from service.engine.tumors import Relation


def match(rulebook: Rulebook, case: Case, *, explain: Explain = "brief") -> Report:
    """Answer a case.

    Args:
        rulebook: the knowledge.
        case: findings must be in canonical order (``notation.canonical_order``).
        explain: ``none`` leaves the reasons out, ``full`` adds traces and near misses.

    Returns:
        Rows in the total order of rule M20; the same case gives the same report.
    """
    question = Question(rulebook, case, is_explained=explain != "none")
    matches: list[Match] = []
    drops: list[Drop] = []
    for entry in question.candidates():
        verdict = question.judge(entry)
        if isinstance(verdict, Match):
            matches.append(verdict)
        else:
            drops.append(verdict)
    matches = _drop_excluded_elsewhere(matches, drops)
    matches = _drop_outranked_resistance(rulebook, matches, drops)
    if explain == "full":
        matches = [
            found.traced(words.trace_lines(question.evaluation, case, found.entry))
            for found in matches
        ]
    therapies, resistance = _rows(matches)
    if explain != "full":
        drops = [drop for drop in drops if not drop.is_near_only]
    return Report(
        case,
        therapies,
        resistance,
        tuple(sorted(drops, key=lambda drop: drop.entry.assertion.id)),
        suggest_tests(rulebook, case, question.facts, question.evaluation),
    )


class Question:
    """One case being answered: its facts, the evaluator over them, and what many entries share."""

    def __init__(self, rulebook: Rulebook, case: Case, *, is_explained: bool = True) -> None:
        self.rulebook = rulebook
        self.case = case
        self.facts = Facts(rulebook, case)
        self.evaluation = Evaluation(rulebook, case, self.facts)
        self._standings = rulebook.standings(case.as_of)
        self._is_explained = is_explained
        self._used: dict[tuple[str, ...], tuple[tuple[int, ...], int, str]] = {}
        self._tumor_words: dict[tuple[str, ...], str] = {}

    def candidates(self) -> list[Entry]:
        """Return the entries that something found (or a full set of negatives) opens (M6, M7)."""
        found: dict[str, Entry] = {}
        for gene in self.facts.genes:
            for name in self.rulebook.opening_classes(gene):
                if self.facts.verdict(name).truth is Truth.TRUE:
                    for entry in self.rulebook.opened_by(name):
                        found[entry.assertion.id] = entry
            for name in self.rulebook.wild_type_classes(gene):
                if self.facts.verdict(name).truth is Truth.FALSE:
                    for entry in self.rulebook.opened_by_absence(name):
                        if self._all_absent(entry):
                            found[entry.assertion.id] = entry
        return [found[id_] for id_ in sorted(found)]

    def judge(self, entry: Entry) -> Match | Drop:
        """Decide one candidate: a match, or the rule that drops it."""
        criteria = entry.assertion.criteria
        truth = self.evaluation.truth
        standing = self._standings[entry.assertion.id]
        if standing.status == "not_yet":
            reason = f"no authorisation had been given by {self.case.as_of.isoformat()}"
            return Drop(entry, "M14", reason, is_near_only=True)
        biomarker = truth(criteria.biomarker)
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
        applicability: Applicability
        if not in_tumor_type:
            applicability = "other_tumor_type"
        elif standing.stands:
            applicability = "on_label"
        else:
            applicability = SUPPORT_APPLICABILITY[assertion.support or "preclinical"]
        evaluation = self.evaluation
        criteria = assertion.criteria
        tumor_known = not in_tumor_type or evaluation.truth(criteria.tumor) is Truth.TRUE
        needs: tuple[str, ...] = ()
        if biomarker is Truth.UNKNOWN:
            needs = evaluation.missing_classes(criteria.biomarker)
        if clinical is Truth.UNKNOWN:
            needs += evaluation.missing_fields(criteria.clinical)
        if not tumor_known:
            needs += ("tumor_type",)
        used, specificity, biomarker_words = self._use(entry)
        why = ""
        if self._is_explained:
            why = words.reason(biomarker_words, self._relate(entry, relation), needs)
        return Match(
            entry=entry,
            standing=standing,
            applicability=applicability,
            level=level_of(assertion, in_tumor_type=in_tumor_type),
            relation=relation,
            biomarker_criteria="met" if biomarker is Truth.TRUE else "undetermined",
            clinical_criteria="met" if clinical is Truth.TRUE and tumor_known else "undetermined",
            needs=needs,
            findings=used,
            specificity=specificity,
            why=why,
        )

    def _use(self, entry: Entry) -> tuple[tuple[int, ...], int, str]:
        """Return the findings that open an entry, how narrowly they do (M18), and so in words.

        Entries of one label share it.
        """
        names = entry.openers or entry.wild_type
        known = self._used.get(names)
        if known is None:
            wanted = Truth.TRUE if entry.openers else Truth.FALSE
            opened = [name for name in names if self.facts.verdict(name).truth is wanted]
            used = {i for name in opened for i in self.facts.verdict(name).findings}
            indexes = tuple(sorted(used))
            specificity = min(
                (self.rulebook.classes[name].specificity for name in opened), default=3
            )
            text = words.biomarker_words(self.evaluation, self.case, entry, indexes)
            known = self._used[names] = (indexes, specificity, text)
        return known

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
        if not entry.openers:
            reason = "a required wild type is not carried to another tumour type"
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
            reason = f"superseded by {standing.event.by} on {standing.event.date.isoformat()}"
            return Drop(entry, "M16", reason, is_near_only=True)
        return None


def _drop_excluded_elsewhere(matches: list[Match], drops: list[Drop]) -> list[Match]:
    """Keep a regimen out of a tumour type that one of its labels excludes by name (M12)."""
    barred = {
        drop.entry.assertion.regimen.id: drop.entry.assertion.id
        for drop in drops
        if drop.rule == "M12"
        and drop.entry.assertion.effect == "sensitivity"
        and drop.entry.assertion.authority is not None
    }
    kept: list[Match] = []
    for found in matches:
        assertion = found.entry.assertion
        if (
            found.relation == "other"
            and assertion.effect == "sensitivity"
            and assertion.regimen.id in barred
        ):
            reason = f"{barred[assertion.regimen.id]} excludes this tumour type for the regimen"
            drops.append(Drop(found.entry, "M12", reason))
        else:
            kept.append(found)
    return kept


def _drop_outranked_resistance(
    rulebook: Rulebook, matches: list[Match], drops: list[Drop]
) -> list[Match]:
    """Let a sensitive statement about exactly this variant outrank one of resistance (M18)."""
    exact: dict[tuple[str, int], Match] = {}
    for found in matches:
        assertion = found.entry.assertion
        is_exact = assertion.effect == "sensitivity" and found.specificity == 0
        if is_exact and found.relation != "other":
            for index in found.findings:
                exact.setdefault((assertion.regimen.id, index), found)
    kept: list[Match] = []
    for found in matches:
        assertion = found.entry.assertion
        outranked_by = None
        if assertion.effect != "sensitivity" and found.specificity > 0 and found.findings:
            by = [exact.get((assertion.regimen.id, index)) for index in found.findings]
            outranked_by = by[0] if all(by) else None
        if outranked_by is None:
            kept.append(found)
        else:
            reason = f"{outranked_by.entry.assertion.id} speaks about exactly this variant"
            drops.append(Drop(found.entry, "M18", reason))
    return kept


def _rows(matches: list[Match]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    sensitive: dict[str, list[Match]] = {}
    resistant: dict[str, list[Match]] = {}
    for found in sorted(matches, key=match_key):
        assertion = found.entry.assertion
        side = sensitive if assertion.effect == "sensitivity" else resistant
        side.setdefault(assertion.regimen.id, []).append(found)
    therapies = [
        Row(
            group[0].entry.assertion.regimen, tuple(group), _conflict(group, resistant.get(id_, []))
        )
        for id_, group in sensitive.items()
    ]
    cautions = [Row(group[0].entry.assertion.regimen, tuple(group)) for group in resistant.values()]
    return tuple(sorted(therapies, key=row_key)), tuple(sorted(cautions, key=row_key))


def _conflict(sensitive: list[Match], resistant: list[Match]) -> Conflict | None:
    """Return both sides when a regimen has resistance that counts in this case (M19).

    Resistance known in another tumour type counts beside an off-label suggestion only.
    """
    off_label_only = all(found.relation == "other" for found in sensitive)
    against = [found for found in resistant if found.relation != "other" or off_label_only]
    if not against:
        return None
    return Conflict(
        words.why_conflict(against),
        tuple(found.entry.assertion.id for found in against),
        tuple(found.entry.assertion.id for found in sensitive),
    )
