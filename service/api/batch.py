"""``POST /v1/match/batch``: many cases; one bad case is one problem item, never a failed batch.

JSON takes up to 1,000 cases. NDJSON is streamed both ways without limit: one case a line in, one
result a line out, in order; memory does not grow with the stream. Files (MAF and those of
cBioPortal, annotated VCF) give one case a sample. What the query says holds for every case that
does not say it itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from flask import Response, request, stream_with_context
from flask_smorest import Blueprint

from service.adapters.files.samples import Sample, Samples
from service.adapters.v1.fates import write_set_apart
from service.api.examples import exchange as exchange_examples
from service.api.examples import match as examples
from service.api.http.defaults import query_defaults
from service.api.http.problems import ProblemError, detail_of, problem_dict
from service.api.http.reading import json_body, load, parse_json
from service.api.http.uploads import FILE_TYPES, uploaded_samples
from service.api.match import answer
from service.api.openapi.contract import (
    DEFAULT_PARAMETERS,
    body,
    file_bodies,
    lines_body,
    problems,
)
from service.api.shapes.answers import BatchAnswerSchema
from service.api.shapes.requests import BatchCaseSchema, BatchRequestSchema
from service.api.state import State, state
from service.engine.reading import Item
from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
blueprint = Blueprint("batch", "batch", description="Match many cases.")
NDJSON = "application/x-ndjson"
_LINE_TYPES = (NDJSON, "application/ndjson", "application/jsonl")
_PATH = "/v1/match/batch"
_BODY = BatchRequestSchema()
_CASE = BatchCaseSchema()
_READ_BYTES = 65536
_LINES_A_WRITE = 100


@blueprint.route(_PATH, methods=["POST"])
@blueprint.doc(
    operationId="matchBatch",
    parameters=DEFAULT_PARAMETERS,
    requestBody={
        "required": True,
        "content": {
            **body(BatchRequestSchema, examples.BATCH_REQUEST)["content"],
            **lines_body("one BatchCase a line", examples.BATCH_REQUEST["cases"]),
            **file_bodies(exchange_examples.TABLES, exchange_examples.VCF),
        },
    },
    responses={
        200: {"content": lines_body("one BatchItem a line", examples.BATCH_ANSWER["results"])}
    },
)
@blueprint.response(200, BatchAnswerSchema, example=examples.BATCH_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_batch() -> Response:
    """Answer many cases, each with its own status."""
    shared = state()
    common = query_defaults()
    if request.mimetype in _LINE_TYPES:
        request.max_content_length = sys.maxsize  # None would mean the setting of the app
        lines = split_lines(_chunks(), shared.settings.max_line_bytes)
        return Response(stream_with_context(_stream(shared, lines, common)), mimetype=NDJSON)
    request.max_content_length = shared.settings.max_batch_bytes
    if request.mimetype in FILE_TYPES:
        samples = uploaded_samples(shared)
        given: list[bytes] = []
        items = _answer_samples(shared, samples, common, given)
        apart = write_set_apart(items, echo=common.get("explain") == "full")
        return _together(given, apart, samples.records())
    loaded, faults = load(_BODY, json_body())
    if faults:
        raise InputError(tuple(faults))
    if loaded.get("unreadable"):
        common["unreadable"] = loaded["unreadable"]
    return _together([_item(shared, case, common) for case in loaded["cases"]], [], [])


def _together(items: list[bytes], apart: list[Json], files: list[Json]) -> Response:
    after = {"set_apart": apart, "files": files, "intended_use": INTENDED_USE}
    rest = orjson.dumps(after)[1:]
    content = b'{"results":[' + b",".join(items) + b"]," + rest
    return Response(content, mimetype="application/json")


def _answer_samples(
    shared: State, samples: Samples, common: Json, given: list[bytes]
) -> Iterator[Item]:
    """Answer each sample into a list, and yield all items on the way: none of them is kept."""
    yield from samples.loose
    for sample in samples:
        given.append(_sample_item(shared, sample, common))
        yield from sample.items


def _sample_item(shared: State, sample: Sample, common: Json) -> bytes:
    """Return the result of one sample; its faults name file, line and column."""
    try:
        content = answer(shared, _CASE, sample.frame(common), sample.items).content
    except InputError as error:
        faults = (*sample.faults, *(sample.located(fault) for fault in error.faults))
        return _problem(sample.id, faults)
    if sample.faults:
        return _problem(sample.id, sample.faults)
    return orjson.dumps({"id": sample.id, "status": 200, "answer": orjson.Fragment(content)})


def _item(shared: State, case: Any, common: Json) -> bytes:
    """Return the result of one case: its answer, or its problem."""
    if not isinstance(case, dict):
        return _problem(None, [Fault("", "invalid_type", "a case is a JSON object")])
    identifier = case.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        identifier = None
    try:
        content = answer(shared, _CASE, {**common, **case}).content
    except InputError as error:
        return _problem(identifier, error.faults)
    return orjson.dumps({"id": identifier, "status": 200, "answer": orjson.Fragment(content)})


def _problem(identifier: Any, faults: Iterable[Fault]) -> bytes:
    listed = tuple(faults)
    problem = problem_dict("invalid-request", detail_of(listed), _PATH, listed)
    return orjson.dumps({"id": identifier, "status": problem["status"], "problem": problem})


def _chunks() -> Iterator[bytes]:
    while chunk := request.stream.read(_READ_BYTES):
        yield chunk


def split_lines(chunks: Iterable[bytes], limit: int) -> Iterator[bytes | None]:
    """Yield the non-empty lines of a stream; ``None`` is a line longer than ``limit`` bytes."""
    rest = b""
    is_skipping = False
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if is_skipping or len(line) > limit:
                is_skipping = False
                yield None
            elif line.strip():
                yield line
        if len(rest) > limit:
            is_skipping, rest = True, b""
    if is_skipping:
        yield None
    elif rest.strip():
        yield rest


def _stream(shared: State, lines: Iterable[bytes | None], common: Json) -> Iterator[bytes]:
    pending: list[bytes] = []
    try:
        for line in lines:
            pending.append(_line(shared, line, common))
            if len(pending) >= _LINES_A_WRITE:
                yield b"\n".join(pending) + b"\n"
                pending.clear()
    except ProblemError as error:  # what is sent cannot be unpacked further
        pending.append(_problem_line(error))
    if pending:
        yield b"\n".join(pending) + b"\n"


def _line(shared: State, line: bytes | None, common: Json) -> bytes:
    if line is None:
        limit = shared.settings.max_line_bytes
        fault = Fault("", "line_too_long", f"the line is longer than {limit} bytes")
        problem = problem_dict("too-large", detail_of((fault,)), _PATH, (fault,))
        return orjson.dumps({"id": None, "status": problem["status"], "problem": problem})
    try:
        return _item(shared, parse_json(line), common)
    except ProblemError as error:
        return _problem_line(error)


def _problem_line(error: ProblemError) -> bytes:
    problem = problem_dict(error.kind, error.detail, _PATH)
    return orjson.dumps({"id": None, "status": problem["status"], "problem": problem})
