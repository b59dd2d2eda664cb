"""The OpenAPI document says what generators of clients need, once."""

from __future__ import annotations

from typing import Any

from service.api.openapi.corrections import corrected

Json = dict[str, Any]
ID: Json = {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}


def _corrected(operation: Json) -> Json:
    path = {"parameters": [ID], "get": operation}
    given: Json = {"paths": {"/x/{id}": path}, "components": {"schemas": {}}}
    return corrected(given)


def test_a_parameter_that_each_operation_describes_does_not_stand_at_the_path_too() -> None:
    described = _corrected({"parameters": [{**ID, "description": "of the record"}]})
    assert "parameters" not in described["paths"]["/x/{id}"]
    assert len(described["paths"]["/x/{id}"]["get"]["parameters"]) == 1


def test_a_parameter_that_an_operation_leaves_out_stays_at_the_path() -> None:
    assert _corrected({})["paths"]["/x/{id}"]["parameters"] == [ID]


def test_an_object_of_no_stated_shape_may_hold_anything_and_an_example_is_left_alone() -> None:
    media = {"schema": {"type": "object"}, "example": {"type": "object"}}
    found = _corrected({"requestBody": {"content": {"application/json": media}}})
    content = found["paths"]["/x/{id}"]["get"]["requestBody"]["content"]["application/json"]
    assert content["schema"] == {"type": "object", "additionalProperties": True}
    assert content["example"] == {"type": "object"}


def test_an_object_that_is_read_as_two_media_types_is_one_named_schema() -> None:
    kinds = ("application/json", "application/fhir+json")
    content = {kind: {"schema": {"type": "object", "properties": {}}} for kind in kinds}
    found = _corrected({"operationId": "matchFhir", "requestBody": {"content": content}})
    bodies = found["paths"]["/x/{id}"]["get"]["requestBody"]["content"]
    reference = {"$ref": "#/components/schemas/MatchFhirBody"}
    assert [bodies[kind]["schema"] for kind in kinds] == [reference, reference]
    assert found["components"]["schemas"]["MatchFhirBody"] == content[kinds[0]]["schema"]


def test_the_document_of_the_service_has_no_parameter_twice_and_no_unused_schema(
    document: Json,
) -> None:
    assert [path for path, item in document["paths"].items() if "parameters" in item] == []
    assert "PaginationMetadata" not in document["components"]["schemas"]
