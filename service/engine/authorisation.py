"""Time: the standing of an authorisation on a day, from its dated events (rules M14 to M16)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.engine.assertion import Assertion, Event

#: Event type -> the status that holds from that day on; other types change nothing of it.
STATUS_AFTER = {
    "accelerated": "accelerated",
    "conditional": "conditional",
    "approved": "approved",
    "converted": "approved",
    "withdrawn": "withdrawn",
    "superseded": "superseded",
}
#: Event types that leave the status as it was.
SILENT_EVENTS = frozenset({"extended", "narrowed", "withdrawal_announced"})
STANDING = frozenset({"accelerated", "conditional", "approved"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Status on a day: ``None`` without an authority; ``not_yet`` before the first event, and
    for a statement without an authority before the year of its first publication.

    Args:
        since: day of the event that gave this status.
        event: that event; ``None`` when there is none.
    """

    status: str | None
    since: dt.date | None = None
    event: Event | None = None

    @property
    def stands(self) -> bool:
        """Tell whether the authorisation is in force."""
        return self.status in STANDING


def standing_on(assertion: Assertion, day: dt.date) -> Standing:
    """Fold the events up to and including ``day`` into a status."""
    if assertion.authority is None:
        is_published = assertion.known_since is None or assertion.known_since <= day.year
        return Standing(None if is_published else "not_yet")
    current = Standing("not_yet")
    for event in assertion.events:
        if event.date > day:
            break
        status = STATUS_AFTER.get(event.type)
        if status is not None:
            current = Standing(status, event.date, event)
    return current
