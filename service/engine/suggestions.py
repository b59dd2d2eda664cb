"""The short test planner: which missing results would decide an assertion of this tumour type.

Only results that can still change the answer are named (rule M23): a gene whose assay of that kind
was done, with an exact result, is not asked for again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.engine.assays import missing_assay
from service.engine.assertion import Branch
from service.engine.criteria import Evaluation
from service.engine.entries import Entry
from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.engine.report import SuggestedTest
from service.engine.rulebook import Rulebook

#: A gene and the assay whose result is missing.
Assay = tuple[str, str]
#: An assay, the assertions that it would decide, and how many of them are authorisations.
_Need = tuple[Assay, tuple[str, ...], int]


#: Assays of one gene of which one is enough (ALK by IHC or by a fusion assay).
OneOf = frozenset[Assay]


def open_entries(
    rulebook: Rulebook, case: Case, facts: Facts, evaluation: Evaluation
) -> Iterator[tuple[Entry, frozenset[OneOf]]]:
    """Yield the sensitive entries that results are missing for, each with what it needs."""
    for group in _groups(rulebook, case):
        if evaluation.truth(group.clinical) is Truth.FALSE:
            continue
        for entry in group.entries:
            if evaluation.truth(entry.assertion.criteria.biomarker) is Truth.UNKNOWN:
                needs = frozenset(_one_ofs(rulebook, facts, evaluation, entry))
                if needs:
                    yield entry, needs


def _one_ofs(
    rulebook: Rulebook, facts: Facts, evaluation: Evaluation, entry: Entry
) -> Iterator[OneOf]:
    tree = entry.assertion.criteria.biomarker
    for leaf, _ in evaluation.deciding_leaves(tree, Truth.UNKNOWN):
        members = [
            name
            for name in rulebook.members_of_class(leaf.value)
            if facts.verdict(name).truth is Truth.UNKNOWN
        ]
        by_gene: dict[str, set[Assay]] = {}
        for assay in _missing(rulebook, facts, members):
            by_gene.setdefault(assay[0], set()).add(assay)
        # A stated status (HR) is no test of its own where its parts (ER, PR) can be tested.
        tested = [gene for gene in by_gene if rulebook.genes[gene].hgnc is not None]
        for gene in tested or by_gene:
            yield frozenset(by_gene[gene])


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
    decides: dict[Assay, list[str]] = {}
    authorised: dict[Assay, int] = {}
    missing: dict[int, set[Assay]] = {}
    for group in _groups(rulebook, case):
        if evaluation.truth(group.clinical) is Truth.FALSE:
            continue
        needed = group.silent
        if facts.speaks_about(group.genes):
            needed = _needed(rulebook, facts, evaluation, group.entries, missing)
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


def _groups(rulebook: Rulebook, case: Case) -> tuple[Group, ...]:
    return rulebook.remember(group_entries, case.tumor_type, case.as_of, case.jurisdictions)


def group_entries(
    rulebook: Rulebook, tumor_type: str, day: dt.date, jurisdictions: frozenset[str]
) -> tuple[Group, ...]:
    """Return the sensitive entries that stand in a tumour type, by what decides them."""
    groups: dict[tuple[frozenset[str], Branch], list[Entry]] = {}
    standings = rulebook.standings(day)
    for entry in rulebook.entries_for_tumor(tumor_type):
        assertion = entry.assertion
        standing = standings[assertion.id]
        if assertion.effect != "sensitivity" or not assertion.needs_test:
            continue
        if standing.status is not None and not standing.stands:
            continue
        if assertion.authority and jurisdictions and assertion.jurisdiction not in jurisdictions:
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


def _merge(pairs: Iterable[tuple[Assay, Entry]]) -> tuple[_Need, ...]:
    found: dict[Assay, list[Entry]] = {}
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
    rulebook: Rulebook,
    facts: Facts,
    evaluation: Evaluation,
    entries: Iterable[Entry],
    missing: dict[int, set[Assay]],
) -> tuple[_Need, ...]:
    """Return what entries need whose genes a finding speaks about.

    Args:
        missing: slot of a biomarker tree -> the assays it needs, for trees seen before.
    """
    pairs: list[tuple[Assay, Entry]] = []
    for entry in entries:
        tree = entry.assertion.criteria.biomarker
        if evaluation.truth(tree) is Truth.UNKNOWN:
            assays = missing.get(tree.slot)
            if assays is None:
                classes = evaluation.missing_classes(tree)
                assays = missing[tree.slot] = _missing(rulebook, facts, classes)
            pairs.extend((assay, entry) for assay in assays)
    return _merge(pairs)


def _missing(rulebook: Rulebook, facts: Facts, classes: Iterable[str]) -> set[Assay]:
    """Return the assays that would decide classes which are open."""
    found: set[Assay] = set()
    for name in classes:
        rule = rulebook.classes[name]
        assay = missing_assay(rule, facts.findings_of(rule.gene))
        if assay is not None:
            found.add((rule.gene, assay))
    return found


def _reason(labels: int) -> str:
    plural = "indication" if labels == 1 else "indications"
    return f"not reported; would decide {labels} authorised {plural} in this tumour type"
