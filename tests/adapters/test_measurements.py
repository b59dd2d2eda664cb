"""Measurements of a Phenopacket: a test of a marker is a finding, everything else is named."""

from __future__ import annotations

from typing import Any

import pytest

from service.adapters.ga4gh.phenopacket import PhenopacketReading, read_phenopacket
from service.engine.reading import is_complete
from tests.cases import load_kb

Json = dict[str, Any]
HER2 = {"id": "LOINC:85319-2", "label": "HER2 [Interpretation] in Tissue by Immune stain"}


def term(identifier: str, label: str = "") -> Json:
    return {"value": {"ontologyClass": {"id": identifier, "label": label}}}


def amount(value: Any, unit: str, label: str = "") -> Json:
    return {"value": {"quantity": {"value": value, "unit": {"id": unit, "label": label}}}}


def at(timestamp: str) -> Json:
    return {"timeObserved": {"timestamp": timestamp}}


def read(*measurements: Any, **more: Any) -> PhenopacketReading:
    return read_phenopacket(load_kb(), {"id": "p", "measurements": list(measurements), **more})


def names(reading: PhenopacketReading) -> list[tuple[str, str]]:
    items = (item for item in reading.items if item.fate == "finding")
    return [(item.place, finding.name) for item in items for finding in item.findings]


def apart(reading: PhenopacketReading) -> list[tuple[str, str | None, str | None]]:
    items = (item for item in reading.items if item.fate == "set_apart")
    return [(item.place, item.reason, item.gene) for item in items]


@pytest.mark.parametrize(
    ("assay", "value", "name"),
    [
        (HER2, term("LOINC:LA11843-2", "3+"), "HER2 IHC 3+"),
        (HER2, term("NCIT:C0", "2+"), "HER2 IHC 2+"),
        (HER2, amount(0, "UCUM:{score}"), "HER2 IHC 0"),
        (HER2, amount("1", "UCUM:{score}"), "HER2 IHC 1+"),
        ({"id": "LOINC:85337-4", "label": "ER"}, amount(0, "UCUM:%"), "ER 0%"),
        ({"id": "LOINC:85337-4"}, amount(80, "NCIT:C48570", "Percent"), "ER 80%"),
        ({"id": "LOINC:81695-9"}, term("LOINC:LA26203-2", "MSI-H"), "MSI-high"),
        ({"id": "LOINC:49683-6"}, amount(2.3, "UCUM:1"), "HER2 ISH ratio 2.3"),
        # Known by its words alone.
        ({"id": "X:1", "label": "HER2 Ag [Presence] in Tissue by Immune stain"},
         term("LOINC:LA11841-6", "1+"), "HER2 IHC 1+"),
    ],
)  # fmt: skip
def test_a_test_of_a_marker_is_a_finding(assay: Json, value: Json, name: str) -> None:
    assert names(read({"assay": assay, **value})) == [("/measurements/0/value", name)]
    sample = {"id": "b", "measurements": [{"assay": assay, **value}]}
    of_sample = read(biosamples=[sample])
    assert names(of_sample) == [("/biosamples/0/measurements/0/value", name)]


def test_the_parts_of_one_hybridisation_are_read_together() -> None:
    parts = [
        {"type": {"id": "LOINC:49683-6"}, "quantity": {"value": 2.3}},
        {"type": {"id": "LOINC:74860-8"}, "quantity": {"value": 6.1}},
    ]
    assay = {"id": "LOINC:74885-5", "label": "ERBB2 ISH"}
    reading = read({"assay": assay, "complexValue": {"typedQuantities": parts}})
    place = "/measurements/0/complexValue/typedQuantities/0"
    assert names(reading) == [(place, "HER2 ISH positive")]


@pytest.mark.parametrize(
    ("measurement", "reason", "gene"),
    [
        ({"assay": {"id": "LOINC:718-7", "label": "Hemoglobin"}, **amount(12, "UCUM:g/dL")},
         "unknown_test", None),
        ({"assay": {"id": "NCIT:C0", "label": "HER2 status"}, **term("NCIT:C1", "Positive")},
         "unknown_test", "ERBB2"),
        # ProtoJSON leaves a number of 0 out; a number that was never filled in looks the same.
        ({"assay": HER2, "value": {"quantity": {"unit": {"id": "UCUM:{score}"}}}},
         "ambiguous_result", "ERBB2"),
        ({"assay": HER2}, "no_result", "ERBB2"),
        ({}, "unknown_test", None),
    ],
)  # fmt: skip
def test_what_is_no_result_is_named(measurement: Json, reason: str, gene: str | None) -> None:
    reading = read(measurement)
    assert names(reading) == []
    assert apart(reading) == [("/measurements/0", reason, gene)]
    assert is_complete(reading.items) is (gene is None or reason == "no_result")
    assert [notice.pointer for notice in reading.notices] == ["/measurements/0"]


def test_the_later_of_two_results_counts_where_both_have_a_timestamp() -> None:
    early = {"assay": HER2, **term("LOINC:LA11841-6", "1+"), **at("2024-01-05T10:00:00Z")}
    late = {"assay": HER2, **term("LOINC:LA11843-2", "3+"), **at("2025-03-01T10:00:00Z")}
    for given, index in (([early, late], 0), ([late, early], 1)):
        reading = read(*given)
        assert [name for _, name in names(reading)] == ["HER2 IHC 3+"]
        assert apart(reading) == [(f"/measurements/{index}/value", "superseded", "ERBB2")]
        assert "contradictory_findings" in {notice.code for notice in reading.notices}
    undated = read({**early, "timeObserved": {"age": {"iso8601duration": "P40Y"}}}, late)
    assert len(names(undated)) == 2


def test_original_field_names_and_broken_shapes() -> None:
    observed = {"time_observed": {"timestamp": "2025-01-01"}}
    coded = {"value": {"ontology_class": {"id": "LOINC:LA11843-2"}}}
    assert [name for _, name in names(read({"assay": HER2, **coded, **observed}))] == [
        "HER2 IHC 3+"
    ]
    reading = read("HER2 3+", {"assay": HER2, **term("LOINC:LA11842-4")})
    reading.set_broken_apart()
    assert ([name for _, name in names(reading)], reading.faults) == (["HER2 IHC 2+"], [])
    assert apart(reading) == [("/measurements/0", "invalid_value", None)]


def variant(label: str, **more: Any) -> Json:
    descriptor = {"geneContext": {"symbol": "EGFR"}, "label": label, **more.pop("descriptor", {})}
    found = {
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {"variationDescriptor": descriptor, **more},
    }
    return {"interpretations": [{"diagnosis": {"genomicInterpretations": [found]}}]}


@pytest.mark.parametrize(
    ("acmg", "reported"),
    [
        ("PATHOGENIC", "oncogenic"), ("LIKELY_PATHOGENIC", "oncogenic"), (3, "inconclusive"),
        ("BENIGN", "likely_neutral"), ("NOT_PROVIDED", None),
    ],
)  # fmt: skip
def test_a_classification_is_what_the_report_calls_a_variant(
    acmg: Any, reported: str | None
) -> None:
    packet = variant("p.Leu858Gln", acmgPathogenicityClassification=acmg)
    (item,) = (item for item in read(**packet).items if item.fate == "finding")
    assert [(f.name, f.reported_as) for f in item.findings] == [("EGFR L858Q", reported)]
