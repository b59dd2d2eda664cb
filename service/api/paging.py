"""Pages of lists by cursor: stable under insertion, and the same for every list."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from flask import Response, request

from service.adapters.v1_out import INTENDED_USE
from service.errors import Fault, InputError

MAX_LIMIT = 500
DEFAULT_LIMIT = 50
Item = TypeVar("Item")


def page_response(
    items: Sequence[Item], key: Callable[[Item], str], render: Callable[[Item], Any]
) -> Response:
    """Answer one page of a list that is sorted by ``key``.

    Args:
        render: called for the items of the page only.

    Raises:
        InputError: ``limit`` or ``cursor`` is not usable.
    """
    limit, after = _limit(), _cursor()
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


def _limit() -> int:
    text = request.args.get("limit", str(DEFAULT_LIMIT))
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= MAX_LIMIT:
        fault = Fault("?limit", "out_of_range", f"limit is a whole number from 1 to {MAX_LIMIT}")
        raise InputError((fault,))
    return int(text)


def _cursor() -> str | None:
    text = request.args.get("cursor")
    if text is None:
        return None
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        fault = Fault("?cursor", "invalid_cursor", "this is no cursor that was given out here")
        raise InputError((fault,)) from error
