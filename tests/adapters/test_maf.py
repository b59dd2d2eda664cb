"""MAF and the files of cBioPortal: one case a sample, every row with one fate."""

from __future__ import annotations

import pytest

from service.adapters.files.samples import Samples
from service.adapters.files.study import COLUMNS
from service.adapters.v1.biomarkers import read_biomarker
from service.errors import Fault, InputError
from tests.adapters.small_files import all_found, apart, found, lines, maf, only, read, strangers
from tests.cases import load_kb

SV = (
    "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tClass"
    "\tSite2_Effect_On_Frame\tEvent_Info"
)


def read_study_files() -> Samples:
    return read({name: lines(name) for name in COLUMNS})


def test_the_files_of_a_study_give_one_case_a_sample() -> None:
    samples = read_study_files()
    assert [sample.id for sample in samples] == ["S1", "S2", "S3", "S4"]
    assert all_found(samples) == [
        ("S1", "EGFR L858R"),
        ("S1", "EGFR T790M"),
        ("S2", "BRAF V600E"),
        ("S3", "EML4::ALK fusion"),
        ("S4", "EGFR deep deletion"),
        ("S4", "ERBB2 amplification"),
    ]
    assert samples.found["S1"].case({"explain": "none"}) == {
        "explain": "none",
        "tumor_type": "LUAD",
        "id": "S1",
        "biomarkers": [
            {"gene": "EGFR", "alteration": "p.L858R"},
            {"gene": "EGFR", "alteration": "p.T790M"},
            {"gene": "TP53", "alteration": "p.R213*"},
            {"gene": "CCNE1", "alteration": "amplification"},
        ],
    }


def test_what_was_not_used_has_its_reason_gene_and_place() -> None:
    samples = read_study_files()
    assert apart(samples) == [
        ("germline", "KRAS", "maf:8:Mutation_Status"),
        ("impossible_reference", "KRAS", "maf:9:HGVSp_Short"),
        ("low_level_gain", "EGFR", "cna:3:S1"),
        ("silent", "EGFR", "maf:6:Variant_Classification"),
        ("within_one_gene", "EGFR", "sv:3:Site1_Hugo_Symbol"),
    ]
    assert sorted(strangers(samples)) == [
        "CCNE1 amplification",
        "LMNA LMNA::LTK DELETION",
        "LTK LMNA::LTK DELETION",
        "TP53 p.R213*",
    ]


def test_every_record_of_every_file_is_counted_once() -> None:
    counted = {one.pop("file"): one for one in read_study_files().records()}
    assert {name: one["items"] for name, one in counted.items()} == {
        "clinical": 4,
        "maf": 7,
        "cna": 6,
        "sv": 3,
    }
    assert counted["cna"] == {
        "items": 6, "finding": 2, "not_covered": 1, "set_apart": 1, "context": 0, "no_content": 2,
    }  # fmt: skip
    for one in counted.values():
        assert one["items"] == sum(value for name, value in one.items() if name != "items")


def test_line_ends_comments_a_byte_order_mark_and_the_case_of_columns_do_not_matter() -> None:
    rows = maf("EGFR Missense_Mutation S p.L858R Somatic")
    for variant in (
        [f"{row}\r\n" for row in rows],
        ["\ufeff#version 2.4\n", "\n", *rows, "\n"],
        ["\ufeff" + rows[0], *rows[1:]],
        [rows[0].upper(), *rows[1:]],
    ):
        assert all_found(read({"maf": variant})) == [("S", "EGFR L858R")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("EGFR Silent S p.L858= ", "silent"),
        ("EGFR Splice_Region S p.L858= ", "silent"),
        ("EGFR Silent S p.L858%3D ", "silent"),
        ("EGFR Silent S p.L858L ", "silent"),
        ("EGFR Missense_Mutation S p.(=) ", "silent"),
        ("EGFR Intron S . ", "intron"),
        ("EGFR 3'UTR S . ", "untranslated_region"),
        ("EGFR 5'Flank S . ", "outside_the_gene"),
        ("EGFR RNA S . ", "non_coding"),
        ("EGFR Splice_Site S . ", "no_protein_change"),
        ("EGFR Splice_Region S p.? ", "no_protein_change"),
        ("EGFR Missense_Mutation S p.L858R Germline", "germline"),
        ("EGFR Missense_Mutation S p.L858R LOH", "loss_of_heterozygosity"),
        ("EGFR Missense_Mutation S p.L858R None", "no_variant"),
        ("EGFR Missense_Mutation S p.L858R Wildtype", "no_variant"),
        # The class says that the protein stays as it is, the change says that it does not.
        ("EGFR Silent S p.L858R ", "contradictory_notation"),
        ("EGFR Missense_Mutation S p.L858R Refuted", "unknown_result"),
        ("EGFR Missense_Mutation S . ", "missing_alteration"),
        ("EGFR Missense_Mutation S - ", "missing_alteration"),
        ("EGFR Missense_Mutation S unknown ", "missing_alteration"),
        ("EGFR Missense_Mutation S wt ", "unknown_alteration"),
        ("EGFR Missense_Mutation S Negative ", "unknown_alteration"),
        ("EGFR Missense_Mutation S absent ", "unknown_alteration"),
        ("EGFR Missense_Mutation S L858R- ", "unknown_alteration"),
        ("EGFR Missense_Mutation S p.A858R ", "impossible_reference"),
        ("EGRF Missense_Mutation S p.L858R ", "unknown_gene"),
        (". Missense_Mutation S p.L858R ", "no_gene"),
    ],
)
def test_a_row_that_is_no_somatic_change_of_a_known_protein_is_set_apart(
    row: str, reason: str
) -> None:
    samples = read({"maf": maf(row)})
    assert [sample.id for sample in samples] == ["S"]
    assert (only(samples).fate, only(samples).reason) == ("set_apart", reason)


@pytest.mark.parametrize("status", ["", "Somatic", "SOMATIC", "Somatic_vs_pool", "Unknown", "."])
def test_a_status_that_is_not_known_or_somatic_leaves_the_row(status: str) -> None:
    samples = read({"maf": maf(f"EGFR Missense_Mutation S p.L858R {status}")})
    assert all_found(samples) == [("S", "EGFR L858R")]


@pytest.mark.parametrize(
    ("short", "long", "wanted"),
    [
        ("", "p.Leu858Arg", "EGFR L858R"),
        ("-", "ENSP00000275493.2:p.Leu858Arg", "EGFR L858R"),
        ("p.L858R", "p.Leu858Arg", "EGFR L858R"),
        ("p.L858R", "p.?", "EGFR L858R"),
        ("p.?", "p.Leu858Arg", "EGFR L858R"),
        ("p.L858R", "p.Leu861Gln", "contradictory_notation"),
        ("p.L858R", "p.Leu858=", "contradictory_notation"),
        ("wt", "p.Leu858Arg", "contradictory_notation"),
        ("p.L858=", "p.Leu858=", "silent"),
    ],
)
def test_two_columns_for_one_change_agree_or_the_row_is_set_apart(
    short: str, long: str, wanted: str
) -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSp",
        f"EGFR\tMissense_Mutation\tS\t{short}\t{long}",
    ]
    item = only(read({"maf": rows}))
    names = [finding.name for finding in item.findings]
    assert (names or [item.reason]) == [wanted]


def test_the_coding_change_stands_in_for_a_missing_protein_change() -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSc",
        "EGFR\tMissense_Mutation\tS\t\tENST00000275493.2:c.2573T>G",
    ]
    samples = read({"maf": rows})
    assert all_found(samples) == [("S", "EGFR L858R")]
    assert only(samples).place == "maf:2:HGVSc"


def test_a_call_that_did_not_validate_is_set_apart() -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tValidation_Status",
        "BRAF\tMissense_Mutation\tA\tp.V600E\tInvalid",
        "BRAF\tMissense_Mutation\tB\tp.V600E\tUntested",
    ]
    samples = read({"maf": rows})
    assert all_found(samples) == [("B", "BRAF V600E")]
    assert apart(samples) == [("did_not_validate", "BRAF", "maf:2:Validation_Status")]


@pytest.mark.parametrize(
    ("name", "gene"),
    [
        ("TP53", "TP53"),
        ("NKX2-1", "NKX2-1"),
        ("p53", "TP53"),
        ("AC012345.1", "AC012345.1"),
        ("LOC100507", "LOC100507"),
    ],
)
def test_a_gene_that_is_not_covered_is_kept_by_name(name: str, gene: str) -> None:
    item = only(read({"maf": maf(f"{name} Missense_Mutation S p.R175H ")}))
    assert (item.fate, item.gene, item.findings[0].gene) == ("not_covered", gene, gene)
    assert item.findings[0].name == f"{gene} p.R175H"


@pytest.mark.parametrize(
    ("hugo", "fusion", "wanted"),
    [
        ("ALK", "EML4-ALK fusion", "EML4::ALK fusion"),
        ("EML4", "EML4-ALK fusion - Archer", "EML4::ALK fusion"),
        ("ALK", "NKX2-1-ALK fusion", "NKX2-1::ALK fusion"),
        ("ALK", "EML4::ALK", "EML4::ALK fusion"),
        ("ALK", "", "ALK fusion"),
        ("ALK", "ALK-intragenic", "within_one_gene"),
        ("ALK", "no fusion", "unknown_alteration"),
        ("ALK", "EML4-ROS1 fusion", "two_genes"),
    ],
)
def test_rows_of_the_class_fusion_are_read_as_the_fusion_of_their_genes(
    hugo: str, fusion: str, wanted: str
) -> None:
    rows = [
        "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tFusion",
        f"{hugo}\tFusion\tS\t\t{fusion}",
    ]
    item = only(read({"maf": rows}))
    assert [f.name for f in item.findings] == ([wanted] if "ALK fusion" in wanted else [])
    assert item.reason in (None, wanted)


def test_every_fault_of_every_header_is_named_at_once() -> None:
    files = {
        "maf": ["# c\n", "Hugo_Symbol\tHGVSp_Short\tHGVSp_Short\n"],
        "clinical": ["SAMPLE_ID\n"],
        "sv": [],
        "cna": ["Hugo_Symbol\tSample_Id\n"],
    }
    with pytest.raises(InputError) as caught:
        read(files)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("clinical:1:ONCOTREE_CODE", "missing_column"),
        ("maf:2:hgvsp_short", "duplicate_column"),
        ("cna:1:Value", "missing_column"),
        ("sv:1:Sample_Id", "missing_column"),
        ("sv:1:Site1_Hugo_Symbol", "missing_column"),
        ("sv:1:Site2_Hugo_Symbol", "missing_column"),
    ]


def test_the_same_sample_with_two_tumor_types_is_a_fault() -> None:
    clinical = ["SAMPLE_ID\tONCOTREE_CODE", "S\tLUAD", "S\tLUAD", "S\tMEL"]
    (sample,) = read({"clinical": clinical})
    assert [(f.pointer, f.code) for f in sample.faults] == [
        ("clinical:4:ONCOTREE_CODE", "two_tumor_types")
    ]


def test_a_sample_without_a_tumor_type_takes_the_one_of_the_caller_and_no_other_does() -> None:
    clinical = ["SAMPLE_ID\tONCOTREE_CODE", "A\tLUAD", "B\t"]
    given = [s.frame({"tumor_type": "MEL"})["tumor_type"] for s in read({"clinical": clinical})]
    assert given == ["LUAD", "MEL"]


@pytest.mark.parametrize("value", ["2", "2.0", "2.000", "+2", "2,0", " 2 "])
@pytest.mark.parametrize(
    ("sign", "wanted"), [("", "ERBB2 amplification"), ("-", "ERBB2 deep deletion")]
)
def test_a_high_level_copy_number_is_read_however_it_is_written(
    value: str, sign: str, wanted: str
) -> None:
    text = sign + value.strip().lstrip("+") if sign else value
    samples = read({"cna": ["Hugo_Symbol\tEntrez_Gene_Id\tSample-1", f"ERBB2\t2064\t{text}"]})
    assert all_found(samples) == [("Sample-1", wanted)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1", "low_level_gain"),
        ("-1", "single_copy_loss"),
        ("-1.5", "partial_deep_loss"),
        ("0.37", "invalid_value"),
        ("amplified?", "invalid_value"),
        ("nan!", "invalid_value"),
    ],
)
def test_other_copy_numbers_are_set_apart(value: str, reason: str) -> None:
    samples = read({"cna": ["Hugo_Symbol\tS", f"ERBB2\t{value}"]})
    assert apart(samples) == [(reason, "ERBB2", "cna:2:S")]


@pytest.mark.parametrize("value", ["0", "0.0", "NA", "", "-", "."])
def test_a_copy_number_of_nothing_is_no_finding_and_no_negative(value: str) -> None:
    samples = read({"cna": ["Hugo_Symbol\tS", f"ERBB2\t{value}"]})
    assert [sample.id for sample in samples] == ["S"]
    assert list(samples.items()) == []
    assert samples.records()[0]["no_content"] == 1


def test_the_long_layout_has_one_sample_a_row() -> None:
    rows = [
        "Hugo_Symbol\tEntrez_Gene_Id\tSample_Id\tValue\tcbp_driver",
        "ERBB2\t2064\tA\t2\tPutative_Driver",
        "ERBB2\t2064\tB\t0\t",
        "EGFR\t1956\tB\t-2\t",
        "CCNE1\t4233\tA\t2\t",
    ]
    samples = read({"cna": rows})
    assert [sample.id for sample in samples] == ["A", "B"]
    assert all_found(samples) == [("A", "ERBB2 amplification"), ("B", "EGFR deep deletion")]


@pytest.mark.parametrize(
    "header",
    [
        "Gene Symbol\tLocus ID\tCytoband\tS1",
        "Hugo_Symbol\tEntrez\tcytoband\tS1",
        "Hugo_Symbol\tUnnamed: 0\tindex\tS1",
        "\tHugo_Symbol\tEntrez_Gene_Id\tS1",
    ],
)
def test_columns_about_the_gene_and_an_index_are_no_samples(header: str) -> None:
    at = header.split("\t").index("Hugo_Symbol" if "Hugo_Symbol" in header else "Gene Symbol")
    cells = ["2"] * 4
    cells[at] = "ERBB2"
    samples = read({"cna": [header, "\t".join(cells)]})
    assert all_found(samples) == [("S1", "ERBB2 amplification")]
    assert len(samples) == 1


def test_names_of_samples_that_differ_in_their_case_are_two_samples() -> None:
    samples = read({"cna": ["Hugo_Symbol\ts1\tS1", "ERBB2\t2\t0"]})
    assert [sample.id for sample in samples] == ["s1", "S1"]
    assert all_found(samples) == [("s1", "ERBB2 amplification")]


@pytest.mark.parametrize(
    ("row", "name", "reason"),
    [
        ("S\tSOMATIC\tEML4\tALK\tINVERSION\t\t", "EML4::ALK fusion", None),
        ("S\tSOMATIC\tALK\tEML4\tINVERSION\t\t", "EML4::ALK fusion", None),
        ("S\tSOMATIC\tALK\tLCLAT1\t\t\t", "LCLAT1::ALK fusion", None),
        ("S\tSOMATIC\tCARS\tALK\t\t\t", "CARS1::ALK fusion", None),
        ("S\tSOMATIC\t\tALK\tTRANSLOCATION\t\t", "ALK fusion", None),
        ("S\tSOMATIC\tALK\t-\tTRANSLOCATION\t\t", "ALK fusion", None),
        ("S\tSOMATIC\tHLA-A\tALK\t\t\t", "HLA-A::ALK fusion", None),
        ("S\tSOMATIC\tAC012345.1\tALK\t\t\t", "ALK fusion", None),
        ("S\tSOMATIC\tEML4\tALK\t\tOut-of-frame\t", "EML4::ALK fusion indeterminate", None),
        ("S\tSOMATIC\tEML4\tALK\t\t\tout of frame", "EML4::ALK fusion indeterminate", None),
        ("S\tGERMLINE\tEML4\tALK\t\t\t", None, "germline"),
        ("S\tSOMATIC\tALK\tALK\t\t\t", None, "within_one_gene"),
        ("S\tSOMATIC\tALK\t\tDELETION\t\t", None, "within_one_gene"),
        ("S\tSOMATIC\tALK\t\t\t\tDeletion within transcript", None, "within_one_gene"),
        ("\tSOMATIC\tEML4\tALK\t\t\t", None, "no_sample"),
        ("S\tSOMATIC\t\t\t\t\t", None, "no_gene"),
    ],
)
def test_two_genes_are_a_fusion_in_no_order(row: str, name: str | None, reason: str | None) -> None:
    item = only(read({"sv": [SV, row]}))
    assert [finding.name for finding in item.findings] == ([name] if name else [])
    assert item.reason == reason


@pytest.mark.parametrize("partner", ["EML4", "LCLAT1", "NKX2-1", "HLA-A", "CARS", "AC012345.1", ""])
def test_a_fusion_of_a_file_read_back_as_text_is_the_same_finding(partner: str) -> None:
    item = only(read({"sv": [SV, f"S\tSOMATIC\t{partner}\tALK\t\t\t"]}))
    (again,) = read_biomarker(load_kb(), item.given, "/biomarkers/0")
    names = [[(f.name, f.partner, f.result) for f in one.findings] for one in (item, again)]
    assert names[0] == names[1]


def test_the_other_side_of_an_inversion_is_the_same_finding() -> None:
    rows = [SV, "S\tSOMATIC\tEML4\tALK\t\t\t", "S\tSOMATIC\tALK\tEML4\t\t\t"]
    (sample,) = read({"sv": rows})
    assert len({finding for item in sample.items for finding in item.findings}) == 1


def test_a_fusion_of_two_covered_genes_is_a_finding_of_both() -> None:
    (sample,) = read({"sv": [SV, "S\tSOMATIC\tEGFR\tALK\t\t\t"]})
    assert found(sample) == ["EGFR::ALK fusion", "ALK::EGFR fusion"]


def test_a_rearrangement_of_genes_that_are_not_covered_keeps_both_names() -> None:
    item = only(read({"sv": [SV, "S\tSOMATIC\tLMNA\tLTK\t\t\t"]}))
    assert (item.fate, [f.gene for f in item.findings]) == ("not_covered", ["LMNA", "LTK"])


def test_a_fault_of_the_tumor_type_is_moved_to_its_place_in_the_file() -> None:
    third = read_study_files().found["S3"]
    moved = [third.located(Fault(p, "x", "y")).pointer for p in ("/tumor_type", "/as_of")]
    assert moved == ["clinical:8:ONCOTREE_CODE", "/as_of"]


@pytest.mark.parametrize("protein", ["", "p.?", "p.X1010_splice"])
def test_a_splice_site_of_a_skipped_exon_is_read_by_its_place(protein: str) -> None:
    head = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSc"
    row = f"MET\tSplice_Site\tS\t{protein}\tENST00000397752.3:c.3028+2T>C"
    item = only(read({"maf": [head, row]}))
    assert item.fate == "finding"
    assert item.findings[0].kind == "sequence_variant"
