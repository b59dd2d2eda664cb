"""What the descriptions of operations share: settings, parameters, bodies, problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from flask_smorest import Blueprint
from marshmallow import Schema

from service import __version__
from service.api.examples.catalogue import id_of
from service.api.http.problems import CONTENT_TYPE, PROBLEMS
from service.api.openapi.document import fhir_content, problem_example
from service.api.shapes.problem import ProblemSchema
from service.api.shapes.requests import EXPLAIN, UNREADABLE
from service.engine.jurisdictions import JURISDICTIONS
from service.engine.patient_facts import PATIENT_FACTS, PatientFact
from service.knowledge.assertion_schemas import EFFECTS

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


def _fact_parameter(fact: PatientFact) -> Json:
    """Return the query parameter of a plain fact about the patient."""
    if fact.kind == "word":
        return query(fact.name, fact.label, fact.example, enum=list(fact.words))
    kind = "integer" if fact.kind == "whole" else "number"
    return query(
        fact.name, fact.label, fact.example, type=kind, minimum=fact.low, maximum=fact.high
    )


def many(name: str, description: str, example: list[str], **items: Any) -> Json:
    """Return an optional query parameter that may be repeated."""
    return {
        "in": "query",
        "name": name,
        "description": description,
        "schema": {"type": "array", "items": {"type": "string", **items}},
        "explode": True,
        "example": example,
    }


def id_parameter(vocabulary: str) -> Json:
    """Return the identifier in the path of a record."""
    return {
        "in": "path",
        "name": "id",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": "identifier of the record",
        "example": id_of(vocabulary),
    }


AS_OF = query("as_of", "day of the question; today when left out", "2026-11-01", format="date")
UNREADABLE_PARAMETER = query(
    "unreadable",
    "what happens to a biomarker that is not understood",
    "set_apart",
    enum=list(UNREADABLE),
)
CASE_PARAMETERS: list[Json] = [
    {**query("tumor_type", "OncoTree code, name or synonym", "LUAD"), "required": True},
    many("biomarker", "a biomarker as a laboratory prints it", ["EGFR L858R"]),
    many("jurisdiction", "whose authorisations count", ["US"], enum=list(JURISDICTIONS)),
    AS_OF,
    query("explain", "how much reason is given", "brief", enum=list(EXPLAIN)),
    UNREADABLE_PARAMETER,
    *(_fact_parameter(fact) for fact in PATIENT_FACTS),
    many("prior_therapy", "a drug or drug group given before, or none", ["osimertinib"]),
    many(
        "condition",
        "a yes/no fact that criteria ask for, as name:yes or name:no",
        ["complete_resection:yes"],
    ),
]
QUERY_PARAMETERS: list[Json] = [
    *CASE_PARAMETERS,
    query("kb_version", "which knowledge base answers", "2026.11.0", minLength=1, maxLength=40),
]
#: What a query may say about a case whose findings stand in the body.
DEFAULT_PARAMETERS: list[Json] = [
    {**parameter, "required": False}
    for parameter in CASE_PARAMETERS
    if parameter["name"] != "biomarker"
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
    AS_OF,
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


def fhir_body(kind: str, example: Json) -> Json:
    """Return a request body that is one FHIR resource, under its own type or as plain JSON."""
    content = fhir_content(kind, example)
    (media,) = content.values()
    return {"required": True, "content": {**content, "application/json": media}}


def lines_body(description: str, lines: Sequence[Json]) -> Json:
    """Return content of JSON lines; a schema cannot look into the lines, the description does."""
    text = "".join(f"{orjson.dumps(line).decode()}\n" for line in lines)
    schema = {"type": "string", "description": description}
    return {"application/x-ndjson": {"schema": schema, "example": text}}


def file_bodies(tables: Mapping[str, str], vcf: str) -> Json:
    """Return content of files: a MAF or a VCF alone, or a form with one part a file."""
    text: Json = {"type": "string", "description": "a table with a header row; gzip is unpacked"}
    annotated: Json = {
        "type": "string",
        "description": "VCF annotated by VEP or SnpEff; gzip is unpacked",
    }
    form = {
        "type": "object",
        "properties": {**dict.fromkeys(tables, text), "vcf": annotated},
        "minProperties": 1,
        "additionalProperties": False,
    }
    return {
        "text/tab-separated-values": {"schema": text, "example": tables["maf"]},
        "text/vcf": {"schema": annotated, "example": vcf},
        "multipart/form-data": {"schema": form, "example": dict(tables)},
    }


def problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """Document the problems that a view may answer."""
    kinds = {status: (kind, title) for kind, (status, title) in PROBLEMS.items()}

    def decorate(view: View) -> View:
        for status in statuses:
            kind, title = kinds[status]
            view = blueprint.alt_response(
                status,
                schema=ProblemSchema,
                description=title,
                example=problem_example(kind),
                content_type=CONTENT_TYPE,
                success=False,
            )(view)
        return view

    return decorate
