"""The OpenAPI document: settings, shared parameters and bodies, and the document itself.

``therapy-match openapi`` writes it to ``openapi.yaml``; a test fails when the two differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import orjson
from flask import Flask
from flask_smorest import Blueprint
from marshmallow import Schema

from service import __version__
from service.api.examples import PROBLEM
from service.api.problems import CONTENT_TYPE, PROBLEMS, ProblemSchema
from service.api.schemas import EXPLAIN, TextOr
from service.engine.criteria import DISEASE_STAGES, TREATMENT_SETTINGS
from service.knowledge.schemas import EFFECTS, JURISDICTIONS

Json = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

API_CONFIG: Json = {
    "API_TITLE": "therapy-match",
    "API_VERSION": f"v1 ({__version__})",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": (
                "Maps biomarker results and a tumour type to candidate targeted therapies, with "
                "the reason for every line. Research and education only; not a medical device."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
    },
}
#: Vocabulary -> (path, what it lists).
CATALOGUES: dict[str, tuple[str, str]] = {
    "genes": ("/v1/genes", "genes and markers"),
    "variants": ("/v1/variants", "curated variants"),
    "biomarker_classes": ("/v1/biomarker-classes", "biomarker classes"),
    "tumor_types": ("/v1/tumor-types", "tumour types"),
    "drugs": ("/v1/drugs", "drugs and drug groups"),
    "regimens": ("/v1/regimens", "regimens"),
    "diagnostics": ("/v1/diagnostics", "companion diagnostics"),
    "studies": ("/v1/studies", "studies"),
    "sources": ("/v1/sources", "sources"),
    "conditions": ("/v1/conditions", "clinical conditions that criteria ask for"),
}


def query(name: str, description: str, example: Any, **schema: Any) -> Json:
    """Return an optional query parameter."""
    return {
        "in": "query",
        "name": name,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def _many(name: str, description: str, example: list[str], **items: Any) -> Json:
    return {
        "in": "query",
        "name": name,
        "description": description,
        "schema": {"type": "array", "items": {"type": "string", **items}},
        "explode": True,
        "example": example,
    }


def id_parameter(name: str) -> Json:
    """Return the identifier in a path."""
    return {
        "in": "path",
        "name": name,
        "required": True,
        "schema": {"type": "string"},
        "description": "identifier of the record",
    }


_AS_OF = query("as_of", "day of the question; today when left out", "2026-11-01", format="date")
QUERY_PARAMETERS: list[Json] = [
    {**query("tumor_type", "OncoTree code, name or synonym", "LUAD"), "required": True},
    _many("biomarker", "a biomarker as a laboratory prints it", ["EGFR L858R"]),
    _many("jurisdiction", "whose authorisations count", ["US"], enum=list(JURISDICTIONS)),
    _AS_OF,
    query("explain", "how much reason is given", "brief", enum=list(EXPLAIN)),
    query("age_years", "age in years", 64, type="number", minimum=0, maximum=130),
    query("sex", "sex", "female", enum=["female", "male"]),
    query(
        "menopausal_status",
        "menopausal status",
        "postmenopausal",
        enum=["premenopausal", "perimenopausal", "postmenopausal"],
    ),
    query("disease_stage", "stage of disease", "metastatic", enum=list(DISEASE_STAGES)),
    query("treatment_setting", "setting of treatment", "adjuvant", enum=list(TREATMENT_SETTINGS)),
    query("line_of_therapy", "line of therapy", 1, type="integer", minimum=1, maximum=20),
    _many("prior_therapy", "a drug or drug group given before", ["osimertinib"]),
]
PAGING: list[Json] = [
    query("limit", "items a page", 50, type="integer", minimum=1, maximum=500),
    query("cursor", "the next of the page before", "QTAwNTA"),
]
ASSERTION_FILTERS: list[Json] = [
    query("gene", "gene that the criteria name", "EGFR"),
    query("tumor_type", "tumour type that the criteria cover or lie below", "NSCLC"),
    query("drug", "drug of the regimen", "osimertinib"),
    query("jurisdiction", "of the authorisation", "US", enum=list(JURISDICTIONS)),
    query("effect", "effect", "sensitivity", enum=list(EFFECTS)),
    query(
        "status",
        "status on the day",
        "approved",
        enum=["approved", "accelerated", "conditional", "withdrawn", "superseded"],
    ),
    _AS_OF,
]
SEARCH_PARAMETERS: list[Json] = [
    {
        **query(
            "q", "words to look for; all must occur", "osimertinib", minLength=2, maxLength=200
        ),
        "required": True,
    }
]


def body(schema: type[Schema], example: Any) -> Json:
    """Return a JSON request body."""
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def batch_body(schema: type[Schema], line: type[Schema], example: Json) -> Json:
    """Return the body of a batch: JSON, or NDJSON with one case a line."""
    lines = "\n".join(orjson.dumps(case).decode() for case in example["cases"])
    content = body(schema, example)["content"]
    return {
        "required": True,
        "content": {**content, "application/x-ndjson": {"schema": line, "example": lines}},
    }


def problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """Document the problems that a view may answer."""
    kinds = {status: (kind, title) for kind, (status, title) in PROBLEMS.items()}

    def decorate(view: View) -> View:
        for status in statuses:
            kind, title = kinds[status]
            example = {**PROBLEM, "type": f"urn:therapy-match:problem:{kind}", "title": title}
            example["status"] = status
            view = blueprint.alt_response(
                status,
                schema=ProblemSchema,
                description=title,
                example=example,
                content_type=CONTENT_TYPE,
                success=False,
            )(view)
        return view

    return decorate


def document_text_or(api: Any) -> None:
    """Teach the generator that ``TextOr`` is a string or an object."""

    def attributes(self: Any, field: Any, **_: Any) -> Json:
        if not isinstance(field, TextOr):
            return {}
        return {"oneOf": [{"type": "string"}, self.resolve_nested_schema(field.inner)]}

    api.ma_plugin.converter.add_attribute_function(attributes)


def openapi_document(app: Flask) -> Json:
    """Return the OpenAPI document of an application."""
    api = app.extensions["therapy_match_api"]
    return cast(Json, api.spec.to_dict())
