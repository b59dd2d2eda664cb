"""``/openapi.yaml`` and ``/docs``: the contract as a file, and as a page without scripts."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, current_app, render_template

from service.api.contract import openapi_document
from service.knowledge.yaml_text import to_yaml

blueprint = Blueprint("reference", __name__, template_folder="templates")
_METHODS = ("get", "post")


@blueprint.route("/openapi.yaml")
def openapi_yaml() -> Response:
    """Return the OpenAPI document."""
    return Response(to_yaml(openapi_document(_app())), mimetype="application/yaml")


@blueprint.route("/docs")
def docs() -> Response:
    """Return the reference as one page: works offline, needs no script."""
    document = openapi_document(_app())
    operations = [
        _operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]
    page = render_template("reference.html", info=document["info"], operations=operations)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _app() -> Any:
    return current_app


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
