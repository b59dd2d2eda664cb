"""Properties of days, authorities and ends of authorisations (rules M14 to M16)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service.engine.assertion import Assertion
from tests.property import strategies as draw
from tests.property.test_answers import rebuilt

CHANGES = {
    "accelerated": "accelerated", "conditional": "conditional", "approved": "approved",
    "converted": "approved", "withdrawn": "withdrawn", "superseded": "superseded",
}  # fmt: skip


def status_on(assertion: Assertion, day: dt.date) -> str | None:
    """Return the status after the last step that changes it, read off the events."""
    if assertion.authority is None:
        return "not_yet" if assertion.known_since > day.year else None
    steps = [CHANGES[e.type] for e in assertion.events if e.date <= day and e.type in CHANGES]
    return steps[-1] if steps else "not_yet"


def event_days() -> st.SearchStrategy[dt.date]:
    """Draw the day of an event, the day before or the day after."""
    return st.deferred(
        lambda: st.builds(
            lambda day, shift: day + dt.timedelta(days=shift),
            st.sampled_from(
                sorted({v.date for e in draw.rulebook().entries for v in e.assertion.events})
            ),
            st.integers(-1, 1),
        )
    )


@given(request=draw.requests(), day=st.one_of(draw.days, event_days()))
def test_later_events_do_not_exist(request, day):
    """M14: With a day given, what happened after that day does not exist."""
    asked = draw.ask(request, as_of=day)
    cut = [
        replace(a, events=tuple(event for event in a.events if event.date <= day))
        for a in (entry.assertion for entry in draw.rulebook().entries)
    ]
    before = draw.with_rulebook(asked, rebuilt(cut))
    assert asked.to_bytes() == before.to_bytes()


@given(request=draw.requests(), year=st.integers(2003, 2026), is_first=st.booleans())
def test_a_statement_is_not_known_before_its_first_publication(request, year, is_first):
    """M14: it does not exist before the year of the first publication that it cites."""
    asked = draw.ask(request, as_of=dt.date(year, 1, 1) if is_first else dt.date(year, 12, 31))
    for found in asked.matches:
        assertion = found.entry.assertion
        assert assertion.authority is not None or assertion.known_since <= year
    for id_, rule in asked.dropped.items():
        assertion = draw.entry_of(id_).assertion
        if assertion.authority is None and rule == "M14":
            assert assertion.known_since > year


@given(request=draw.requests(), day=event_days())
def test_an_event_counts_from_its_own_day(request, day):
    """M14: the status shown is that of the last event up to the day, that day included."""
    for found in draw.ask(request, as_of=day).matches:
        assertion = found.entry.assertion
        assert found.standing.status == status_on(assertion, day)
        if found.standing.since is not None:
            assert found.standing.since <= day


@given(request=draw.requests(), asked_for=draw.jurisdictions)
def test_only_the_jurisdictions_asked_for_are_listed(request, asked_for):
    """M15: Only authorisations of the jurisdictions asked for are listed; none asked means all."""
    everywhere = draw.ask(request, jurisdictions=[])
    some = draw.ask(request, jurisdictions=asked_for)
    for found in some.matches:
        assert not asked_for or found.entry.assertion.jurisdiction in (None, *asked_for)
    for id_ in everywhere.ids - some.ids:
        assert draw.entry_of(id_).assertion.jurisdiction not in (None, *asked_for)
        assert some.dropped[id_] == "M15"


@given(request=draw.requests(), day=st.one_of(draw.days, event_days()))
def test_what_is_withdrawn_is_never_current(request, day):
    """M16: A withdrawn or superseded authorisation is never among the current rows."""
    asked = draw.ask(request, as_of=day)
    for found in asked.matches:
        status = status_on(found.entry.assertion, day)
        assert status in (None, "accelerated", "conditional", "approved")
        assert (found.applicability == "on_label") <= (status is not None)
    for id_, rule in asked.dropped.items():
        if rule == "M16":
            assert status_on(draw.entry_of(id_).assertion, day) in ("withdrawn", "superseded")


def test_some_withdrawals_are_in_the_knowledge():
    """M16: the property above has something to see."""
    ends = {v.type for e in draw.rulebook().entries for v in e.assertion.events}
    assert {"withdrawn", "superseded"} <= ends
