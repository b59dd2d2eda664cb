"""The history of a case: what every dated event did to its answer (rules M14 to M16).

An assertion is in play when the case would have it on some day. An authorisation changes on the
days of its events; a statement without one is there from the year of its first publication.
Between these days the answer stands still, so one report a day is the whole history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from service.engine.assertion import Assertion, Event
from service.engine.authorisation import STATUS_AFTER
from service.engine.compare import Differences, compare_reports
from service.engine.entries import Entry
from service.engine.match import match
from service.engine.model import Case, Truth
from service.engine.question import Question
from service.engine.report import Match, Report
from service.engine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Span:
    """A status and the days on which it stood.

    Args:
        end: the first day on which it stood no longer; ``None`` while it stands.
    """

    status: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One authorisation in play, with the statuses that it had, oldest first.

    Args:
        is_elsewhere: its tumour type is not that of the case.
    """

    entry: Entry
    spans: tuple[Span, ...]
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A day of events, and how the answer of that day differs from the one before.

    Args:
        published: statements without an authority that count from this day on.
    """

    day: dt.date
    events: tuple[tuple[Entry, Event], ...]
    published: tuple[Entry, ...]
    differences: Differences


@dataclass(frozen=True, slots=True)
class History:
    """The authorisations in play by regimen name, and the days that count, oldest first."""

    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]


def history_of(rulebook: Rulebook, case: Case) -> History:
    """Return every event that the answer of a case hangs on, whatever day the case asks for."""
    entries, elsewhere = _in_play(rulebook, case)
    days = sorted({day for entry in entries for day in _days(entry.assertion)})
    if not days:
        return History((), ())
    reports = [_on(rulebook, case, day) for day in (days[0] - dt.timedelta(days=1), *days)]
    listed = {id_ for report in reports for id_ in _listed(report)}
    entries = [entry for entry in entries if entry.assertion.id in listed]
    lanes = sorted(
        (
            Lane(entry, spans_of(entry.assertion), entry.assertion.id in elsewhere)
            for entry in entries
            if entry.assertion.authority is not None
        ),
        key=lambda lane: (lane.is_elsewhere, lane.entry.assertion.regimen.name, _first(lane)),
    )
    steps = []
    for before, after in pairwise(reports):
        day = after.case.as_of
        events = tuple(_events_on(entries, day))
        published = tuple(entry for entry in entries if published_on(entry.assertion) == day)
        if events or published:
            steps.append(Step(day, events, published, compare_reports(before, after)))
    return History(tuple(lanes), tuple(steps))


def spans_of(assertion: Assertion) -> tuple[Span, ...]:
    """Return the statuses of an authorisation one after the other."""
    turns = [(e.date, STATUS_AFTER[e.type]) for e in assertion.events if e.type in STATUS_AFTER]
    ends = [day for day, _ in turns[1:]]
    return tuple(
        Span(status, start, end)
        for (start, status), end in zip(turns, [*ends, None], strict=False)
        if start != end
    )


def published_on(assertion: Assertion) -> dt.date | None:
    """Return the first day of the year in which a statement without an authority came."""
    if assertion.authority is not None or assertion.known_since is None:
        return None
    return dt.date(assertion.known_since, 1, 1)


def _days(assertion: Assertion) -> Iterator[dt.date]:
    yield from (event.date for event in assertion.events)
    published = published_on(assertion)
    if published is not None:
        yield published


def _in_play(rulebook: Rulebook, case: Case) -> tuple[list[Entry], set[str]]:
    """Return assertions that only time keeps out, and the ids of those of other tumour types.

    The last day there is tells them apart: on it every event has happened, so what drops out by
    M16 had its day, and what drops out by another rule never has one.
    """
    question = Question(rulebook, replace(case, as_of=dt.date.max), explain="none")
    entries = [entry for entry in question.candidates() if _has_a_day(question, entry)]
    truth = question.evaluation.truth
    elsewhere = {
        entry.assertion.id
        for entry in entries
        if truth(entry.assertion.criteria.tumor) is Truth.FALSE
    }
    return entries, elsewhere


def _has_a_day(question: Question, entry: Entry) -> bool:
    verdict = question.judge(entry)
    return isinstance(verdict, Match) or verdict.rule == "M16"


def _on(rulebook: Rulebook, case: Case, day: dt.date) -> Report:
    return match(rulebook, replace(case, as_of=day))


def _listed(report: Report) -> Iterator[str]:
    for row in (*report.therapies, *report.resistance, *report.cautions):
        for found in row.matches:
            yield found.entry.assertion.id


def _events_on(entries: Iterable[Entry], day: dt.date) -> Iterator[tuple[Entry, Event]]:
    for entry in entries:
        for event in entry.assertion.events:
            if event.date == day:
                yield entry, event


def _first(lane: Lane) -> tuple[dt.date, str]:
    return lane.entry.assertion.events[0].date, lane.entry.assertion.id
