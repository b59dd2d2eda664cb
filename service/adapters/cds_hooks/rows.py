"""A row of the answer as lines of a card: regimen, level, statement, what is open, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.adapters.cds_hooks.cards import CardKnowledge, escape, join
from service.engine.report import Match, Report, Row

#: Applicability -> how a sentence says it.
APPLIES = {
    "on_label": "on label",
    "guideline": "accepted practice, not on label",
    "if_subtype": "only if the tumour is of a subtype that is named",
    "investigational": "investigational",
    "other_tumor_type": "known in another tumour type only",
}
MOST_ROWS = 6
_MOST_SOURCES = 2


def write_rows(knowledge: CardKnowledge, rows: Sequence[Row], *, more: str) -> str:
    """Return rows as a Markdown list, the first few in full.

    Args:
        more: what the rest is, for the count at the end: ``more regimens``.
    """
    lines = [line for row in rows[:MOST_ROWS] for line in _row_lines(knowledge, row)]
    if len(rows) > MOST_ROWS:
        lines.append(f"- {len(rows) - MOST_ROWS} {more} in the whole answer")
    return "\n".join(lines)


def finding_names(report: Report, rows: Iterable[Row]) -> str:
    """Return the findings that the leading matches of rows rest on, as words."""
    indexes = {index for row in rows for index in row.lead.findings}
    return join(report.case.findings[index].name for index in sorted(indexes))


def needed(found: Match) -> str:
    """Return what a match still needs, in words."""
    return join(need.removeprefix("conditions.").replace("_", " ") for need in found.needs)


def _row_lines(knowledge: CardKnowledge, row: Row) -> list[str]:
    lead = row.lead
    assertion = lead.entry.assertion
    level = lead.level.amp_asco_cap
    lines = [
        f"- **{escape(row.regimen.name)}**: {APPLIES[lead.applicability]}, level {level}"
        f"{_standing(lead)}",
        f"  - {escape(assertion.statement)}",
    ]
    if lead.why:
        known = lead.why.partition("; not reported:")[0].removesuffix(".")
        lines.append(f"  - Why: {escape(known)}.")
    if lead.needs:
        lines.append(f"  - Still open: {escape(needed(lead))}")
    if row.conflict is not None:
        lines.append(f"  - Conflict: {escape(row.conflict.reason)}")
    sources = join(_sources(knowledge, assertion.id))
    if sources:
        lines.append(f"  - Sources ({assertion.id}): {sources}")
    return lines


def _standing(found: Match) -> str:
    standing, assertion = found.standing, found.entry.assertion
    if standing.since is None or assertion.authority is None:
        return ""
    return f", {escape(assertion.authority)} {standing.status} {standing.since.isoformat()}"


def _sources(knowledge: CardKnowledge, assertion: str) -> list[str]:
    sources = knowledge.records["sources"]
    cited = knowledge.records["assertions"][assertion]["sources"][:_MOST_SOURCES]
    return [_source(sources[item["id"]]["title"], sources[item["id"]].get("url")) for item in cited]


def _source(title: str, url: str | None) -> str:
    # An address in angle brackets may hold parentheses, but neither brackets nor spaces.
    is_safe = url is not None and not set(url) & set("<> \\\n")
    return f"[{escape(title)}](<{url}>)" if is_safe else escape(title)
