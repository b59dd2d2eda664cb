"""Graded results to a status: HER2 from IHC and ISH, by a table that is data with its source.

The table lists, for each pair of results, the statuses that remain possible; a status class is
true when all of them belong to it, false when none does, unknown in between (rule M10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.engine.grading import Probe, group_of
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


def derive_status(
    table: StatusTable, findings: tuple[Finding, ...], probe: Probe | None = None
) -> Status:
    """Combine all graded results of one gene into the statuses that remain possible.

    Args:
        findings: all findings of the case; only those of the table's gene count, by index.
        probe: of the gene: an open result of a dual probe is decided with the stain (rule M10).
    """
    ihc = _possible(findings, table.gene, "expression")
    ish = _possible(findings, table.gene, "in_situ_hybridization")
    dual = _dual_probe(findings, table.gene, probe) if probe is not None else None
    if dual is not None:
        used_alone = tuple(index for index in ish[1] if index not in dual.findings)
        ish = ish if used_alone else ((), (), False)
    if not ish[1] and dual is None and table.counts_sequencing:
        ish = _amplified(findings, table.gene)
    stated = _possible(findings, table.gene, "status")
    used = tuple({*ihc[1], *ish[1], *stated[1], *(dual.findings if dual else ())})
    if not used:
        return Status()
    possible: set[str] = set()
    discordant = False
    if ihc[1] or ish[1] or dual is not None:
        for i in ihc[0] or (None,):
            for s in ish[0] or (dual.values_with(i) if dual is not None else (None,)):
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


@dataclass(frozen=True, slots=True)
class _DualProbe:
    """A group of a dual probe, given as such or by ratio and copies in two results.

    Args:
        decided: (IHC scores with which it is positive, negative); ``None``: it decides alone.
    """

    group: int
    findings: tuple[int, ...]
    decided: tuple[frozenset[str], frozenset[str]] | None

    def values_with(self, ihc: str | None) -> tuple[str | None, ...]:
        """Return what the probe says beside a stain; both values where it stays open."""
        if self.decided is None:
            return ("positive",) if self.group == 1 else ("negative",)
        score = "0" if ihc in ("null", "ultralow") else ihc
        positive, negative = self.decided
        if score in positive or score in negative:
            return ("positive",) if score in positive else ("negative",)
        return ("negative", "positive")


def _dual_probe(findings: tuple[Finding, ...], gene: str, probe: Probe) -> _DualProbe | None:
    """Return the group of a dual probe that one result names, or two give together."""
    own = [
        (index, finding)
        for index, finding in enumerate(findings)
        if finding.gene == gene and finding.kind == "in_situ_hybridization"
    ]
    named = [(i, f.values[0]) for i, f in own if f.values and f.values[0].startswith("group ")]
    ratios = [(i, f.measure[1]) for i, f in own if f.measure is not None]
    copies = [(i, f.copies) for i, f in own if f.copies is not None]
    if len(named) == 1 and not ratios and not copies:
        group = int(named[0][1].removeprefix("group "))
        used: tuple[int, ...] = (named[0][0],)
    elif len(ratios) == 1 and len(copies) == 1 and not named and probe.ratio is not None:
        group = group_of(ratios[0][1], copies[0][1] or 0.0, probe)
        used = tuple(sorted({ratios[0][0], copies[0][0]}))
    else:
        return None
    decided = {number: (positive, negative) for number, positive, negative in probe.groups}
    return _DualProbe(group, used, decided.get(group))


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
