"""Phenopackets: what was interpreted becomes findings, all else is a notice or a fault."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.files.samples import Sample
from service.adapters.ga4gh.phenopacket import PhenopacketReader, read_subject
from tests.adapters.small_files import is_covered

Json = dict[str, Any]
DISEASE = {"id": "NCIT:C3512", "label": "Lung Adenocarcinoma"}
VARIANT = (
    "/interpretations/0/diagnosis/genomicInterpretations/0"
    "/variantInterpretation/variationDescriptor"
)


def packet(descriptor: Json, **changes: Any) -> Json:
    """Return a phenopacket of one variant."""
    found = {
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {"variationDescriptor": descriptor},
    }
    diagnosis = {"disease": DISEASE, "genomicInterpretations": [found]}
    return {"id": "p", "interpretations": [{"id": "i", "diagnosis": diagnosis}], **changes}


def read(given: Any, *, has_tumor_type: bool = False) -> tuple[Sample, list[str]]:
    reader = PhenopacketReader(is_covered, {"HGNC:3236": "EGFR"})
    sample = reader.read(given, has_tumor_type=has_tumor_type)
    assert {notice.code for notice in reader.notices} <= {"not_used"}
    return sample, [notice.pointer for notice in reader.notices]


def codes(sample: Sample) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in sample.faults]


P = {"syntax": "hgvs.p", "value": "NP_005219.2:p.Leu858Arg"}
C = {"syntax": "hgvs.c", "value": "NM_005228.5:c.2573T>G"}
G = {"syntax": "hgvs.g", "value": "NC_000007.14:g.55191822T>G"}


@pytest.mark.parametrize(
    ("descriptor", "biomarker", "place"),
    [
        (
            {"geneContext": {"symbol": "EGFR"}, "expressions": [G, C, P]},
            {"gene": "EGFR", "alteration": P["value"]},
            "/expressions/2/value",
        ),
        (
            {"geneContext": {"valueId": "HGNC:3236"}, "expressions": [C]},
            {"gene": "EGFR", "alteration": C["value"]},
            "/expressions/0/value",
        ),
        (
            {"geneContext": {"symbol": "ALK"}, "label": "EML4-ALK fusion"},
            {"gene": "ALK", "alteration": "EML4-ALK fusion"},
            "/label",
        ),
        ({"expressions": [P]}, P["value"], "/expressions/0/value"),
        ({"label": "ERBB2 amplification", "expressions": [G]}, "ERBB2 amplification", "/label"),
    ],
)
def test_a_variant_is_read_from_its_most_telling_expression(
    descriptor: Json, biomarker: Any, place: str
) -> None:
    sample, unused = read(packet(descriptor))
    assert (sample.biomarkers, sample.places) == ([biomarker], [VARIANT + place])
    assert (sample.faults, unused) == ([], [])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"interpretationStatus": "REJECTED"}, VARIANT.removesuffix("/variationDescriptor")),
        ({"variantInterpretation": None}, ""),
    ],
)
def test_a_rejected_interpretation_is_said_not_to_be_used(change: Json, place: str) -> None:
    given = packet({"geneContext": {"symbol": "EGFR"}, "expressions": [P]})
    found = given["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]
    found |= change
    if found["variantInterpretation"] is None:
        del found["variantInterpretation"]
        found["gene"] = {"symbol": "EGFR"}
    sample, unused = read(given)
    assert (sample.biomarkers, sample.faults) == ([], [])
    assert unused == ["/interpretations/0/diagnosis/genomicInterpretations/0"]


def test_a_gene_outside_the_knowledge_base_is_said_not_to_be_used() -> None:
    sample, unused = read(packet({"geneContext": {"symbol": "TP53"}, "expressions": [P]}))
    assert (sample.biomarkers, unused) == ([], [VARIANT])


def test_a_variant_without_words_is_a_fault() -> None:
    sample, _ = read(packet({"geneContext": {"symbol": "EGFR"}, "expressions": [G]}))
    assert codes(sample) == [(VARIANT, "missing_alteration")]


@pytest.mark.parametrize(
    ("term", "tumor_type"),
    [
        ({"id": "NCIT:C3512"}, {"system": "ncit", "code": "C3512"}),
        ({"id": "MONDO:0005061"}, {"system": "mondo", "code": "0005061"}),
        ({"id": "ICD10CM:C34.9"}, {"system": "icd-10-cm", "code": "C34.9"}),
        ({"id": "OncoTree:LUAD"}, {"system": "oncotree", "code": "LUAD"}),
        ({"id": "ORPHA:1", "label": "Melanoma"}, "Melanoma"),
    ],
)
def test_the_disease_is_read_by_the_prefix_of_its_code(term: Json, tumor_type: Any) -> None:
    given = packet({})
    given["interpretations"][0]["diagnosis"]["disease"] = term
    assert read(given)[0].tumor_type == tumor_type


def test_a_diagnosed_disease_comes_before_a_listed_one_and_an_excluded_one_never_counts() -> None:
    other = {"term": {"id": "NCIT:C3224"}}
    assert read(packet({}, diseases=[other]))[0].tumor_type["code"] == "C3512"
    undiagnosed = packet({}, diseases=[{**other, "excluded": True}, {"term": DISEASE}])
    del undiagnosed["interpretations"][0]["diagnosis"]["disease"]
    sample, _ = read(undiagnosed)
    assert sample.tumor_type == {"system": "ncit", "code": "C3512"}
    assert sample.tumor_place == "/diseases/1/term"


def test_two_diseases_are_refused_unless_the_caller_names_the_tumor_type() -> None:
    listed = packet({"label": "x"}, diseases=[{"term": DISEASE}, {"term": {"id": "NCIT:C3224"}}])
    del listed["interpretations"][0]["diagnosis"]["disease"]
    assert codes(read(listed)[0]) == [("/diseases/0/term", "two_tumor_types")]
    sample, _ = read(listed, has_tumor_type=True)
    assert (sample.tumor_type, sample.faults) == (None, [])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], [("", "invalid_type")]),
        ({"proband": {}}, [("/interpretations", "required")]),
        ({"interpretations": {}}, [("/interpretations", "invalid_type")]),
        ({"interpretations": [1]}, [("/interpretations/0", "invalid_type")]),
        (
            {"interpretations": [{"diagnosis": []}]},
            [("/interpretations/0/diagnosis", "invalid_type")],
        ),
        ({"interpretations": [], "diseases": "LUAD"}, [("/diseases", "invalid_type")]),
    ],
)
def test_what_has_another_shape_is_named(given: Any, expected: list[tuple[str, str]]) -> None:
    assert codes(read(given)[0]) == expected


def test_sex_and_age_are_facts_of_the_patient_when_they_are_said() -> None:
    def subject(sex: Any, duration: Any) -> Json:
        age = {"age": {"iso8601duration": duration}}
        return read_subject({"subject": {"sex": sex, "timeAtLastEncounter": age}})

    assert subject("FEMALE", "P64Y3M") == {"sex": "female", "age_years": 64}
    assert subject("UNKNOWN_SEX", "P6M") == {}
    assert [read_subject(given) for given in ({}, [], {"subject": 1})] == [{}, {}, {}]
