"""A called variant that no read shows contradicts itself, in every column that can say so."""

from __future__ import annotations

import pytest

from service.adapters.files.vcf import read_vcf
from tests.adapters.small_files import all_found, apart, read
from tests.cases import load_kb


def of_maf(columns: str, cells: str) -> tuple[list[str], list[str]]:
    header = "Hugo_Symbol Variant_Classification Tumor_Sample_Barcode HGVSp_Short"
    row = "EGFR Missense_Mutation S1 p.L858R"
    lines = ["\t".join(f"{one} {two}".split(" ")) for one, two in ((header, columns), (row, cells))]
    samples = read({"maf": lines})
    return [name for _, name in all_found(samples)], [place for _, _, place in apart(samples)]


@pytest.mark.parametrize(
    ("columns", "cells", "column"),
    [
        ("t_alt_count t_depth", "0 120", "t_alt_count"),
        ("t_alt_count t_ref_count", "0 120", "t_alt_count"),
        ("t_alt_count t_depth", "0 0", None),
        ("t_alt_count t_depth", "0 NA", None),
        ("t_alt_count t_depth", ". 120", None),
        ("t_alt_count t_depth", "3 120", None),
        ("VAF", "0", "vaf"),
        ("VAF", "0.0", "vaf"),
        ("VAF", "0%", "vaf"),
        ("VAF", "0,00", "vaf"),
        ("t_vaf", "0.00", "t_vaf"),
        ("VAF", "0.12", None),
        ("VAF", "12", None),
        ("VAF", "12%", None),
        ("VAF", "NA", None),
        ("AF", "0", None),  # of a population
    ],
)
def test_a_maf_row_of_no_reads_is_set_apart(columns: str, cells: str, column: str | None) -> None:
    wanted = (["EGFR L858R"], []) if column is None else ([], [f"maf:2:{column}"])
    assert of_maf(columns, cells) == wanted


@pytest.mark.parametrize(
    ("form", "call", "wanted"),
    [
        ("GT:AF", "0/1:0.32", "found"),
        ("GT:AF", "0/1:0.000", "contradictory_result"),
        ("GT:AF", "0/1:.", "found"),
        ("GT:FREQ", "0/1:0%", "contradictory_result"),
        ("GT:AD", "0/1:120,0", "contradictory_result"),
        ("GT:AD", "0/1:120,7", "found"),
        ("GT:AD", "0/1:0,0", "found"),
        ("GT:AD", "0/1:.,.", "found"),
        ("AF", "0", "not carried"),
        ("AF", "0.2", "found"),
    ],
)
def test_an_allele_of_no_reads_is_no_finding(form: str, call: str, wanted: str) -> None:
    entry = "G|missense_variant|EGFR|ENST00000275493|c.2573T>G|p.Leu858Arg"
    samples = read_vcf(
        load_kb(),
        [
            "##fileformat=VCFv4.2",
            '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: '
            'Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp">',
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT",
            f"7\t1\t.\tT\tG\t.\tPASS\tCSQ={entry}\t{form}\t{call}",
        ],
    )
    fates = [item.reason or "found" for item in samples.items()] or ["not carried"]
    assert fates == [wanted]
