"""FHIR documents over HTTP: both routes, the query, refusals, and the shape of every answer."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.api.fhir.examples import BUNDLE, VARIANT
from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_in.runner import CASES
from tests.cases import TODAY
from tests.contract.openapi import complaints

Json = dict[str, Any]
URL = "/fhir/$match-therapies"
FHIR = "application/fhir+json"


def send(client: FlaskClient, document: Any, query: str = "", *, url: str = URL) -> Any:
    return client.post(url + query, data=orjson.dumps(document), content_type=FHIR)


def names(result: Json) -> list[str]:
    return [finding["name"] for finding in result["answer"]["case"]["findings"]]


def test_a_bundle_is_answered_as_its_case_is(client: FlaskClient) -> None:
    case = {
        "tumor_type": {"system": "snomed", "code": "254637007"},
        "biomarkers": [{"gene": "EGFR", "alteration": "p.Leu858Arg"}],
        "patient": {"sex": "female", "age_years": 64},
    }
    (result,) = send(client, BUNDLE).json["results"]
    assert result["answer"] == client.post("/v1/match", json=case).json
    assert result["problem"] is None


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: case["id"])
def test_both_routes_give_the_same_bytes(client: FlaskClient, case: Json) -> None:
    first = send(client, case["given"])
    second = send(client, case["given"], url="/v1/match")
    assert first.status_code == second.status_code == 200
    there = second.get_data().replace(b'"/v1/match"', f'"{URL}"'.encode())
    assert first.get_data() == there


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_answer_has_the_shape_of_the_contract(
    client: FlaskClient, document: Json, case: Json
) -> None:
    schema = {"$ref": "#/components/schemas/FhirAnswer"}
    assert complaints(document, schema, send(client, case["given"]).json) == []


def test_the_query_adds_what_the_document_does_not_say(client: FlaskClient) -> None:
    query = "?tumor_type=MEL&jurisdiction=EU&as_of=2020-01-01&sex=male&explain=full"
    answer = send(client, BUNDLE, query).json
    assert answer["knowledge_base"]["as_of"] == "2020-01-01"
    (result,) = answer["results"]
    assert result["answer"]["case"]["tumor_type"]["code"] == "MEL"
    assert result["patient"] == {"sex": "female", "age_years": 57}
    jurisdictions = {
        assertion["jurisdiction"]
        for row in result["answer"]["therapies"]
        for assertion in row["assertions"]
    }
    assert jurisdictions <= {"EU", None}


def test_the_query_wins_over_the_patient(client: FlaskClient) -> None:
    """What the caller says counts: the age of 30 excludes what needs another one."""
    old = send(client, BUNDLE).json["results"][0]["answer"]
    young = send(client, BUNDLE, "?age_years=3").json["results"][0]["answer"]
    assert old["result_hash"] != young["result_hash"]


@pytest.mark.parametrize(
    ("query", "place", "code"),
    [
        ("?tumor_type=nonsense", "http.tumor_type", "unknown_tumor_type"),
        ("?explain=loud", "http.explain", "invalid_value"),
        ("?as_of=soon", "http.as_of", "invalid_type"),
        ("?biomarker=EGFR+L858R", "http.biomarker", "unknown_parameter"),
    ],
)
def test_a_query_that_is_not_understood_refuses_the_document(
    client: FlaskClient, query: str, place: str, code: str
) -> None:
    answer = send(client, BUNDLE, query)
    assert answer.status_code == 422
    said = [
        (issue["expression"], issue["details"]["coding"][0]["code"])
        for issue in answer.json["issue"]
    ]
    assert ([place], code) in said


def test_a_json_case_takes_no_parameters(client: FlaskClient) -> None:
    """They are documented for FHIR documents on the same route; ignoring them would be silent."""
    case = {"tumor_type": "LUAD", "biomarkers": []}
    answer = client.post("/v1/match?tumor_type=MEL&line_of_therapy=1", json=case)
    assert answer.status_code == 422
    assert sorted(f["pointer"] for f in answer.json["errors"]) == [
        "?line_of_therapy",
        "?tumor_type",
    ]


@pytest.mark.parametrize("url", [URL, "/v1/match"])
@pytest.mark.parametrize(
    ("body", "content_type", "status", "kind"),
    [
        (b"{", FHIR, 400, "broken-json"),
        (b"", FHIR, 400, "broken-json"),
        (b'{"resourceType": "Patient"}', FHIR, 422, "invalid-request"),
        (b"[]", FHIR, 422, "invalid-request"),
        (b"null", FHIR, 422, "invalid-request"),
        (b"{}", FHIR, 422, "invalid-request"),
        (b"<Bundle/>", "application/fhir+xml", 415, "unsupported-media-type"),
    ],
)
def test_what_is_no_document_is_refused(
    client: FlaskClient, url: str, body: bytes, content_type: str, status: int, kind: str
) -> None:
    """As an OperationOutcome on the path of FHIR, as a problem on the other."""
    answer = client.post(url, data=body, content_type=content_type)
    assert answer.status_code == status
    if url == URL:
        assert answer.mimetype == FHIR
        (issue,) = answer.json["issue"]
        faults = ("unknown_resource_type", "invalid_type", "required", kind)
        assert issue["details"]["coding"][0]["code"] in faults
    else:
        assert answer.json["type"] == f"urn:therapy-match:problem:{kind}"


def test_a_media_type_may_have_parameters(client: FlaskClient) -> None:
    answer = client.post(
        URL,
        data=orjson.dumps(BUNDLE),
        content_type="application/fhir+json; charset=utf-8; fhirVersion=4.0",
    )
    assert answer.status_code == 200
    assert client.post(URL, json=BUNDLE).json == answer.json


def test_a_body_that_is_too_large_is_refused(kb: KnowledgeBase) -> None:
    settings = Settings(kb_path=kb.path, max_body_bytes=1000)
    small = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
    assert send(small, {**VARIANT, "note": [{"text": "x" * 2000}]}).status_code == 413


def test_a_page_of_another_origin_may_send_documents(kb: KnowledgeBase) -> None:
    settings = Settings(kb_path=kb.path, cors_origins=("https://ehr.example.org",))
    app = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
    headers = {
        "Origin": "https://ehr.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    asked = app.options(URL, headers=headers)
    assert asked.headers["Access-Control-Allow-Origin"] == "https://ehr.example.org"
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    sent = app.post(
        URL,
        data=orjson.dumps(BUNDLE),
        content_type=FHIR,
        headers={"Origin": "https://ehr.example.org"},
    )
    assert sent.status_code == 200
    assert sent.headers["Access-Control-Allow-Origin"] == "https://ehr.example.org"


def test_two_tumour_types_are_two_results(client: FlaskClient) -> None:
    document = copy.deepcopy(BUNDLE)
    other = copy.deepcopy(document["entry"][1])
    other["fullUrl"] += "-2"
    other["resource"]["id"] = "cancer-2"
    other["resource"]["code"]["coding"] = [
        {"system": "http://snomed.info/sct", "code": "363406005"}
    ]
    document["entry"].append(other)
    results = send(client, document).json["results"]
    assert [r["answer"]["case"]["tumor_type"]["code"] for r in results] == ["NSCLC", "COAD"]
    assert {w["code"] for r in results for w in r["warnings"]} == {"ambiguous_tumor_type"}
    assert [names(result) for result in results] == [["EGFR L858R"]] * 2


def test_too_many_biomarkers_are_a_problem_and_are_not_cut(client: FlaskClient) -> None:
    variants = [
        {"resource": {**VARIANT, "id": f"v{n}", "component": VARIANT["component"]}}
        for n in range(501)
    ]
    document = {**BUNDLE, "entry": [*BUNDLE["entry"][:2], *variants]}
    (result,) = send(client, document).json["results"]
    assert result["answer"] is None
    assert [f["code"] for f in result["problem"]["errors"]] == ["out_of_range"]
