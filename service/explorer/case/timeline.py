"""``/timeline``: the authorisations of a case over the years, and what each event changed.

Every event of the authorisations in play stands in a drawing and in a table that says the same. The
table also has the first publications of other statements. Each day has its own address, of this
page and of the answer.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request
from werkzeug import Response

from service.engine.assertion import Event
from service.engine.authorisation import SILENT_EVENTS
from service.engine.compare import FIELDS, Differences
from service.engine.entries import Entry
from service.engine.history import History, Lane, Step, history_of
from service.engine.match import match
from service.engine.report import RowChange
from service.errors import NotFoundError
from service.explorer.address import Address, understand
from service.explorer.browse.kinds import Linked, href_of
from service.explorer.case.answer import about_case, lead_to_canonical
from service.explorer.case.ask import refused
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.explorer.plots import Scale, time_scale

#: Sign of an event in the drawing; the others are a dot.
_SIGNS = {"withdrawn": "✕", "superseded": "→", "withdrawal_announced": "!"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A status and where it stands in the drawing, in percent."""

    status: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in the drawing."""

    at: float
    sign: str
    title: str


@dataclass(frozen=True, slots=True)
class LaneView:
    """One authorisation: whose, drawn, and the same in words."""

    assertion: Linked
    regimen: str
    jurisdiction: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an event did to one row of the answer."""

    verb: str
    regimen: Linked
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a step."""

    type: str
    assertion: Linked
    regimen: str
    jurisdiction: str
    note: str
    reason: str
    document: Linked


@dataclass(frozen=True, slots=True)
class StepView:
    """A day of events: its addresses, what happened, what it changed."""

    day: dt.date
    href: str
    answer_href: str
    happenings: tuple[Happening, ...]
    changes: tuple[Change, ...]


@blueprint.get("/timeline")
def timeline() -> Response:
    """Show the history of the case of the address; ``step`` leads to the day of an event."""
    shared = explorer()
    asked = understand(shared.knowledge, request.args, today=shared.today(), beside=("step",))
    led = lead_to_canonical(asked)
    if led is not None:
        return led
    if asked.read is None:
        return refused(asked)
    case = asked.read.case
    history = history_of(shared.knowledge.rulebook, case)
    if asked.address.value("step"):
        day = _day_of_step(history, asked.address.value("step"))
        return redirect(f"/timeline?{_on(asked.address, day)}")
    steps = tuple(_step(shared, asked.address, step) for step in history.steps)
    current = bisect_right([step.day for step in steps], case.as_of) - 1
    report = match(shared.knowledge.rulebook, case)
    return page(
        "timeline.html",
        here="timeline",
        steps=steps,
        current=current,
        on_label=[row for row in report.therapies if row.lead.applicability == "on_label"],
        others=sum(row.lead.applicability != "on_label" for row in report.therapies),
        **_drawing(shared, history, case.as_of),
        **about_case(shared, asked),
    )


def _day_of_step(history: History, text: str) -> dt.date:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    if not 0 <= number < len(history.steps):
        raise NotFoundError(f"there is no step {text[:20]!r} in the history of this case")
    return history.steps[number].day


def _on(address: Address, day: dt.date) -> str:
    return address.adding(("as_of", day.isoformat())).query


def _drawing(shared: Explorer, history: History, as_of: dt.date) -> dict[str, Any]:
    """Return the axis and the lanes, those of the case's own tumour type apart."""
    if not history.lanes:
        return {"scale": None, "groups": ()}
    days = [span.start for lane in history.lanes for span in lane.spans]
    end = max((shared.today(), as_of, *(step.day for step in history.steps)))
    scale = time_scale(min(days), end)
    scale = replace(scale, line=scale.place(as_of.toordinal()))
    labels = ("In this tumour type", "In other tumour types")
    groups = [
        (
            label,
            tuple(
                _lane(scale, lane, end) for lane in history.lanes if lane.is_elsewhere is elsewhere
            ),
        )
        for label, elsewhere in zip(labels, (False, True), strict=True)
    ]
    return {"scale": scale, "groups": tuple(group for group in groups if group[1])}


def _lane(scale: Scale, lane: Lane, end: dt.date) -> LaneView:
    assertion = lane.entry.assertion
    bars = []
    for span in lane.spans:
        at, to = (scale.place(day.toordinal()) for day in (span.start, span.end or end))
        if span.status not in ("withdrawn", "superseded"):
            bars.append(Bar(span.status, at, round(max(to - at, 0.4), 2)))
    spans = [
        f"{span.status} {'from' if span.end else 'since'} {span.start.isoformat()}"
        for span in lane.spans
    ]
    return LaneView(
        _assertion(lane.entry),
        assertion.regimen.name,
        assertion.jurisdiction or "",
        tuple(bars),
        tuple(_mark(scale, event) for event in assertion.events),
        ", ".join(spans),
    )


def _mark(scale: Scale, event: Event) -> Mark:
    title = f"{event.type.replace('_', ' ')} {event.date.isoformat()}"
    sign = _SIGNS.get(event.type, "+" if event.type in SILENT_EVENTS else "")
    return Mark(scale.place(event.date.toordinal()), sign, title)


def _step(shared: Explorer, address: Address, step: Step) -> StepView:
    query = _on(address, step.day)
    return StepView(
        step.day,
        f"/timeline?{query}",
        f"/answer?{query}",
        (
            *(_happening(shared, entry, event) for entry, event in step.events),
            *(_publication(shared, entry) for entry in step.published),
        ),
        tuple(_changes(step.differences)),
    )


def _happening(shared: Explorer, entry: Entry, event: Event) -> Happening:
    document = shared.knowledge.records["sources"][event.source]
    return Happening(
        event.type.replace("_", " "),
        _assertion(entry),
        entry.assertion.regimen.name,
        entry.assertion.jurisdiction or "",
        event.note,
        event.reason,
        Linked(document["title"], href_of(("sources", event.source))),
    )


def _publication(shared: Explorer, entry: Entry) -> Happening:
    assertion = entry.assertion
    document = shared.knowledge.records["sources"][assertion.source or ""]
    return Happening(
        f"first published in {assertion.known_since}:",
        _assertion(entry),
        assertion.regimen.name,
        assertion.effect.replace("_", " "),
        assertion.statement,
        "",
        Linked(document["title"], href_of(("sources", document["id"]))),
    )


def _assertion(entry: Entry) -> Linked:
    return Linked(entry.assertion.id, href_of(("assertions", entry.assertion.id)))


def _changes(differences: Differences) -> Iterator[Change]:
    """Yield what entered, left and changed, in words."""
    for verb, changes in (
        ("enters", differences.added),
        ("leaves", differences.gone),
        ("changes", differences.changed),
    ):
        for change in changes:
            regimen = change.row.regimen
            words = tuple(_words(change)) if verb == "changes" else (_standing(change),)
            yield Change(verb, Linked(regimen.name, href_of(("regimens", regimen.id))), words)


def _standing(change: RowChange) -> str:
    if change.after is None:
        return change.reason
    where = change.after.lead.applicability.replace("_", " ")
    return where if change.section == "therapies" else f"resistance, {where}"


def _words(change: RowChange) -> Iterator[str]:
    """Yield what is not the same in a row that stands before and after."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    for name in change.fields:
        old, new = FIELDS[name](before), FIELDS[name](after)
        if name == "assertions":
            yield from _moves(old, new)
        else:
            yield f"{name.replace('_', ' ')}: {_said(old)}, then {_said(new)}"


def _moves(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for ids, words in (
        ([id_ for id_ in new if id_ not in old], "rests on {} too"),
        ([id_ for id_ in old if id_ not in new], "no longer rests on {}"),
    ):
        if ids:
            yield words.format(", ".join(ids))


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value).replace("_", " ") or "nothing"
    return "none" if value is None else str(value).replace("_", " ")
