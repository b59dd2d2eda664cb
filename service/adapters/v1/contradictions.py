"""What must be said about findings of one case that do not go together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from service.adapters.v1.notice import Notice
from service.engine.contradictions import GRADED, denies_all, disagree
from service.engine.facts import Facts
from service.engine.model import Case, Finding
from service.engine.notation.order import canonical_order
from service.engine.reading import Item
from service.engine.rulebook import Rulebook

#: Any solid tissue: where a tumour type is not known.
_ANYWHERE = "TISSUE"


class Placed(Protocol):
    """A finding with the place that it was read from."""

    @property
    def finding(self) -> Finding: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Found:
    finding: Finding
    place: str


def contradictions_of(
    rulebook: Rulebook, items: Iterable[Item], tumor_type: str | None = None
) -> list[Notice]:
    """Say of the items of one case what does not go together, where nothing is matched.

    Args:
        tumor_type: code; some statuses are read otherwise in some tumours.
    """
    read = [
        _Found(finding, item.place)
        for item in items
        if item.fate == "finding"
        for finding in item.findings
    ]
    findings = canonical_order(found.finding for found in read)
    case = Case(tumor_type or _ANYWHERE, findings, dt.date.min)
    places = {found.finding: found.place for found in read}
    open_ = [
        Notice("discordant_results", message, max(places[finding] for finding in named))
        for message, named in discordances(rulebook, case)
    ]
    return [*contradictions(rulebook, read), *same_codon(read), *open_]


def discordances(rulebook: Rulebook, case: Case) -> list[tuple[str, tuple[Finding, ...]]]:
    """Return what is said of statuses that stay open, and the findings that disagree, sorted."""
    facts = Facts(rulebook, case)
    found = []
    for gene in {table.gene for table in rulebook.status_tables} & set(facts.genes):
        if facts.status(gene).discordant:
            findings = tuple(case.findings[i] for i in facts.status(gene).findings)
            names = " and ".join(finding.name for finding in findings)
            found.append(
                (f"{names} disagree; the status stays open until they are reconciled", findings)
            )
    return sorted(found, key=lambda pair: pair[0])


def contradictions(rulebook: Rulebook, read: Iterable[Placed]) -> list[Notice]:
    """Say which results cannot both be right; the place is that of the negative or later one."""
    placed = list(read)
    by_kind: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for item in placed:
        if not item.finding.one_of:
            by_kind[item.finding.gene, item.finding.kind].append(item)
    combined = {table.gene for table in rulebook.status_tables}
    return _denied_groups(rulebook, placed) + [
        _notice(one, other, is_open=gene in combined and kind in GRADED)
        for (gene, kind), items in by_kind.items()
        for one, other in _pairs_of(items)
        if disagree(one.finding, other.finding, rulebook.genes[gene])
    ]


def _pairs_of(items: list[Placed]) -> Iterable[tuple[Placed, Placed]]:
    """Return the pairs of one gene and kind that can disagree: a file may hold one variant often.

    Equal findings never disagree, and neither do variants or fusions that were all found.
    """
    first: dict[Finding, Placed] = {}
    for item in items:
        first.setdefault(item.finding, item)
    is_compared = items[0].finding.kind in (*GRADED, "copy_number")
    if not is_compared and len({finding.result for finding in first}) == 1:
        return ()
    return combinations(first.values(), 2)


def _denied_groups(rulebook: Rulebook, placed: list[Placed]) -> list[Notice]:
    """Say where one of several genes was found, and each of them not found."""
    notices = []
    for group in (item.finding for item in placed if item.finding.one_of):
        against = [
            item
            for item in placed
            if item.finding.result == "not_detected" and item.finding.gene in group.genes
        ]
        if denies_all([item.finding for item in against], group, rulebook.genes):
            names = " and ".join(item.finding.name for item in against)
            message = f"{group.name} contradicts {names}; detected counts"
            notices.append(Notice("contradictory_findings", message, against[-1].place))
    return notices


def _notice(one: Placed, other: Placed, *, is_open: bool) -> Notice:
    """Say of two findings what counts; ``is_open``: a status is made of them, and stays open."""
    if one.finding.result == other.finding.result:
        names = f"{other.finding.name} and {one.finding.name}"
        counts = "the status stays open" if is_open else "each counts"
        message = f"{names} are two results of one test: {counts}"
        return Notice("contradictory_findings", message, other.place)
    negative, detected = (one, other) if one.finding.result == "not_detected" else (other, one)
    names = f"{detected.finding.name} contradicts {negative.finding.name}"
    counts = "the status stays open" if is_open else "detected counts"
    return Notice("contradictory_findings", f"{names}; {counts}", negative.place)


def same_codon(read: Iterable[Placed]) -> list[Notice]:
    """Say where two substitutions change one codon: together on one allele they are a third one."""
    notices = []
    seen: dict[tuple[str, int], str] = {}
    for item in read:
        change = item.finding.change
        is_one = change is not None and change.consequence == "missense" and change.is_exact
        if item.finding.result != "detected" or change is None or not is_one or not change.start:
            continue
        other = seen.setdefault((item.finding.gene, change.start), item.finding.name)
        if other != item.finding.name:
            both = f"{other} and {item.finding.name}"
            message = f"{both} change one codon; on one allele they are another change"
            notices.append(Notice("two_changes_of_one_codon", message, item.place))
    return notices
