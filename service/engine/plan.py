"""The short test planner: which missing results would decide an assertion of this tumour type.

Only results that can still change the answer are named (rule M23): a gene whose assay of that kind
was done, with an exact result, is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.engine.assays import missing_assay
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.engine.report import SuggestedTest
from service.engine.rulebook import Entry, Rulebook

_Assay = tuple[str, str]


def suggest_tests(
    rulebook: Rulebook, case: Case, facts: Facts, evaluation: Evaluation
) -> tuple[SuggestedTest, ...]:
    """Return missing results by gene and assay, those that decide the most labels first."""
    decides: dict[_Assay, list[str]] = {}
    authorised: dict[_Assay, int] = {}
    for entry in _undecided(rulebook, case, facts, evaluation):
        is_authorised = entry.assertion.authority is not None
        for assay in _missing(rulebook, facts, evaluation, entry):
            decides.setdefault(assay, []).append(entry.assertion.id)
            authorised[assay] = authorised.get(assay, 0) + is_authorised
    chosen = sorted(
        (assay for assay in decides if authorised[assay]), key=lambda a: (-authorised[a], a)
    )
    return tuple(
        SuggestedTest(
            gene, assay, tuple(sorted(decides[gene, assay])), _reason(authorised[gene, assay])
        )
        for gene, assay in chosen
    )


def _undecided(
    rulebook: Rulebook, case: Case, facts: Facts, evaluation: Evaluation
) -> Iterator[Entry]:
    """Yield sensitive entries whose tumour fits, that stand, with an unknown biomarker part."""
    asked = case.jurisdictions
    truth = evaluation.truth
    for entry in rulebook.entries_for_tumor(case.tumor_type):
        assertion = entry.assertion
        if assertion.effect != "sensitivity":
            continue
        if assertion.authority is not None and (
            (asked and assertion.jurisdiction not in asked)
            or not rulebook.standing(assertion, case.as_of).stands
        ):
            continue
        criteria = assertion.criteria
        # Where no finding speaks about its genes, the biomarker part is unknown (rule M2).
        is_unknown = (
            not facts.speaks_about(entry.genes) or truth(criteria.biomarker) is Truth.UNKNOWN
        )
        if is_unknown and truth(criteria.clinical) is not Truth.FALSE:
            yield entry


def _missing(
    rulebook: Rulebook, facts: Facts, evaluation: Evaluation, entry: Entry
) -> tuple[_Assay, ...]:
    """Return the assays that would decide an entry."""
    if not facts.speaks_about(entry.genes):
        return entry.assays
    found: set[_Assay] = set()
    tree = entry.assertion.criteria.biomarker
    for leaf, _ in evaluation.deciding_leaves(tree, Truth.UNKNOWN):
        for name in rulebook.members_of_class(leaf.value):
            rule = rulebook.classes[name]
            if facts.verdict(name).truth is Truth.UNKNOWN:
                assay = missing_assay(rule, facts.findings_of(rule.gene))
                if assay is not None:
                    found.add((rule.gene, assay))
    return tuple(found)


def _reason(labels: int) -> str:
    plural = "indication" if labels == 1 else "indications"
    return f"not reported; would decide {labels} authorised {plural} in this tumour type"
