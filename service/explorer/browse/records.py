"""``/browse/<kind>/<identifier>``: a curated record in readable form, its history, its links.

What a field is called and how it reads stands in ``fields``; here a page is put together: the
facts, what names the record, and the dated events of the assertions that stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response

from service.engine.authorisation import Standing
from service.engine.entries import Entry
from service.errors import NotFoundError
from service.explorer.browse.criteria import Part, parts_of
from service.explorer.browse.fields import Fact, facts_of
from service.explorer.browse.kinds import (
    BY_SEGMENT,
    KINDS,
    Kind,
    Linked,
    evidence_href,
    href_of,
    json_href_of,
    title_of,
)
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.knowledge.links import Ref

Record = dict[str, Any]
#: Most rows of a related list or of a history; the rest is behind its link.
MAX_ROWS = 60
#: Kind of record -> the filter of the list of assertions that goes on with it.
_FILTER_OF = {"drugs": "drug", "genes": "gene", "tumor_types": "tumor_type"}
#: Kinds whose pages tell the dated life of their assertions.
_WITH_HISTORY = ("assertions", "biomarker_classes", "drugs", "genes", "regimens", "tumor_types")


@dataclass(frozen=True, slots=True)
class AssertionLine:
    """An assertion as it stands in a list."""

    id: str
    href: str
    record: Record
    standing: Standing


@dataclass(frozen=True, slots=True)
class Related:
    """Records of one kind that name this one.

    Args:
        total: how many there are; ``items`` may hold fewer.
        more: address of the whole list.
    """

    kind: Kind
    items: tuple[Linked, ...]
    total: int
    more: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """A dated event of an authorisation, with its document."""

    date: str
    type: str
    note: str
    reason: str
    precision: str
    assertion: Linked
    document: Linked
    by: Linked | None


@dataclass(frozen=True, slots=True)
class Page:
    """A record as a page shows it."""

    kind: Kind
    id: str
    content: Record
    title: str
    lead: str
    facts: tuple[Fact, ...]
    criteria: tuple[Part, ...]
    standing: Standing | None
    assertions: tuple[AssertionLine, ...]
    assertions_total: int
    assertions_href: str | None
    related: tuple[Related, ...]
    history: tuple[Happening, ...]
    history_total: int
    json_href: str | None
    actions: tuple[Linked, ...]


@blueprint.get("/browse/<segment>/<path:id>")
def browse_record(segment: str, id: str) -> Response:
    """Show one record."""
    kind = BY_SEGMENT.get(segment)
    shared = explorer()
    if kind is None or not shared.links.has((kind.name, id)):
        raise NotFoundError(f"there is no record {id[:100]!r} in {segment[:100]!r}")
    record = read_page(shared, (kind.name, id))
    return page("record.html", here="browse", title=record.title, record=record)


def read_page(shared: Explorer, ref: Ref) -> Page:
    """Return what the page of a record shows."""
    name, id_ = ref
    kb = shared.knowledge
    content = kb.catalogue.records(name)[id_]
    entry = kb.rulebook.entry(id_) if name == "assertions" else None
    ids = shared.links.naming(ref, "assertions")
    lines = [_line(shared, found) for found in ids]
    lines.sort(key=lambda line: (line.record["effect"] != "sensitivity", line.id))
    lived = (*ids, id_) if name == "assertions" else ids
    history = sorted(_history(shared, lived), key=lambda found: (found.date, found.type))
    history = history[::-1] if name in _WITH_HISTORY else []
    return Page(
        kind=KINDS[name],
        id=id_,
        content=content,
        title=title_of(ref, content),
        lead=str(content.get("statement") or content.get("description") or ""),
        facts=facts_of(kb, ref),
        criteria=parts_of(kb, entry.assertion.criteria) if entry else (),
        standing=kb.rulebook.standings(shared.today())[id_] if entry else None,
        assertions=tuple(lines[:MAX_ROWS]),
        assertions_total=len(lines),
        assertions_href=_more(ref),
        related=tuple(_related(shared, ref)),
        history=tuple(history[:MAX_ROWS]),
        history_total=len(history),
        json_href=json_href_of(ref),
        actions=tuple(_actions(shared, ref, entry)),
    )


def _line(shared: Explorer, id_: str) -> AssertionLine:
    kb = shared.knowledge
    return AssertionLine(
        id_,
        href_of(("assertions", id_)),
        kb.records["assertions"][id_],
        kb.rulebook.standings(shared.today())[id_],
    )


def _more(ref: Ref) -> str | None:
    kind, id_ = ref
    if kind not in _FILTER_OF:
        return None
    return f"/browse/assertions?{urlencode({_FILTER_OF[kind]: id_})}"


def _related(shared: Explorer, ref: Ref) -> Iterator[Related]:
    """Yield what else names a record, a kind at a time."""
    for kind in KINDS.values():
        if kind.name == "assertions":
            continue
        records = shared.knowledge.catalogue.records(kind.name)
        ids = shared.links.naming(ref, kind.name)
        if ids:
            items = (
                Linked(title_of((kind.name, i), records[i]), href_of((kind.name, i)))
                for i in ids[:MAX_ROWS]
            )
            is_gene = ref[0] == "genes" and "gene" in kind.filters
            more = f"/browse/{kind.segment}?{urlencode({'gene': ref[1]})}" if is_gene else None
            yield Related(kind, tuple(items), len(ids), more)


def _history(shared: Explorer, ids: Iterable[str]) -> Iterator[Happening]:
    """Yield the events of assertions, and what a superseded one gave way to."""
    records = shared.knowledge.records
    for id_ in ids:
        assertion = records["assertions"][id_]
        for event in assertion["events"]:
            document = records["sources"][event["source"]]
            yield Happening(
                event["date"],
                event["type"],
                event["note"],
                event["reason"],
                event["precision"],
                Linked(title_of(("assertions", id_), assertion), href_of(("assertions", id_))),
                Linked(document["title"], href_of(("sources", event["source"]))),
                Linked(event["by"], href_of(("assertions", event["by"]))) if event["by"] else None,
            )


def _actions(shared: Explorer, ref: Ref, entry: Entry | None) -> Iterator[Linked]:
    """Yield where a reader may go on from a record."""
    if ref[0] == "regimens":
        yield Linked("Evidence drawn", evidence_href(ref[1]))
    if entry is not None:
        yield Linked("Evidence of the regimen", evidence_href(entry.assertion.regimen.id))
        case = _case_that_opens(shared, entry)
        if case is not None:
            yield Linked("A case that opens it", f"/answer?{case}")
            yield Linked("The criteria decided for that case", f"/why/{ref[1]}?{case}")


def _case_that_opens(shared: Explorer, entry: Entry) -> str | None:
    """Return the question of a tumour type and a result that the assertion is about."""
    probes = shared.knowledge.rulebook.probes
    for name in entry.openers:
        probe = probes.get(name, (None, None))[0]
        if probe is not None and entry.tumors:
            return urlencode({"tumor_type": entry.tumors[0], "biomarker": probe.text})
    return None
