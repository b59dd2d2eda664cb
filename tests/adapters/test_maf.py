"""MAF and the files of cBioPortal: one case a sample, nothing lost without a reason."""

from __future__ import annotations

import pytest

from service.adapters.files.maf import COLUMNS, read_samples
from service.adapters.files.samples import MAX_PLACES, Samples
from service.errors import Fault, InputError
from tests.adapters.small_files import is_covered, lines, maf


def read(*rows: str) -> Samples:
    return read_samples({"maf": maf(*rows)}, is_covered)


def reasons(samples: Samples) -> list[tuple[str, str | None, list[str]]]:
    return [(item["reason"], item["gene"], item["places"]) for item in samples.apart()]


def test_the_files_of_a_study_give_one_case_a_sample() -> None:
    samples = read_samples({name: lines(name) for name in COLUMNS}, is_covered)
    cases = {sample.id: sample.case({"explain": "none"}) for sample in samples}
    assert list(cases) == ["S1", "S2", "S3", "S4"]
    assert cases["S1"] == {
        "explain": "none",
        "tumor_type": "LUAD",
        "id": "S1",
        "biomarkers": [
            {"gene": "EGFR", "alteration": "p.L858R"},
            {"gene": "EGFR", "alteration": "p.T790M"},
        ],
    }
    assert cases["S2"]["biomarkers"] == [{"gene": "BRAF", "alteration": "V600E"}]
    assert cases["S3"]["biomarkers"] == [
        {"gene": "KRAS", "alteration": "p.A12C"},
        "EML4-ALK fusion",
    ]
    assert cases["S4"]["biomarkers"] == [
        {"gene": "ERBB2", "alteration": "amplification"},
        {"gene": "EGFR", "alteration": "homozygous deletion"},
    ]


def test_what_was_not_used_is_counted_with_its_reason_and_place() -> None:
    samples = read_samples({name: lines(name) for name in COLUMNS}, is_covered)
    assert reasons(samples) == [
        ("gene_not_covered", None, ["maf:5", "cna:4", "sv:4"]),
        ("germline", "KRAS", ["maf:8:Mutation_Status"]),
        ("low_level_gain", "EGFR", ["cna:3:S1"]),
        ("silent", "EGFR", ["maf:6:Variant_Classification"]),
        ("within_one_gene", "EGFR", ["sv:3:Site2_Hugo_Symbol"]),
    ]


def test_line_ends_comments_a_byte_order_mark_and_the_case_of_columns_do_not_matter() -> None:
    wanted = [sample.case({}) for sample in read("EGFR Missense_Mutation S p.L858R Somatic")]
    rows = maf("EGFR Missense_Mutation S p.L858R Somatic")
    shouted = [rows[0].upper(), *rows[1:]]
    for variant in (
        [f"{row}\r\n" for row in rows],
        ["\ufeff#version 2.4\n", "\n", *rows, "\n"],
        ["\ufeff" + rows[0], *rows[1:]],
        shouted,
    ):
        assert [s.case({}) for s in read_samples({"maf": variant}, is_covered)] == wanted


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("EGFR Silent S p.L858= ", "silent"),
        ("EGFR Splice_Region S p.L858= ", "silent"),
        ("EGFR Intron S p.L858R ", "intron"),
        ("EGFR 3'UTR S . ", "untranslated_region"),
        ("EGFR 5'Flank S . ", "outside_the_gene"),
        ("EGFR RNA S . ", "non_coding"),
        ("EGFR Splice_Site S . ", "no_protein_change"),
        ("EGFR Missense_Mutation S p.L858R Germline", "germline"),
        ("EGFR Missense_Mutation S p.L858R LOH", "loss_of_heterozygosity"),
        ("EGFR Missense_Mutation S p.L858R None", "no_variant"),
        ("EGFR Missense_Mutation S p.L858R Wildtype", "no_variant"),
    ],
)
def test_a_row_that_says_nothing_about_a_somatic_protein_is_set_apart(
    row: str, reason: str
) -> None:
    samples = read(row)
    assert [sample.case({})["biomarkers"] for sample in samples] == [[]]
    assert [(item["reason"], item["gene"]) for item in samples.apart()] == [(reason, "EGFR")]


def test_a_protein_change_that_is_missing_is_a_fault_of_its_sample_only() -> None:
    samples = read("EGFR Missense_Mutation A . ", "EGFR Missense_Mutation B p.L858R ")
    first, second = samples
    assert [(f.pointer, f.code) for f in first.faults] == [
        ("maf:2:HGVSp_Short", "missing_alteration")
    ]
    assert second.faults == []


def test_the_long_protein_change_stands_in_for_a_missing_short_one() -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSp",
        "EGFR\tMissense_Mutation\tS\t\tp.Leu858Arg",
    ]
    (sample,) = read_samples({"maf": rows}, is_covered)
    assert sample.biomarkers == [{"gene": "EGFR", "alteration": "p.Leu858Arg"}]


def test_every_missing_column_and_broken_row_of_every_file_is_named_at_once() -> None:
    files = {
        "maf": ["# c\n", "Hugo_Symbol\tHGVSp_Short\n", "EGFR\tp.L858R\tS\n"],
        "clinical": ["SAMPLE_ID\n"],
        "sv": [],
    }
    with pytest.raises(InputError) as caught:
        read_samples(files, is_covered)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("maf:2:Tumor_Sample_Barcode", "missing_column"),
        ("maf:2:Variant_Classification", "missing_column"),
        ("maf:3", "extra_cells"),
        ("clinical:1:ONCOTREE_CODE", "missing_column"),
        ("sv:1:Sample_Id", "missing_column"),
        ("sv:1:Site1_Hugo_Symbol", "missing_column"),
        ("sv:1:Site2_Hugo_Symbol", "missing_column"),
    ]


def test_a_row_may_leave_its_last_cells_out() -> None:
    (sample,) = read("EGFR Missense_Mutation S p.L858R")
    assert len(sample.biomarkers) == 1


def test_the_same_sample_with_two_tumor_types_is_a_fault() -> None:
    clinical = ["SAMPLE_ID\tONCOTREE_CODE", "S\tLUAD", "S\tLUAD", "S\tMEL"]
    (sample,) = read_samples({"clinical": clinical}, is_covered)
    assert [(f.pointer, f.code) for f in sample.faults] == [
        ("clinical:4:ONCOTREE_CODE", "two_tumor_types")
    ]


def test_a_sample_without_a_tumor_type_takes_the_one_of_the_caller_and_no_other_does() -> None:
    clinical = ["SAMPLE_ID\tONCOTREE_CODE", "A\tLUAD", "B\t"]
    samples = read_samples({"clinical": clinical}, is_covered)
    given = [sample.case({"tumor_type": "MEL"})["tumor_type"] for sample in samples]
    assert given == ["LUAD", "MEL"]


@pytest.mark.parametrize(
    ("value", "alteration", "reason"),
    [
        ("2", "amplification", None),
        ("2.0", "amplification", None),
        ("-2", "homozygous deletion", None),
        ("1", None, "low_level_gain"),
        ("-1", None, "single_copy_loss"),
        ("-1.5", None, "partial_deep_loss"),
        ("0", None, None),
        ("NA", None, None),
        ("", None, None),
    ],
)
def test_only_high_level_copy_numbers_are_findings_and_none_is_a_negative(
    value: str, alteration: str | None, reason: str | None
) -> None:
    rows = ["Hugo_Symbol\tEntrez_Gene_Id\tSample-1", f"ERBB2\t2064\t{value}"]
    samples = read_samples({"cna": rows}, is_covered)
    found = [b["alteration"] for sample in samples for b in sample.biomarkers]
    assert found == ([alteration] if alteration else [])
    apart = [(item["reason"], item["places"]) for item in samples.apart()]
    assert apart == ([(reason, ["cna:2:Sample-1"])] if reason else [])


def test_a_copy_number_that_is_not_discrete_is_a_fault_of_its_sample() -> None:
    rows = ["Hugo_Symbol\tS", "ERBB2\t0.37"]
    (sample,) = read_samples({"cna": rows}, is_covered)
    assert [(f.pointer, f.code) for f in sample.faults] == [("cna:2:S", "invalid_value")]


@pytest.mark.parametrize(
    ("row", "text", "reason"),
    [
        ("S\tSOMATIC\tEML4\tALK", "EML4-ALK fusion", None),
        ("S\tSOMATIC\tALK\tEML4", "ALK-EML4 fusion", None),
        ("S\tSOMATIC\t\tALK", "ALK fusion", None),
        ("S\tGERMLINE\tEML4\tALK", None, "germline"),
        ("S\tSOMATIC\tALK\tALK", None, "within_one_gene"),
        ("S\tSOMATIC\tLMNA\tNTRK1", None, "gene_not_covered"),
        ("\tSOMATIC\tEML4\tALK", None, "no_sample"),
    ],
)
def test_two_genes_are_a_fusion_in_no_order(row: str, text: str | None, reason: str | None) -> None:
    rows = ["Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol", row]
    samples = read_samples({"sv": rows}, is_covered)
    assert [b for s in samples for b in s.biomarkers] == ([text] if text else [])
    assert [item["reason"] for item in samples.apart()] == ([reason] if reason else [])


def test_a_fault_of_the_case_is_moved_to_its_place_in_the_file() -> None:
    samples = read_samples({name: lines(name) for name in COLUMNS}, is_covered)
    third = samples.found["S3"]
    moved = [
        third.located(Fault(pointer, "x", "y")).pointer
        for pointer in ("/biomarkers/0/alteration", "/biomarkers/1", "/tumor_type", "/as_of")
    ]
    assert moved == [
        "maf:9:HGVSp_Short",
        "sv:2:Site1_Hugo_Symbol",
        "clinical:8:ONCOTREE_CODE",
        "/as_of",
    ]


def test_the_places_that_are_listed_are_bounded_and_the_count_is_not() -> None:
    samples = read(*["TP53 Missense_Mutation S p.R1H "] * (MAX_PLACES + 5))
    (item,) = samples.apart()
    assert (item["count"], len(item["places"])) == (MAX_PLACES + 5, MAX_PLACES)
