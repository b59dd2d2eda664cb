"""JSON as it came: parsed, and refused whole when a key stands twice in one object.

Of two equal keys every parser keeps the last, so that a result would be lost in silence.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_GAP = re.compile(rb'"[ \t\r\n]+:')


class JsonError(Exception):
    """A text that is no JSON, or that has a key twice in one object; the message says where."""


def parse_json(text: bytes) -> Any:
    """Parse JSON.

    Raises:
        JsonError: it is broken, or has a key twice.
    """
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise JsonError(str(error)) from error
    if not _has_each_key_once(text, data):
        _look_for_repeated(text)
    return data


def _has_each_key_once(text: bytes, data: Any) -> bool:
    """Tell whether surely no key was lost; ``False`` when it takes a closer look.

    Without escapes, and without blanks before a colon, each key is written as ``":``. Written
    anew, the data has as many of them as the text, unless a key with its value was lost.
    """
    if b"\\" in text or _GAP.search(text):
        return False
    try:
        return text.count(b'":') == orjson.dumps(data).count(b'":')
    except orjson.JSONEncodeError:  # nested deeper than is written
        return False


def _look_for_repeated(text: bytes) -> None:
    def read(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise JsonError(f"the key {twice[:80]!r} stands twice in one object")

    try:
        json.loads(text, object_pairs_hook=read)
    except (RecursionError, ValueError) as error:  # too deep, a number of thousands of digits
        raise JsonError(f"this JSON is not read here: {error}") from error
