"""Which document speaks first: kinds of sources in order, and the citations of a record in it.

A trace and an answer name the first source of a record, so the order is computed when the seed data
are read, not left to the hand that wrote the record (``docs/curation.md``, "Order of the sources").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Documents of a regulator: an authorisation rests on at least one of them that was read.
REGULATORY = frozenset({"label", "epar", "approval_page", "federal_register"})
#: Kinds of sources, the nearest to the decision first; kinds of one rank keep the curator's order.
RANK: Mapping[str, int] = {
    **dict.fromkeys(REGULATORY, 0),
    "guideline": 1,
    "paper": 2,
    "specification": 3,
    "database": 3,
    "press_release": 4,
    "news": 5,
}
_READ = ("opened", "corroborated")


def is_regulatory(source: Mapping[str, Any]) -> bool:
    """Tell whether a source is a document of a regulator that somebody saw or found confirmed."""
    return source["kind"] in REGULATORY and source["verification"] in _READ


def in_order(
    citations: Iterable[dict[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return citations with the nearest document first; what is only recalled stands last."""

    def key(citation: dict[str, Any]) -> tuple[bool, int, bool]:
        source = sources[citation["id"]]
        opened = source["verification"] == "opened"
        return source["verification"] == "recalled", RANK[source["kind"]], not opened

    return sorted(citations, key=key)
