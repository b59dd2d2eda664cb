"""Assertions of the engine out of their records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from service.engine.assertion import Assertion, Event, Regimen
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.regimens import regimen_id, regimen_name

Record = dict[str, Any]


def build_assertion(row: Record, sources: dict[str, Record]) -> Assertion:
    """Return an assertion.

    Args:
        sources: every source by its identifier.
    """
    ignore: Callable[..., None] = lambda *_: None  # noqa: E731 - lint has reported every fault
    criteria = parse_criteria(row["criteria"], ignore)
    drugs = tuple(sorted(row["regimen"], key=str.lower))
    return Assertion(
        id=row["id"],
        regimen=Regimen(regimen_id(drugs), regimen_name(drugs), drugs),
        effect=row["effect"],
        jurisdiction=row["jurisdiction"],
        authority=row["authority"],
        support=row["support"],
        statement=row["statement"],
        criteria=criteria,
        events=tuple(_event(event) for event in row["events"]),
        preferred_by=row["preferred_by"],
        preferred_words=_preferred_words(row, sources),
        replaces=tuple(regimen_id(item["regimen"]) for item in row["replaces"]),
        needs_test=row["test_required"],
        source=row["sources"][0]["id"] if row["sources"] else None,
        known_since=row["known_since"],
    )


def _preferred_words(row: Record, sources: dict[str, Record]) -> str:
    """Say who names a regimen first, and where: ``ASCO guideline, second line``."""
    id_ = row["preferred_by"]
    if id_ is None:
        return ""
    where = [item["where"] for item in row["sources"] if item["id"] == id_]
    return ": ".join((sources[id_]["title"], *where))


def _event(row: Record) -> Event:
    date = dt.date.fromisoformat(row["date"])
    return Event(
        date=date,
        type=row["type"],
        source=row["source"],
        note=row["note"],
        by=row["by"],
        reason=row["reason"],
        precision=row["precision"],
    )
