"""Lint: every rule the seed data must keep, all faults at once, each with file, line and path.

Returns the validated ``Corpus`` that ``compile`` writes. The rules are listed with their codes in
``docs/curation.md``; a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.engine.model import Branch, Criteria, Leaf
from service.engine.rulebook import walk_leaves
from service.errors import Fault, SeedDataError
from service.knowledge.classes import CONSEQUENCES, build_class, build_gene
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.read import Record, SeedData
from service.knowledge.schemas import ASSERTION, AUTHORITIES, SCHEMAS, load_record

#: Vocabulary -> the key that identifies a record and sorts the file.
KEYS: dict[str, tuple[str, ...]] = {
    "genes": ("symbol",),
    "variants": ("gene", "variant"),
    "biomarker_classes": ("name",),
    "status_tables": ("id",),
    "tumor_types": ("code",),
    "tumor_groups": ("code",),
    "tumor_synonyms": ("term",),
    "tumor_codes": ("system", "code", "topography"),
    "drugs": ("name",),
    "studies": ("id",),
    "sources": ("id",),
    "diagnostics": ("id",),
    "conditions": ("name",),
    "assay_methods": ("id",),
    "escat": ("biomarker", "tumor_type"),
}
#: Kept in an order of their own (a table is read top down, groups come root first).
UNSORTED = frozenset({"status_tables", "tumor_groups", "variants"})


@dataclass(slots=True)
class Corpus:
    """The seed data after lint: records by vocabulary, assertions with parsed criteria."""

    version: str
    vocabularies: dict[str, list[dict[str, Any]]]
    assertions: list[dict[str, Any]]
    criteria: dict[str, Criteria]
    proteins: dict[str, str]


def lint(seed: SeedData) -> tuple[Corpus, tuple[Fault, ...]]:
    """Check everything; returns what could be read and every fault, sorted by address."""
    linter = _Linter(seed)
    linter.run()
    faults = sorted({*seed.faults, *linter.faults}, key=lambda f: (f.pointer, f.code, f.message))
    return linter.corpus, tuple(faults)


def require_clean(seed: SeedData) -> Corpus:
    """Return the corpus of clean seed data.

    Raises:
        SeedDataError: with every fault.
    """
    corpus, faults = lint(seed)
    if faults:
        raise SeedDataError(faults)
    return corpus


class _Linter:
    def __init__(self, seed: SeedData) -> None:
        self.seed = seed
        self.faults: list[Fault] = []
        self.corpus = Corpus(seed.version, {}, [], {}, seed.proteins)
        self._records: dict[str, Record] = {}

    def run(self) -> None:
        for name in KEYS:
            self._check_vocabulary(name)
        for record in self.seed.assertions:
            self._check_assertion_shape(record)
        self._known = {
            name: {self._identity(name, data)[0] for data in rows}
            for name, rows in self.corpus.vocabularies.items()
        }
        self._known["tumor_types"] |= self._known["tumor_groups"]
        self._check_links()
        for data in self.corpus.assertions:
            self._check_assertion(data, self._records[data["id"]])
        self._check_same_statement()
        self._check_unused()

    # -- shapes ------------------------------------------------------------------------------

    def _fault(self, record: Record, path: tuple[str | int, ...], code: str, message: str) -> None:
        identity = str(record.data.get("id") or record.data.get("name") or "").strip()
        address = _address(identity, path)
        self.faults.append(Fault(f"{record.file}:{record.line(path)} {address}", code, message))

    def _load(self, record: Record, schema: Any) -> dict[str, Any] | None:
        loaded, messages = load_record(schema, record.data)
        for path, message in _flatten(messages):
            self._fault(record, path, "bad_field", message)
        return loaded

    def _check_vocabulary(self, name: str) -> None:
        rows: list[dict[str, Any]] = []
        seen: dict[tuple[str, ...], bool] = {}
        previous: tuple[str, ...] | None = None
        for record in self.seed.vocabularies[name]:
            data = self._load(record, SCHEMAS[name])
            if data is None:
                continue
            identity = self._identity(name, data)
            if identity in seen:
                self._fault(record, (), "duplicate_record", f"{' '.join(identity)} stands twice")
                continue
            if previous is not None and identity < previous and name not in UNSORTED:
                message = f"{identity[0]} stands after {previous[0]}; the file is sorted"
                self._fault(record, (), "unsorted", message)
            seen[identity] = True
            previous = identity
            self._records[f"{name}:{' '.join(identity)}"] = record
            rows.append(data)
        self.corpus.vocabularies[name] = rows

    def _check_assertion_shape(self, record: Record) -> None:
        data = self._load(record, ASSERTION)
        if data is None:
            return
        if data["id"] in self._records:
            self._fault(record, ("id",), "duplicate_record", f"{data['id']} stands twice")
            return
        stem = record.file.rsplit("/", 1)[-1]
        if not stem.startswith(f"{data['id']}-"):
            self._fault(
                record, ("id",), "bad_file_name", f"the file name starts with {data['id']}-"
            )
        self._records[data["id"]] = record
        self.corpus.assertions.append(data)

    @staticmethod
    def _identity(name: str, data: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(data.get(key) or "") for key in KEYS[name])

    # -- links between vocabularies ----------------------------------------------------------

    def _each(self, name: str) -> Iterator[tuple[dict[str, Any], Record]]:
        for data in self.corpus.vocabularies[name]:
            yield data, self._records[f"{name}:{' '.join(self._identity(name, data))}"]

    def _link(
        self, record: Record, path: tuple[str | int, ...], vocabulary: str, values: Iterable[Any]
    ) -> None:
        for value in values:
            if value is not None and value not in self._known[vocabulary]:
                what = vocabulary.replace("_", " ")
                self._fault(record, path, "unknown_reference", f"{value!r} is not in {what}")

    def _check_links(self) -> None:
        for data, record in self._each("biomarker_classes"):
            self._check_class(data, record)
        for data, record in self._each("tumor_types"):
            if data["parent"] is not None:
                self._link(record, ("parent",), "tumor_types", [data["parent"]])
        for data, record in self._each("tumor_groups"):
            self._link(record, ("members",), "tumor_types", data["members"])
        for data, record in self._each("tumor_synonyms"):
            self._link(record, ("code",), "tumor_types", [data["code"]])
        for data, record in self._each("tumor_codes"):
            self._link(record, ("candidates",), "tumor_types", data["candidates"])
        for data, record in self._each("drugs"):
            self._link(record, ("groups",), "drugs", data["groups"])
        for data, record in self._each("diagnostics"):
            self._link(record, ("claims",), "drugs", [c["drug"] for c in data["claims"]])
            classes = [c["biomarker"] for c in data["claims"]]
            self._link(record, ("claims",), "biomarker_classes", classes)
        for data, record in self._each("variants"):
            self._link(record, ("gene",), "genes", [data["gene"]])
            self._link(record, ("sources",), "sources", data["sources"])
        for data, record in self._each("status_tables"):
            self._link(record, ("gene",), "genes", [data["gene"]])
            self._link(record, ("applies_to",), "tumor_types", data["applies_to"])
            self._link(record, ("source",), "sources", [data["source"]])
        for data, record in self._each("assay_methods"):
            self._link(record, ("source",), "sources", [data["source"]])
        for data, record in self._each("escat"):
            self._link(record, ("biomarker",), "biomarker_classes", [data["biomarker"]])
            self._link(record, ("tumor_type",), "tumor_types", [data["tumor_type"]])
            self._link(record, ("source",), "sources", [data["source"]])
        self._check_variants_exist()

    def _check_class(self, data: dict[str, Any], record: Record) -> None:
        rule = data["rule"]
        self._link(record, ("rule", "any_of"), "biomarker_classes", rule["any_of"])
        self._link(record, ("rule", "all_of"), "biomarker_classes", rule["all_of"])
        self._link(record, ("rule", "opposite"), "biomarker_classes", [rule["opposite"]])
        is_union = bool(rule["any_of"] or rule["all_of"])
        if data["gene"] is None and not is_union:
            self._fault(record, ("gene",), "no_gene", "a class that is no union names its gene")
        self._link(record, ("gene",), "genes", [data["gene"]])
        unknown = set(rule["consequences"]) - set(CONSEQUENCES)
        if unknown:
            self._fault(
                record, ("rule", "consequences"), "bad_field", f"unknown: {sorted(unknown)}"
            )
        self._try(record, lambda: self._built_class(data))

    def _built_class(self, data: dict[str, Any]) -> None:
        genes = {row["symbol"]: row for row in self.corpus.vocabularies["genes"]}
        row = genes.get(data["gene"] or "")
        gene = build_gene(row, self.corpus.proteins) if row else None
        build_class(data, gene)

    def _check_variants_exist(self) -> None:
        from service.knowledge.classes import read_variant

        genes = {
            row["symbol"]: build_gene(row, self.corpus.proteins)
            for row in self.corpus.vocabularies["genes"]
        }
        for record in self.seed.vocabularies["variants"]:
            gene = genes.get(record.data.get("gene") or "")
            variant = record.data.get("variant")
            if gene is not None and isinstance(variant, str):
                self._try(record, lambda g=gene, v=variant: read_variant(v, g))  # type: ignore[misc]

    def _try(self, record: Record, action: Callable[[], object]) -> None:
        try:
            action()
        except ValueError as error:
            self._fault(record, (), "bad_rule", str(error))

    # -- assertions --------------------------------------------------------------------------

    def _check_assertion(self, data: dict[str, Any], record: Record) -> None:
        criteria = parse_criteria(
            record.data.get("criteria") or {},
            lambda path, code, message: self._fault(record, path, code, message),
        )
        self.corpus.criteria[data["id"]] = criteria
        self._link(record, ("regimen",), "drugs", data["regimen"])
        if len(set(data["regimen"])) != len(data["regimen"]):
            self._fault(record, ("regimen",), "duplicate_record", "a drug stands twice")
        for part, tree in (
            ("tumor", criteria.tumor),
            ("biomarker", criteria.biomarker),
            ("clinical", criteria.clinical),
        ):
            self._check_leaves(record, part, tree)
        self._link(record, ("sources",), "sources", [s["id"] for s in data["sources"]])
        self._link(record, ("evidence",), "studies", [e["study"] for e in data["evidence"]])
        self._link(record, ("companion_diagnostics",), "diagnostics", data["companion_diagnostics"])
        self._link(record, ("preferred_by",), "sources", [data["preferred_by"]])
        self._check_authority(data, record)
        self._check_events(data, record)
        self._check_verification(data, record)

    def _check_leaves(self, record: Record, part: str, tree: Branch) -> None:
        vocabularies = {
            "tumor_type": "tumor_types",
            "biomarker": "biomarker_classes",
            "prior_therapy": "drugs",
            "condition": "conditions",
        }
        for leaf, _ in walk_leaves(tree):
            if leaf.type in vocabularies:
                self._link(record, ("criteria",), vocabularies[leaf.type], [leaf.value])

    def _check_authority(self, data: dict[str, Any], record: Record) -> None:
        if data["authority"] is None:
            if data["support"] is None:
                self._fault(
                    record,
                    (),
                    "no_support",
                    "without an authority, support says what stands behind it",
                )
            if data["events"] or data["jurisdiction"]:
                self._fault(
                    record, (), "no_authority", "events and a jurisdiction need an authority"
                )
            return
        if AUTHORITIES.get(data["jurisdiction"] or "") != data["authority"]:
            self._fault(
                record, ("authority",), "wrong_authority", "authority and jurisdiction disagree"
            )
        if data["support"] is not None:
            self._fault(
                record,
                ("support",),
                "wrong_support",
                "support is for statements without an authority",
            )
        if not data["events"]:
            self._fault(record, ("events",), "no_events", "an authorisation has dated events")

    def _check_events(self, data: dict[str, Any], record: Record) -> None:
        ids = {row["id"] for row in self.corpus.assertions}
        previous: dt.date | None = None
        for index, event in enumerate(data["events"]):
            path = ("events", index)
            if previous is not None and event["date"] < previous:
                self._fault(
                    record, path, "unsorted_events", "events stand in the order of their days"
                )
            previous = event["date"]
            if event["date"] > data["reviewed_on"]:
                self._fault(record, path, "future_event", "the event is later than the review")
            self._link(record, path, "sources", [event["source"]])
            if (event["type"] == "superseded") != (event["by"] is not None):
                self._fault(
                    record, path, "bad_event", "superseded, and only it, names its successor in by"
                )
            if event["by"] is not None and event["by"] not in ids:
                self._fault(record, path, "unknown_reference", f"{event['by']} does not exist")
        if data["events"] and data["events"][0]["type"] not in (
            "accelerated",
            "conditional",
            "approved",
        ):
            self._fault(record, ("events", 0), "bad_event", "the first event is an authorisation")

    def _check_verification(self, data: dict[str, Any], record: Record) -> None:
        sources = {row["id"]: row for row in self.corpus.vocabularies["sources"]}
        cited = [sources[s["id"]] for s in data["sources"] if s["id"] in sources]
        if cited and all(row["verification"] == "recalled" for row in cited):
            self._fault(
                record, ("sources",), "not_verified", "no source of it was opened or corroborated"
            )
        if cited and not any(row["url"] for row in cited):
            self._fault(record, ("sources",), "no_url", "no source of it has an address")

    def _check_same_statement(self) -> None:
        seen: dict[tuple[Any, ...], str] = {}
        for data in self.corpus.assertions:
            if any(event["type"] in ("withdrawn", "superseded") for event in data["events"]):
                continue
            key = (
                tuple(sorted(data["regimen"])),
                data["effect"],
                data["jurisdiction"],
                data["formulation"],
                repr(self.corpus.criteria.get(data["id"])),
            )
            if key in seen:
                record = self._records[data["id"]]
                self._fault(record, (), "same_statement", f"says the same as {seen[key]}")
            seen[key] = data["id"]

    def _check_unused(self) -> None:
        used = {
            value
            for data in self.corpus.assertions
            for value in (
                *(s["id"] for s in data["sources"]),
                *(e["source"] for e in data["events"]),
                *((data["preferred_by"],) if data["preferred_by"] else ()),
            )
        }
        for name, field in (
            ("status_tables", "source"),
            ("diagnostics", "source"),
            ("biomarker_classes", "source"),
            ("assay_methods", "source"),
            ("escat", "source"),
        ):
            used |= {row[field] for row in self.corpus.vocabularies[name] if row[field]}
        used |= {s for row in self.corpus.vocabularies["variants"] for s in row["sources"]}
        for data, record in self._each("sources"):
            if data["id"] not in used:
                self._fault(record, (), "unused", "no record cites this source")


def _address(identity: str, path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return f"{identity}#{text}" if text else identity


def _flatten(
    messages: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = () if key == "_schema" else (key,)
            yield from _flatten(inner, (*path, *step))
    else:
        yield path, " ".join(str(message) for message in messages)


def leaves_of(criteria: Criteria) -> Iterator[tuple[Leaf, bool]]:
    """Yield every leaf of the three parts with whether it is negated."""
    for tree in (criteria.tumor, criteria.biomarker, criteria.clinical):
        yield from walk_leaves(tree)
