"""Small values of the engine out of their records: drugs, tests, status tables, words.

Genes and biomarker classes are in ``classes``, assertions in ``assertions``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.engine.model import Gene
from service.engine.notation.gene_groups import GeneGroup
from service.engine.notation.grades.phrases import Phrase
from service.engine.vocabulary import (
    AssayMethod,
    Drug,
    EscatTier,
    MarkerTest,
    StatusRow,
    StatusTable,
)
from service.knowledge.classes import read_variant

Record = dict[str, Any]


def stated_alone(genes: Iterable[Gene]) -> Iterator[str]:
    """Yield the words of statuses that hold the name of their marker: ``dMMR`` holds ``MMR``."""
    for gene in genes:
        names = [name.lower() for name in (gene.symbol, *gene.aliases)]
        for word in (w for s in gene.grading.statuses for w in s.words if gene.hgnc is None):
            if word.replace("-", "").isalpha() and any(name in word for name in names):
                yield word


def oncogenicity_of(variants: list[Record], genes: dict[str, Gene]) -> dict[tuple[str, str], str]:
    """Return (gene, canonical change) -> curated oncogenicity of every exact variant."""
    known: dict[tuple[str, str], str] = {}
    for row in variants:
        short = read_variant(row["variant"], genes[row["gene"]]).short
        if short is not None:
            known[row["gene"], short] = row["oncogenicity"]
    return known


def build_drug(row: Record) -> Drug:
    """Return a drug or drug group with every name it goes by."""
    names = (row["name"], *row["brands"], *row["aliases"])
    targets = None if row["targets"] is None else frozenset(row["targets"])
    return Drug(
        row["name"], row["kind"], row["rxnorm"], row["ncit"], tuple(row["groups"]), names, targets
    )


def build_method(row: Record) -> AssayMethod:
    """Return a way of measuring biomarkers."""
    low, high = row["typical_days"]
    return AssayMethod(
        row["id"], row["name"], row["scope"], frozenset(row["measures"]), (int(low), int(high))
    )


def build_escat(row: Record) -> EscatTier:
    """Return a tier that a source gives a biomarker."""
    return EscatTier(row["biomarker"], row["tumor_type"], row["tier"], row["source"])


def build_phrase(row: Record) -> Phrase:
    """Return a whole text that speaks about several genes."""
    return Phrase(tuple(row["patterns"]), tuple(row["means"]))


def build_gene_group(row: Record) -> GeneGroup:
    """Return a word that means one of several genes."""
    return GeneGroup(row["name"], tuple(row["members"]), tuple(row["words"]), row["protein_name"])


def build_marker_test(row: Record) -> MarkerTest:
    """Return what a LOINC code of a test measures."""
    written = row["written"]
    return MarkerTest(
        code=row["code"],
        kind=row["kind"],
        genes=tuple(row["genes"]),
        alteration=row["alteration"],
        reason=(row["reason"], row["message"]),
        displays=tuple(row["displays"]),
        written=(written["kind"], written["scale"], written["display"]) if written else None,
    )


def build_status_table(row: Record) -> StatusTable:
    """Return a table that makes statuses of IHC and ISH results."""
    rows = tuple(
        StatusRow(r["ihc"], r["ish"], tuple(r["statuses"]), r["discordant"]) for r in row["rows"]
    )
    return StatusTable(
        id=row["id"],
        gene=row["gene"],
        applies_to=tuple(row["applies_to"]),
        rows=rows,
        source=row["source"],
        counts_sequencing=row["counts_sequencing"],
    )
