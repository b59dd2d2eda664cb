"""Discrete copy numbers to items: one a cell (genes by samples) or one a row (long layout).

A copy number of 0 is no negative: a file does not say what the assay could see.

Source: cBioPortal file formats, discrete copy number data (wide and long); GISTIC 2.0
``all_thresholded.by_genes`` (Gene Symbol, Locus ID, Cytoband).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from service.adapters.files.changes import set_apart
from service.adapters.files.genes import GeneColumn, NamedGene
from service.adapters.files.tables import Header, Row
from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.reading import Item, is_placeholder

#: Columns that name the gene, best first.
GENE = ("Hugo_Symbol", "Gene Symbol", "Gene_Symbol")
#: Columns of the long layout: one row a sample and gene.
LONG = ("Sample_Id", "Value")
#: Columns that are no samples, in lower case; a column without a name is the index of a data frame.
NOT_A_SAMPLE = frozenset({
    "", "hugo_symbol", "gene symbol", "gene_symbol", "entrez_gene_id", "entrez gene id", "entrez",
    "entrezid", "entrez_id", "locus id", "locus_id", "locusid", "gene id", "gene_id", "ensembl_id",
    "ensembl_gene_id", "cytoband", "chromosome", "chr", "chrom", "start", "end", "description",
    "index", "row_names", "row.names", "rownames", "cbp_driver", "cbp_driver_annotation",
    "cbp_driver_tiers", "cbp_driver_tiers_annotation", "method",
})  # fmt: skip
_FOUND = {Decimal(2): "amplification", Decimal(-2): "homozygous deletion"}
_LOW = {
    Decimal(1): "low_level_gain",
    Decimal(-1): "single_copy_loss",
    Decimal("-1.5"): "partial_deep_loss",
}


def sample_columns(header: Header) -> list[tuple[int, str]]:
    """Return the columns that are samples: index and name, as written."""
    return [
        (index, name)
        for index, name in enumerate(header.columns)
        if name.lower() not in NOT_A_SAMPLE and not name.lower().startswith("unnamed:")
    ]


def gene_of(row: Row) -> str:
    """Return the symbol of the row, under whichever name the column has."""
    return next((text for name in GENE if (text := row.get(name))), "")


def is_empty(text: str) -> bool:
    """Tell whether a cell says nothing: it is empty, or a copy number of 0."""
    return is_placeholder(text) or _value(text) == 0


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number, whichever it is."""
    return _value(text) is not None


def read_cell(
    vocabulary: BiomarkerVocabulary, genes: GeneColumn, gene: NamedGene, text: str, place: str
) -> tuple[Item, ...]:
    """Return what became of a cell that is not empty."""
    value = _value(text)
    words = _FOUND.get(value, f"copy number {text[:20]}") if value is not None else text[:20]
    if gene.stranger is not None:
        return (genes.not_covered(gene, words, place),)
    if gene.covered is None:
        return (genes.unknown(gene, words, place),)
    symbol = gene.covered.symbol
    if value in _FOUND:
        given = {"gene": symbol, "alteration": _FOUND[value]}
        return read_biomarker(vocabulary, given, place, text=f"{symbol} {text}")
    reason, message = _LOW.get(value, "invalid_value") if value is not None else "invalid_value", ""
    if reason == "invalid_value":
        message = f"{text[:40]!r} is no discrete copy number (-2, -1.5, -1, 0, 1, 2)"
    return (set_apart(reason, symbol, f"{symbol} {text}", place, message),)


def is_high_level(text: str) -> bool:
    """Tell whether a cell is an amplification or a deep deletion, or no copy number at all."""
    value = _value(text)
    return value is None or value not in _LOW


def _value(text: str) -> Decimal | None:
    """Return a copy number as spreadsheets and R write it: ``2``, ``2.000``, ``+2``, ``2,0``."""
    try:
        value = Decimal(text.strip().replace("\u2212", "-").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
