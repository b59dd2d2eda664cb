"""Fusions and rearrangements: ``EML4-ALK``, ``EML4::ALK``, ``ALK rearrangement``, ``t(2;5)(p23;q35)``.

The kinase is what matters and the partner is kept (HGNC recommends ``::``, Bruford et al. 2021).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.engine.model import Gene
from service.engine.notation.genes import GeneNames

_SYMBOL = r"([A-Z][A-Z0-9]{1,14}(?:-[A-Z0-9]{1,3})?|v|\?)"
_EXONS = r"(?:\s?\(?(?:e|ex|exon\s?)?\d{1,2}\)?)?"
_PAIR = re.compile(
    rf"{_SYMBOL}{_EXONS}\s?(?:::|--?|/|_|\u2013)\s?{_SYMBOL}{_EXONS}"
    r"(?:\s+(?:gene\s)?(?:fusions?|rearrangements?|translocations?|fusion gene|transcript))?"
    r"(?:[\s,]+(?:variant\s?\w{1,4}|v\d\w?|positive|detected))*",
    re.I,
)
_WORDS = re.compile(
    r"(?:gene\s)?(?:fusions?|rearrange(?:d|ments?)|translocat(?:ed|ions?)|re-?arranged"
    r"|break[\s-]?apart(?:\s(?:fish|ish|positive))*|split signals?)(?:\s(?:positive|detected|present))?",
    re.I,
)
_CYTOGENETIC = {
    "t(2;5)(p23;q35)": ("ALK", "NPM1"),
    "t(2;5)(p23;q35.1)": ("ALK", "NPM1"),
    "inv(2)(p21p23)": ("ALK", "EML4"),
    "inv(2)(p21;p23)": ("ALK", "EML4"),
}


@dataclass(frozen=True, slots=True)
class ReadFusion:
    """A fusion of ``gene`` with ``partner`` (``None`` when it was not named)."""

    gene: Gene
    partner: str | None


def read_fusion(text: str, gene: Gene | None, names: GeneNames) -> ReadFusion | None:
    """Read a fusion; ``gene`` is the gene that was named beside the text, if any.

    Returns:
        The fusion seen from the gene that the knowledge base knows (the 3' partner when it knows
        both), or ``None`` when the text is no fusion or names no known gene.
    """
    bare = text.strip()
    if len(bare) > 120:
        return None
    cytogenetic = _CYTOGENETIC.get(bare.lower().replace(" ", ""))
    if cytogenetic is not None:
        known = names.lookup(cytogenetic[0])
        return ReadFusion(known, cytogenetic[1]) if known else None
    if gene is not None and _WORDS.fullmatch(bare):
        return ReadFusion(gene, None)
    pair = _PAIR.fullmatch(bare)
    if pair is None:
        return None
    first, second = names.lookup(pair[1]), names.lookup(pair[2])
    if second is not None:
        return ReadFusion(second, _partner(pair[1]))
    if first is not None:
        return ReadFusion(first, _partner(pair[2]))
    return None


def _partner(symbol: str) -> str | None:
    return None if symbol.lower() in ("v", "?") else symbol.upper()
