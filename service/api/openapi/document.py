"""The OpenAPI document of an application, generated from the same schemas that requests load with.

``therapy-match openapi`` writes it to ``openapi.yaml``; a test fails when the two differ.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Flask

from service.adapters.fhir_out import FHIR_JSON, to_outcome
from service.api.examples.match import PROBLEM
from service.api.http.negotiation import FHIR_PATHS
from service.api.http.problems import CONTENT_TYPE, PROBLEMS, problem_dict
from service.api.openapi.corrections import corrected
from service.api.shapes.fields import TextOr, Unread
from service.errors import Fault

Json = dict[str, Any]
#: The order in which an operation is read.
_PARTS = (
    "operationId",
    "summary",
    "tags",
    "security",
    "parameters",
    "requestBody",
    "responses",
)
METHODS = {"get", "post"}
_NOT_MODIFIED = "Nothing changed since the answer with this ETag"
_OTHER = "Any other problem: 404, 405, 406, 421 or 500"
#: What may be answered before an operation is reached -> status; where keys and limits are set.
_BEFORE = {"unauthorized": "401", "forbidden": "403", "too-many-requests": "429"}
_OPEN = ("/healthz", "/readyz")
_KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": (
        "Asked for where the deployment names keys (API_KEYS_FILE); taken as a bearer token and as "
        "the password of HTTP Basic too. Scopes: read, match, feedback, admin."
    ),
}
_DETAILS = {
    400: "unexpected character: line 1 column 2 (char 1)",
    401: "a key is needed: X-API-Key: tm_…",
    403: "this needs a key with the scope match",
    404: "there is no such record",
    413: "The data value transmitted exceeds the capacity limit.",
    415: "send application/json, not text/plain",
    429: "600 per 1 minute",
    503: "the compiled knowledge base is gone or is another one",
}


def document_fields(api: Any) -> None:
    """Teach the generator the kinds of fields that are ours."""

    def attributes(self: Any, field: Any, **_: Any) -> Json:
        if isinstance(field, Unread):
            return cast(Json, self.resolve_nested_schema(field.shape))
        if isinstance(field, TextOr):
            text: Json = {"type": "string", "minLength": 1}
            if field.max_length is not None:
                text["maxLength"] = field.max_length
            null = [{"type": "null"}] if field.allow_none else []
            return {"oneOf": [text, self.resolve_nested_schema(field.inner), *null]}
        return {}

    api.ma_plugin.converter.add_attribute_function(attributes)


def fhir_content(kind: str, example: Json) -> Json:
    """Return content that is one FHIR resource; its own specification says what is in it."""
    schema = {
        "type": "object",
        "description": f"FHIR R4 {kind}",
        "properties": {"resourceType": {"const": kind}},
        "required": ["resourceType"],
    }
    return {FHIR_JSON: {"schema": schema, "example": example}}


def openapi_document(app: Flask) -> Json:
    """Return the OpenAPI document of an application."""
    document = corrected(app.extensions["therapy_match_api"].spec.to_dict())
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            operation = item[method]
            _complete(path, method, operation)
            item[method] = {part: operation[part] for part in _PARTS if part in operation}
    components = document["components"]
    components["schemas"].pop("Error")
    default = _problem_response(_OTHER, PROBLEM)
    default["content"][FHIR_JSON] = _outcome(PROBLEM)
    components["responses"]["DEFAULT_ERROR"] = default
    for kind in _BEFORE:
        response = _problem_response(PROBLEMS[kind][1], problem_example(kind))
        response["content"][FHIR_JSON] = _outcome(problem_example(kind))
        components["responses"][_name(kind)] = response
    components["securitySchemes"] = {"apiKey": _KEY}
    document["security"] = [{}, {"apiKey": []}]
    return {"openapi": document.pop("openapi"), **document}


def _complete(path: str, method: str, operation: Json) -> None:
    """Add the answers that every operation of its kind has, and examples that fit this one."""
    answers = operation["responses"]
    if method == "get" and path.startswith(("/v1/", FHIR_PATHS)):
        answers["304"] = {"description": _NOT_MODIFIED}
    if method == "get" and path.startswith("/v1/"):
        title = PROBLEMS["invalid-request"][1]
        answers["422"] = _problem_response(title, _query_problem(path, operation))
    if path in _OPEN:
        operation["security"] = []
    else:
        for kind, status in _BEFORE.items():
            answers[status] = {"$ref": f"#/components/responses/{_name(kind)}"}
    gives_fhir = FHIR_JSON in answers["200"].get("content", {})
    for answer in answers.values():
        media = answer.get("content", {}).get(CONTENT_TYPE)
        if media is None:
            continue
        media["example"] = {**media["example"], "instance": path}
        if gives_fhir or path.startswith(FHIR_PATHS):
            answer["content"][FHIR_JSON] = _outcome(media["example"])
        if path.startswith(FHIR_PATHS):
            del answer["content"][CONTENT_TYPE]
    operation["responses"] = dict(sorted(answers.items()))


def problem_example(kind: str) -> Json:
    """Return an example of a kind of problem."""
    status, _ = PROBLEMS[kind]
    if status == PROBLEM["status"]:
        return PROBLEM
    return problem_dict(kind, _DETAILS[status], "/v1/match")


def _query_problem(path: str, operation: Json) -> Json:
    known = sorted(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query")
    message = "there is no such parameter here"
    fault = Fault("?page", "unknown_parameter", message, tuple(known))
    return problem_dict("invalid-request", "1 fault; see errors", path, (fault,))


def _outcome(problem: Json) -> Json:
    """Return the content of the OperationOutcome that says the same as a problem."""
    kind = problem["type"].rsplit(":", 1)[-1]
    faults = [Fault(**{**fault, "suggestions": ()}) for fault in problem["errors"]]
    outcome = to_outcome(kind, problem["title"], problem["detail"], faults)
    content: Json = fhir_content("OperationOutcome", outcome)[FHIR_JSON]
    return content


def _name(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("-"))


def _problem_response(description: str, example: Json) -> Json:
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": description, "content": {CONTENT_TYPE: media}}
