"""Coding sequences, fusion partners and karyotypes of the seed data to the engine's values."""

from __future__ import annotations

from typing import Any

from service.engine.notation.dna.transcripts import CodingExon, CodingSequence
from service.engine.notation.fusion.karyotypes import Karyotype
from service.engine.notation.fusion.partners import Span


def build_coding_sequence(row: dict[str, Any]) -> CodingSequence:
    """Return the engine's coding sequence of a record; a base that is not known is ``N``."""
    exons = tuple(
        CodingExon(exon["first"], exon["last"], exon["grch37"], exon["grch38"])
        for exon in row["exons"]
    )
    bases = ["N"] * exons[-1].last
    for codon in row["codons"]:
        start = 3 * (codon["codon"] - 1)
        bases[start : start + 3] = codon["bases"]
    for run in row["bases"]:
        letters = run["bases"].replace(" ", "")
        bases[run["first"] - 1 : run["first"] - 1 + len(letters)] = letters
    return CodingSequence(
        row["gene"], row["transcript"], row["chromosome"], row["strand"], exons, "".join(bases)
    )


def build_partner(row: dict[str, Any]) -> Span:
    """Return the engine's span of a record of ``fusion_partners.yaml``."""
    grch37, grch38 = row["grch37"], row["grch38"]
    return Span(
        row["symbol"],
        row["chromosome"],
        row["strand"],
        (int(grch37[0]), int(grch37[1])),
        (int(grch38[0]), int(grch38[1])),
        tuple(row.get("aliases") or ()),
    )


def build_karyotype(row: dict[str, Any]) -> Karyotype:
    """Return the engine's karyotype of a record of ``karyotypes.yaml``."""
    return Karyotype(
        tuple(row["texts"]), row["gene"], row["partner"], row["gene_is_first"], row["copy_number"]
    )
