"""The knowledge base's own page, and whether this process is alive and ready."""

from __future__ import annotations

import datetime as dt

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.api.examples import match as examples
from service.api.http.problems import ProblemError
from service.api.openapi.contract import problems
from service.api.shapes.catalogue import HealthSchema, KnowledgeBaseSchema
from service.api.state import state
from service.errors import KnowledgeBaseError
from service.intended_use import INTENDED_USE
from service.knowledge.sealed import read_meta

blueprint = Blueprint("operations", "operations", description="Version, health.")


@blueprint.route("/v1/knowledge-base")
@blueprint.doc(operationId="knowledgeBase")
@blueprint.response(200, KnowledgeBaseSchema, example=examples.KNOWLEDGE_BASE)
def knowledge_base() -> Response:
    """Return version, hash, counts and age of the knowledge that answers here."""
    shared = state()
    meta = shared.knowledge.meta
    newest = dt.date.fromisoformat(meta["newest_review"])
    content = {
        "version": shared.knowledge.version,
        "content_hash": shared.knowledge.content_hash,
        "counts": shared.knowledge.counts(),
        "oldest_review": meta["oldest_review"],
        "newest_review": meta["newest_review"],
        "days_since_newest_review": max((shared.today() - newest).days, 0),
        "intended_use": INTENDED_USE,
    }
    return Response(orjson.dumps(content), mimetype="application/json")


@blueprint.route("/healthz")
@blueprint.doc(operationId="healthz")
@blueprint.response(200, HealthSchema, example=examples.HEALTH)
def healthz() -> Response:
    """Say that the process is alive."""
    return _ok()


@blueprint.route("/readyz")
@blueprint.doc(operationId="readyz")
@blueprint.response(200, HealthSchema, example=examples.HEALTH)
@problems(blueprint, 503)
def readyz() -> Response:
    """Say that the compiled file that was loaded is still in its place, and whole."""
    knowledge = state().knowledge
    try:
        now = read_meta(knowledge.path)
    except KnowledgeBaseError as error:
        raise ProblemError("not-ready", f"the knowledge base cannot be read: {error}") from error
    if now != knowledge.meta:
        raise ProblemError("not-ready", f"{knowledge.path} is another one by now; SIGHUP serves it")
    return _ok()


def _ok() -> Response:
    content = {
        "status": "ok",
        "version": state().knowledge.version,
        "intended_use": INTENDED_USE,
    }
    return Response(orjson.dumps(content), mimetype="application/json")
