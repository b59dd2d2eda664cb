"""Annotated VCF: the annotated protein change of the right allele, gene, transcript and sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.adapters.files.samples import Samples
from service.adapters.files.vcf import Header, Record, read_samples
from service.cohort.vcf_file import open_vcf
from service.errors import InputError
from tests.adapters.small_files import FOLDER, is_covered

CSQ = "Consequence annotations from Ensembl VEP. Format: Allele|Consequence|SYMBOL|Feature|HGVSp"


def read_file(name: str) -> Samples:
    with open_vcf(FOLDER / name) as (header, records):
        return read_samples(header, records, is_covered)


def read(*entries: str, form: str = CSQ, **changes: Any) -> Samples:
    given: dict[str, Any] = {
        "place": "7:1",
        "ref": "T",
        "alts": ("G",),
        "filters": (),
        "annotations": {"CSQ": entries},
        "carried": {},
    } | changes
    header = Header(("S",), frozenset(), {"CSQ": form})
    return read_samples(header, [Record(**given)], is_covered)


def found(samples: Samples) -> list[str]:
    return [f"{b['gene']} {b['alteration']}" for s in samples for b in s.biomarkers]


def test_vep_gives_the_canonical_change_of_the_carried_allele_of_the_tumour() -> None:
    samples = read_file("vep.vcf")
    assert list(samples.found) == ["TUMOR"]
    assert found(samples) == [
        "EGFR ENST00000275493:p.Leu858Arg",
        "KRAS ENST00000311936:p.Gly12Cys",
    ]
    assert samples.found["TUMOR"].places == ["vcf:7:55259515", "vcf:12:25398285"]
    assert [(item["reason"], item["gene"]) for item in samples.apart()] == [
        ("filtered", "BRAF"),
        ("gene_not_covered", None),
        ("silent", "EGFR"),
    ]


def test_snpeff_gives_one_case_named_as_the_file_when_it_has_no_samples() -> None:
    samples = read_file("snpeff.vcf")
    assert list(samples.found) == ["snpeff"]
    assert found(samples) == ["EGFR NM_005228.5:p.Leu858Arg"]
    assert [(item["reason"], item["gene"]) for item in samples.apart()] == [
        ("no_protein_change", "EGFR"),
        ("silent", "EGFR"),
    ]


def test_a_file_without_annotation_is_refused_and_so_is_one_without_protein_changes() -> None:
    for descriptions, code in (
        ({}, "not_annotated"),
        ({"CSQ": "x. Format: Allele|Consequence|SYMBOL|Feature"}, "missing_column"),
    ):
        with pytest.raises(InputError) as caught:
            read_samples(Header(("S",), frozenset(), descriptions), [], is_covered)
        assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize(
    ("form", "entries"),
    [
        (f"{CSQ}|PICK", ("G|m|EGFR|X1|p.Leu813Arg|", "G|m|EGFR|X2|p.Leu858Arg|1")),
        (f"{CSQ}|CANONICAL", ("G|m|EGFR|X1|p.Leu813Arg|", "G|m|EGFR|X2|p.Leu858Arg|YES")),
        (
            f"{CSQ}|CANONICAL|MANE_SELECT",
            ("G|m|EGFR|X1|p.Leu813Arg|YES|", "G|m|EGFR|X2|p.Leu858Arg||NM_005228.5"),
        ),
        (CSQ, ("G|intron|EGFR|X1|", "G|m|EGFR|X2|ENSP1.2:p.Leu858Arg")),
    ],
)
def test_the_marked_transcript_is_taken(form: str, entries: tuple[str, ...]) -> None:
    assert found(read(*entries, form=form)) == ["EGFR p.Leu858Arg"]


def test_the_alleles_of_one_line_are_told_apart() -> None:
    entries = ("G|m|EGFR|X|p.Leu858Arg", "C|m|EGFR|X|p.Leu858Pro")
    carried = {"S": frozenset({0, 2})}
    samples = read(*entries, alts=("G", "C"), carried=carried)
    assert found(samples) == ["EGFR p.Leu858Pro"]


def test_a_deletion_is_found_under_the_allele_that_vep_shortens() -> None:
    entries = ("-|d|EGFR|X|p.Glu746_Ala750del", "C|m|EGFR|X|p.Leu858Pro")
    samples = read(*entries, ref="TG", alts=("T", "TC"), carried={"S": frozenset({1})})
    assert found(samples) == ["EGFR p.Glu746_Ala750del"]


def test_a_sample_that_does_not_carry_the_allele_has_no_finding() -> None:
    assert found(read("G|m|EGFR|X|p.Leu858Arg", carried={"S": frozenset({0})})) == []
    assert found(read("G|m|EGFR|X|p.Leu858Arg", carried={})) == ["EGFR p.Leu858Arg"]


def test_what_is_no_vcf_cannot_be_opened() -> None:
    with pytest.raises((OSError, ValueError)), open_vcf(Path(FOLDER / "data_cna.txt")):
        pass
