"""What stands beside a variant in FHIR: where it comes from, and what the laboratory calls it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from service.adapters.fhir_in import SubjectReading, read_fhir
from service.engine.notation.biomarkers import BiomarkerReader
from service.knowledge.store import KnowledgeBase
from tests.cases import load_kb

Json = dict[str, Any]
LOINC = "http://loinc.org"


def coded(code: str, system: str = LOINC) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def part(code: str, value: Json) -> Json:
    return {"code": coded(code), "valueCodeableConcept": value}


def variant(change: str, *parts: Json, gene: str = "EGFR", value: str = "LA9633-4") -> Json:
    return {
        "resourceType": "Observation",
        "id": "v1",
        "status": "final",
        "code": coded("69548-6"),
        "subject": {"reference": "Patient/p1"},
        "valueCodeableConcept": coded(value),
        "component": [
            part("48018-6", {"text": gene}),
            part("48005-3", {"text": change}),
            *parts,
        ],
    }


def implication(significance: Json, status: str = "final") -> Json:
    return {
        "resourceType": "Observation",
        "id": "i1",
        "status": status,
        "code": coded("diagnostic-implication"),
        "subject": {"reference": "Patient/p1"},
        "derivedFrom": [{"reference": "Observation/v1"}],
        "component": [part("53037-8", significance)],
    }


def read(*resources: Json, kb: KnowledgeBase | None = None) -> SubjectReading:
    entries = [{"resource": resource} for resource in resources]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return read_fhir(kb or load_kb(), document, tumor_type="LUAD").subjects[0]


def told(reading: SubjectReading) -> list[tuple[str, str | None]]:
    return [(f.name, f.reported_as) for item in reading.items for f in item.findings]


def reasons(reading: SubjectReading) -> list[str | None]:
    return [item.reason for item in reading.items if item.fate == "set_apart"]


def codes(reading: SubjectReading) -> set[str]:
    return {warning.code for warning in reading.warnings}


@pytest.mark.parametrize(
    ("code", "reported"),
    [("LA6668-3", "oncogenic"), ("LA26332-9", "oncogenic"), ("LA26333-7", "inconclusive"),
     ("LA26334-5", "likely_neutral"), ("LA6675-8", "likely_neutral"), ("LA4489-6", None)],
)  # fmt: skip
def test_the_significance_of_an_uncurated_variant_is_kept(code: str, reported: str | None) -> None:
    stands_in_it = read(variant("p.Leu858Gln", part("53037-8", coded(code))))
    derived = read(variant("p.Leu858Gln"), implication(coded(code)))
    assert told(stands_in_it) == told(derived) == [("EGFR L858Q", reported)]


def test_what_is_curated_counts_and_the_difference_is_said() -> None:
    for words in (coded("LA26333-7"), {"text": "Uncertain significance"}):
        reading = read(variant("p.Leu858Arg"), implication(words))
        assert told(reading) == [("EGFR L858R", "inconclusive")]
        assert reading.case["biomarkers"][0]["alteration"] == "p.Leu858Arg, VUS"
        assert "classification_differs" in {
            remark.code for item in reading.items for remark in item.remarks
        }


@pytest.mark.parametrize("code", ["LA6675-8", "LA26334-5"])
def test_benign_against_a_curated_oncogenic_variant_is_a_contradiction(code: str) -> None:
    reading = read(variant("p.Leu858Arg", part("53037-8", coded(code))))
    assert (told(reading), reasons(reading)) == ([], ["contradictory_result"])


def test_two_sides_cancel_each_other_and_a_void_implication_says_nothing() -> None:
    both = variant("p.Leu858Gln", part("53037-8", coded("LA6675-8")))
    reading = read(both, implication(coded("LA6668-3")))
    assert told(reading) == [("EGFR L858Q", None)]
    assert "classification_differs" in codes(reading)
    void = read(variant("p.Leu858Gln"), implication(coded("LA6675-8"), "entered-in-error"))
    assert told(void) == [("EGFR L858Q", None)]


def test_an_absent_variant_is_called_nothing() -> None:
    absent = variant("p.Leu858Arg", part("53037-8", coded("LA6675-8")), value="LA9634-2")
    assert told(read(absent)) == [("EGFR L858R not detected", None)]


def of_an_origin() -> KnowledgeBase:
    """Return the knowledge base as it would be if a class asked for the origin of EGFR variants."""
    kb = copy.copy(load_kb())
    genes = kb.rulebook.genes.values()
    kb.reader = BiomarkerReader(
        genes, {}, human_genes=load_kb().reader.human_genes, by_origin=["EGFR"]
    )
    return kb


@pytest.mark.parametrize(
    ("code", "origin", "is_apart"),
    [("LA6683-2", "germline", True), ("LA6684-0", "somatic", False), ("LA18194-3", None, True),
     ("LA18195-0", None, False), ("LA18197-6", None, False)],
)  # fmt: skip
def test_the_source_class_is_the_origin_where_a_class_asks_for_it(
    code: str, origin: str | None, is_apart: bool
) -> None:
    given = variant("p.Leu858Arg", part("48002-0", coded(code)))
    (item,) = (i for i in read(given, kb=of_an_origin()).items if i.fate == "finding")
    assert [finding.origin for finding in item.findings] == [origin]
    assert item.given.get("origin") == origin
    plain = read(given)
    assert [i.gene for i in plain.items if i.fate == "set_apart"] == (["EGFR"] if is_apart else [])
    assert told(plain) == ([] if is_apart else [("EGFR L858R", None)])


def test_a_fetal_variant_is_never_of_the_patient() -> None:
    given = variant("p.Leu858Arg", part("48002-0", coded("LA10429-1")))
    assert reasons(read(given, kb=of_an_origin())) == ["germline"]
