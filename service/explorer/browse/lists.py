"""``/browse`` and ``/browse/<kind>``: what there is, counted, filtered, in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from service.errors import Fault, NotFoundError
from service.explorer.browse.kinds import (
    BY_SEGMENT,
    KINDS,
    Kind,
    Linked,
    href_of,
    plain,
    words_of,
)
from service.explorer.frame import blueprint, explorer, page
from service.knowledge.selection import FILTERS, WORDS, select_assertions

Record = dict[str, Any]
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """A field to narrow a list by; without choices any text may be given.

    Args:
        choices: (value, how many records have it); no number where it is not counted.
    """

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.

    Args:
        rows: the identifier as a link, then the cells of the columns.
        total: how many there are behind the filters; ``known`` without them.
        pages: addresses of the neighbouring pages, ``None`` at the ends.
    """

    kind: Kind
    filters: tuple[Filter, ...]
    rows: tuple[tuple[Linked, ...], ...]
    total: int
    known: int
    number: int
    last: int
    previous: str | None
    next: str | None
    faults: tuple[Fault, ...]


@blueprint.get("/browse")
def browse() -> Response:
    """Show the kinds of record, with their numbers."""
    catalogue = explorer().knowledge.catalogue
    counts = {name: len(catalogue.records(name)) for name in KINDS}
    return page(
        "browse.html",
        here="browse",
        title="Browse",
        kinds=KINDS.values(),
        counts=counts,
        watched=len(explorer().knowledge.watch),
    )


@blueprint.get("/browse/<segment>")
def browse_kind(segment: str) -> Response:
    """List the records of a kind."""
    kind = BY_SEGMENT.get(segment)
    if kind is None:
        raise NotFoundError(f"there is no list called {segment[:100]!r}")
    listing = read_list(kind, request.args)
    status = 422 if listing.faults else 200
    return page("list.html", status=status, here="browse", title=kind.title, listing=listing)


def read_list(kind: Kind, given: Mapping[str, str]) -> Listing:
    """Return a page of a list.

    Args:
        given: the filters of the kind, ``q`` (words that must all occur) and ``page``.

    Raises:
        NotFoundError: there is no such page.
    """
    records = explorer().knowledge.catalogue.records(kind.name)
    faults: list[Fault] = []
    chosen = _chosen(kind, records, given, faults)
    number, last = _page(given.get("page", "1"), len(chosen))
    shown = chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Listing(
        kind=kind,
        filters=_filters(kind, records, given),
        rows=tuple(_row(kind, id_, records[id_]) for id_ in shown),
        total=len(chosen),
        known=len(records),
        number=number,
        last=last,
        previous=_address(kind, given, number - 1) if number > 1 else None,
        next=_address(kind, given, number + 1) if number < last else None,
        faults=tuple(faults),
    )


def _chosen(
    kind: Kind, records: Mapping[str, Record], given: Mapping[str, str], faults: list[Fault]
) -> list[str]:
    """Return the identifiers that pass every filter, sorted."""
    wanted = [word.casefold() for word in given.get("q", "").split()]
    ids: Iterable[str] = records
    if kind.name == "assertions":
        shared = explorer()
        asked = {name: given[name] for name in FILTERS if given.get(name)}
        found = select_assertions(shared.knowledge, asked, shared.today(), faults)
        ids = [entry.assertion.id for entry, _ in found]
    return sorted(
        (
            id_
            for id_ in ids
            if all(records[id_][n] == given[n] for n in kind.filters if given.get(n))
            and _has_words(id_, records[id_], wanted)
        ),
        key=str.casefold,
    )


def _has_words(id_: str, record: Record, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    text = " ".join((id_, *words_of(record))).casefold()
    return all(word in text for word in wanted)


def _filters(
    kind: Kind, records: Mapping[str, Record], given: Mapping[str, str]
) -> tuple[Filter, ...]:
    found = []
    for name in FILTERS if kind.name == "assertions" else kind.filters:
        counted = Counter(str(r[name]) for r in records.values() if r.get(name) is not None)
        choices: tuple[tuple[str, int | None], ...] = ()
        if name in kind.filters:
            choices = tuple(sorted(counted.items(), key=lambda pair: pair[0].casefold()))
        elif name in WORDS:
            choices = tuple((word, counted.get(word)) for word in WORDS[name])
        label = name.replace("_", " ").replace("tumor", "tumour")
        found.append(Filter(name, label, given.get(name, ""), choices))
    return tuple(found)


def _page(text: str, total: int) -> tuple[int, int]:
    last = max(1, -(-total // PAGE_SIZE))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= number <= last:
        raise NotFoundError(f"there is no page {text[:20]!r} of this list; it has {last}")
    return number, last


def _address(kind: Kind, given: Mapping[str, str], number: int) -> str:
    kept = {name: value for name, value in given.items() if value and name != "page"}
    return f"/browse/{kind.segment}?{urlencode({**kept, 'page': number})}"


def _row(kind: Kind, id_: str, record: Record) -> tuple[Linked, ...]:
    if kind.name == "assertions":
        record = {**record, "standing": _standing(id_, record)}
    cells = (Linked(_cell(field, record[field])) for field, _ in kind.columns)
    return (Linked(id_, href_of((kind.name, id_))), *cells)


def _standing(id_: str, record: Record) -> str:
    """Return an authorisation today in words, or what an assertion without one rests on."""
    shared = explorer()
    standing = shared.knowledge.rulebook.standings(shared.today())[id_]
    if standing.since is None:
        return str(record["support"] or standing.status).replace("_", " ")
    return f"{record['authority']} {standing.status} {standing.since.isoformat()}"


def _cell(field: str, value: Any) -> str:
    text = " + ".join(value) if field == "regimen" else plain(value)
    return text.replace("_", " ") if field in ("effect", "kind", "oncogenicity") else text
