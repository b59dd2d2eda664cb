"""Which end of a fusion a gene stands at, and whether the part of it that matters is in the product.

Source: HGNC recommends ``5'::3'`` (Bruford et al. 2021, Leukemia 35:3040); a hyphen fixes no order.
Which end a gene's recurrent fusions carry it at is data (``fusion_end`` of the gene).
"""

from __future__ import annotations

from dataclasses import replace

from service.engine.model import Gene
from service.engine.notation.faults import Remark
from service.engine.notation.readings import ReadFusion


def is_wrong_end(gene: Gene, *, is_last: bool) -> bool:
    """Tell whether the recurrent fusions of a gene carry it at the other end."""
    return gene.fusion_end == ("5prime" if is_last else "3prime")


def turned(fusion: ReadFusion) -> ReadFusion:
    """Return a fusion that was written the wrong way round, by a joint that fixes no order."""
    symbol, partner = fusion.gene.symbol, fusion.partner or "v"
    is_first = fusion.gene.fusion_end == "5prime"
    written, read = f"{symbol}-{partner}", f"{partner}::{symbol}"
    if is_first:
        written, read = f"{partner}-{symbol}", f"{symbol}::{partner}"
    note = f"{written} is read as {read}: a hyphen fixes no order"
    remark = Remark("orientation_assumed", note)
    return replace(
        fusion,
        is_first=is_first,
        remarks=(*fusion.remarks, remark),
        steps=(*fusion.steps, "fusion pair, turned"),
    )


def oriented(gene: Gene, partner: str | None, own_exon: int | None, *, is_last: bool) -> ReadFusion:
    """Return the fusion with what its orientation and exon say about the part that matters.

    Args:
        own_exon: first exon of the gene in the product when it is the 3' part, else the last one.
    """
    other = partner or "v"
    pair, turned_pair = f"{other}::{gene.symbol}", f"{gene.symbol}::{other}"
    written = pair if is_last else turned_pair
    read = ReadFusion(gene, partner, steps=(f"fusion pair {written}",), is_first=not is_last)
    if own_exon is not None and gene.kinase_domain is not None and gene.exons:
        if _keeps_kinase(gene, own_exon, is_last=is_last):
            return replace(read, steps=(*read.steps, "the exons keep the kinase domain"))
        note = f"{written} with exon {own_exon} of {gene.symbol} is without its kinase domain"
        return replace(read, has_kinase=False, remarks=(Remark("kinase_domain_lost", note),))
    if is_wrong_end(gene, is_last=is_last):
        side = "3'" if is_last else "5'"
        part = "kinase domain" if gene.kinase_domain is not None else "part that acts"
        note = f"in {written} the {gene.symbol} {part} may be lost; its {side} side is what is kept"
        usual = turned_pair if is_last else pair
        remark = Remark("kinase_domain_may_be_lost", note, (usual,))
        return replace(read, has_kinase=False, remarks=(remark,))
    return read


def _keeps_kinase(gene: Gene, exon: int, *, is_last: bool) -> bool:
    start, end = gene.kinase_domain or (0, 0)
    span = gene.exons.get(exon)
    if span is None:
        return False
    # The exon that holds the last residues of the domain may be cut: three quarters must be kept.
    needed = start + (end - start) * (1 if is_last else 3) // 4
    return span[0] <= needed if is_last else span[1] >= needed
