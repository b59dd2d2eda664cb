"""What a document refers to, holds in words, or could not be given makes an answer incomplete."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.adapters.fhir_in.runner import URL, Json

LOINC = "http://loinc.org"
TBD = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"
PATIENT = {"reference": "Patient/p1"}
HGNC = {"EGFR": "HGNC:3236", "TP53": "HGNC:11998"}
Apart = list[tuple[str, str, str | None]]


def code(system: str, value: str) -> Json:
    return {"coding": [{"system": system, "code": value}]}


def variant(gene: str = "EGFR", change: str = "p.Leu858Arg", **more: Any) -> Json:
    parts = [("48018-6", "http://www.genenames.org", HGNC[gene])]
    parts.append(("48005-3", "http://varnomen.hgvs.org", change))
    return {
        "resourceType": "Observation",
        "id": "v",
        "status": "final",
        "code": code(LOINC, "69548-6"),
        "subject": PATIENT,
        "valueCodeableConcept": code(LOINC, "LA9633-4"),
        "component": [
            {"code": code(LOINC, part), "valueCodeableConcept": code(system, value)}
            for part, system, value in parts
        ],
        **more,
    }


def report(**more: Any) -> Json:
    own = {"resourceType": "DiagnosticReport", "id": "r", "status": "final"}
    return {**own, "code": code(LOINC, "51969-4"), "subject": PATIENT, **more}


def resource(kind: str, **more: Any) -> Json:
    return {"resourceType": kind, "id": "x", "status": "final", "subject": PATIENT, **more}


def bundle(*resources: Json, kind: str = "collection", **more: Any) -> Json:
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **more}


def to(*names: str) -> list[Json]:
    return [{"reference": name} for name in names]


PDF = [{"contentType": "application/pdf"}]
RADIOLOGY = [code("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD")]
NARRATIVE = {"status": "generated", "div": "<div>EGFR <b>L858R</b> detected &amp; TP53</div>"}
PLAN = {"status": "generated", "div": "<div>Control in three months.</div>"}
ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
HINT = {"resourceType": "OperationOutcome", "issue": [{"severity": "information"}]}
R = "Bundle.entry[0].resource"
LOST, WORDS = "unresolved_reference", "text_not_read"
#: Name -> (document, whether the answer is complete, what is set apart).
DOCUMENTS: dict[str, tuple[Json, bool, Apart]] = {
    "no result is here": (
        bundle(report(result=to("Observation/a", "Observation/b"))),
        False,
        [(LOST, f"{R}.result[0]", None), (LOST, f"{R}.result[1]", None)],
    ),
    "the report alone": (
        report(result=to("Observation/a")),
        False,
        [(LOST, "DiagnosticReport.result[0]", None)],
    ),
    "one of two results": (
        bundle(report(result=to("Observation/v", "Observation/b")), variant()),
        False,
        [(LOST, f"{R}.result[1]", None)],
    ),
    "every result": (bundle(report(result=to("Observation/v")), variant()), True, []),
    "a contained one": (bundle(report(result=to("#a"))), False, [(LOST, f"{R}.result[0]", None)]),
    "named by its display": (
        bundle(report(result=[{"display": "EGFR L858R"}])),
        False,
        [(LOST, f"{R}.result[0]", "EGFR")],
    ),
    "of imaging": (
        bundle(report(category=RADIOLOGY, result=to("Observation/a"))),
        True,
        [(LOST, f"{R}.result[0]", None)],
    ),
    "of a cancelled report": (
        bundle(report(status="cancelled", result=to("Observation/a"))),
        True,
        [],
    ),
    "a panel": (
        bundle(resource("Observation", code=code(LOINC, "51969-4"), hasMember=to("Observation/a"))),
        False,
        [("not_a_result", R, None), (LOST, f"{R}.hasMember[0]", None)],
    ),
    "a section": (
        bundle(
            resource("Composition", section=[{"section": [{"entry": to("Observation/a")}]}]),
            kind="document",
        ),
        False,
        [(LOST, f"{R}.section[0].section[0].entry[0]", None)],
    ),
    "a section of medications": (
        bundle(
            resource("Composition", section=[{"entry": to("MedicationStatement/a")}]),
            kind="document",
        ),
        True,
        [],
    ),
    "the variant of an implication": (
        bundle(
            resource(
                "Observation",
                code=code(TBD, "therapeutic-implication"),
                derivedFrom=to("Observation/a"),
            )
        ),
        False,
        [("assertion_not_finding", R, None), (LOST, f"{R}.derivedFrom[0]", None)],
    ),
    "the variant of a consequence": (
        bundle(variant(code=code(TBD, "molecular-consequence"), derivedFrom=to("Observation/a"))),
        False,
        [(LOST, R, "EGFR")],
    ),
    "the variant of a consequence for a gene that is not covered": (
        bundle(
            variant(
                "TP53",
                "p.Arg175His",
                code=code(TBD, "molecular-consequence"),
                derivedFrom=to("Observation/a"),
            )
        ),
        True,
        [(LOST, R, None)],
    ),
    "a conclusion alone": (
        bundle(report(conclusion="EGFR L858R detected")),
        False,
        [(WORDS, f"{R}.conclusion", "EGFR")],
    ),
    "a conclusion that repeats the result": (
        bundle(report(conclusion="EGFR L858R detected", result=to("Observation/v")), variant()),
        True,
        [(WORDS, f"{R}.conclusion", None)],
    ),
    "a conclusion with another gene": (
        bundle(report(conclusion="EGFR and KRAS", result=to("Observation/v")), variant()),
        False,
        [(WORDS, f"{R}.conclusion", "KRAS")],
    ),
    "a conclusion with another change": (
        bundle(report(conclusion="EGFR L858R; EGFR T790M", result=to("Observation/v")), variant()),
        False,
        [(WORDS, f"{R}.conclusion", "EGFR")],
    ),
    "a conclusion with another kind of change": (
        bundle(report(conclusion="EGFR amplification", result=to("Observation/v")), variant()),
        False,
        [(WORDS, f"{R}.conclusion", "EGFR")],
    ),
    "a conclusion in general words": (
        bundle(report(conclusion="EGFR mutation", result=to("Observation/v")), variant()),
        True,
        [(WORDS, f"{R}.conclusion", None)],
    ),
    "a PDF alone": (
        bundle(report(presentedForm=PDF)),
        False,
        [(WORDS, f"{R}.presentedForm[0]", None)],
    ),
    "a PDF beside its result": (
        bundle(report(presentedForm=PDF, result=to("Observation/v")), variant()),
        True,
        [(WORDS, f"{R}.presentedForm[0]", None)],
    ),
    "a document": (
        bundle(resource("DocumentReference", content=[{"attachment": PDF[0]}])),
        False,
        [(WORDS, f"{R}.content[0]", None)],
    ),
    "a document beside a result": (
        bundle(resource("DocumentReference", content=[{"attachment": PDF[0]}]), variant()),
        True,
        [(WORDS, f"{R}.content[0]", None)],
    ),
    "a sequence with variants": (
        bundle(resource("MolecularSequence", variant=[{"start": 1, "observedAllele": "A"}])),
        False,
        [(WORDS, f"{R}.variant[0]", None)],
    ),
    "a narrative with a result": (
        bundle(resource("Composition", section=[{"text": NARRATIVE}]), kind="document"),
        False,
        [(WORDS, f"{R}.section[0].text", "EGFR")],
    ),
    "a narrative without one": (
        bundle(resource("Composition", section=[{"text": PLAN}]), kind="document"),
        True,
        [(WORDS, f"{R}.section[0].text", None)],
    ),
    "a further page": (
        bundle(
            variant(), kind="searchset", link=[{"relation": "next", "url": "http://a.org?page=2"}]
        ),
        False,
        [(LOST, "Bundle.link[0]", None)],
    ),
    "an error beside a match": (
        bundle(variant(), ERROR, kind="searchset"),
        False,
        [("no_resource", "Bundle.entry[1]", None)],
    ),
    "a hint beside a match": (bundle(variant(), HINT, kind="searchset"), True, []),
    "a modifier extension": (
        bundle(variant(modifierExtension=[{"url": "http://a.org", "valueBoolean": True}])),
        False,
        [("modifier_extension", R, "EGFR")],
    ),
    "a modifier extension of a gene that is not covered": (
        bundle(variant("TP53", "p.Arg175His", modifierExtension=[{"url": "http://a.org"}])),
        True,
        [("modifier_extension", R, None)],
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_does_not_hold_is_said(client: FlaskClient, name: str) -> None:
    document, is_complete, apart = DOCUMENTS[name]
    query = {"tumor_type": "LUAD", "explain": "full"}
    (result,) = client.post(URL, json=document, query_string=query).json["results"]
    answer = result["answer"]
    told = [(item["reason"], item["place"], item["gene"]) for item in answer["set_apart"]]
    assert sorted(told, key=str) == sorted(apart, key=str)
    assert answer["complete"] is is_complete


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_whole_report_says_the_same(client: FlaskClient, name: str) -> None:
    document, is_complete, apart = DOCUMENTS[name]
    read = client.post("/v1/read", json=document, content_type="application/fhir+json").json
    told = [(i["reason"], i["place"]) for i in read["items"] if i["fate"] == "set_apart"]
    assert sorted(told) == sorted((reason, place) for reason, place, _ in apart)
    assert read["complete"] is is_complete
    assert sum(n for fate, n in read["counts"].items() if fate != "items") == len(read["items"])
