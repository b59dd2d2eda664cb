"""Every error of the contract over HTTP: status, media type, kind, and each fault's address.

The cases are ``cases/errors.yaml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.http.problems import PROBLEMS
from tests.cases import read_cases
from tests.contract.openapi import METHODS, complaints, operations

Json = dict[str, Any]
CASES = read_cases(Path(__file__).parent / "cases")
CASE = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}


def send(client: FlaskClient, given: Json) -> Any:
    """Send the request of a case."""
    body: bytes | None = None
    media = given.get("type")
    if "body" in given:
        body = given["body"].encode()
    elif "body_hex" in given:
        body = bytes.fromhex(given["body_hex"])
    elif "body_bytes" in given:
        body = b'"' + b"x" * (given["body_bytes"] - 2) + b'"'
    elif "json_cases" in given:
        body, media = orjson.dumps({"cases": [CASE] * given["json_cases"]}), "application/json"
    elif "json" in given:
        body, media = orjson.dumps(given["json"]), "application/json"
    headers = {"Accept": given["accept"]} if "accept" in given else {}
    path = given["path"].replace(" ", "")
    method = given.get("method", "POST")
    return client.open(path, method=method, data=body, content_type=media, headers=headers)


def faults(wanted: list[Json], got: list[Json]) -> list[str]:
    """Return how the faults of an answer differ from those that a case expects."""
    addresses = [(fault["pointer"], fault["code"]) for fault in got]
    if addresses != [(want["pointer"], want["code"]) for want in wanted]:
        return [f"the faults are {addresses}"]
    differences = []
    for want, fault in zip(wanted, got, strict=True):
        if "suggestions" in want and fault["suggestions"] != want["suggestions"]:
            differences.append(f"{want['pointer']} suggests {fault['suggestions']}")
        if "suggests" in want and want["suggests"] not in fault["suggestions"]:
            differences.append(f"{want['pointer']} suggests {fault['suggestions']}")
        if not fault["message"]:
            differences.append(f"{want['pointer']} has no message")
    return differences


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_an_error_is_a_problem_that_names_every_fault(
    client: FlaskClient, document: Json, case: Json
) -> None:
    response = send(client, case["send"])
    expect = case["expect"]
    assert response.status_code == expect["status"], response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert complaints(document, {"$ref": "#/components/schemas/Problem"}, problem) == []
    assert problem["type"] == f"urn:therapy-match:problem:{expect['kind']}"
    assert PROBLEMS[expect["kind"]] == (problem["status"], problem["title"])
    assert problem["status"] == expect["status"]
    assert problem["instance"] == case["send"]["path"].split("?")[0]
    assert faults(expect["errors"], problem["errors"]) == []
    assert response.headers.get("Allow") == expect.get("allow")


def test_the_comparer_notices_each_kind_of_difference() -> None:
    got = [{"pointer": "/a", "code": "x", "message": "m", "suggestions": ["s"]}]
    assert (
        faults([{"pointer": "/a", "code": "x", "suggestions": ["s"], "suggests": "s"}], got) == []
    )
    assert faults([{"pointer": "/b", "code": "x"}], got) != []
    assert faults([{"pointer": "/a", "code": "y"}], got) != []
    assert faults([{"pointer": "/a", "code": "x", "suggestions": []}], got) != []
    assert faults([{"pointer": "/a", "code": "x", "suggests": "t"}], got) != []
    assert faults([], got) != []
    assert faults([{"pointer": "/a", "code": "x"}], [{**got[0], "message": ""}]) != []


def test_the_ids_of_the_cases_are_their_own_and_every_kind_of_problem_has_a_case() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))
    elsewhere = {"internal-error", "not-ready"}  # below, and test_operations
    elsewhere |= {"unauthorized", "missing-prefetch"}  # of CDS Hooks, as OperationOutcome
    elsewhere.add("invalid-parameters")  # test_fhir
    elsewhere |= {"forbidden", "misdirected", "too-many-requests", "broken-encoding"}  # test_access
    assert {case["expect"]["kind"] for case in CASES} == set(PROBLEMS) - elsewhere


def test_every_operation_refuses_a_parameter_that_it_does_not_document(
    client: FlaskClient, document: Json
) -> None:
    for operation in operations(document):
        if not operation.path.startswith("/v1/"):
            continue
        body = operation.body.get("application/json", {}).get("example")
        query = {**operation.example_query, "page": "2"}
        response = client.open(
            operation.example_path, method=operation.method, query_string=query, json=body
        )
        assert response.status_code == 422, str(operation)
        assert (
            faults([{"pointer": "?page", "code": "unknown_parameter"}], response.json["errors"])
            == []
        )
        if operation.method == "get":
            media = operation.content["responses"]["422"]["content"]["application/problem+json"]
            assert media["example"]["errors"] == response.json["errors"], str(operation)


def media_type(path: str) -> str:
    """Return how errors of a path are told to a client that names no type."""
    return "application/fhir+json" if path.startswith("/fhir/") else "application/problem+json"


def test_every_operation_with_a_body_refuses_broken_json_and_other_media_types(
    client: FlaskClient, document: Json
) -> None:
    for operation in operations(document):
        if operation.body:
            path = operation.example_path
            broken = client.post(path, data="{", content_type="application/json")
            assert (broken.status_code, broken.mimetype) == (400, media_type(path))
            other = client.post(path, data="{}", content_type="application/xml")
            assert (other.status_code, other.mimetype) == (415, media_type(path))
            shape = client.post(path, json=[])
            assert shape.mimetype == media_type(path)
            if path.startswith("/fhir/"):
                assert shape.status_code in (400, 422), str(operation)
                (issue,) = shape.json["issue"]
                assert issue["code"] == "structure"
            else:
                assert shape.status_code == 422, str(operation)
                wanted = [{"pointer": "", "code": "invalid_type"}]
                assert faults(wanted, shape.json["errors"]) == []


def test_every_path_refuses_the_methods_that_it_does_not_document(
    client: FlaskClient, document: Json
) -> None:
    known = {(operation.example_path, operation.method) for operation in operations(document)}
    for path in {path for path, _ in known}:
        for method in (*METHODS, "put", "patch", "delete"):
            if (path, method) not in known:
                response = client.open(path, method=method.upper())
                assert response.status_code == 405, (path, method)
                assert response.mimetype == media_type(path)
                assert method.upper() not in response.headers["Allow"]


def test_an_error_of_ours_is_a_problem_that_says_nothing_of_the_inside(app: Flask) -> None:
    views = dict(app.view_functions)
    app.view_functions["operations.healthz"] = lambda: [][1]
    try:
        response = app.test_client().get("/healthz")
    finally:
        app.view_functions.update(views)
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "IndexError" not in response.get_data(as_text=True)
    assert response.json["type"] == "urn:therapy-match:problem:internal-error"
