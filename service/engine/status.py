"""Graded results to a status: HER2 from IHC and ISH, by a table that is data with its source.

The table lists, for each pair of results, the statuses that remain possible; a status class is
true when all of them belong to it, false when none does, unknown in between (rule M10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.engine.model import Finding, Truth
from service.engine.vocabulary import StatusRow, StatusTable


@dataclass(frozen=True, slots=True)
class Status:
    """Statuses that the results of one gene leave possible; empty when nothing was reported."""

    possible: frozenset[str] = frozenset()
    findings: tuple[int, ...] = ()
    discordant: bool = False
    source: str = ""

    def is_one_of(self, wanted: frozenset[str]) -> Truth:
        """Tell whether the status is among ``wanted``."""
        if not self.possible or self.discordant:
            return Truth.UNKNOWN
        if self.possible <= wanted:
            return Truth.TRUE
        return Truth.UNKNOWN if self.possible & wanted else Truth.FALSE


def choose_table(
    tables: tuple[StatusTable, ...], gene: str, is_under: Callable[[str], bool]
) -> StatusTable | None:
    """Return the first table of the gene whose tumour types cover the case."""
    for table in tables:
        if table.gene == gene and any(is_under(code) for code in table.applies_to):
            return table
    return None


def derive_status(table: StatusTable, findings: tuple[Finding, ...]) -> Status:
    """Combine all graded results of one gene into the statuses that remain possible.

    Args:
        findings: all findings of the case; only those of the table's gene count, by index.
    """
    ihc = _possible(findings, table.gene, "expression")
    ish = _possible(findings, table.gene, "in_situ_hybridization")
    if not ish[1] and table.counts_sequencing:
        ish = _amplified(findings, table.gene)
    stated = _possible(findings, table.gene, "status")
    used = ihc[1] + ish[1] + stated[1]
    if not used:
        return Status()
    possible: set[str] = set()
    discordant = False
    if ihc[1] or ish[1]:
        for i in ihc[0] or (None,):
            for s in ish[0] or (None,):
                row = _row(table, i, s)
                if row is not None:
                    possible.update(row.statuses)
                    discordant = discordant or row.discordant
    if stated[1]:
        narrowed = (possible or set(stated[0])) & set(stated[0])
        discordant = discordant or not narrowed
        possible = narrowed or (possible | set(stated[0]))
    contradictory = ihc[2] or ish[2] or stated[2]
    return Status(
        frozenset(possible), tuple(sorted(used)), discordant or contradictory, table.source
    )


def _amplified(
    findings: tuple[Finding, ...], gene: str
) -> tuple[tuple[str, ...], tuple[int, ...], bool]:
    """Read an amplification found by sequencing as an amplified ISH result (rule M10).

    An amplification that sequencing did not find says nothing: it does not replace ISH.
    """
    used = tuple(
        index
        for index, finding in enumerate(findings)
        if finding.gene == gene
        and finding.kind == "copy_number"
        and finding.values == ("amplification",)
        and finding.result == "detected"
    )
    return (("positive",) if used else ()), used, False


def _possible(
    findings: tuple[Finding, ...], gene: str, kind: str
) -> tuple[tuple[str, ...], tuple[int, ...], bool]:
    """Return possible values, finding indexes, and whether two results exclude each other."""
    values: set[str] = set()
    used: list[int] = []
    contradictory = False
    for index, finding in enumerate(findings):
        if (
            finding.gene != gene
            or finding.kind != kind
            or not finding.values
            or (finding.result == "indeterminate")
        ):
            continue
        common = values & set(finding.values)
        contradictory = contradictory or (bool(used) and not common)
        values = common or (values | set(finding.values))
        used.append(index)
    return tuple(sorted(values)), tuple(used), contradictory


def _row(table: StatusTable, ihc: str | None, ish: str | None) -> StatusRow | None:
    for row in table.rows:
        if row.ihc == ihc and row.ish == ish:
            return row
    return None
