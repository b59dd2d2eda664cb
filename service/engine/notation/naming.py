"""The canonical name of a sequence variant or of a pattern of them: ``EGFR L858R``, ``EGFR G719X``."""

from __future__ import annotations

from service.engine.model import Gene, ProteinChange

_WORDS = {
    "inframe_deletion": "deletion", "inframe_insertion": "insertion", "delins": "deletion-insertion",
    "frameshift": "frameshift", "nonsense": "nonsense", "splice": "splice variant",
    "missense": "missense", "extension": "extension",
}  # fmt: skip


def name_change(gene: Gene, change: ProteinChange) -> str:
    """Return the name under which a finding is shown."""
    if change.short is not None:
        joiner = "" if change.short.startswith("v") else " "
        return f"{gene.symbol}{joiner}{change.short}"
    return f"{gene.symbol} {name_pattern(gene, change)}"


def name_pattern(gene: Gene, change: ProteinChange) -> str:
    """Return the words for a change that is no exact variant."""
    word = _WORDS.get(change.consequence or "", "mutation")
    if change.exon is not None:
        return f"exon {change.exon} {word}"
    if change.start is None or change.end is None:
        return word
    if change.start == change.end:
        residue = gene.protein[change.start - 1] if gene.protein else ""
        return f"{residue}{change.start}{'X' if change.consequence == 'missense' else ''}"
    return f"codons {change.start}-{change.end} {word}"
