"""Breakends and symbolic alleles: a fusion where both genes are named, else set apart by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.adapters.files.samples import Samples
from service.adapters.files.vcf import read_vcf
from tests.adapters.small_files import all_found, apart, strangers
from tests.cases import load_kb

ANN = (
    "Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | "
    "Transcript_BioType | Rank | HGVS.c | HGVS.p"
)
VEP = "Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp"


def snpeff(allele: str, consequence: str, gene: str) -> str:
    return f"{allele}|{consequence}|HIGH|{gene}|X|gene_variant|X|||n.1|"


def vcf(*records: str, field: str = "ANN", filters: str = "PASS") -> Iterator[str]:
    """Return a file of records written as ``PLACE ID ALT INFO,annotation``."""
    form = f"'{ANN}'" if field == "ANN" else f"Format: {VEP}"
    yield "##fileformat=VCFv4.2\n"
    yield f'##INFO=<ID={field},Number=.,Type=String,Description="annotations: {form}">\n'
    yield "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOR\n"
    for record in records:
        place, name, alt, info, entries = record.split(" ")
        chrom, position = place.split(":")
        more = f";{field}={entries}" if entries != "." else ""
        yield (f"{chrom}\t{position}\t{name}\tN\t{alt}\t.\t{filters}\t{info}{more}\tGT\t0/1\n")


def read(*records: str, **more: str) -> Samples:
    return read_vcf(load_kb(), vcf(*records, **more))


@pytest.mark.parametrize(
    ("consequence", "gene", "wanted"),
    [
        ("gene_fusion", "EML4&ALK", "EML4::ALK fusion"),
        ("gene_fusion", "ALK&EML4", "EML4::ALK fusion"),
        ("gene_fusion", "AC011523.2&ALK", "ALK fusion"),
        ("frameshift_variant&gene_fusion", "EML4&ALK", "EML4::ALK fusion indeterminate"),
        ("bidirectional_gene_fusion", "EML4&ALK", None),
        ("gene_fusion", "ALK&ALK", None),
        ("intron_variant", "ALK", None),
        ("exon_loss_variant", "EML4&ALK", None),
    ],
)
def test_two_genes_that_snpeff_joins_are_a_fusion(
    consequence: str, gene: str, wanted: str | None
) -> None:
    samples = read(f"2:42522656 bnd N[2:29446394[ SVTYPE=BND {snpeff('A', consequence, gene)}")
    assert [name for _, name in all_found(samples)] == ([wanted] if wanted else [])
    if wanted is None:
        reason = "within_one_gene" if gene == "ALK&ALK" else "structural_variant"
        assert apart(samples) == [(reason, "ALK", "vcf:2:42522656")]


def test_a_symbolic_allele_can_be_a_fusion_and_its_filter_counts() -> None:
    record = f"2:29446394 . <INV> SVTYPE=INV {snpeff('<INV>', 'gene_fusion', 'EML4&ALK')}"
    assert all_found(read(record)) == [("TUMOR", "EML4::ALK fusion")]
    assert apart(read(record, filters="LowQual")) == [("filtered", "ALK", "vcf:2:29446394")]


ONE = "2:42522656 a [2:29446394[N SVTYPE=BND;MATEID={mate} N|intron_variant|EML4|T1||"
OTHER = "2:29446394 b [2:42522656[N SVTYPE=BND;MATEID=a N|{what}|ALK|T2||"


@pytest.mark.parametrize("turned", [False, True])
def test_the_mates_that_vep_annotates_one_by_one_are_read_together(turned: bool) -> None:
    records = [ONE.format(mate="b"), OTHER.format(what="intron_variant")]
    samples = read(*(records[::-1] if turned else records), field="CSQ")
    assert all_found(samples) == [("TUMOR", "EML4::ALK fusion")] * 2
    assert samples.records()[0]["items"] == 2


@pytest.mark.parametrize(
    ("mate", "what"),
    [("c", "intron_variant"), ("b", "upstream_gene_variant"), ("b", "intergenic_variant")],
)
def test_a_breakend_whose_other_side_is_in_no_gene_is_set_apart(mate: str, what: str) -> None:
    samples = read(ONE.format(mate=mate), OTHER.format(what=what), field="CSQ")
    assert all_found(samples) == []
    assert apart(samples) == [("structural_variant", "ALK", "vcf:2:29446394")]
    assert strangers(samples) != []


def test_breakends_of_the_same_name_are_all_kept() -> None:
    once = OTHER.format(what="intron_variant")
    samples = read(once, once, once, field="CSQ")
    assert samples.records()[0] | {"file": ""} == {
        "file": "", "items": 3, "finding": 0, "not_covered": 0, "set_apart": 3, "context": 0,
        "no_content": 0,
    }  # fmt: skip


def test_a_duplication_is_no_amplification() -> None:
    samples = read("17:37844393 . <DUP> SVTYPE=DUP;END=37884915 .")
    assert apart(samples) == [("structural_variant", None, "vcf:17:37844393")]
