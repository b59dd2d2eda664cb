"""A part of a text that holds a breakpoint pair, and what is named beside it.

Gene, fusion and result may stand there too; what disagrees with the pair is refused.
"""

from __future__ import annotations

from dataclasses import replace

from service.engine.notation.faults import NotationError
from service.engine.notation.findings import to_fusion_finding, to_unresolved_finding
from service.engine.notation.fusion.breakpoints import Breakpoints
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.genes import GeneNames
from service.engine.notation.readings import ReadBiomarker, ReadFusion
from service.engine.notation.text.context import (
    Context,
    assay_of_fusion,
    not_understood,
    result_of,
    two_genes,
)
from service.engine.notation.text.texts import Polarity, polarity_of


def read_breakpoint_clause(
    pair: Breakpoints, context: Context, names: GeneNames, fusions: FusionReader
) -> ReadBiomarker:
    """Read a breakpoint pair and hold it against what is named beside it.

    Raises:
        NotationError: something else than the pair says is named beside it.
    """
    fusion = pair.fusion
    polarity, beside = _beside(pair, names, fusions)
    named = None if context.is_carried else context.gene
    for gene in (named, beside.gene if beside else None):
        if gene is not None and gene != pair.gene:
            raise two_genes(gene, pair.gene)
    result = result_of(polarity, context, pair.text) or "detected"
    if fusion is None:
        return to_unresolved_finding(pair.gene, pair.text, result, context.steps)
    if beside is not None and beside.partner is not None:
        if fusion.partner not in (None, beside.partner):
            raise NotationError(
                "contradictory_notation",
                f"{pair.text} is {fusion.partner}::{pair.gene.symbol}, "
                f"not {beside.partner}::{beside.gene.symbol}",
            )
        if fusion.partner is None:
            kept = tuple(r for r in fusion.remarks if r.code != "fusion_partner_unknown")
            fusion = replace(fusion, partner=beside.partner, remarks=kept)
    return to_fusion_finding(fusion, result, assay_of_fusion(context), context.steps)


def _beside(
    pair: Breakpoints, names: GeneNames, fusions: FusionReader
) -> tuple[Polarity, ReadFusion | None]:
    """Read what stands beside a breakpoint pair: a result, the gene, or the fusion itself."""
    polarity = polarity_of(pair.rest)
    fusion = fusions.read(polarity.bare, None) if polarity.bare else None
    if not polarity.bare or (fusion is not None and fusion.partner is not None):
        return polarity, fusion
    taken = names.take(pair.rest)
    polarity = polarity_of(taken.rest)
    gene = taken.gene or pair.gene
    fusion = fusions.read(polarity.bare, gene)
    if fusion is None and polarity.bare:
        raise not_understood(pair.rest, pair.gene)
    return polarity, fusion or ReadFusion(gene, None)
