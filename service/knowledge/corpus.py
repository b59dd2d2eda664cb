"""The seed data after lint: records by vocabulary, and what identifies and sorts a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from service.engine.assertion import Criteria, Leaf
from service.engine.entries import walk_leaves
from service.engine.notation.human_genes import GeneRow

#: Vocabulary -> the key that identifies a record and sorts the file.
KEYS: dict[str, tuple[str, ...]] = {
    "families": ("id",),
    "genes": ("symbol",),
    "marker_tests": ("code",),
    "phrases": ("id",),
    "gene_groups": ("name",),
    "coding_sequences": ("gene",),
    "fusion_partners": ("symbol",),
    "karyotypes": ("name",),
    "panel_genes": ("symbol",),
    "variants": ("gene", "variant"),
    "biomarker_classes": ("name",),
    "status_tables": ("id",),
    "tumor_types": ("code",),
    "tumor_groups": ("code",),
    "tumor_synonyms": ("term",),
    "tumor_codes": ("system", "code", "topography"),
    "tumor_words": ("role", "word"),
    "tumor_ambiguous": ("term",),
    "drugs": ("name",),
    "studies": ("id",),
    "sources": ("id",),
    "diagnostics": ("id",),
    "conditions": ("name",),
    "assay_methods": ("id",),
    "escat": ("biomarker", "tumor_type"),
    "watch": ("id",),
}
#: Kept in an order of their own (a table is read top down, groups come root first).
UNSORTED = frozenset({"families", "phrases", "status_tables", "tumor_groups", "variants"})


@dataclass(slots=True)
class Corpus:
    """The seed data after lint: vocabularies, assertions, their parsed criteria, lessons."""

    version: str
    vocabularies: dict[str, list[dict[str, Any]]]
    assertions: list[dict[str, Any]]
    criteria: dict[str, Criteria]
    proteins: dict[str, str]
    gene_names: tuple[GeneRow, ...] = ()
    lessons: list[dict[str, Any]] = field(default_factory=list)
    exercises: list[dict[str, Any]] = field(default_factory=list)


def identity(vocabulary: str, data: dict[str, Any]) -> tuple[str, ...]:
    """Return what identifies a record within its vocabulary."""
    return tuple(str(data.get(key) or "") for key in KEYS[vocabulary])


def leaves_of(criteria: Criteria) -> Iterator[tuple[Leaf, bool]]:
    """Yield every leaf of the three parts with whether it is negated."""
    for tree in (criteria.tumor, criteria.biomarker, criteria.clinical):
        yield from walk_leaves(tree)
