"""An answer in the terminal (rich); the same report that the HTTP API answers with."""

from __future__ import annotations

import os

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from service.adapters.v1_in import ReadCase
from service.adapters.v1_out import INTENDED_USE
from service.engine.report import Report, Row
from service.knowledge.store import KnowledgeBase

DEFAULT_WIDTH = 100
#: Widths of regimen, applicability, level and status.
COLUMNS = (43, 16, 5, 27)


def print_answer(kb: KnowledgeBase, read: ReadCase, report: Report, *, full: bool) -> None:
    """Print what was understood, the therapies, resistance, what was dropped and what to test."""
    width = int(os.environ.get("COLUMNS") or DEFAULT_WIDTH)
    console = Console(width=width, highlight=False, soft_wrap=False)
    tumor = kb.rulebook.tumors.types[report.case.tumor_type]
    console.print(f"{tumor.name} ({tumor.code}), as of {report.case.as_of.isoformat()}")
    for finding in report.case.findings:
        console.print(f"  {finding.name}", markup=False)
    for notice in read.notices:
        console.print(f"! {notice.pointer}: {notice.message}", markup=False)
    _print_rows(console, "Therapies", report.therapies, full=full)
    _print_rows(console, "Resistance and no benefit", report.resistance, full=full)
    for drop in report.excluded:
        assertion = drop.entry.assertion
        console.print(
            f"Excluded: {assertion.regimen.name} ({assertion.id}, {drop.rule}): {drop.reason}",
            markup=False,
        )
    for test in report.suggested_tests:
        console.print(f"Test: {test.gene}, {test.assay}: {test.reason}", markup=False)
    console.print(f"Knowledge base {kb.version}. {INTENDED_USE}", markup=False)


def _print_rows(console: Console, title: str, rows: tuple[Row, ...], *, full: bool) -> None:
    if not rows:
        return
    console.print(_line(title, "Applies", "Level", "Status"))
    for row in rows:
        lead = row.lead
        since = lead.standing.since
        status = f"{lead.standing.status} {since.isoformat()}" if since else "-"
        authority = lead.entry.assertion.authority or ""
        console.print(
            _line(
                row.regimen.name,
                lead.applicability.replace("_", " "),
                lead.level.amp_asco_cap,
                f"{authority} {status}".strip(),
            )
        )
        why = lead.why if row.conflict is None else f"CONFLICT: {row.conflict.reason} {lead.why}"
        console.print(_below(f"{lead.entry.assertion.id}: {why}"))
        for line in lead.trace if full else ():
            text = f"{line.truth:<8}{line.criterion} <- {line.fact} [{line.rule}]"
            console.print(_below(text))


def _line(*cells: str) -> Table:
    """Return one line of columns, of the same widths whatever stands in the other lines."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for width in COLUMNS:
        grid.add_column(width=width, overflow="fold")
    grid.add_row(*(Text(cell) for cell in cells))
    return grid


def _below(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 4), expand=False)
