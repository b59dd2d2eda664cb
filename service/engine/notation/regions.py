"""What stands behind a gene and is no finding: a region that was tested, an effect that nobody knows."""

from __future__ import annotations

import re

from service.engine.model import Gene
from service.engine.notation.dna_clause import NO_EFFECT
from service.engine.notation.faults import NotationError

#: A region without a change: what a report tested, or the head of a row whose result is elsewhere.
_REGION = re.compile(
    r"""(?:hotspots?\s(?:in\s)?)?
    (?: (?:exons?|ex)[\s.]{0,2}\d{1,2}(?:\s?(?:/|,|-|&|or|and|to)\s?(?:exon\s)?\d{1,2}){0,5}
      | (?:exons?\s\d{1,2}[\s,(]{0,3})?
        (?:codons?|residues?)\s?\d{1,4}(?:\s?(?:/|,|-|&|or|and|to)\s?(?:codon\s)?\d{1,4}){0,5}
        \)?(?:[\s,]{0,2}\(?(?:in\s)?exons?\s\d{1,2}\)?)?
      | (?:tyrosine[\s-])?kinase[\s-]domain|tk\sdomain
    )(?:\shotspots?)?""",
    re.I | re.X,
)
_CODON = re.compile(r"codon|residue", re.I)
_SILENT = re.compile(r"p\.\(?=\)?")


def check_effect(bare: str, gene: Gene) -> None:
    """Set apart what says that the protein is not changed, or that nobody knows how."""
    if NO_EFFECT.fullmatch(bare) is not None:
        raise NotationError(
            "no_protein_change", f"{gene.symbol} p.?: the effect on the protein is not known"
        )
    if _SILENT.fullmatch(bare) is not None:
        raise NotationError("silent", f"{gene.symbol} p.=: the protein is not changed")


def check_region(bare: str, gene: Gene) -> None:
    """Refuse a region without a result: what was tested there is not what was found there."""
    if _REGION.fullmatch(bare) is None:
        return
    found = ("mutation",) if _CODON.search(bare) else ("deletion", "insertion", "mutation")
    raise NotationError(
        "missing_alteration",
        f"{gene.symbol} {bare} is a region: say what was found there",
        tuple(f"{gene.symbol} {bare} {what}" for what in found),
    )
