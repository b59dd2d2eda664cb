"""What is written, read back by ``fhir_in``, is the same case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from service.adapters.fhir_in import read_fhir
from service.adapters.fhir_out import RELEASES, Release
from service.adapters.fhir_out.codes import LOINC
from service.adapters.v1.case import read_case
from service.engine.model import Case, Finding
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_out.answers import bundle, case_of, sample
from tests.adapters.fhir_out.profiles import bundle_faults
from tests.cases import TODAY


def facts(case: Case) -> list[Finding]:
    """Return the findings without the way they were read.

    That a fusion was looked for by FISH is told (``method``) and not read back: it decides nothing.
    """
    bare = (replace(finding, understood_by=()) for finding in case.findings)
    return list(dict.fromkeys(replace(f, assay=None) if f.kind == "fusion" else f for f in bare))


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_the_tumour_type_and_every_finding_come_back(kb: KnowledgeBase, release: Release) -> None:
    for case in sample(kb):
        reading = read_fhir(kb, bundle(kb, case, release))
        assert len(reading.subjects) == 1
        assert reading.subjects[0].subject == "Patient/1"
        back = read_case(kb, reading.subjects[0].case, today=TODAY)
        assert back.case.tumor_type == case.case.tumor_type
        assert facts(back.case) == facts(case.case)


def test_implications_are_read_as_no_finding(kb: KnowledgeBase) -> None:
    case = case_of(kb, "LUAD", "EGFR L858R")
    (subject,) = read_fhir(kb, bundle(kb, case, RELEASES["stu3"])).subjects
    assert len(subject.case["biomarkers"]) == 1
    assert "assertion_not_finding" in {item.reason for item in subject.ignored}


#: Text of a laboratory -> what is written of its bases and class, as (code, value).
SAID: dict[str, dict[str, str]] = {
    "EGFR c.2573T>G p.Leu858Arg, pathogenic": {
        "48004-6": "NM_005228:c.2573T>G",
        "53037-8": "LA6668-3",
    },
    "EGFR c.2236_2250del, likely pathogenic": {
        "48004-6": "NM_005228:c.2236_2250del",
        "53037-8": "LA26332-9",
    },
    "NC_000007.14:g.55191822T>G": {
        "48004-6": "NM_005228:c.2573T>G",
        "81290-9": "NC_000007.14:g.55191822T>G",
    },
    "KRAS c.35G>A VUS": {"48004-6": "NM_004985:c.35G>A", "53037-8": "LA26333-7"},
    "EGFR L858R, likely oncogenic": {"53037-8": "likely oncogenic"},
    "EGFR L858R, tier I": {"53037-8": "oncogenic"},
    "MET c.3028G>A": {"48004-6": "NM_000245:c.3028G>A"},
    "MET c.3082+1G>T, pathogenic": {"48004-6": "c.3082+1G>T", "53037-8": "LA6668-3"},
    "BRCA1 c.68_69del p.Glu23fs, pathogenic": {"48004-6": "c.68_69del", "53037-8": "LA6668-3"},
    "KRAS c.34G>T not detected": {"48004-6": "NM_004985:c.34G>T"},
    "EGFR L858R": {},
}


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
@pytest.mark.parametrize("text", SAID)
def test_bases_and_the_class_of_the_laboratory_come_back(
    kb: KnowledgeBase, text: str, release: Release
) -> None:
    case = case_of(kb, "LUAD", text)
    written = bundle(kb, case, release)
    assert bundle_faults(written) == []
    found = {}
    for entry in written["entry"]:
        for item in entry["resource"].get("component", ()):
            (code,) = item["code"]["coding"]
            if code["code"] in ("48004-6", "81290-9", "53037-8"):
                value = item["valueCodeableConcept"]
                found[code["code"]] = (
                    value["coding"][0]["code"] if "coding" in value else value["text"]
                )
    assert found == SAID[text]
    (subject,) = read_fhir(kb, written).subjects
    back = read_case(kb, subject.case, today=TODAY)
    assert facts(back.case) == facts(case.case)


def test_what_came_in_as_fhir_goes_out_with_its_bases(client: FlaskClient) -> None:
    """The change was read by its protein form; the coding form that agrees is kept."""
    sent = {
        "resourceType": "Observation",
        "id": "v",
        "status": "final",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": LOINC, "code": "69548-6"}]},
        "valueCodeableConcept": {"coding": [{"system": LOINC, "code": "LA9633-4"}]},
        "component": [
            {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueCodeableConcept": value}
            for code, value in (
                ("48018-6", {"coding": [{"code": "HGNC:3236", "display": "EGFR"}]}),
                ("48005-3", {"text": "NP_005219.2:p.Leu858Arg"}),
                ("48004-6", {"text": "NM_005228.5:c.2573T>G"}),
                ("81290-9", {"text": "NC_000007.14:g.55191822T>G"}),
                ("53037-8", {"text": "likely pathogenic"}),
            )
        ],
    }
    answer = client.post(
        "/fhir/$match-therapies?tumor_type=LUAD",
        json=sent,
        headers={"Accept": "application/fhir+json"},
    )
    written = str(answer.json)
    for said in ("NM_005228.5:c.2573T>G", "NC_000007.14:g.55191822T>G", "LA26332-9"):
        assert said in written, said
    assert bundle_faults(answer.json) == []
