"""The short test planner: which missing results would decide an assertion of this tumour type.

Only results that can still change the answer are named (rule M23): a gene whose assay of that kind
was done, with an exact result, is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.engine.authorisation import standing_on
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.model import BiomarkerClass, Case, Finding, Truth
from service.engine.report import SuggestedTest
from service.engine.rulebook import Entry, Rulebook

SEQUENCING = "sequencing"
FUSION = "fusion assay (RNA sequencing, FISH or IHC)"
COPY_NUMBER = "copy number (sequencing or ISH)"
IHC = "IHC"
ISH = "ISH"


def suggest_tests(
    rulebook: Rulebook, case: Case, facts: Facts, evaluation: Evaluation
) -> tuple[SuggestedTest, ...]:
    """Return missing results by gene and assay, those that decide the most on-label rows first."""
    decides: dict[tuple[str, str], set[str]] = {}
    authorised: dict[tuple[str, str], set[str]] = {}
    for entry in _undecided(rulebook, case, evaluation):
        for gene, assay in set(_missing(rulebook, facts, evaluation, entry)):
            decides.setdefault((gene, assay), set()).add(entry.assertion.id)
            if entry.assertion.authority is not None:
                authorised.setdefault((gene, assay), set()).add(entry.assertion.id)
    tests = [
        SuggestedTest(gene, assay, tuple(sorted(ids)), _reason(len(authorised.get((gene, assay), ()))))
        for (gene, assay), ids in decides.items()
        if authorised.get((gene, assay))
    ]
    return tuple(
        sorted(tests, key=lambda t: (-len(authorised[t.gene, t.assay]), t.gene, t.assay))
    )


def _undecided(rulebook: Rulebook, case: Case, evaluation: Evaluation) -> Iterator[Entry]:
    """Yield sensitive entries whose tumour fits, that stand, and whose biomarker part is unknown."""
    asked = case.jurisdictions
    for entry in rulebook.entries_for_tumor(case.tumor_type):
        assertion = entry.assertion
        if assertion.effect != "sensitivity":
            continue
        if assertion.jurisdiction is not None and asked and assertion.jurisdiction not in asked:
            continue
        if assertion.authority is not None and not standing_on(assertion, case.as_of).stands:
            continue
        if evaluation.truth(assertion.criteria.biomarker) is not Truth.UNKNOWN:
            continue
        if evaluation.truth(assertion.criteria.clinical) is not Truth.FALSE:
            yield entry


def _missing(
    rulebook: Rulebook, facts: Facts, evaluation: Evaluation, entry: Entry
) -> Iterator[tuple[str, str]]:
    tree = entry.assertion.criteria.biomarker
    for leaf, _ in evaluation.deciding_leaves(tree, Truth.UNKNOWN):
        for name in rulebook.members_of_class(leaf.value):
            rule = rulebook.classes[name]
            if facts.verdict(name).truth is not Truth.UNKNOWN:
                continue
            assay = assay_of(rule, facts.findings_of(rule.gene))
            if assay is not None:
                yield rule.gene, assay


def assay_of(rule: BiomarkerClass, findings: tuple[Finding, ...]) -> str | None:
    """Return the assay that would decide a class; ``None`` when it was done with an exact result."""
    if rule.status:
        if any(f.kind == "expression" and f.values == ("2+",) for f in findings):
            return ISH
        return IHC
    kind, assay = _kind_and_assay(rule)
    done = any(
        f.kind == kind and (f.change is None or f.change.is_exact or f.result == "not_detected")
        for f in findings
        if f.result != "indeterminate"
    )
    return None if done else assay


def _kind_and_assay(rule: BiomarkerClass) -> tuple[str, str]:
    if rule.fusion:
        return "fusion", FUSION
    if rule.copy_number:
        return "copy_number", COPY_NUMBER
    if rule.ish:
        return "in_situ_hybridization", ISH
    if rule.expression or rule.measure is not None:
        return "expression", IHC
    return "sequence_variant", SEQUENCING


def _reason(labels: int) -> str:
    plural = "indication" if labels == 1 else "indications"
    return f"not reported; would decide {labels} authorised {plural} in this tumour type"
