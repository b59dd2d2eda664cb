"""Findings about genes that nobody curated: kept by name, so that nothing of a report is lost.

They decide nothing: they never open, bar or settle anything.
"""

from __future__ import annotations

from service.engine.model import Finding, Result
from service.engine.notation.human_genes import HumanGene
from service.engine.notation.readings import ReadBiomarker


def to_stranger(gene: HumanGene, text: str, result: Result | None) -> ReadBiomarker:
    """Return the finding of a gene outside the knowledge base.

    Args:
        text: the alteration as it was sent; it is not checked, no reference protein is known.
    """
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc_id,
        kind="sequence_variant",
        result=result or "detected",
        name=f"{gene.symbol} {text}".strip(),
        understood_by=(f"gene {gene.symbol}, not curated",),
    )
    return ReadBiomarker((), strangers=(finding,))
