"""FHIR over HTTP: Bundles on request, errors as OperationOutcome; operations are beside this."""

from __future__ import annotations

import copy
from typing import Any

import fhirkit
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service.api.fhir.examples import BUNDLE
from service.intended_use import INTENDED_USE
from tests.adapters.fhir_in.runner import CASES, IDS
from tests.adapters.fhir_out.profiles import bundle_faults, resource_faults

Json = dict[str, Any]
FHIR = "application/fhir+json"
ACCEPT = {"Accept": FHIR}
CASE: Json = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R", "KRAS not detected"]}
ADDRESS = "/v1/match?tumor_type=LUAD&biomarker=EGFR+L858R&biomarker=KRAS+not+detected"
FIND = "/fhir/$find-subject-tx-implications"


def checked(response: Any) -> Json:
    """Return a Bundle that passes every check."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.mimetype == FHIR
    assert fhirkit.validate(response.get_data()) == []
    bundle: Json = response.json
    assert bundle_faults(bundle) == []
    return bundle


def refused(response: Any, status: int) -> list[tuple[str, str | None]]:
    """Return (code, place) of the issues of an OperationOutcome."""
    assert (response.status_code, response.mimetype) == (status, FHIR)
    assert fhirkit.validate(response.get_data()) == []
    assert resource_faults(response.json) == []
    return [
        (issue["details"]["coding"][0]["code"], issue.get("expression", [None])[0])
        for issue in response.json["issue"]
    ]


def profiles(bundle: Json) -> set[str]:
    return {
        profile.rsplit("/", 1)[-1]
        for entry in bundle["entry"]
        for profile in entry["resource"].get("meta", {}).get("profile", ())
    }


def test_a_case_is_answered_as_a_bundle_on_request(client: FlaskClient) -> None:
    posted = checked(client.post("/v1/match", json=CASE, headers=ACCEPT))
    assert checked(client.get(ADDRESS, headers=ACCEPT)) == posted
    assert profiles(posted) == {
        "genomic-report|3.0.0",
        "variant|3.0.0",
        "therapeutic-implication|3.0.0",
    }
    assert posted["meta"]["tag"][0]["display"] == INTENDED_USE
    plain = client.post("/v1/match", json=CASE)
    assert posted["identifier"]["value"] == plain.json["result_hash"]


def test_the_release_is_a_parameter(client: FlaskClient) -> None:
    for address in ("/v1/match?release=stu2", "/fhir/$match-therapies?release=stu2"):
        body = CASE if address.startswith("/v1/") else BUNDLE
        bundle = checked(client.post(address, json=body, headers=ACCEPT))
        assert {name.split("|")[1] for name in profiles(bundle)} == {"2.0.0"}
    for address in ("/v1/match?release=x", "/fhir/$match-therapies?release=x"):
        answer = client.post(address, json=CASE, headers=ACCEPT)
        assert refused(answer, 422) == [("invalid_value", "http.release")]


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (f"{FHIR}; fhirVersion=4.0", FHIR),
        (f"{FHIR}, application/json;q=0.9", FHIR),
        (f"{FHIR};q=0.5, application/json", "application/json"),
    ],
)
def test_the_media_type_is_the_one_that_is_wanted_most(
    client: FlaskClient, accept: str, wanted: str
) -> None:
    answer = client.get(ADDRESS, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, wanted)
    assert "Accept" in answer.headers["Vary"]


def test_another_fhir_version_is_not_given(client: FlaskClient) -> None:
    answer = client.get("/fhir/metadata", headers={"Accept": f"{FHIR}; fhirVersion=3.0"})
    assert refused(answer, 406) == [("not-acceptable", None)]
    generic = client.get("/fhir/metadata", headers={"Accept": "application/json"})
    assert (generic.status_code, generic.mimetype) == (200, "application/json")


def test_a_warning_names_the_place_in_the_request_or_the_finding(client: FlaskClient) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R", "EGFR L858Q"]}

    def issue(explain: str) -> Json:
        answer = client.post("/v1/match", json={**case, "explain": explain}, headers=ACCEPT)
        (outcome,) = [e["resource"] for e in checked(answer)["entry"] if "issue" in e["resource"]]
        found: Json = outcome["issue"][0]
        return found

    assert issue("full")["expression"] == ["biomarkers[1]"]
    assert "expression" not in issue("brief")
    assert "L858Q" in issue("brief")["details"]["text"]


def test_a_document_is_answered_as_a_bundle_that_points_back_to_it(client: FlaskClient) -> None:
    for address in ("/fhir/$match-therapies", "/v1/match"):
        sent = client.post(address, json=BUNDLE, headers=ACCEPT | {"Content-Type": FHIR})
        bundle = checked(sent)
        variants = [
            entry["resource"]
            for entry in bundle["entry"]
            if "variant|" in str(entry["resource"].get("meta"))
        ]
        assert variants
        for variant in variants:
            links = [item["valueReference"] for item in variant["extension"]]
            assert links[0]["display"].startswith("Bundle.entry[")
            assert links[0]["reference"]
        assert {e["resource"].get("subject", {}).get("reference") for e in bundle["entry"]} - {None}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_every_document_of_the_reader_is_answered_as_a_valid_bundle(
    client: FlaskClient, case: Json
) -> None:
    """What the JSON answer ignores and warns about is said in the Bundle too."""
    query = {**case.get("query", {}), "release": "stu2" if len(case["id"]) % 2 else "stu3"}
    post = {"path": "/fhir/$match-therapies", "json": case["given"], "query_string": query}
    bundle = checked(client.post(**post, headers=ACCEPT))
    plain = client.post(**post).json
    parts = [plain, *plain["results"]]
    wanted = {item["reason"] for part in parts for item in part["ignored"]}
    wanted |= {item["code"] for part in parts for item in part["warnings"]}
    said = {
        issue["details"]["coding"][0]["code"]
        for entry in bundle["entry"]
        for issue in entry["resource"].get("issue", ())
    }
    assert wanted <= said


def test_a_subject_without_a_tumour_type_is_an_issue_of_the_bundle(client: FlaskClient) -> None:
    variant = {
        "resourceType": "Observation",
        "id": "v1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "69548-6"}]},
        "subject": {"reference": "Patient/1"},
        "valueCodeableConcept": {"coding": [{"code": "LA9633-4"}]},
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "81252-9"}]},
                "valueCodeableConcept": {"text": "EGFR L858R"},
            }
        ],
    }
    bundle = checked(client.post("/fhir/$match-therapies", json=variant, headers=ACCEPT))
    (entry,) = bundle["entry"]
    issues = entry["resource"]["issue"]
    assert issues[0]["severity"] == "error"
    assert issues[0]["details"]["coding"][0]["code"] == "no_tumor_type"
    assert all(issue["diagnostics"].startswith("Patient/1") for issue in issues)
    named = client.post("/fhir/$match-therapies?tumor_type=LUAD", json=variant, headers=ACCEPT)
    assert len(checked(named)["entry"]) > 1


def test_errors_are_outcomes_on_fhir_paths_and_to_fhir_clients(client: FlaskClient) -> None:
    assert refused(client.get("/fhir/Patient"), 404) == [("not-found", None)]
    assert refused(client.get("/fhir/$match-therapies"), 405) == [("method-not-allowed", None)]
    answer = client.post(FIND, data="{", content_type=FHIR)
    assert refused(answer, 400) == [("broken-json", None)]
    answer = client.post(FIND, data="x", content_type="text/plain")
    assert refused(answer, 415) == [("unsupported-media-type", None)]
    answer = client.post("/v1/match", json={"biomarkers": ["EGFX L858R"]}, headers=ACCEPT)
    assert refused(answer, 422) == [("required", "tumor_type"), ("unknown_gene", "biomarkers[0]")]
    answer = client.post("/v1/match", json={"biomarkers": []})
    assert answer.mimetype == "application/problem+json"


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to every value inside a document."""
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    found_paths = []
    for key, value in steps:
        found_paths.append((*path, key))
        if isinstance(value, dict | list):
            found_paths += paths(value, (*path, key))
    return found_paths


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just([]) | st.just({})


@given(changes=st.lists(st.tuples(st.sampled_from(paths(BUNDLE)), ODD), max_size=4))
def test_whatever_is_sent_the_answer_is_fhir(client: FlaskClient, changes: Any) -> None:
    """A document with any value put anywhere gives a valid Bundle or a valid OperationOutcome."""
    document = copy.deepcopy(BUNDLE)
    for path, value in changes:
        node: Any = document
        try:
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    answer = client.post("/fhir/$match-therapies", json=document, headers=ACCEPT)
    assert answer.status_code in (200, 422)
    assert fhirkit.validate(answer.get_data()) == []
    if answer.status_code == 200:
        assert bundle_faults(answer.json) == []
