"""Open the compiled knowledge base read-only and build what the engine and the faces need of it.

The file is read once, at start; a question touches memory only. Static parts of each assertion
(sources, evidence, diagnostics) are kept as JSON bytes, serialised once, for the answers.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from service.engine.entries import Entry
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.human_genes import GeneRow, HumanGenes
from service.engine.rulebook import Rulebook
from service.engine.tumors import TumorTree
from service.engine.vocabulary import (
    TumorType,
)
from service.knowledge.assertions import build_assertion
from service.knowledge.catalogue import Catalogue
from service.knowledge.classes import build_class, build_gene, build_named_classes
from service.knowledge.coding_sequences import build_coding_sequence, build_karyotype, build_partner
from service.knowledge.devices import ClaimIndex, ServingClaim, names_on, to_serving
from service.knowledge.drug_names import DrugNames
from service.knowledge.headlines import Headlines
from service.knowledge.lessons import build_exercise, build_lesson
from service.knowledge.probes import build_probes
from service.knowledge.sealed import meta_of, open_sealed
from service.knowledge.tumor_terms import TumorTerms, TumorVocabulary
from service.knowledge.vocabularies import (
    build_drug,
    build_escat,
    build_gene_group,
    build_marker_test,
    build_method,
    build_phrase,
    build_status_table,
    oncogenicity_of,
    stated_alone,
)
from service.knowledge.watch import build_watch_item

Record = dict[str, Any]
#: Vocabulary -> the field that identifies its records.
_IDENTIFIED_BY = {
    "genes": "symbol",
    "biomarker_classes": "name",
    "drugs": "name",
    "studies": "id",
    "sources": "id",
    "diagnostics": "id",
    "conditions": "name",
    "assay_methods": "id",
    "assertions": "id",
}


@dataclass(frozen=True, slots=True)
class Fragments:
    """The parts of an assertion's answer that never change, as JSON bytes; its claims."""

    claims: tuple[ServingClaim, ...]
    evidence: bytes
    sources: bytes
    headline: bytes

    def companion_diagnostics_on(
        self, day: dt.date, tumor_type: str, tumors: TumorTree
    ) -> list[str]:
        """Return the names of the devices with a claim for this day and tumour type."""
        return names_on(self.claims, day, tumor_type, tumors)


class KnowledgeBase:
    """The knowledge base in memory; read-only, shared by all threads.

    Attributes:
        version: calendar version of the seed data, ``2026.11.0``.
        content_hash: ``sha256:…`` over what it says.
        rulebook: what the engine needs.
        records: vocabulary name -> identifier -> record, for the catalogue.
        lessons, exercises: what the pages teach with, in their order.
        watch: what is under review or about to read out; it changes no answer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = open_sealed(path)
        self.meta = meta_of(self._connection)
        self._load(self._connection)
        self.catalogue = Catalogue(self._connection, self.records)
        self.version = self.meta["version"]
        self.content_hash = self.meta["content_hash"]

    def counts(self) -> dict[str, int]:
        """Return how many records of each kind there are."""
        return {name: len(rows) for name, rows in sorted(self.records.items())}

    def _load(self, connection: sqlite3.Connection) -> None:
        records = _Records(connection)
        self.records = _catalogued(records, connection)
        self.variants: list[Record] = list(self.records["variants"].values())
        self.rulebook = self._build_rulebook(records, connection)
        self.reader = self._build_reader(records)
        self.rulebook.probes = build_probes(self.rulebook, self.reader, self.variants)
        self.marker_tests = {row["code"]: build_marker_test(row) for row in records("marker_tests")}
        self.equal_codes: dict[str, str] = dict(
            connection.execute(
                "SELECT tumor_type, code FROM tumor_codes WHERE is_equal AND system = 'snomed'"
            )
        )
        self.conditions = tuple(self.records["conditions"])
        self.drug_names = DrugNames(self.rulebook.drugs.values())
        self.tumor_terms = self._tumor_terms(connection, self.rulebook.tumors)
        self.lessons = tuple(build_lesson(row) for row in records("lessons"))
        self.exercises = tuple(build_exercise(row) for row in records("exercises"))
        self.watch = tuple(build_watch_item(row) for row in records("watch"))
        self._headlines = Headlines(self.rulebook)
        self._claims = ClaimIndex(
            self.records["diagnostics"].values(),
            self.records["biomarker_classes"].values(),
            {row["code"]: row["parent"] for row in self.records["tumor_types"].values()},
        )
        self.fragments = {
            entry.assertion.id: self._fragments(entry) for entry in self.rulebook.entries
        }

    def _build_rulebook(self, records: _Records, connection: sqlite3.Connection) -> Rulebook:
        proteins = dict(connection.execute("SELECT uniprot, sequence FROM proteins"))
        families = records.by("families", "id")
        genes = {row["symbol"]: build_gene(row, proteins, families) for row in records("genes")}
        return Rulebook(
            genes=genes.values(),
            classes=[
                build_class(row, genes.get(row.get("gene") or ""))
                for row in records("biomarker_classes")
            ],
            tumors=_tumor_tree(connection),
            drugs=[build_drug(row) for row in records("drugs")],
            status_tables=tuple(build_status_table(row) for row in records("status_tables")),
            assertions=[
                build_assertion(row, self.records["sources"]) for row in records("assertions")
            ],
            oncogenicity=oncogenicity_of(self.variants, genes),
            methods=[build_method(row) for row in records("assay_methods")],
            escat=[build_escat(row) for row in records("escat")],
        )

    def _build_reader(self, records: _Records) -> BiomarkerReader:
        return BiomarkerReader(
            self.rulebook.genes.values(),
            self.rulebook.oncogenicity,
            coding=[build_coding_sequence(row) for row in records("coding_sequences")],
            partners=[build_partner(row) for row in records("fusion_partners")],
            karyotypes=[build_karyotype(row) for row in records("karyotypes")],
            listed=[row["symbol"] for row in records("panel_genes")],
            named=build_named_classes(records("biomarker_classes"), self.rulebook.classes),
            human_genes=HumanGenes(self._gene_names),
            phrases=[build_phrase(row) for row in records("phrases")],
            groups=[build_gene_group(row) for row in records("gene_groups")],
            by_origin=self.rulebook.genes_with_origin,
        )

    def _gene_names(self) -> Iterator[GeneRow]:
        """Yield the rows of the name table; it is read when a text first names a stranger."""
        query = "SELECT hgnc, symbol, previous, aliases FROM gene_names ORDER BY symbol"
        for hgnc, symbol, previous, aliases in self._connection.execute(query):
            yield (
                hgnc,
                symbol,
                tuple(filter(None, previous.split("|"))),
                tuple(filter(None, aliases.split("|"))),
            )

    def _tumor_terms(self, connection: sqlite3.Connection, tree: TumorTree) -> TumorTerms:
        def rows(query: str) -> list[Any]:
            return list(connection.execute(query))

        vocabulary = TumorVocabulary(
            synonyms=dict(rows("SELECT term, code FROM tumor_synonyms")),
            words=rows("SELECT word, role, language, means, under FROM tumor_words"),
            ambiguous=rows("SELECT term, tumor_type FROM tumor_ambiguous"),
            codes=rows("SELECT system, code, topography, tumor_type, biomarkers FROM tumor_codes"),
            own_codes=[
                (system, row[system], row["code"])
                for row in self.records["tumor_types"].values()
                for system in ("ncit", "umls")
                if row[system]
            ],
        )
        return TumorTerms(
            tree,
            vocabulary,
            genes=[
                name
                for gene in self.rulebook.genes.values()
                for name in (gene.symbol, *gene.aliases)
            ],
            is_gene=self._is_other_gene,
            stated=stated_alone(self.rulebook.genes.values()),
        )

    def _is_other_gene(self, word: str) -> bool:
        """Tell whether a word names a human gene, or a family of them (``NTRK``)."""
        genes = self.reader.human_genes
        return any(genes.find(name) is not None for name in (word, f"{word}1"))

    def _fragments(self, entry: Entry) -> Fragments:
        row = self.records["assertions"][entry.assertion.id]
        studies, sources = self.records["studies"], self.records["sources"]
        serving = self._claims.serving(row, entry.assertion.criteria)
        return Fragments(
            tuple(own for device, claims in serving for own in to_serving(device, claims)),
            orjson.dumps([_study_of(studies[item["study"]], item) for item in row["evidence"]]),
            orjson.dumps([_source_of(sources[item["id"]], item) for item in row["sources"]]),
            orjson.dumps(self._headlines.find(row["regimen"], row["evidence"], studies)),
        )


class _Records:
    """Reads the ``record`` column of a table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __call__(self, table: str) -> list[Record]:
        query = f"SELECT record FROM {table} ORDER BY rowid"
        return [orjson.loads(text) for (text,) in self._connection.execute(query)]

    def by(self, table: str, key: str) -> dict[str, Record]:
        return {row[key]: row for row in self(table)}


def _catalogued(records: _Records, connection: sqlite3.Connection) -> dict[str, dict[str, Record]]:
    """Return vocabulary name -> identifier -> record."""
    variants = {f"{row['gene']} {row['variant']}": row for row in records("variants")}
    types = _rows(connection, "SELECT * FROM tumor_types ORDER BY code")
    return {
        **{name: records.by(name, key) for name, key in _IDENTIFIED_BY.items()},
        "variants": variants,
        "tumor_types": {row["code"]: row for row in types},
    }


def _tumor_tree(connection: sqlite3.Connection) -> TumorTree:
    types = [
        TumorType(code, name, parent, tissue, tuple((may_be or "").split()))
        for code, name, parent, tissue, may_be in connection.execute(
            "SELECT code, name, parent, tissue, may_be FROM tumor_types"
        )
    ]
    shared = connection.execute("SELECT DISTINCT upper(term) FROM tumor_ambiguous")
    return TumorTree(types, (term for (term,) in shared))


def _rows(connection: sqlite3.Connection, query: str) -> list[Record]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _study_of(row: Record, cited: Record) -> Record:
    return {
        "study": row["name"],
        "id": row["id"],
        "nct": row["nct"],
        "pmid": row["pmid"],
        "result": cited["result"] or row["result"],
    }


def _source_of(row: Record, citation: Record) -> Record:
    return {
        "title": row["title"],
        "url": row["url"],
        "accessed_on": row["accessed_on"],
        "where": citation["where"],
        "kind": row["kind"],
        "verification": row["verification"],
    }
