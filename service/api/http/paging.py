"""Pages of lists by cursor: stable under insertion, and the same for every list."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from flask import Response, request

from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE

MAX_LIMIT = 500
DEFAULT_LIMIT = 50
Item = TypeVar("Item")


def page_response(
    items: Sequence[Item],
    key: Callable[[Item], str],
    render: Callable[[Item], Any],
    faults: Sequence[Fault] = (),
) -> Response:
    """Answer one page of a list that is sorted by ``key``.

    Args:
        render: called for the items of the page only.
        faults: those of the filters that gave ``items``; reported together with those found here.

    Raises:
        InputError: there are faults.
    """
    found = list(faults)
    limit, after = _limit(found), _cursor(found)
    if found:
        raise InputError(tuple(found))
    start = 0
    if after is not None:
        start = next((i for i, item in enumerate(items) if key(item) > after), len(items))
    page = items[start : start + limit]
    more = start + limit < len(items)
    body = {
        "items": [render(item) for item in page],
        "total": len(items),
        "next": encode_cursor(key(page[-1])) if more and page else None,
        "intended_use": INTENDED_USE,
    }
    return Response(orjson.dumps(body), mimetype="application/json")


def encode_cursor(key: str) -> str:
    """Return the cursor that continues after ``key``."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _limit(faults: list[Fault]) -> int:
    text = request.args.get("limit", str(DEFAULT_LIMIT))
    if text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    message = f"limit is a whole number from 1 to {MAX_LIMIT}"
    faults.append(Fault("?limit", "out_of_range", message))
    return DEFAULT_LIMIT


def _cursor(faults: list[Fault]) -> str | None:
    text = request.args.get("cursor")
    if text is None:
        return None
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = ""
    if not key or encode_cursor(key) != text:
        message = "this is no cursor that was given out here"
        faults.append(Fault("?cursor", "invalid_cursor", message))
    return key
