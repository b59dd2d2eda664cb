"""Two genes of a structural variant to a fusion; the sites of a file stand in no order.

The curated gene is taken at the end where its fusions carry it (``fusion_end``), else as the 3'
part.

Source: cBioPortal file formats, structural variant data (Site1, Site2, Class,
Site2_Effect_On_Frame, Event_Info); HGNC for ``5'::3'`` (Bruford et al. 2021, Leukemia 35:3040).
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.adapters.files.changes import set_apart
from service.adapters.files.genes import GeneColumn, NamedGene
from service.engine.model import Gene, Result
from service.engine.notation.faults import Remark
from service.engine.notation.findings import to_fusion_finding
from service.engine.notation.readings import ReadFusion
from service.engine.reading import Item

#: Classes of an event that stays inside a gene when no second gene is named.
_INSIDE = frozenset(
    {"deletion", "del", "duplication", "dup", "tandem_duplication", "insertion", "ins"}
)
_WITHIN = re.compile(r"\bwithin (?:the )?(?:transcript|gene|exon|intron)|\bintragenic\b", re.I)
_OUT_OF_FRAME = re.compile(r"\bout[\s_-]?of[\s_-]?frame\b|\bframe[\s_-]?shift\b", re.I)


def read_sites(
    genes: GeneColumn,
    names: tuple[str, str],
    *,
    place: str,
    kind: str = "",
    said: str = "",
) -> Item:
    """Read a rearrangement of one or two genes.

    Args:
        names: what stands in the two gene cells; either may be empty.
        kind: class of the event, ``TRANSLOCATION``, ``DELETION``; may be empty.
        said: what the file says about the reading frame and the event.
    """
    found = [genes.find(name) for name in names if name]
    symbols = sorted({gene.symbol for gene in found})
    text = f"{'::'.join(gene.symbol for gene in found)} {kind}".strip()
    if not found:
        return genes.unknown(NamedGene("", reason="no_gene"), text, place)
    covered = sorted((gene.covered for gene in found if gene.covered), key=lambda gene: gene.symbol)
    if not covered:
        return _uncovered(genes, found, text, place)
    gene = covered[0]
    is_inside = len(symbols) == 1 and (
        len(found) == 2 or kind.lower() in _INSIDE or _WITHIN.search(said) is not None
    )
    if is_inside:
        return set_apart("within_one_gene", gene.symbol, text, place)
    is_broken = _OUT_OF_FRAME.search(said) is not None
    items = [
        _fusion(gene, _partner(gene, found), text, place, is_broken=is_broken) for gene in covered
    ]
    findings = tuple(dict.fromkeys(finding for item in items for finding in item.findings))
    return replace(items[0], findings=findings)


def _partner(gene: Gene, found: list[NamedGene]) -> NamedGene | None:
    return next((other for other in found if other.symbol != gene.symbol), None)


def _fusion(gene: Gene, other: NamedGene | None, text: str, place: str, *, is_broken: bool) -> Item:
    """Return the item of a fusion; one that is out of frame is no result for or against."""
    is_named = other is not None and (other.covered or (other.stranger and other.stranger.hgnc_id))
    partner = other.symbol if other is not None and is_named else None
    steps = (
        f"genes {partner} and {gene.symbol}, in no order" if partner else f"gene {gene.symbol}",
    )
    result: Result = "indeterminate" if is_broken else "detected"
    is_first = gene.fusion_end == "5prime"
    fusion = ReadFusion(gene, partner, steps=steps, is_first=is_first)
    read = to_fusion_finding(fusion, result, None, ())
    pair = (gene.symbol, partner) if is_first else (partner, gene.symbol)
    name = "::".join(str(symbol) for symbol in pair) + " fusion" if partner else "fusion"
    given = {"gene": gene.symbol, "alteration": name}
    remarks = read.remarks
    if other is not None and partner is None:
        note = f"{other.symbol[:40]} is no gene by this name: the partner stays open"
        remarks = (*remarks, Remark("fusion_partner_unknown", note))
    if is_broken:
        given["result"] = "indeterminate"
        note = f"{name} is said to be out of frame: without the kinase it decides nothing"
        remarks = (*remarks[len(read.remarks) :], Remark("fusion_out_of_frame", note))
    return Item(
        place, text, "finding", given, findings=read.findings, remarks=remarks, gene=gene.symbol
    )


def _uncovered(genes: GeneColumn, found: list[NamedGene], text: str, place: str) -> Item:
    """Return the item of a rearrangement of genes nobody curated; both are kept by name."""
    if any(gene.stranger is None for gene in found):
        unknown = next(gene for gene in found if gene.stranger is None)
        return genes.unknown(unknown, text, place)
    items = [genes.not_covered(gene, text, place) for gene in sorted(found, key=_symbol)]
    findings = tuple(finding for item in items for finding in item.findings)
    return replace(items[0], text=text, findings=findings)


def _symbol(gene: NamedGene) -> str:
    return gene.symbol


#: What stands behind the genes in the fusion column of older MAF: "EML4-ALK fusion - Archer".
_NOUN = re.compile(
    r"\s+(?:gene\s+)?(?:fusion|rearrangement|translocation)\b.{0,60}$|\s+-\s+.{0,40}$", re.I
)
_JOINT = re.compile(r"::|--|-|/|~")


def genes_of_fusion(genes: GeneColumn, text: str) -> tuple[str, str] | None:
    """Return the two genes of a text such as ``NKX2-1-ALK fusion``; ``None`` when it names no pair.

    Symbols hold hyphens: of all places where the text can be parted, the one with a known gene on
    either side counts.
    """
    bare = _NOUN.sub("", text.strip()[:120]).strip()
    for joint in _JOINT.finditer(bare):
        first, second = bare[: joint.start()].strip(), bare[joint.end() :].strip()
        if first and second and not genes.find(first).reason and not genes.find(second).reason:
            return first, second
    return None
