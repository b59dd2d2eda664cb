"""The tables of the knowledge base, for ``compile``; read them first when you open the file.

``record`` columns hold the whole seed record as JSON (what ``store`` reads back); the plain columns
beside it are for people, SQL and Datasette.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

#: Raised when the tables change; the store refuses a file of another format.
FORMAT = "7"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: columns with types, primary key, foreign keys, columns that are never null."""

    name: str
    columns: dict[str, type]
    pk: Any
    foreign_keys: Iterable[tuple[str, str, str]] = ()
    not_null: set[str] = field(default_factory=set)


def _texts(*names: str) -> dict[str, type]:
    return dict.fromkeys(names, str)


TABLES: tuple[Table, ...] = (
    Table("meta", _texts("key", "value"), "key"),
    Table(
        "sources",
        _texts(
            "id",
            "kind",
            "title",
            "publisher",
            "url",
            "pmid",
            "accessed_on",
            "verification",
            "record",
        ),
        "id",
        not_null={"title"},
    ),
    Table(
        "genes",
        _texts("symbol", "name", "hgnc", "entrez", "uniprot", "protein_name", "record"),
        "symbol",
    ),
    Table("families", _texts("id", "name", "source", "record"), "id", not_null={"name"}),
    Table("phrases", _texts("id", "record"), "id"),
    Table("gene_groups", _texts("name", "record"), "name"),
    Table("marker_tests", _texts("code", "system", "kind", "record"), "code"),
    Table("proteins", _texts("uniprot", "sequence", "sha256"), "uniprot"),
    Table("gene_names", _texts("hgnc", "symbol", "previous", "aliases"), "hgnc"),
    Table(
        "coding_sequences",
        _texts("gene", "transcript", "chromosome", "strand", "record"),
        "gene",
        [("gene", "genes", "symbol")],
    ),
    Table("fusion_partners", _texts("symbol", "chromosome", "strand", "record"), "symbol"),
    Table("karyotypes", _texts("name", "gene", "partner", "record"), "name"),
    Table("panel_genes", _texts("symbol", "record"), "symbol"),
    Table(
        "variants",
        _texts("gene", "variant", "oncogenicity", "functional_class", "structural_class")
        | {"position": int, "record": str},
        ("gene", "variant"),
        [("gene", "genes", "symbol")],
    ),
    Table(
        "biomarker_classes",
        _texts("name", "gene", "description", "record"),
        "name",
        [("gene", "genes", "symbol")],
    ),
    Table(
        "status_tables",
        _texts("id", "gene", "source", "record"),
        "id",
        [("gene", "genes", "symbol"), ("source", "sources", "id")],
    ),
    Table(
        "tumor_types",
        _texts("code", "name", "parent", "tissue", "ncit", "umls", "may_be"),
        "code",
        [("parent", "tumor_types", "code")],
        {"name"},
    ),
    Table("tumor_synonyms", _texts("term", "code"), "term", [("code", "tumor_types", "code")]),
    Table(
        "tumor_codes",
        _texts("system", "code", "topography", "tumor_type", "biomarkers", "source")
        | {"is_equal": int},
        ("system", "code", "topography", "tumor_type"),
        [("tumor_type", "tumor_types", "code")],
    ),
    Table("tumor_words", _texts("word", "role", "language", "means", "under"), ("role", "word")),
    Table(
        "tumor_ambiguous",
        _texts("term", "tumor_type"),
        ("term", "tumor_type"),
        [("tumor_type", "tumor_types", "code")],
    ),
    Table("drugs", _texts("name", "kind", "rxnorm", "ncit", "record"), "name"),
    Table(
        "drug_groups",
        _texts("drug", "drug_group"),
        ("drug", "drug_group"),
        [("drug", "drugs", "name"), ("drug_group", "drugs", "name")],
    ),
    Table(
        "boxed_warnings",
        {"drug": str, "position": int} | _texts("fact", "jurisdiction", "source", "locator"),
        ("drug", "position"),
        [("drug", "drugs", "name"), ("source", "sources", "id")],
    ),
    Table(
        "studies", _texts("id", "name", "nct", "pmid", "phase", "design", "result", "record"), "id"
    ),
    Table(
        "diagnostics",
        _texts("id", "name", "maker", "pma", "jurisdiction", "specimen", "technology", "source")
        | _texts("record"),
        "id",
        [("source", "sources", "id")],
    ),
    Table(
        "diagnostic_claims",
        _texts("diagnostic", "drug", "biomarker_class", "tumor_type", "approved_on", "source"),
        ("diagnostic", "drug", "biomarker_class", "tumor_type"),
        [
            ("tumor_type", "tumor_types", "code"),
            ("diagnostic", "diagnostics", "id"),
            ("source", "sources", "id"),
            ("drug", "drugs", "name"),
            ("biomarker_class", "biomarker_classes", "name"),
        ],
    ),
    Table("conditions", _texts("name", "description", "record"), "name"),
    Table(
        "assay_methods",
        _texts("id", "name", "technology", "scope", "specimen", "source", "record"),
        "id",
        [("source", "sources", "id")],
    ),
    Table(
        "escat",
        _texts("biomarker", "tumor_type", "tier", "source", "where", "record"),
        ("biomarker", "tumor_type"),
        [
            ("biomarker", "biomarker_classes", "name"),
            ("tumor_type", "tumor_types", "code"),
            ("source", "sources", "id"),
        ],
    ),
    Table("regimens", _texts("id", "name"), "id"),
    Table(
        "regimen_drugs",
        _texts("regimen", "drug"),
        ("regimen", "drug"),
        [("regimen", "regimens", "id"), ("drug", "drugs", "name")],
    ),
    Table(
        "assertions",
        _texts(
            "id",
            "regimen",
            "effect",
            "jurisdiction",
            "authority",
            "support",
            "statement",
            "formulation",
            "preferred_by",
            "known_since",
            "notes",
            "reviewed_on",
            "record",
        ),
        "id",
        [("regimen", "regimens", "id"), ("preferred_by", "sources", "id")],
        {"effect", "statement"},
    ),
    Table(
        "assertion_tumor_types",
        _texts("assertion", "tumor_type", "requirement"),
        ("assertion", "tumor_type", "requirement"),
        [("assertion", "assertions", "id"), ("tumor_type", "tumor_types", "code")],
    ),
    Table(
        "assertion_biomarkers",
        _texts("assertion", "biomarker_class", "requirement"),
        ("assertion", "biomarker_class", "requirement"),
        [("assertion", "assertions", "id"), ("biomarker_class", "biomarker_classes", "name")],
    ),
    Table(
        "events",
        {"assertion": str, "position": int}
        | _texts("date", "type", "source", "note", "reason", "superseded_by", "precision"),
        ("assertion", "position"),
        [
            ("assertion", "assertions", "id"),
            ("source", "sources", "id"),
            ("superseded_by", "assertions", "id"),
        ],
    ),
    Table(
        "assertion_sources",
        {"assertion": str, "position": int} | _texts("source", "locator"),
        ("assertion", "position"),
        [("assertion", "assertions", "id"), ("source", "sources", "id")],
    ),
    Table(
        "assertion_studies",
        {"assertion": str, "position": int, "study": str},
        ("assertion", "position"),
        [("assertion", "assertions", "id"), ("study", "studies", "id")],
    ),
    Table(
        "assertion_diagnostics",
        {"assertion": str, "position": int, "diagnostic": str},
        ("assertion", "position"),
        [("assertion", "assertions", "id"), ("diagnostic", "diagnostics", "id")],
    ),
    Table(
        "watch",
        _texts("id", "kind", "what", "jurisdiction", "due", "source", "answered_on", "record"),
        "id",
        [("source", "sources", "id")],
    ),
    Table(
        "lessons",
        _texts("slug") | {"number": int} | _texts("title", "question", "record"),
        "slug",
        not_null={"title"},
    ),
    Table("exercises", _texts("id", "title", "record"), "id", not_null={"title"}),
)
INDEXES: tuple[tuple[str, list[str]], ...] = (
    ("assertions", ["regimen"]),
    ("assertion_tumor_types", ["tumor_type"]),
    ("assertion_biomarkers", ["biomarker_class"]),
    ("events", ["date"]),
    ("tumor_types", ["parent"]),
    ("regimen_drugs", ["drug"]),
    ("assertion_sources", ["source"]),
    ("assertion_studies", ["study"]),
)
FULL_TEXT: tuple[tuple[str, list[str]], ...] = (
    ("assertions", ["statement", "notes"]),
    ("biomarker_classes", ["name", "description"]),
    ("diagnostics", ["name", "maker", "technology"]),
    ("drugs", ["name", "record"]),
    ("genes", ["symbol", "name", "record"]),
    ("regimens", ["name"]),
    ("sources", ["title", "publisher"]),
    ("studies", ["name", "record"]),
    ("tumor_types", ["name"]),
)
