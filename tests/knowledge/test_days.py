"""No day of an authorisation is remembered: each rests on a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]

#: Days that may stay remembered, by assertion, each with the reason why no document can be had.
EXCEPTIONS: Mapping[str, str] = {}


def remembered_days(assertions: Mapping[str, Json], sources: Mapping[str, Json]) -> Iterator[str]:
    """Yield what rests on memory: by its own word, by its source or by its note."""
    for id_, row in assertions.items():
        for event in row["events"]:
            told = event["note"] or ""
            if (
                event["precision"] == "recalled"
                or sources[event["source"]]["verification"] == "recalled"
                or re.search(r"\b(memory|recalled|remembered)\b", told)
            ):
                yield id_


def test_no_day_is_remembered(kb: KnowledgeBase) -> None:
    found = {*remembered_days(kb.records["assertions"], kb.records["sources"])}
    assert found == {*EXCEPTIONS}


def test_each_way_of_remembering_is_found() -> None:
    """The rule can fail: each of its three signs is seen where nothing else is amiss."""
    good = {"precision": "decision", "source": "read", "note": None}
    sources = {"read": {"verification": "opened"}, "heard": {"verification": "recalled"}}
    changes: list[Json] = [
        {"precision": "recalled"},
        {"source": "heard"},
        {"note": "The day is from memory."},
    ]
    assert [*remembered_days({"A9999": {"events": [good]}}, sources)] == []
    for change in changes:
        bad = {"A9999": {"events": [good, good | change]}}
        assert [*remembered_days(bad, sources)] == ["A9999"], change
