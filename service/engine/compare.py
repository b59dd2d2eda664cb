"""Two reports side by side (rule M25): regimens added, gone and changed, and the events between.

It serves "what if" (two cases, one knowledge base) and "compare" (one case, two days or two
knowledge bases). Turning the question round turns the differences round: what was added is gone,
and what was before is after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from service.engine.assertion import Event
from service.engine.report import SECTIONS, Drop, Report, Row, RowChange, Section

#: What of a row may change, in the order in which it is told.
FIELDS: dict[str, Callable[[Row], Any]] = {
    "applicability": lambda row: row.lead.applicability,
    "level": lambda row: (row.lead.level.amp_asco_cap, row.lead.level.oncokb_style),
    "status": lambda row: row.lead.standing.status,
    "biomarker_criteria": lambda row: row.lead.biomarker_criteria,
    "clinical_criteria": lambda row: row.lead.clinical_criteria,
    "needs": lambda row: row.lead.needs,
    "conflict": lambda row: row.conflict.resistance if row.conflict else None,
    "assertions": lambda row: tuple(found.entry.assertion.id for found in row.matches),
}


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two answers, each list by section and regimen name."""

    added: tuple[RowChange, ...]
    gone: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]
    unchanged: int


def compare_reports(before: Report, after: Report) -> Differences:
    """Return what differs; two equal reports give three empty lists."""
    added: list[RowChange] = []
    gone: list[RowChange] = []
    changed: list[RowChange] = []
    unchanged = 0
    for section in SECTIONS:
        old = {row.regimen.id: row for row in getattr(before, section)}
        new = {row.regimen.id: row for row in getattr(after, section)}
        for id_ in sorted({*old, *new}):
            change = _change(section, old.get(id_), new.get(id_), before, after)
            if change.before is None:
                added.append(change)
            elif change.after is None:
                gone.append(change)
            elif change.fields:
                changed.append(change)
            else:
                unchanged += 1
    return Differences(tuple(added), tuple(gone), tuple(changed), unchanged)


def _change(
    section: Section, old: Row | None, new: Row | None, before: Report, after: Report
) -> RowChange:
    drops = () if new is not None else (*after.excluded, *after.near)
    events = _events(old, new, before.case.as_of, after.case.as_of)
    return replace(change_of_row(section, old, new, drops), events=events)


def change_of_row(
    section: Section, old: Row | None, new: Row | None, drops: Iterable[Drop]
) -> RowChange:
    """Return how a regimen's row differs.

    Args:
        drops: what dropped out on the side of ``new``, for the reason why a row is gone.
    """
    if old is None or new is None:
        reason = _why_absent(old, drops) if old is not None else new.lead.why if new else ""
        return RowChange(section, old, new, (), reason)
    fields = tuple(name for name, value in FIELDS.items() if value(old) != value(new))
    reason = "; ".join(_difference(name, FIELDS[name](old), FIELDS[name](new)) for name in fields)
    return RowChange(section, old, new, fields, reason)


def _difference(name: str, old: Any, new: Any) -> str:
    return f"{name.replace('_', ' ')}: {_said(old)} before, {_said(new)} after"


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return "none" if value is None else str(value).replace("_", " ")


def _why_absent(row: Row, drops: Iterable[Drop]) -> str:
    """Say why a row is not there: the rules that drop its assertions."""
    ids = {found.entry.assertion.id for found in row.matches}
    own = {drop.entry.assertion.id: drop for drop in drops if drop.entry.assertion.id in ids}
    reasons = [f"{drop.reason} ({drop.rule})" for _, drop in sorted(own.items())]
    return "; ".join(dict.fromkeys(reasons)) or "no finding of the case opens it (M6)"


def _events(
    old: Row | None, new: Row | None, one_day: dt.date, other_day: dt.date
) -> tuple[tuple[str, Event], ...]:
    first, last = sorted((one_day, other_day))
    found = {
        (event.date, entry.assertion.id, event.type): (entry.assertion.id, event)
        for entry in _entries(old, new)
        for event in entry.assertion.events
        if first < event.date <= last
    }
    return tuple(found[key] for key in sorted(found))


def _entries(*rows: Row | None) -> Iterable[Any]:
    return (found.entry for row in rows if row is not None for found in row.matches)
