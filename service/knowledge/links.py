"""Which record of the knowledge base speaks of which, both ways.

One table says what each kind of record names; what names a record is that table turned round.
A record is (kind, identifier), with the kinds of ``KnowledgeBase.records`` and ``regimens``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from service.engine.entries import Entry, walk_leaves
from service.engine.rulebook import Rulebook
from service.knowledge.regimens import regimen_id
from service.knowledge.store import KnowledgeBase

Record = dict[str, Any]
Ref = tuple[str, str]


class Links:
    """The links between the records of one knowledge base; read-only."""

    def __init__(self, kb: KnowledgeBase) -> None:
        kinds = (*kb.records, "regimens")
        self._records = {kind: kb.catalogue.records(kind) for kind in kinds}
        entries = {entry.assertion.id: entry for entry in kb.rulebook.entries}
        self._named: dict[Ref, tuple[Ref, ...]] = {}
        self._naming: dict[Ref, list[Ref]] = {}
        for kind, records in self._records.items():
            for id_, record in records.items():
                named = list(_NAMES[kind](record))
                if kind == "assertions":
                    named += _criteria_of(kb.rulebook, entries[id_])
                self._add((kind, id_), named)

    def _add(self, record: Ref, named: Iterable[Ref]) -> None:
        kept = tuple(ref for ref in dict.fromkeys(named) if self.has(ref))
        self._named[record] = kept
        for ref in kept:
            self._naming.setdefault(ref, []).append(record)

    def has(self, record: Ref) -> bool:
        """Tell whether there is such a record."""
        kind, id_ = record
        return id_ in self._records.get(kind, ())

    def named_by(self, record: Ref, kind: str) -> tuple[str, ...]:
        """Return the identifiers of a kind that a record names, in its order."""
        return tuple(id_ for found, id_ in self._named[record] if found == kind)

    def naming(self, record: Ref, kind: str) -> tuple[str, ...]:
        """Return the identifiers of a kind whose records name this one, sorted."""
        found = (id_ for other, id_ in self._naming.get(record, ()) if other == kind)
        return tuple(sorted(found, key=str.lower))


def _criteria_of(rulebook: Rulebook, entry: Entry) -> Iterator[Ref]:
    """Yield what the criteria of an assertion speak of, and the genes of its biomarkers."""
    criteria = entry.assertion.criteria
    for tree in (criteria.tumor, criteria.biomarker, criteria.clinical):
        for leaf, _ in walk_leaves(tree):
            if leaf.type in KIND_OF_LEAF:
                yield KIND_OF_LEAF[leaf.type], leaf.value
    for gene in sorted(entry.genes):
        yield "genes", gene


#: Criterion -> the kind of record that it names.
KIND_OF_LEAF: Mapping[str, str] = {
    "biomarker": "biomarker_classes",
    "tumor_type": "tumor_types",
    "prior_therapy": "drugs",
    "condition": "conditions",
}


def _all(kind: str, ids: Iterable[str | None]) -> Iterator[Ref]:
    return ((kind, id_) for id_ in ids if id_)


def _assertion(record: Record) -> Iterator[Ref]:
    yield "regimens", regimen_id(record["regimen"])
    yield from _all("drugs", record["regimen"])
    yield from _all("studies", (item["study"] for item in record["evidence"]))
    yield from _all("diagnostics", record["companion_diagnostics"])
    yield from _all("assertions", (event["by"] for event in record["events"]))
    yield from _all("sources", (item["id"] for item in record["sources"]))
    yield from _all("sources", (event["source"] for event in record["events"]))
    yield from _all("sources", (record["preferred_by"],))


def _biomarker_class(record: Record) -> Iterator[Ref]:
    rule = record["rule"]
    yield from _all("genes", (record["gene"],))
    yield from _all("biomarker_classes", (*rule["any_of"], *rule["all_of"], rule["opposite"]))
    yield from _all("variants", (f"{record['gene']} {name}" for name in rule["variants"]))
    yield from _all("sources", (record["source"],))


def _diagnostic(record: Record) -> Iterator[Ref]:
    yield from _all("drugs", (claim["drug"] for claim in record["claims"]))
    yield from _all("biomarker_classes", (claim["biomarker"] for claim in record["claims"]))
    yield from _all("sources", (record["source"],))
    yield from _all("sources", (claim["source"] for claim in record["claims"]))
    yield from _all("tumor_types", (code for c in record["claims"] for code in c["tumor_types"]))


def _drug(record: Record) -> Iterator[Ref]:
    yield from _all("drugs", record["groups"])
    if record["boxed_warning"]:
        yield "sources", record["boxed_warning"]["source"]


def _variant(record: Record) -> Iterator[Ref]:
    yield "genes", record["gene"]
    yield from _all("sources", record["sources"])


def _nothing(_: Record) -> Iterator[Ref]:
    return iter(())


_NAMES: Mapping[str, Callable[[Record], Iterable[Ref]]] = {
    "assertions": _assertion,
    "assay_methods": lambda record: _all("sources", (record["source"],)),
    "biomarker_classes": _biomarker_class,
    "conditions": _nothing,
    "diagnostics": _diagnostic,
    "drugs": _drug,
    "genes": _nothing,
    "regimens": lambda record: _all("drugs", record["drugs"]),
    "sources": _nothing,
    "studies": _nothing,
    "tumor_types": lambda record: _all("tumor_types", (record["parent"],)),
    "variants": _variant,
}
