"""MAF and the clinical, copy-number and structural-variant files of cBioPortal to v1 cases.

Lines in, one case a sample out. A gene outside the knowledge base is counted and set apart; a row
that says nothing about the protein is set apart with its reason; nothing that a file leaves out is
read as negative. Start with ``read_samples``.

Sources: GDC MAF format 1.0; cBioPortal file formats (mutation, discrete copy number, structural
variant and clinical data).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from service.adapters.files.samples import Samples
from service.adapters.files.tables import Row, read_table
from service.errors import Fault, InputError

#: File -> the columns that it must have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "maf": ("Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short"),
    "clinical": ("SAMPLE_ID", "ONCOTREE_CODE"),
    "cna": ("Hugo_Symbol",),
    "sv": ("Sample_Id", "Site1_Hugo_Symbol", "Site2_Hugo_Symbol"),
}
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
#: Mutation_Status or SV_Status that is no somatic finding -> reason.
_NOT_SOMATIC = {
    "germline": "germline",
    "loh": "loss_of_heterozygosity",
    "wildtype": "no_variant",
    "none": "no_variant",
}
_NOT_A_SAMPLE = frozenset({"hugo_symbol", "entrez_gene_id", "cytoband"})
_COPY_NUMBER = {"2": "amplification", "-2": "homozygous deletion"}
_NO_HIGH_LEVEL = {"1": "low_level_gain", "-1": "single_copy_loss", "-1.5": "partial_deep_loss"}

IsCovered = Callable[[str], bool]


def read_samples(files: Mapping[str, Iterable[str]], is_covered: IsCovered) -> Samples:
    """Read the files of one study.

    Args:
        files: ``maf``, ``clinical``, ``cna``, ``sv`` -> its lines; each may be absent.
        is_covered: whether the knowledge base knows a gene symbol.

    Raises:
        InputError: with every missing column and broken row of every file.
    """
    tables: dict[str, tuple[Row, ...]] = {}
    faults: list[Fault] = []
    for name, columns in COLUMNS.items():
        try:
            tables[name] = read_table(name, files[name], columns) if name in files else ()
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(tuple(faults))
    samples = Samples()
    for row in tables["clinical"]:
        _read_clinical(row, samples)
    for row in tables["maf"]:
        _read_mutation(row, samples, is_covered)
    for row in tables["cna"]:
        _read_copy_number(row, samples, is_covered)
    for row in tables["sv"]:
        _read_rearrangement(row, samples, is_covered)
    return samples


def _read_clinical(row: Row, samples: Samples) -> None:
    identifier = row.get("SAMPLE_ID")
    if not identifier:
        samples.set_apart("no_sample", row.place("SAMPLE_ID"))
        return
    sample = samples.sample(identifier)
    code, place = row.get("ONCOTREE_CODE"), row.place("ONCOTREE_CODE")
    if sample.tumor_type not in (None, code):
        message = f"{identifier} has another tumour type at {sample.tumor_place}"
        sample.faults.append(Fault(place, "two_tumor_types", message))
    elif code:
        sample.tumor_type, sample.tumor_place = code, place


def _read_mutation(row: Row, samples: Samples, is_covered: IsCovered) -> None:
    identifier, gene = row.get("Tumor_Sample_Barcode"), row.get("Hugo_Symbol")
    if not identifier:
        samples.set_apart("no_sample", row.place("Tumor_Sample_Barcode"))
        return
    sample = samples.sample(identifier)
    if not is_covered(gene):
        samples.set_apart("gene_not_covered", row.place())
        return
    kind = row.get("Variant_Classification").lower()
    status = row.cells.get("mutation_status", "").lower()  # "None" is a word here
    change = row.get("HGVSp_Short") or row.get("HGVSp")
    if status in _NOT_SOMATIC:
        samples.set_apart(_NOT_SOMATIC[status], row.place("Mutation_Status"), gene)
    elif kind in _NO_CHANGE:
        samples.set_apart(_NO_CHANGE[kind], row.place("Variant_Classification"), gene)
    elif change.endswith("="):
        samples.set_apart("silent", row.place("HGVSp_Short"), gene)
    elif change:
        sample.add({"gene": gene, "alteration": change}, row.place("HGVSp_Short"))
    elif kind in _OFTEN_WITHOUT:
        samples.set_apart("no_protein_change", row.place("HGVSp_Short"), gene)
    else:
        message = f"{gene} has a {kind or 'variant'} here without its protein change"
        sample.faults.append(Fault(row.place("HGVSp_Short"), "missing_alteration", message))


def _read_copy_number(row: Row, samples: Samples, is_covered: IsCovered) -> None:
    gene = row.get("Hugo_Symbol")
    if not is_covered(gene):
        samples.set_apart("gene_not_covered", row.place())
        return
    for column, text in row.cells.items():
        if column in _NOT_A_SAMPLE or not row.get(column):
            continue
        sample = samples.sample(row.names[column])
        place = row.place(row.names[column])
        value = text.removesuffix(".0")
        if value in _COPY_NUMBER:
            sample.add({"gene": gene, "alteration": _COPY_NUMBER[value]}, place)
        elif value in _NO_HIGH_LEVEL:
            samples.set_apart(_NO_HIGH_LEVEL[value], place, gene)
        elif value != "0":
            message = f"{text[:40]!r} is no discrete copy number (-2, -1.5, -1, 0, 1, 2)"
            sample.faults.append(Fault(place, "invalid_value", message, tuple(_COPY_NUMBER)))


def _read_rearrangement(row: Row, samples: Samples, is_covered: IsCovered) -> None:
    identifier = row.get("Sample_Id")
    if not identifier:
        samples.set_apart("no_sample", row.place("Sample_Id"))
        return
    sample = samples.sample(identifier)
    genes = [row.get("Site1_Hugo_Symbol"), row.get("Site2_Hugo_Symbol")]
    named = [gene for gene in genes if gene]
    covered = [gene for gene in named if is_covered(gene)]
    status = row.cells.get("sv_status", "").lower()
    if not covered:
        samples.set_apart("gene_not_covered", row.place())
    elif status in _NOT_SOMATIC:
        samples.set_apart(_NOT_SOMATIC[status], row.place("SV_Status"), covered[0])
    elif len(named) == 2 and named[0] == named[1]:
        samples.set_apart("within_one_gene", row.place("Site2_Hugo_Symbol"), covered[0])
    else:
        # A hyphen, not "::": the two sites stand in no order of transcription.
        sample.add(f"{'-'.join(named)} fusion", row.place("Site1_Hugo_Symbol"))
