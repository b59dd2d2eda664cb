"""Rows of a MAF to items: one somatic protein change, or why the row says none.

Source: GDC MAF format 1.0 (Mutation_Status, Validation_Status, Variant_Classification); cBioPortal
file formats, mutation data; its deprecated fusion data for rows of the class Fusion.
"""

from __future__ import annotations

from service.adapters.files import fractions
from service.adapters.files.changes import agreed, of_origin, read_change, set_apart
from service.adapters.files.fusions import genes_of_fusion, read_sites
from service.adapters.files.genes import GeneColumn, NamedGene
from service.adapters.files.tables import Row
from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Origin
from service.engine.reading import Item, is_placeholder

COLUMNS = (
    "Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short", "HGVSp",
    "HGVSc", "Mutation_Status", "Validation_Status", "Fusion", "Frame", *fractions.COLUMNS,
)  # fmt: skip
#: Variant_Classification that changes no protein -> reason.
_NO_CHANGE = {
    "silent": "silent",
    "intron": "intron",
    "3'utr": "untranslated_region",
    "5'utr": "untranslated_region",
    "3'flank": "outside_the_gene",
    "5'flank": "outside_the_gene",
    "igr": "outside_the_gene",
    "rna": "non_coding",
    "lincrna": "non_coding",
}
#: Variant_Classification for which a missing protein change is usual, not a mistake.
_OFTEN_WITHOUT = frozenset({"splice_site", "splice_region", "targeted_region", "unknown"})
_REARRANGED = frozenset({"fusion", "gene_fusion", "structural_variant", "translocation"})
#: First word of Mutation_Status or SV_Status that is no somatic finding -> reason.
_NOT_SOMATIC = {
    "germline": "germline",
    "loh": "loss_of_heterozygosity",
    "wildtype": "no_variant",
    "wild type": "no_variant",
    "none": "no_variant",
    "uncalled": "no_variant",
    "redacted": "did_not_validate",
    "post-transcriptional modification": "not_somatic",
}
_INVALID = frozenset({"invalid", "wildtype", "wild type", "redacted"})


def read_status(text: str) -> str | None:
    """Return why a row of this Mutation_Status or SV_Status is no somatic finding.

    Returns:
        ``None`` for ``Somatic``, ``Somatic_vs_pool``, ``Unknown`` and an empty cell.
    """
    word = text.strip().lower()
    if word in _NOT_SOMATIC:  # "None" is a word here
        return _NOT_SOMATIC[word]
    if is_placeholder(word) or word.startswith("somatic"):
        return None
    return "germline" if "germline" in word else "unknown_result"


def read_origin(text: str) -> Origin | None:
    """Return the origin that a Mutation_Status says.

    Returns:
        ``None`` where nothing is said, and for ``Somatic_vs_pool``: a pool of other people's normal
        tissue does not show what this patient was born with.
    """
    if read_status(text) == "germline":
        return "germline"
    return "somatic" if text.strip().lower() == "somatic" else None


def read_mutation(vocabulary: BiomarkerVocabulary, genes: GeneColumn, row: Row) -> tuple[Item, ...]:
    """Return what became of one row."""
    gene = genes.find(row.get("Hugo_Symbol"))
    kind = row.get("Variant_Classification").lower()
    if kind in _REARRANGED:
        return (_read_fusion(genes, row, gene),)
    change = row.get("HGVSp_Short") or row.get("HGVSp")
    if gene.stranger is not None:
        said = change or row.get("HGVSc") or row.get("Variant_Classification")
        return (genes.not_covered(gene, said, row.place()),)
    has_origin = gene.covered is not None and vocabulary.reader.has_origin(gene.covered.symbol)
    reason, column = _reason(row, takes_germline=has_origin)
    if reason is None and kind in _NO_CHANGE and gene.covered is None:
        reason, column = _NO_CHANGE[kind], "Variant_Classification"
    text = f"{gene.symbol} {change or kind}".strip()
    if reason:
        message = f"{column} is {row.raw(column)[:40]!r}"
        symbol = gene.covered.symbol if gene.covered else None
        return (set_apart(reason, symbol, text, row.place(column), message),)
    if gene.covered is None:
        return (genes.unknown(gene, change or kind, row.place("Hugo_Symbol")),)
    origin = read_origin(row.raw("Mutation_Status"))
    items = _read_covered(vocabulary, row, gene.covered.symbol, kind, origin)
    never = fractions.never_read(row) if items[0].fate == "finding" else None
    if never is not None:
        message = f"{items[0].text!r} is called, and {never} is {row.get(never)}: no read shows it"
        symbol = gene.covered.symbol
        return (
            set_apart("contradictory_result", symbol, items[0].text, row.place(never), message),
        )
    return items


def _reason(row: Row, *, takes_germline: bool = False) -> tuple[str | None, str]:
    """Return why the row is no finding, and the column that says it.

    Args:
        takes_germline: whether a variant that the patient was born with counts for this gene.
    """
    status = read_status(row.raw("Mutation_Status"))
    if status is not None and not (takes_germline and status == "germline"):
        return status, "Mutation_Status"
    if row.raw("Validation_Status").strip().lower() in _INVALID:
        return "did_not_validate", "Validation_Status"
    return None, ""


def _read_covered(
    vocabulary: BiomarkerVocabulary, row: Row, gene: str, kind: str, origin: Origin | None
) -> tuple[Item, ...]:
    """Read the change of a covered gene, and hold it against what else the row says of it."""
    read = [
        read_change(vocabulary, gene, row.get(column), row.place(column), origin=origin)
        for column in ("HGVSp_Short", "HGVSp")
        if row.get(column)
    ]
    items = agreed(*read) if len(read) == 2 else read[0] if read else ()
    is_found = any(item.fate == "finding" for item in items)
    if kind in _NO_CHANGE:
        place = row.place("Variant_Classification")
        if not is_found:
            return (set_apart(_NO_CHANGE[kind], gene, f"{gene} {kind}", place),)
        message = f"{row.get('Variant_Classification')!r} does not give {items[0].text!r}"
        return (set_apart("contradictory_notation", gene, items[0].text, place, message),)
    if items and items[0].reason != "no_protein_change":
        return items
    coding = row.get("HGVSc")
    known = vocabulary.reader.names.lookup(gene)
    # Where skipping or truncation decides, a splice site says it by its place alone.
    by_place = known is not None and bool(known.skipped_exons or known.last_lof_codon)
    if coding and (by_place or (kind not in _OFTEN_WITHOUT and not items)):
        given = of_origin(vocabulary, gene, coding.rpartition(":")[2], origin)
        found = read_biomarker(vocabulary, given, row.place("HGVSc"), text=f"{gene} {coding}")
        if all(f.result == "detected" for item in found for f in item.findings):
            return found
    if items or kind in _OFTEN_WITHOUT:
        place = items[0].place if items else row.place("HGVSp_Short")
        return (set_apart("no_protein_change", gene, f"{gene} {kind}".strip(), place),)
    message = f"{gene} has a {kind or 'variant'} here without its protein change"
    text = f"{gene} {kind}".strip()
    return (set_apart("missing_alteration", gene, text, row.place("HGVSp_Short"), message),)


def _read_fusion(genes: GeneColumn, row: Row, gene: NamedGene) -> Item:
    """Read a row of the class Fusion, as MAF of GENIE and cBioPortal had before 2022."""
    column = "Fusion" if row.get("Fusion") else "HGVSp_Short"
    said = row.get(column)
    place = row.place(column if said else "Variant_Classification")
    status, _ = _reason(row)
    if status is not None:
        symbol = gene.covered.symbol if gene.covered else None
        return set_apart(status, symbol, f"{gene.symbol} {said}".strip(), place)
    pair = genes_of_fusion(genes, said) if said else (row.get("Hugo_Symbol"), "")
    frame = f"{said} {row.get('Frame')}"
    if pair is not None and (not said or gene.symbol in {genes.find(name).symbol for name in pair}):
        return read_sites(genes, pair, place=place, kind="fusion", said=frame)
    if "intragenic" in said.lower():
        return read_sites(genes, (gene.symbol, gene.symbol), place=place, kind="fusion", said=said)
    if gene.stranger is not None and pair is None:
        return genes.not_covered(gene, said, place)
    reason = "two_genes" if pair is not None else "unknown_alteration"
    symbol = gene.covered.symbol if gene.covered else None
    message = f"{said[:80]!r} names no two genes of which one is {gene.symbol[:40]}"
    return set_apart(reason, symbol, f"{gene.symbol} {said}".strip(), place, message)
