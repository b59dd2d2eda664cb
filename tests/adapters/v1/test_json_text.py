"""JSON with a key twice in one object is refused, and no other JSON is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.v1.json_text import JsonError, parse_json

KEYS = st.text(alphabet='ab":\\ é{}', min_size=0, max_size=4)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), KEYS, st.just('x": 1'))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
STYLES = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : "), ("\n,", "\t:")])


@given(VALUES, STYLES, st.booleans())
def test_json_whose_keys_stand_once_is_read_as_it_is(
    value: Any, style: tuple[str, str], is_ascii: bool
) -> None:
    text = json.dumps(value, separators=style, ensure_ascii=is_ascii)
    assert parse_json(text.encode()) == value


@given(VALUES, VALUES, KEYS, STYLES, st.integers(0, 3))
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(
    one: Any, other: Any, key: str, style: tuple[str, str], depth: int
) -> None:
    name, colon = json.dumps(key), style[1]
    pairs = f"{name}{colon}{json.dumps(one)}{style[0]}{name}{colon}{json.dumps(other)}"
    text = f"{{{pairs}}}"
    for _ in range(depth):
        text = f'[{{"in"{colon}{text}}}]'
    with pytest.raises(JsonError, match="twice"):
        parse_json(text.encode())


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', "", '{"a":1}x'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(JsonError):
        parse_json(text.encode())


def test_json_that_is_nested_deeply_is_read_or_refused_and_never_breaks() -> None:
    assert parse_json(b"[" * 500 + b"]" * 500)
    with pytest.raises(JsonError):
        parse_json(b"[" * 5000 + b"]" * 5000)
