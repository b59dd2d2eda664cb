"""The short test planner: which missing results would decide an assertion of this tumour type.

Only results that can still change the answer are named (rule M23): a gene whose assay of that kind
was done, with an exact result, is not asked for again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.assays import missing_assay
from service.engine.criteria import Evaluation
from service.engine.facts import Facts
from service.engine.model import Branch, Case, Truth
from service.engine.report import SuggestedTest
from service.engine.rulebook import Entry, Rulebook

_Assay = tuple[str, str]
#: An assay, the assertions that it would decide, and how many of them are authorisations.
_Need = tuple[_Assay, tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Group:
    """Sensitive entries that stand in a tumour type and share genes and clinical criteria.

    Args:
        silent: what they need while no finding speaks about the genes.
    """

    genes: frozenset[str]
    clinical: Branch
    silent: tuple[_Need, ...]
    entries: tuple[Entry, ...]


def suggest_tests(
    rulebook: Rulebook, case: Case, facts: Facts, evaluation: Evaluation
) -> tuple[SuggestedTest, ...]:
    """Return missing results by gene and assay, those that decide the most labels first."""
    decides: dict[_Assay, list[str]] = {}
    authorised: dict[_Assay, int] = {}
    key = (case.tumor_type, case.as_of, case.jurisdictions)
    for group in rulebook.remember(("plan", *key), lambda: group_entries(rulebook, *key)):
        if evaluation.truth(group.clinical) is Truth.FALSE:
            continue
        needed = group.silent
        if facts.speaks_about(group.genes):
            needed = _needed(rulebook, facts, evaluation, group.entries)
        for assay, ids, labels in needed:
            decides.setdefault(assay, []).extend(ids)
            authorised[assay] = authorised.get(assay, 0) + labels
    chosen = sorted(
        (assay for assay in decides if authorised[assay]), key=lambda a: (-authorised[a], a)
    )
    return tuple(
        SuggestedTest(
            gene, assay, tuple(sorted(decides[gene, assay])), _reason(authorised[gene, assay])
        )
        for gene, assay in chosen
    )


def group_entries(
    rulebook: Rulebook, tumor_type: str, day: dt.date, jurisdictions: frozenset[str]
) -> tuple[Group, ...]:
    """Return the sensitive entries that stand in a tumour type, by what decides them."""
    groups: dict[tuple[frozenset[str], Branch], list[Entry]] = {}
    standings = rulebook.standings(day)
    for entry in rulebook.entries_for_tumor(tumor_type):
        assertion = entry.assertion
        if assertion.effect != "sensitivity":
            continue
        if assertion.authority is not None and (
            (jurisdictions and assertion.jurisdiction not in jurisdictions)
            or not standings[assertion.id].stands
        ):
            continue
        groups.setdefault((entry.genes, assertion.criteria.clinical), []).append(entry)
    return tuple(
        Group(
            genes,
            clinical,
            _merge((assay, entry) for entry in entries for assay in entry.assays),
            tuple(entries),
        )
        for (genes, clinical), entries in groups.items()
    )


def _merge(pairs: Iterable[tuple[_Assay, Entry]]) -> tuple[_Need, ...]:
    found: dict[_Assay, list[Entry]] = {}
    for assay, entry in pairs:
        found.setdefault(assay, []).append(entry)
    return tuple(
        (
            assay,
            tuple(entry.assertion.id for entry in entries),
            sum(entry.assertion.authority is not None for entry in entries),
        )
        for assay, entries in found.items()
    )


def _needed(
    rulebook: Rulebook, facts: Facts, evaluation: Evaluation, entries: Iterable[Entry]
) -> tuple[_Need, ...]:
    """Return what entries need whose genes a finding speaks about."""
    pairs: list[tuple[_Assay, Entry]] = []
    for entry in entries:
        tree = entry.assertion.criteria.biomarker
        if evaluation.truth(tree) is Truth.UNKNOWN:
            assays = _missing(rulebook, facts, evaluation.missing_classes(tree))
            pairs.extend((assay, entry) for assay in assays)
    return _merge(pairs)


def _missing(rulebook: Rulebook, facts: Facts, classes: Iterable[str]) -> set[_Assay]:
    """Return the assays that would decide classes which are open."""
    found: set[_Assay] = set()
    for name in classes:
        rule = rulebook.classes[name]
        assay = missing_assay(rule, facts.findings_of(rule.gene))
        if assay is not None:
            found.add((rule.gene, assay))
    return found


def _reason(labels: int) -> str:
    plural = "indication" if labels == 1 else "indications"
    return f"not reported; would decide {labels} authorised {plural} in this tumour type"
