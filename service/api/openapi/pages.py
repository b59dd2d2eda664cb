"""``/openapi.yaml`` and ``/docs``: the contract as a file, and as a page without scripts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from flask import Flask, Response, current_app, render_template
from flask_smorest import Blueprint

from service.api.examples import match as examples
from service.api.openapi.document import openapi_document
from service.knowledge.yaml_text import to_yaml

blueprint = Blueprint(
    "reference", __name__, template_folder="templates", description="The contract itself."
)
_METHODS = ("get", "post")
_TEXT = {"type": "string"}


@blueprint.route("/openapi.yaml")
@blueprint.doc(operationId="openapi")
@blueprint.response(
    200, {"type": "object"}, content_type="application/yaml", example=examples.OPENAPI
)
def openapi_yaml() -> Response:
    """Return the OpenAPI document."""
    return Response(_file_of(_app()), mimetype="application/yaml")


@blueprint.route("/docs")
@blueprint.doc(operationId="docs")
@blueprint.response(200, _TEXT, content_type="text/html", example=examples.PAGE)
def docs() -> Response:
    """Return the reference as one page: works offline, needs no script."""
    return Response(_page_of(_app()), mimetype="text/html")


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


@lru_cache(maxsize=1)
def _file_of(app: Flask) -> str:
    return to_yaml(openapi_document(app))


@lru_cache(maxsize=1)
def _page_of(app: Flask) -> str:
    document = openapi_document(app)
    operations = [
        _operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]
    return render_template("reference.html", info=document["info"], operations=operations)


def _operation(path: str, method: str, item: dict[str, Any]) -> dict[str, Any]:
    content = item.get("requestBody", {}).get("content", {})
    answers = item["responses"]
    return {
        "path": path,
        "method": method.upper(),
        "summary": item.get("summary", ""),
        "parameters": item.get("parameters", []),
        "request": _pretty(content.get("application/json", {}).get("example")),
        "answer": _pretty(
            answers.get("200", {}).get("content", {}).get("application/json", {}).get("example")
        ),
        "problems": sorted(code for code in answers if code.startswith(("4", "5"))),
    }


def _pretty(example: Any) -> str:
    if example is None:
        return ""
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()
