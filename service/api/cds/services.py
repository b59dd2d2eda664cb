"""CDS Hooks 2.0 over HTTP: ``/cds-services``, its services, and feedback on their cards.

Nothing is fetched from anywhere, and nothing of a request is logged. Errors are OperationOutcomes.
With ``THERAPY_MATCH_CDS_CLIENTS`` each call of a service needs a signed token; discovery never
does, since it says nothing of a patient.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.adapters.cds_hooks.cards import to_response
from service.adapters.cds_hooks.hooks import MissingPrefetchError, answer_hook
from service.adapters.cds_hooks.medications import DrugFinder
from service.adapters.cds_hooks.services import discovery, find_service
from service.adapters.fhir_out import to_outcome
from service.api.cds.feedback import to_feedback
from service.api.cds.shapes import FeedbackSchema, HookRequestSchema
from service.api.cds.store import CdsStore
from service.api.cds.tokens import TokenVerifier, read_clients
from service.api.http.negotiation import fhir_response
from service.api.http.problems import PROBLEMS, ProblemError, detail_of, kind_of
from service.api.http.reading import json_body, load
from service.api.state import State, state
from service.config import Settings
from service.errors import Fault, InputError, NotFoundError, SettingsError

Json = dict[str, Any]
blueprint = Blueprint("cds", __name__, url_prefix="/cds-services")
_REQUEST, _FEEDBACK = HookRequestSchema(), FeedbackSchema()
#: A hook request that is not of its shape is a bad request in this format.
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Desk:
    """What the views of this module share, made once at the start."""

    finder: DrugFinder
    verifier: TokenVerifier | None
    store: CdsStore | None


def register_cds_services(app: Flask, shared: State) -> None:
    """Register the routes.

    Raises:
        SettingsError: the settings cannot be used together.
    """
    knowledge = shared.knowledge
    store = CdsStore(shared.settings.cds_store) if shared.settings.cds_store else None
    desk = Desk(
        DrugFinder(knowledge.rulebook, knowledge.drug_names),
        _verifier(shared.settings, store),
        store,
    )
    app.extensions["therapy_match_cds"] = desk
    app.register_blueprint(blueprint)


def _verifier(settings: Settings, store: CdsStore | None) -> TokenVerifier | None:
    if settings.cds_clients is None:
        return None
    if settings.public_url is None or store is None:
        raise SettingsError(
            "THERAPY_MATCH_CDS_CLIENTS needs THERAPY_MATCH_PUBLIC_URL, which tokens are for, and "
            "THERAPY_MATCH_CDS_STORE, where used tokens are noted"
        )
    clients = read_clients(settings.cds_clients, settings.cds_algorithms)
    return TokenVerifier(clients, settings.cds_algorithms, store)


@blueprint.get("")
def get_services() -> Response:
    """List the services."""
    return _json(discovery(state().knowledge.marker_tests.values()))


@blueprint.post("/<id_>")
def post_hook(id_: str) -> Response:
    """Answer a hook with cards."""
    hooks = _require_service(id_)
    data = _checked_body(_REQUEST)
    if data["hook"] not in hooks:
        message = f"this service is not offered on {data['hook']}"
        raise InputError((Fault("/hook", "invalid_value", message, hooks),))
    shared = state()
    knowledge = shared.knowledge
    try:
        cards = answer_hook(knowledge, _desk().finder, data, today=shared.today())
    except MissingPrefetchError as error:
        raise ProblemError("missing-prefetch", str(error)) from error
    return _json(to_response(knowledge, cards, service=id_, public_url=_public_url()))


@blueprint.post("/<id_>/feedback")
def post_feedback(id_: str) -> Response:
    """Count what became of cards."""
    _require_service(id_)
    data = _checked_body(_FEEDBACK)
    store = _desk().store
    if store is not None:
        store.count(state().today(), to_feedback(id_, data["feedback"]))
    return _json({})


def _require_service(id_: str) -> tuple[str, ...]:
    """Return the hooks of a service that exists and may be called by who calls it."""
    hooks = tuple(service.hook for service in find_service(id_))
    verifier = _desk().verifier
    if verifier is not None:
        verifier.verify(request.headers.get("Authorization"), f"{_public_url()}{request.path}")
    if not hooks:
        raise NotFoundError("there is no such service; GET /cds-services lists them")
    return hooks


def _checked_body(schema: Any) -> Json:
    data, faults = load(schema, json_body())
    if faults:
        raise InputError(tuple(faults))
    return data


def _desk() -> Desk:
    return cast(Desk, current_app.extensions["therapy_match_cds"])


def _public_url() -> str:
    return state().settings.public_url or request.url_root.rstrip("/")


def _json(content: Json) -> Response:
    response = Response(orjson.dumps(content), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(InputError)
def _input_error(error: InputError) -> Response:
    return _outcome("invalid-request", _BAD_REQUEST, detail_of(error.faults), error.faults)


@blueprint.errorhandler(NotFoundError)
def _not_found(error: NotFoundError) -> Response:
    return _problem(ProblemError("not-found", str(error)))


@blueprint.errorhandler(sqlite3.OperationalError)
def _store_error(_: sqlite3.OperationalError) -> Response:
    return _problem(ProblemError("not-ready", "the store cannot be written now; try again"))


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    return _problem(ProblemError(kind_of(error), error.description or error.name))


@blueprint.errorhandler(ProblemError)
def _problem(error: ProblemError) -> Response:
    status = PROBLEMS[error.kind][0]
    response = _outcome(error.kind, status, error.detail, error.faults)
    if error.kind == "unauthorized":
        # RFC 6750, section 3; the detail holds nothing of the token.
        response.headers["WWW-Authenticate"] = 'Bearer realm="cds-services", error="invalid_token"'
    return response


def _outcome(kind: str, status: int, detail: str, faults: Iterable[Fault]) -> Response:
    response = fhir_response(to_outcome(kind, PROBLEMS[kind][1], detail, faults), status)
    response.headers["Cache-Control"] = "no-store"
    return response
