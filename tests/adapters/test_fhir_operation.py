"""The parameters of ``$find-subject-tx-implications`` are understood, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.fhir_operation import (
    Given,
    from_parameters,
    from_query,
    read_asked,
    read_condition,
    read_treatments,
)
from service.engine.tumors import ROOT
from service.knowledge.store import KnowledgeBase

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
GOOD = [("subject", "1"), ("variants", "NM_005228.5:c.2573T>G")]


def faults(query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    asked, found = read_asked(from_query(query), in_body=False)
    assert (asked is None) == bool(found)
    return [(fault.pointer, fault.code) for fault in found]


def test_lists_are_split_at_commas_and_counted_on() -> None:
    given = from_query([("variants", "a,b"), ("variants", "c"), ("subject", "x,y")])
    assert [(value.text, value.place) for value in given] == [
        ("a", "?variants/0"),
        ("b", "?variants/1"),
        ("c", "?variants/2"),
        ("x,y", "?subject"),
    ]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ([], [("?subject", "required"), ("?variants", "required")]),
        ([("subject", "1"), ("variants", "")], [("?variants/0", "required")]),
        ([*GOOD, ("ranges", "NC_000007.14:1-9")], [("?ranges", "not_supported")]),
        ([*GOOD, ("haplotypes", "x")], [("?haplotypes", "not_supported")]),
        ([*GOOD, ("testIdentifiers", "x")], [("?testIdentifiers", "not_supported")]),
        ([*GOOD, ("testDateRange", "2020")], [("?testDateRange", "not_supported")]),
        ([*GOOD, ("specimenIdentifiers", "x")], [("?specimenIdentifiers", "not_supported")]),
        ([*GOOD, ("genomicSourceClass", "germline")], [("?genomicSourceClass", "not_supported")]),
        ([*GOOD, ("genomicSourceClass", "soma")], [("?genomicSourceClass", "invalid_value")]),
        ([*GOOD, ("release", "stu1")], [("?release", "invalid_value")]),
        ([*GOOD, ("subject", "2")], [("?subject", "repeated_parameter")]),
        ([*GOOD, ("variants", ",".join("x" * 100))], [("?variants/100", "out_of_range")]),
        ([("subject", "a b"), GOOD[1]], [("?subject", "invalid_value")]),
        ([*GOOD, ("patient", "1")], [("?patient", "unknown_parameter")]),
        ([*GOOD, ("_format", "xml")], [("?_format", "unknown_parameter")]),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    query: list[tuple[str, str]], wanted: list[tuple[str, str]]
) -> None:
    assert faults(query) == wanted


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ("1", "Patient/1"),
        ("Patient/1", "Patient/1"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("https://example.org/fhir/Patient/1", "https://example.org/fhir/Patient/1"),
    ],
)
def test_a_subject_is_a_reference(given: str, subject: str) -> None:
    more = [("genomicSourceClass", "somatic"), ("_format", "json"), ("release", "stu2")]
    asked, _ = read_asked(from_query([("subject", given), GOOD[1], *more]), in_body=False)
    assert asked is not None
    assert (asked.subject, asked.release.name) == (subject, "stu2")


def test_a_parameters_resource_says_the_same() -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "subject", "valueReference": {"reference": "Patient/1"}},
            {"name": "variants", "valueString": "EGFR p.L858R"},
            {"name": "variants", "valueString": "KRAS p.G12C"},
            {"name": "testDateRange", "valuePeriod": {"start": "2020-01-01"}},
        ],
    }
    given, wrong = from_parameters(body)
    assert not wrong
    _, found = read_asked(given, in_body=True)
    place = "Parameters.parameter[3]"
    assert [(fault.pointer, fault.code) for fault in found] == [(place, "not_supported")]
    asked, _ = read_asked(given[:3], in_body=True)
    assert asked is not None
    assert [variant.text for variant in asked.variants] == ["EGFR p.L858R", "KRAS p.G12C"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], ""),
        ({}, ""),
        ({"resourceType": "Bundle"}, ""),
        ({"resourceType": "Parameters", "parameter": {}}, "Parameters.parameter"),
        ({"resourceType": "Parameters", "parameter": [1]}, "Parameters.parameter[0]"),
        ({"resourceType": "Parameters", "parameter": [{"name": 1}]}, "Parameters.parameter[0]"),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "variants", "valueString": 1}]},
            "Parameters.parameter[0]",
        ),
    ],
)
def test_another_body_is_refused(body: Any, place: str) -> None:
    _, wrong = from_parameters(body)
    assert [(fault.pointer, fault.code) for fault in wrong] == [(place, "invalid_type")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("LUAD", "LUAD"),
        ("http://snomed.info/sct|254637007", {"system": "snomed", "code": "254637007"}),
        (
            "https://disease-ontology.org|DOID:3908",
            {"system": "doid", "code": "DOID:3908"},
        ),
        ("urn:x|1", {"system": "urn:x", "code": "1"}),
    ],
)
def test_a_condition_is_a_tumour_type(text: str, wanted: Any) -> None:
    assert read_condition(Given("conditions", text, "")) == wanted


def test_without_a_condition_every_tumour_type_is_asked() -> None:
    assert read_condition(None) == ROOT


def test_a_treatment_is_a_known_drug_or_refused(kb: KnowledgeBase) -> None:
    texts = [f"{RXNORM}|1721560", "Tagrisso", "alectinib", "osimertinb", f"{RXNORM}|1"]
    given = [Given("treatments", text, text) for text in texts]
    drugs, wrong = read_treatments(given, kb.drug_names, kb.records["drugs"])
    assert drugs == {"osimertinib", "alectinib"}
    assert [(fault.pointer, fault.code) for fault in wrong] == [
        ("osimertinb", "unknown_drug"),
        (f"{RXNORM}|1", "unknown_drug"),
    ]
    assert wrong[0].suggestions[0] == "osimertinib"
