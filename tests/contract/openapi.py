"""The OpenAPI document as the tests use it: its operations, and what is wrong with an instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]
METHODS = ("get", "post")


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    path: str
    method: str
    content: Json

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def example_path(self) -> str:
        """Return the path with the examples of its parameters in place."""
        path = self.path
        for parameter in self.content.get("parameters", ()):
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        return path

    @property
    def example_query(self) -> Json:
        """Return the examples of the query parameters that must be given."""
        return {
            parameter["name"]: parameter["example"]
            for parameter in self.content.get("parameters", ())
            if parameter["in"] == "query" and parameter.get("required")
        }

    @property
    def body(self) -> Json:
        """Return media type -> content of the request body; empty when there is none."""
        content: Json = self.content.get("requestBody", {}).get("content", {})
        return content


def operations(document: Json) -> list[Operation]:
    """Return every operation of a document."""
    return [
        Operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def complaints(document: Json, schema: Json, instance: Any) -> list[str]:
    """Return what a schema of a document has against an instance."""
    resource = Resource(contents=document, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:openapi", resource)
    validator = Draft202012Validator(_absolute(schema), registry=registry)
    return [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(instance)
    ]


def _absolute(schema: Any) -> Any:
    """Return a schema whose references lead into the document."""
    if isinstance(schema, dict):
        return {
            key: f"urn:openapi{value}" if key == "$ref" else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema


def examples(document: Json) -> Iterator[tuple[str, Json, Any]]:
    """Yield the address, the schema and the example of every request and every answer."""
    for operation in operations(document):
        for parameter in operation.content.get("parameters", ()):
            where = f"{operation} {parameter['in']} {parameter['name']}"
            yield where, parameter["schema"], parameter["example"]
        for media, content in operation.body.items():
            yield f"{operation} request {media}", content["schema"], content["example"]
        for status, answer in operation.content["responses"].items():
            for media, content in answer.get("content", {}).items():
                yield f"{operation} {status} {media}", content["schema"], content["example"]
