"""The watch list: applications under review and read-outs, and the day on which an answer is due.

It changes no answer and is no part of the content hash. What was answered stays on the list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("application", "read_out")
#: What the due day is: the regulator's goal, or one computed from the committee's opinion.
DUE_KINDS = ("goal", "computed")
STATES = ("open", "overdue", "answered")


@dataclass(frozen=True, slots=True)
class WatchItem:
    """Something that is expected, and since when it is overdue or answered.

    Args:
        drugs: names as in the drugs vocabulary where they are known there.
        answer: what became of it, in our own words; with ``answered_on``.
        assertion: the record that holds the answer.
    """

    id: str
    kind: str
    what: str
    drugs: tuple[str, ...]
    jurisdiction: str | None
    due: dt.date
    due_kind: str
    source: str
    checked_on: dt.date
    answered_on: dt.date | None
    answer: str | None
    assertion: str | None

    def state_on(self, day: dt.date) -> str:
        """Return ``answered``, ``overdue`` (the due day passed without an answer) or ``open``."""
        if self.answered_on is not None and self.answered_on <= day:
            return "answered"
        return "overdue" if self.due < day else "open"


def build_watch_item(row: Mapping[str, Any]) -> WatchItem:
    """Return the item of a record as it stands in the compiled file."""
    answered = row["answered_on"]
    return WatchItem(
        row["id"], row["kind"], row["what"], tuple(row["drugs"]), row["jurisdiction"],
        dt.date.fromisoformat(row["due"]), row["due_kind"], row["source"],
        dt.date.fromisoformat(row["checked_on"]),
        dt.date.fromisoformat(answered) if answered else None, row["answer"], row["assertion"],
    )  # fmt: skip


def in_order(items: Iterable[WatchItem]) -> list[WatchItem]:
    """Return items by the day on which they are due, then by id."""
    return sorted(items, key=lambda item: (item.due, item.id))
