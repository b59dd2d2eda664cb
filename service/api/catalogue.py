"""The catalogue: every kind of record of the knowledge base, the assertions, and search."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from service.api.examples import catalogue as examples
from service.api.http.paging import page_response
from service.api.openapi.contract import (
    AS_OF,
    ASSERTION_FILTERS,
    CATALOGUES,
    PAGING,
    SEARCH_PARAMETERS,
    id_parameter,
    problems,
)
from service.api.shapes.catalogue import PageSchema, RecordSchema
from service.api.shapes.fields import parse_day
from service.api.state import State, state
from service.engine.authorisation import standing_on
from service.errors import Fault, InputError, NotFoundError
from service.intended_use import INTENDED_USE
from service.knowledge.catalogue import Catalogue
from service.knowledge.selection import select_assertions

blueprint = Blueprint("catalogue", "catalogue", description="What the knowledge base holds.")
Json = dict[str, Any]


def _catalogue() -> Catalogue:
    return state().knowledge.catalogue


def _records(name: str, faults: list[Fault]) -> dict[str, Json]:
    """Return the records of a vocabulary as they were on the day that is asked for.

    Regimens live by their assertions, and those by their events; nothing else here is dated.
    """
    shared = state()
    day = _as_of(shared, faults)
    records = _catalogue().records(name)
    if name != "regimens" or faults:
        return records
    standings = shared.knowledge.rulebook.standings(day)
    found = {}
    for id_, record in records.items():
        known = [a for a in record["assertions"] if standings[a].status != "not_yet"]
        if known:
            found[id_] = {**record, "assertions": known}
    return found


def _list(name: str) -> Response:
    faults: list[Fault] = []
    records = _records(name, faults)
    return page_response(sorted(records), str, lambda id_: records[id_], faults)


def _one(name: str, id_: str) -> Response:
    faults: list[Fault] = []
    record = _records(name, faults).get(id_)
    if faults:
        raise InputError(tuple(faults))
    if record is None:
        raise NotFoundError(f"there is no {name} record {id_[:100]!r}")
    return record_response(record)


def record_response(record: Json) -> Response:
    """Answer one record."""
    content = orjson.dumps({"record": record, "intended_use": INTENDED_USE})
    return Response(content, mimetype="application/json")


def _register(name: str, path: str, what: str) -> None:
    """Add the list and the single-record route of one vocabulary."""

    def list_view() -> Response:
        return _list(name)

    def one_view(id: str) -> Response:
        return _one(name, id)

    list_view.__doc__ = f"List {what}, sorted, in pages."
    one_view.__doc__ = f"Return one of the {what}."
    listing = blueprint.doc(operationId=f"list_{name}", parameters=[AS_OF, *PAGING])(list_view)
    listing = blueprint.response(200, PageSchema, example=examples.page_of(name))(listing)
    parameters = [id_parameter(name), AS_OF]
    single = blueprint.doc(operationId=f"get_{name}", parameters=parameters)(one_view)
    single = blueprint.response(200, RecordSchema, example=examples.record_of(name))(single)
    blueprint.route(path, endpoint=f"list_{name}")(problems(blueprint, 422)(listing))
    blueprint.route(f"{path}/<path:id>", endpoint=f"get_{name}")(
        problems(blueprint, 404, 422)(single)
    )


for _name, (_path, _what) in CATALOGUES.items():
    _register(_name, _path, _what)


@blueprint.route("/v1/assertions")
@blueprint.doc(operationId="list_assertions", parameters=[*ASSERTION_FILTERS, *PAGING])
@blueprint.response(200, PageSchema, example=examples.page_of("assertions"))
@problems(blueprint, 422)
def list_assertions() -> Response:
    """List assertions; filters are combined with "and"."""
    shared = state()
    faults: list[Fault] = []
    day = _as_of(shared, faults)
    chosen = select_assertions(shared.knowledge, request.args, day, faults)
    return page_response(
        chosen,
        lambda pair: pair[0].assertion.id,
        lambda pair: shared.knowledge.catalogue.assertion(pair[0].assertion.id, pair[1]),
        faults,
    )


@blueprint.route("/v1/assertions/<id>")
@blueprint.doc(operationId="get_assertion", parameters=[id_parameter("assertions"), AS_OF])
@blueprint.response(200, RecordSchema, example=examples.record_of("assertions"))
@problems(blueprint, 404, 422)
def get_assertion(id: str) -> Response:
    """Return one assertion with its criteria, events and sources."""
    shared = state()
    entry = shared.knowledge.rulebook.entry(id)
    if entry is None:
        raise NotFoundError(f"there is no assertion {id[:100]!r}")
    faults: list[Fault] = []
    status = standing_on(entry.assertion, _as_of(shared, faults)).status
    if faults:
        raise InputError(tuple(faults))
    return record_response(shared.knowledge.catalogue.assertion(id, status))


@blueprint.route("/v1/search")
@blueprint.doc(operationId="search", parameters=[*SEARCH_PARAMETERS])
@blueprint.response(200, PageSchema, example=examples.SEARCH_ANSWER)
@problems(blueprint, 422)
def search() -> Response:
    """Search names, statements, study results and documents over the whole catalogue."""
    text = request.args.get("q", "").strip()
    if not 2 <= len(text) <= 200:
        raise InputError((Fault("?q", "required", "q holds 2 to 200 characters to look for"),))
    hits = _catalogue().search(text)
    content = {
        "items": hits,
        "total": len(hits),
        "next": None,
        "intended_use": INTENDED_USE,
    }
    return Response(orjson.dumps(content), mimetype="application/json")


def _as_of(shared: State, faults: list[Fault]) -> dt.date:
    text = request.args.get("as_of")
    if text is None:
        return shared.today()
    day = parse_day(text)
    if day is None:
        faults.append(Fault("?as_of", "invalid_type", "a day is written YYYY-MM-DD"))
    return day or shared.today()
