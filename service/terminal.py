"""An answer in the terminal (rich); the same report that the HTTP API answers with."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import ReadCase
from service.engine.report import Report, Row
from service.intended_use import INTENDED_USE
from service.knowledge.store import KnowledgeBase

DEFAULT_WIDTH = 100
#: Widths of regimen, applicability, level and status.
COLUMNS = (43, 16, 5, 27)
#: In a terminal that is less wide, a status has two lines, and the regimen what is left.
WIDE, NARROW_STATUS, LEAST_WIDTH = 100, 15, 60


def print_answer(kb: KnowledgeBase, read: ReadCase, report: Report, *, full: bool) -> None:
    """Print what was understood, the therapies, resistance, what was dropped and what to test."""
    console = Console(width=_width(), highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        _print_report(console, kb, read, report, full=full)
    for line in capture.get().splitlines():
        sys.stdout.write(f"{line.rstrip()}\n")


def _width() -> int:
    given = os.environ.get("COLUMNS", "")
    return max(int(given), LEAST_WIDTH) if given.isdecimal() else DEFAULT_WIDTH


def _print_report(
    console: Console, kb: KnowledgeBase, read: ReadCase, report: Report, *, full: bool
) -> None:
    tumor = kb.rulebook.tumors.types[report.case.tumor_type]
    console.print(f"{tumor.name} ({tumor.code}), as of {report.case.as_of.isoformat()}")
    for finding in report.case.findings:
        console.print(f"  {finding.name}")
    for warning in AnswerWriter(kb).to_dict(read, report, echo=full)["warnings"]:
        near = warning["suggestions"]
        hint = f" (did you mean: {', '.join(near)}?)" if near else ""
        console.print(f"Warning: {warning['pointer']}: {warning['message']}{hint}")
    if not report.therapies:
        console.print("No therapy of this knowledge base fits these findings.")
    _print_rows(console, "Therapies", report.therapies, full=full)
    _print_rows(console, "Resistance and no benefit", report.resistance, full=full)
    _print_rows(console, "Cautions: known in other tumour types only", report.cautions, full=full)
    for drop in report.excluded:
        assertion = drop.entry.assertion
        console.print(
            f"Excluded: {assertion.regimen.name} ({assertion.id}, {drop.rule}): {drop.reason}",
        )
    for test in report.suggested_tests:
        console.print(f"Test: {test.gene}, {test.assay}: {test.reason}")
    console.print(f"Knowledge base {kb.version}. {INTENDED_USE}")


def _print_rows(console: Console, title: str, rows: tuple[Row, ...], *, full: bool) -> None:
    if not rows:
        return
    console.print(_line(console, title, "Applies", "Level", "Status"))
    for row in rows:
        lead = row.lead
        since = lead.standing.since
        status = f"{lead.standing.status} {since.isoformat()}" if since else "-"
        authority = lead.entry.assertion.authority or ""
        console.print(
            _line(
                console,
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
        others = [found.entry.assertion.id for found in row.matches[1:]]
        if others:
            console.print(_below(f"also {', '.join(others)}"))


def _line(console: Console, *cells: str) -> Table:
    """Return one line of columns, of the same widths whatever stands in the other lines."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    regimen, applies, level, status = COLUMNS
    if console.width < WIDE:
        status = NARROW_STATUS
        regimen = console.width - applies - level - status - 8
    for width in (regimen, applies, level, status):
        grid.add_column(width=width, overflow="fold")
    grid.add_row(*(Text(cell) for cell in cells))
    return grid


def _below(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 4), expand=False)
