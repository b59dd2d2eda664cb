"""What a case says about each biomarker class: one verdict a class, computed once a case.

A class is true when a detected finding lies inside it, false when reported negatives cover it,
unknown otherwise (rule M2); a detected finding outweighs a negative one of the same class (M3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from service.engine.classes import ANY_MUTATION, contains, each_of, meet
from service.engine.contradictions import denies_all
from service.engine.model import BiomarkerClass, Case, Finding, Origin, ProteinChange, Truth
from service.engine.negatives import is_excluded_by
from service.engine.rulebook import Rulebook
from service.engine.status import Status, choose_table, derive_status


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth of a class in a case and the findings (by index) that decided it."""

    truth: Truth
    findings: tuple[int, ...] = ()


_SILENT = Verdict(Truth.UNKNOWN)
ORIGINS: tuple[Origin, ...] = get_args(Origin)


class Facts:
    """The biomarker facts of one case; verdicts are memoised for the life of one question."""

    def __init__(self, rulebook: Rulebook, case: Case) -> None:
        self._rulebook = rulebook
        self._case = case
        self._verdicts: dict[str, Verdict] = {}
        self._statuses: dict[str, Status] = {}
        self._by_gene: dict[str, list[int]] = {}
        #: Findings that are one of several changes, or of several genes, not said which (M28).
        self._naming: list[int] = []
        #: Findings that say a codon, and not which change of it (rule M28).
        self._placing: list[int] = []
        #: Findings that do not say their origin, of genes of which a class asks for it.
        self._of_open_origin: list[int] = []
        for index, finding in enumerate(case.findings):
            for gene in finding.genes:
                self._by_gene.setdefault(gene, []).append(index)
            if finding.result != "detected":
                continue
            if finding.origin is None and not rulebook.genes_by_origin.isdisjoint(finding.genes):
                self._of_open_origin.append(index)
            if finding.one_of:
                self._naming.append(index)
            if finding.change is None:
                continue
            if finding.change.among:
                self._naming.append(index)
            elif not finding.change.is_exact and _is_codon(finding.change):
                self._placing.append(index)

    @property
    def genes(self) -> tuple[str, ...]:
        """Return the genes that a finding speaks about, sorted."""
        return tuple(sorted(self._by_gene))

    @property
    def are_open(self) -> bool:
        """Tell whether a finding names a class or a gene group instead of one variant of a gene."""
        return bool(self._naming)

    def classes_that_hold(self) -> tuple[str, ...]:
        """Return the classes of the genes spoken about that are true, sorted."""
        names = {name for gene in self._by_gene for name in self._rulebook.classes_of_gene(gene)}
        return tuple(n for n in sorted(names) if self.verdict(n).truth is Truth.TRUE)

    def speaks_about(self, genes: frozenset[str]) -> bool:
        """Tell whether any finding speaks about any of the genes."""
        return not genes.isdisjoint(self._by_gene)

    def verdict(self, class_name: str) -> Verdict:
        """Return what the case says about a class (by its exact name)."""
        known = self._verdicts.get(class_name)
        if known is None:
            known = self._decide(self._rulebook.classes[class_name])
            self._verdicts[class_name] = known
        return known

    def covering(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the findings that lie in one of the classes, whatever is meant of them."""
        return tuple(index for index in self._naming if self._lies_in(names, index))

    def may_lie_in(self, name: str) -> tuple[int, ...]:
        """Return the findings of which one variant that can be meant lies in a class (rule M28)."""
        is_open = self._naming or self._placing or self._of_open_origin
        if not is_open or self.verdict(name).truth is not Truth.UNKNOWN:
            return ()
        named = [index for index in self._naming if self._may_be(name, self._case.findings[index])]
        placed = [
            index
            for index in self._placing
            if self._belongs(name, self._case.findings[index]) is not Truth.FALSE
        ]
        born = [
            index
            for index in self._of_open_origin
            if any(
                self._belongs(name, replace(one, origin=origin)) is Truth.TRUE
                for one in self._case.findings[index].one_of or (self._case.findings[index],)
                for origin in ORIGINS
            )
        ]
        return tuple(sorted({*named, *placed, *born}))

    def _may_be(self, name: str, finding: Finding) -> bool:
        """Tell whether one possibility of a finding lies in a class; a codon of a group may."""
        for one in self._each_of(finding):
            truth = self._belongs(name, one)
            is_placed = bool(finding.one_of) and one.change is not None and _is_codon(one.change)
            if truth is Truth.TRUE or (truth is Truth.UNKNOWN and is_placed):
                return True
        return False

    def _lies_in(self, names: tuple[str, ...], index: int) -> bool:
        finding = self._case.findings[index]
        return all(self._is_one_in(names, one) for one in finding.one_of or (finding,))

    def _is_one_in(self, names: tuple[str, ...], finding: Finding) -> bool:
        """Tell whether a finding of one gene lies in one of the classes."""
        if finding.change is None or not finding.change.among:
            return any(self._belongs(name, finding) is Truth.TRUE for name in names)
        if finding.change.named in names:
            return True
        # The open change of a loosely used word is no variant of the class that was named.
        return all(
            any(self._belongs(name, one) is Truth.TRUE for name in names)
            for one in self._each_of(finding)
            if one.change != ProteinChange()
        )

    def _belongs(self, name: str, finding: Finding) -> Truth:
        """Tell whether one finding lies in a class without a status, or a union of such."""
        rule = self._rulebook.classes[name]
        if rule.any_of:
            return max(self._belongs(part, finding) for part in rule.any_of)
        if rule.all_of or rule.status:
            return Truth.FALSE
        return self._contains(rule, finding)

    def _each_of(self, finding: Finding) -> tuple[Finding, ...]:
        """Return the variants one of which is meant, each with what is curated about it."""
        known = self._rulebook.oncogenicity
        return tuple(
            replace(one, oncogenicity=known.get((one.gene, one.change.short), one.oncogenicity))
            if one.change is not None and one.change.short is not None
            else one
            for one in each_of(finding)
        )

    def _contains(self, rule: BiomarkerClass, finding: Finding) -> Truth:
        """Tell whether a finding lies in a class; a kind of change is a mutation (rule M33)."""
        if finding.one_of:
            return meet([self._contains(rule, one) for one in finding.one_of])
        if finding.gene != rule.gene:
            return Truth.FALSE
        gene = self._rulebook.genes[rule.gene]
        if finding.change is not None and finding.change.among and rule.sequence is not None:
            if finding.change.named == rule.name:
                return Truth.TRUE
            return meet([self._contains(rule, one) for one in self._each_of(finding)])
        truth = contains(rule, finding, gene)
        asks_origin = rule.origin not in (None, finding.origin)
        if truth is Truth.UNKNOWN and rule.sequence == ANY_MUTATION and not asks_origin:
            kinds = self._rulebook.kinds_of_gene(rule.gene)
            if any(contains(kind, finding, gene) is Truth.TRUE for kind in kinds):
                return Truth.TRUE
        return truth

    def _is_denied_whole(self, index: int) -> bool:
        """Tell whether negatives deny every gene of a group that was found: it outweighs them."""
        group = self._case.findings[index]
        against = [f for f in self._case.findings if f.result == "not_detected"]
        return bool(group.one_of) and denies_all(against, group, self._rulebook.genes)

    def _count_hits(self, indexes: list[int]) -> int:
        """Count different variants; two that are named only by their kind may be one."""
        changes = {self._case.findings[index].change for index in indexes}
        exact = {one for one in changes if one is not None and one.is_exact}
        return max(len(exact), 1)

    def status(self, gene: str) -> Status:
        """Return the graded status of a gene (HER2), from all its results together."""
        known = self._statuses.get(gene)
        if known is None:
            known = Status()
            tumors = self._rulebook.tumors
            table = choose_table(
                self._rulebook.status_tables,
                gene,
                lambda code: tumors.is_under(self._case.tumor_type, code),
            )
            if table is not None and gene in self._by_gene:
                probe = self._rulebook.genes[gene].grading.probe
                known = derive_status(table, self._case.findings, probe)
            self._statuses[gene] = known
        return known

    def findings_of(self, gene: str) -> tuple[Finding, ...]:
        """Return the findings about a gene, in the order of the case."""
        return tuple(self._case.findings[i] for i in self._by_gene.get(gene, ()))

    def _decide(self, rule: BiomarkerClass) -> Verdict:
        if rule.any_of:
            covering = self.covering((rule.name,)) if self._naming else ()
            if covering:
                return Verdict(Truth.TRUE, covering)
            own = self._decide_union(rule)
            if own.truth is Truth.UNKNOWN and rule.opposite is not None:
                other = self._decide_union(self._rulebook.classes[rule.opposite])
                if other.truth is Truth.TRUE:
                    return Verdict(Truth.FALSE, other.findings)
            return own
        if rule.all_of:
            parts = [self.verdict(name) for name in rule.all_of]
            used = sorted({i for part in parts for i in part.findings})
            return Verdict(min(part.truth for part in parts), tuple(used))
        if rule.gene not in self._by_gene:
            return _SILENT
        if rule.status:
            status = self.status(rule.gene)
            truth = status.is_one_of(rule.status)
            return Verdict(truth, status.findings)
        return self._decide_from_findings(rule)

    def _decide_union(self, rule: BiomarkerClass) -> Verdict:
        parts = [self.verdict(name) for name in rule.any_of]
        truth = max(part.truth for part in parts)
        used = sorted({i for part in parts if part.truth is truth for i in part.findings})
        return Verdict(truth, tuple(used))

    def _decide_from_findings(self, rule: BiomarkerClass) -> Verdict:
        gene = self._rulebook.genes[rule.gene]
        inside: list[int] = []
        partly: list[int] = []
        negatives: list[int] = []
        outside = False
        for index in self._by_gene[rule.gene]:
            finding = self._case.findings[index]
            if finding.result == "indeterminate":
                continue
            # A graded result speaks by its value: IHC 0 is a result, not the absence of one.
            has_value = bool(finding.values) or finding.measure is not None
            is_graded = has_value and not rule.alleles
            if finding.result == "not_detected" and not is_graded:
                negatives.append(index)
            else:
                truth = self._contains(rule, finding)
                if truth is Truth.TRUE:
                    inside.append(index)
                elif truth is Truth.UNKNOWN:
                    partly.append(index)
                is_outside = truth is Truth.FALSE and not finding.one_of
                outside = outside or (is_outside and _is_same_scale(rule, finding))
        if inside and self._count_hits(inside) >= rule.hits:
            return Verdict(Truth.TRUE, tuple(inside))
        if inside and rule.hits > 1:
            return Verdict(Truth.UNKNOWN, tuple(inside))
        found = tuple(self._case.findings[i] for i in negatives)
        is_denied = bool(negatives) and not any(map(self._is_denied_whole, partly))
        if is_denied and is_excluded_by(rule, found, gene):
            return Verdict(Truth.FALSE, tuple(negatives))
        if partly:
            return Verdict(Truth.UNKNOWN, tuple(partly))
        if outside:
            return Verdict(Truth.FALSE, tuple(self._by_gene[rule.gene]))
        return _SILENT


def _is_codon(change: ProteinChange) -> bool:
    return change.start is not None and change.start == change.end


def _is_same_scale(rule: BiomarkerClass, finding: Finding) -> bool:
    """Tell whether a graded result answers the class: an assay has one value (3+ is not 2+)."""
    if rule.expression:
        return finding.kind == "expression" and bool(finding.values)
    if rule.ish:
        return finding.kind == "in_situ_hybridization"
    if rule.measure is not None:
        return finding.measure is not None and finding.measure[0] == rule.measure[0]
    return False
