"""An answer as tables in the terminal (rich); the same report that the HTTP API answers with."""

from __future__ import annotations

import os

from rich.console import Console
from rich.table import Table

from service.adapters.v1_in import ReadCase
from service.adapters.v1_out import INTENDED_USE
from service.engine.report import Report, Row
from service.knowledge.store import KnowledgeBase

DEFAULT_WIDTH = 100


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
    table = Table(title=title, title_justify="left", show_lines=False, box=None, padding=(0, 1))
    for name in ("Regimen", "Applies", "Level", "Status", "Why"):
        table.add_column(name, overflow="fold", no_wrap=name == "Level")
    for row in rows:
        lead = row.lead
        since = lead.standing.since
        status = f"{lead.standing.status} {since.isoformat()}" if since else "-"
        authority = lead.entry.assertion.authority or ""
        why = lead.why if row.conflict is None else f"CONFLICT: {row.conflict.reason} {lead.why}"
        table.add_row(
            row.regimen.name,
            lead.applicability.replace("_", " "),
            lead.level.amp_asco_cap,
            f"{authority} {status}".strip(),
            f"{lead.entry.assertion.id}: {why}",
        )
        for line in lead.trace if full else ():
            table.add_row("", "", "", line.truth, f"{line.criterion} <- {line.fact} [{line.rule}]")
    console.print(table)
