"""JSON over HTTP: one module a resource; ``problems`` holds the only table of status codes."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

from service.api import (
    batch,
    catalogue,
    changes,
    compare,
    match,
    normalize,
    operations,
    phenopacket,
    read,
    va_spec,
    watch,
    what_if,
)
from service.api import next_tests as test_plan
from service.api.cds.services import register_cds_services
from service.api.fhir import match as fhir
from service.api.fhir import operations as fhir_operations
from service.api.guard import guard
from service.api.http import problems
from service.api.http.access import caller_address, control_access
from service.api.http.cors import allow_origins
from service.api.http.encoding import unpack_bodies
from service.api.http.journal import write_journal
from service.api.http.limits import limit_rates
from service.api.http.memory import MemoryRequest
from service.api.http.metrics import measure
from service.api.http.request_ids import name_requests
from service.api.openapi import pages as reference
from service.api.openapi.contract import API_CONFIG
from service.api.openapi.document import document_fields, openapi_document
from service.api.state import State


def register_api(app: Flask, state: State) -> None:
    """Register every route and the error handlers on an application."""
    app.extensions["therapy_match"] = state
    app.request_class = MemoryRequest
    app.config.update(API_CONFIG)
    app.config["MAX_CONTENT_LENGTH"] = state.settings.max_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api = Api(app)
    document_fields(api)
    for blueprint in (
        match.blueprint,
        fhir.blueprint,
        batch.blueprint,
        phenopacket.blueprint,
        va_spec.blueprint,
        normalize.blueprint,
        read.blueprint,
        what_if.blueprint,
        compare.blueprint,
        test_plan.blueprint,
        catalogue.blueprint,
        operations.blueprint,
        changes.blueprint,
        watch.blueprint,
        fhir_operations.blueprint,
        reference.blueprint,
    ):
        api.register_blueprint(blueprint)
    app.extensions["therapy_match_api"] = api
    register_cds_services(app, state)
    problems.register_handlers(app)
    if state.settings.metrics:
        measure(app, state)
    if state.settings.access_log:
        write_journal(app)
    name_requests(app)
    control_access(app, state)
    limit_rates(app, state.settings, caller_address)
    unpack_bodies(app)
    guard(app, openapi_document(app), state)
    allow_origins(app, state.settings.cors_origins)
