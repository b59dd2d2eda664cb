"""Sequence variants in words: ``exon 19 deletion``, ``ex20ins``, ``del19``, ``V600 mutation``, ``mutation``."""

from __future__ import annotations

import re

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein import ReadChange

_EXON = re.compile(
    r"(?:in[\s-]?frame\s)?(?:exon|ex|e)[\s.\-]*(\d{1,2})[\s\-]*"
    r"(?:in[\s-]?frame[\s-]*)?(?:\(?\s*)?(del(?:etions?)?|ins(?:ertions?)?|delins|indels?|dup(?:lications?)?"
    r"|(?:missense|activating|pathogenic|oncogenic)?\s*(?:mutations?|variants?|alterations?)|)\)?"
    r"\s*(?:mutations?|variants?)?",
    re.I,
)
_REVERSED = re.compile(
    r"(?:in[\s-]?frame\s)?(del(?:etions?)?|ins(?:ertions?)?|mutations?|dup(?:lications?)?)\s*"
    r"(?:in|of|at)?\s*(?:exon|ex|e)?[\s.]*(\d{1,2})",
    re.I,
)
_MUTATION = re.compile(
    r"(?:(?:any|a|an|some|somatic|activating|pathogenic|oncogenic|sensiti[sz]ing|actionable"
    r"|hotspot|sequence|point|gene)\s)*"
    r"(?:mut|mutation|mutations|mutated|mutant|variant|variants|alteration|sequence variant)"
    r"(?:\s(?:nos|unspecified|\(nos\)))?",
    re.I,
)
_KINASE = re.compile(
    r"(?:tkd|tyrosine kinase domain|kinase domain)\s*(?:activating\s)?(?:mutations?|variants?)",
    re.I,
)
_TAIL = re.compile(r"\s+(?:mutations?|variants?|substitutions?|allele)$", re.I)
_CONSEQUENCES = {"del": "inframe_deletion", "ins": "inframe_insertion", "dup": "inframe_insertion"}


def read_sequence_words(text: str, gene: Gene) -> ReadChange | None:
    """Read a description of sequence variants that is no HGVS.

    Returns:
        A pattern (no exact variant), with the remark ``imprecise_alteration``; ``None`` when the
        text is none of these forms.

    Raises:
        NotationError: ``unknown_exon`` when the gene's reference has no such exon.
    """
    bare = text.strip().strip("()").strip()
    if len(bare) > 120:
        return None
    found = _EXON.fullmatch(bare)
    if found is not None:
        return _exon_change(gene, int(found[1]), found[2])
    found = _REVERSED.fullmatch(bare)
    if found is not None and (
        re.search(r"\bex|\be\d", bare, re.I) or found[1].lower() in ("del", "ins")
    ):
        return _exon_change(gene, int(found[2]), found[1])
    if _KINASE.fullmatch(bare) and gene.kinase_domain is not None:
        start, end = gene.kinase_domain
        change = ProteinChange(start=start, end=end)
        return ReadChange(change, None, (_remark(gene, "a kinase-domain mutation"),))
    if _MUTATION.fullmatch(bare):
        return ReadChange(ProteinChange(), None, (_remark(gene, "some mutation"),))
    return None


def without_tail_word(text: str) -> str:
    """Return the text without a closing "mutation": ``V600E mutation`` -> ``V600E``."""
    return _TAIL.sub("", text.strip())


def _exon_change(gene: Gene, exon: int, word: str) -> ReadChange:
    if gene.exons and exon not in gene.exons and exon > max(gene.exons):
        raise NotationError("unknown_exon", f"{gene.symbol} has no coding exon {exon} here")
    kind = word.strip().lower()[:3]
    consequence = _CONSEQUENCES.get(kind)
    if kind in ("ind", "del") and word.lower().startswith(("indel", "delins")):
        consequence = None
    change = ProteinChange(consequence=consequence, exon=exon)  # type: ignore[arg-type]
    what = {"inframe_deletion": "deletion", "inframe_insertion": "insertion"}.get(
        consequence or "", "mutation"
    )
    return ReadChange(change, None, (_remark(gene, f"exon {exon} {what}"),))


def _remark(gene: Gene, what: str) -> Remark:
    return Remark("imprecise_alteration", f"{gene.symbol}: {what} does not name one variant")
