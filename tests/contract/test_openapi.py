"""``openapi.yaml`` is what the code says, is valid, and its examples are what the app answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fhirkit
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from service.api.openapi.document import openapi_document
from service.knowledge.yaml_text import to_yaml
from tests.contract.openapi import Operation, complaints, examples, operations

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
#: Paths that are not part of the contract: what other contracts describe.
OUTSIDE = ("/cds-services", "/metrics")
#: The web pages, by endpoint; docs/explorer.md lists them.
PAGES = "explorer."
JSON = "application/json"
FHIR = "application/fhir+json"
NDJSON = "application/x-ndjson"


def test_the_committed_document_is_what_the_code_writes(document: Json) -> None:
    written = (ROOT / "openapi.yaml").read_text("utf-8")
    assert written == to_yaml(document), "run: make openapi"


def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_every_route_is_documented_and_every_documented_path_exists(
    app: Flask, document: Json
) -> None:
    routes = {
        (str(rule).replace("<path:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(PAGES)
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    routes = {pair for pair in routes if not pair[0].startswith(OUTSIDE)}
    documented = {(operation.path, operation.method) for operation in operations(document)}
    assert routes == documented


def test_every_operation_has_an_id_of_its_own_and_a_summary(document: Json) -> None:
    ids = [operation.content["operationId"] for operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(operation.content["summary"] for operation in operations(document))


def test_every_request_and_every_answer_has_an_example_of_its_shape(document: Json) -> None:
    faults = [
        f"{where}: {complaint}"
        for where, schema, example in examples(document)
        for complaint in complaints(document, schema, example)
    ]
    assert faults == []


def test_each_line_of_the_line_examples_has_the_shape_of_a_case_or_a_result(
    document: Json,
) -> None:
    batch = document["paths"]["/v1/match/batch"]["post"]
    sent = batch["requestBody"]["content"][NDJSON]["example"]
    got = batch["responses"]["200"]["content"][NDJSON]["example"]
    for text, name in ((sent, "BatchCase"), (got, "BatchItem")):
        lines = text.splitlines()
        assert lines
        for line in lines:
            schema = {"$ref": f"#/components/schemas/{name}"}
            assert complaints(document, schema, orjson.loads(line)) == []


def test_the_complaints_notice_a_wrong_instance(document: Json) -> None:
    schema = {"$ref": "#/components/schemas/MatchAnswer"}
    answer = document["paths"]["/v1/match"]["post"]["responses"]["200"]
    example = answer["content"][JSON]["example"]
    assert complaints(document, schema, example) == []
    assert complaints(document, schema, {**example, "therapies": 1}) != []
    assert complaints(document, schema, {**example, "extra": 1}) != []
    assert complaints(document, schema, {k: v for k, v in example.items() if k != "case"}) != []


def ask(client: FlaskClient, operation: Operation) -> Any:
    """Return the app's answer to the example request of an operation."""
    body = operation.body.get(JSON, {}).get("example")
    return client.open(
        operation.example_path,
        method=operation.method.upper(),
        query_string=operation.example_query,
        json=body,
    )


def test_every_example_request_is_answered_in_the_shape_of_the_example_answer(
    client: FlaskClient, document: Json
) -> None:
    for operation in operations(document):
        response = ask(client, operation)
        assert response.status_code == 200, (str(operation), response.get_data(as_text=True))
        content = operation.content["responses"]["200"]["content"]
        assert response.mimetype in content
        if response.mimetype == JSON:
            wanted = content[JSON]
            assert complaints(document, wanted["schema"], response.json) == []
            assert differences(wanted["example"], response.json, str(operation)) == []
        elif response.mimetype == FHIR:
            wanted = content[FHIR]
            assert complaints(document, wanted["schema"], response.json) == []
            assert fhirkit.validate(wanted["example"]) == []


def differences(example: Any, real: Any, where: str) -> list[str]:
    """Return where keys, or their order, differ; lists are compared by their first items."""
    if isinstance(example, dict) and isinstance(real, dict):
        if where.endswith((".counts", ".exons")):
            return []
        if list(example) != list(real):
            return [f"{where}: {list(example)} is not {list(real)}"]
        return [
            d for key in example for d in differences(example[key], real[key], f"{where}.{key}")
        ]
    if isinstance(example, list) and isinstance(real, list) and example and real:
        return differences(example[0], real[0], f"{where}[0]")
    return []


def test_the_differences_notice_a_missing_key_and_another_order() -> None:
    assert differences({"a": 1, "b": [{"c": 1}]}, {"a": 2, "b": [{"c": 2}]}, "") == []
    assert differences({"a": 1, "b": 1}, {"b": 1, "a": 1}, "") != []
    assert differences({"a": [{"c": 1}]}, {"a": [{"d": 1}]}, "") != []


@pytest.mark.parametrize("path", ["/openapi.yaml", "/docs"])
def test_the_served_reference_shows_every_operation(
    client: FlaskClient, document: Json, path: str
) -> None:
    text = client.get(path).get_data(as_text=True)
    for operation in operations(document):
        assert operation.path in text
    if path == "/openapi.yaml":
        assert text == to_yaml(document)


def test_the_document_is_the_same_when_it_is_written_twice(app: Flask) -> None:
    assert to_yaml(openapi_document(app)) == to_yaml(openapi_document(app))
