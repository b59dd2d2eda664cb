"""The canonical name of a sequence variant or of a pattern of them: ``EGFR L858R``, ``EGFR G719X``."""

from __future__ import annotations

from service.engine.model import Gene, ProteinChange

_WORDS = {
    "inframe_deletion": "deletion", "inframe_insertion": "insertion", "delins": "deletion-insertion",
    "frameshift": "frameshift", "nonsense": "nonsense", "splice": "splice",
    "missense": "missense", "extension": "extension", "synonymous": "synonymous",
    "exon_skipping": "skipping",
}  # fmt: skip
_REPORTED = {
    "oncogenic": "{symbol} oncogenic {what}",
    "inconclusive": "{symbol} {what} of uncertain significance",
    "likely_neutral": "{symbol} benign {what}",
}


def name_change(gene: Gene, change: ProteinChange, reported: str | None = None) -> str:
    """Return the name under which a finding is shown.

    Args:
        reported: oncogenicity that the report states about an unnamed variant.
    """
    if change.named is not None:
        return change.named
    if change.short is not None:
        joiner = "" if change.short.startswith("v") else " "
        return f"{gene.symbol}{joiner}{change.short}"
    template = _REPORTED.get(reported or "", "{symbol} {what}")
    return template.format(symbol=gene.symbol, what=name_pattern(gene, change))


def name_pattern(gene: Gene, change: ProteinChange) -> str:
    """Return the words for a change that is no exact variant."""
    if change.among and change.start is not None:
        residue = gene.protein[change.start - 1 : change.start]
        return f"{residue}{change.start}{'/'.join(one.alt or '' for one in change.among)}"
    word = _WORDS.get(change.consequence or "", "mutation")
    if change.exon is not None:
        return f"exon {change.exon} {word}"
    if change.start is None or change.end is None:
        open_words = {"deletion": "in-frame deletion", "insertion": "in-frame insertion"}
        return open_words.get(word, word)
    if (change.start, change.end) == gene.kinase_domain:
        return "kinase domain mutation"
    if change.start == change.end and change.consequence in (None, "missense"):
        if change.consequence is None:
            return f"codon {change.start} change"
        residue = gene.protein[change.start - 1 : change.start]
        return f"{residue}{change.start}X" if residue else f"codon {change.start}"
    if change.net is not None and change.consequence == "inframe_insertion" and gene.protein:
        left, right = gene.protein[change.start - 1], gene.protein[change.end - 1]
        return f"{left}{change.start}_{right}{change.end}ins{change.net}"
    return f"codons {change.start}-{change.end} {word}"
