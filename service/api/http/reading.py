"""Request bodies to checked data: JSON is parsed once, shape faults become ``Fault`` s.

Shape faults do not hide the others: what has the right shape is still understood, so that one
answer names every mistake of a request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from rapidfuzz import fuzz, process

from service.adapters.v1 import json_text
from service.adapters.v1.biomarkers import fault_of, read_biomarker
from service.adapters.v1.case import ReadCase, read_case
from service.adapters.v1.tumor import read_tumor
from service.api.http.problems import ProblemError
from service.api.shapes.faults import Coded
from service.engine.reading import Item, Unreadable
from service.errors import Fault, InputError, escaped
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]


def json_body(expected: str = "application/json") -> Any:
    """Return the parsed JSON of the request.

    Args:
        expected: media type to be named when something else was sent.

    Raises:
        ProblemError: ``unsupported-media-type``, ``too-large`` or ``broken-json``.
    """
    if not request.is_json:
        raise ProblemError(
            "unsupported-media-type", f"send {expected}, not {request.mimetype or 'nothing'}"
        )
    body = request.get_data(cache=False)
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(body) >= limit:
        raise ProblemError("too-large", f"a body holds less than {limit} bytes")  # it was cut there
    return parse_json(body)


def parse_json(body: bytes) -> Any:
    """Parse JSON.

    Raises:
        ProblemError: ``broken-json``, with the place; also when an object has a key twice.
    """
    try:
        return json_text.parse_json(body)
    except json_text.JsonError as error:
        raise ProblemError("broken-json", str(error)) from error


def load(schema: Schema, data: Any) -> tuple[Json, list[Fault]]:
    """Check the shape of data.

    Returns:
        What has the right shape, and one fault for each place that has not.
    """
    if not isinstance(data, dict):
        return {}, [Fault("", "invalid_type", "the body is a JSON object")]
    try:
        loaded: Json = schema.load(data)
        return loaded, []
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return valid, list(_faults(error.normalized_messages(), schema))  # type: ignore[no-untyped-call]


def _faults(messages: Any, schema: Schema, pointer: str = "") -> Iterator[Fault]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = "" if key == "_schema" else f"/{escaped(str(key))}"
            yield from _faults(inner, schema, f"{pointer}{step}")
        return
    for message in messages:
        said = message if isinstance(message, Coded) else Coded(str(message), "invalid_value")
        suggestions = said.suggestions
        if said.code == "unknown_field":
            suggestions = _near_fields(pointer.rsplit("/", 1)[-1], schema)
        yield Fault(pointer, said.code, str(said), suggestions)


def _near_fields(name: str, schema: Schema) -> tuple[str, ...]:
    names = sorted(_field_names(schema))
    found = process.extract(name, names, scorer=fuzz.ratio, limit=2, score_cutoff=60)
    return tuple(near for near, _, _ in found)


def _field_names(schema: Schema) -> set[str]:
    names = set(schema.fields)
    for field in schema.fields.values():
        inner = getattr(field, "inner", None)
        nested = getattr(inner, "inner", inner) or getattr(field, "schema", None)
        if isinstance(nested, Schema):
            names |= _field_names(nested)
    return names


def read_request(
    kb: KnowledgeBase,
    schema: Schema,
    data: Any,
    today: dt.date,
    *,
    items: Sequence[Item] | None = None,
    unreadable: Unreadable = "refuse",
) -> tuple[ReadCase, Json]:
    """Understand a match request.

    Args:
        items: what a reader of another format has read; ``data`` then holds no biomarkers.
        unreadable: what happens to biomarkers that are not understood, unless ``data`` says it.

    Returns:
        The case, and the loaded request (for ``explain``).

    Raises:
        InputError: with every fault, of shape and of meaning.
    """
    loaded, faults = load(schema, data)
    if not faults:
        read = read_case(kb, loaded, today=today, items=items, unreadable=unreadable)
        return read, loaded
    bad = {fault.pointer for fault in faults}
    rest = list(_faults_of_the_rest(kb, data, bad, unreadable))
    if items is not None and _is_refused(data, unreadable):
        rest += [fault_of(item) for item in items if item.is_not_understood]
    raise InputError((*faults, *rest))


def read_question(
    kb: KnowledgeBase, schema: Schema, data: Any, today: dt.date
) -> tuple[ReadCase | None, Json, list[Fault]]:
    """Understand a request that holds a case beside other things (what-if, compare).

    Returns:
        The case (``None`` when it has faults), the loaded request, and the faults so far: the
        caller adds its own and raises them together.
    """
    loaded, faults = load(schema, data)
    if faults:
        bad = {fault.pointer.removeprefix("/case") for fault in faults}
        case = data.get("case") if isinstance(data, dict) else None
        return None, loaded, [*faults, *_below_case(_faults_of_the_rest(kb, case, bad))]
    try:
        return read_case(kb, loaded["case"], today=today), loaded, []
    except InputError as error:
        return None, loaded, list(_below_case(error.faults))


def _below_case(faults: Iterable[Fault]) -> Iterator[Fault]:
    return (replace(fault, pointer=f"/case{fault.pointer}") for fault in faults)


def _faults_of_the_rest(
    kb: KnowledgeBase, data: Any, bad: set[str], unreadable: Unreadable = "refuse"
) -> Iterator[Fault]:
    """Yield the faults of meaning of whatever has the right shape."""
    if not isinstance(data, dict):
        return
    if "tumor_type" in data and _is_sound("/tumor_type", bad):
        try:
            read_tumor(kb.tumor_terms, data["tumor_type"])
        except InputError as error:
            yield from error.faults
    given = data.get("biomarkers")
    is_refused = _is_refused(data, unreadable)
    if not isinstance(given, list) or "/biomarkers" in bad or not is_refused:
        return
    for index, item in enumerate(given):
        if _is_sound(f"/biomarkers/{index}", bad):
            for read in read_biomarker(kb, item, f"/biomarkers/{index}"):
                if read.is_not_understood:
                    yield fault_of(read)


def _is_refused(data: Any, unreadable: Unreadable) -> bool:
    """Tell whether a biomarker that is not understood is a fault of this request."""
    asked = data.get("unreadable") if isinstance(data, dict) else None
    return (asked or unreadable) != "set_apart"


def _is_sound(place: str, bad: set[str]) -> bool:
    return not any(pointer == place or pointer.startswith(f"{place}/") for pointer in bad)
