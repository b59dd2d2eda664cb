"""The law of conservation: whatever arrives, each segment and value has a fate, and none is new."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.hl7v2 import Hl7Reading
from service.engine.reading import FATES, REASONS
from service.errors import InputError
from tests.adapters.hl7v2.messages import (
    CODED,
    CODED_FINDINGS,
    PLAIN,
    PLAIN_FINDINGS,
    message,
    names_of,
    read,
    units,
)

MESSAGES = {CODED: CODED_FINDINGS, PLAIN: PLAIN_FINDINGS}
#: Signs that part a message, and some that do not belong there.
SIGNS = '|^~\\&\r\n\x0b\x1c"XLN 0+%:\x00é'


def unaccounted(reading: Hl7Reading, content: bytes) -> dict[str, int]:
    """Return the places whose values are not all accounted for, with the number that is missing."""
    seen: Counter[str] = Counter()
    for place in {item.place for item in reading.all_items}:
        seen[place.partition("[")[0]] += 1
    expected = units(content)
    return {
        place: expected[place] - seen[place]
        for place in expected | seen
        if expected[place] != seen[place]
    }


def assert_fates(reading: Hl7Reading) -> None:
    for item in reading.all_items:
        assert item.fate in FATES
        assert (item.reason in REASONS) == (item.fate == "set_apart")


@pytest.mark.parametrize("segments", MESSAGES)
def test_counts_in_are_counts_out(segments: tuple[str, ...]) -> None:
    content = message(*segments)
    reading = read(content)
    assert unaccounted(reading, content) == {}
    assert_fates(reading)


def test_a_place_without_a_fate_would_be_noticed() -> None:
    content = message(*PLAIN)
    assert unaccounted(read(content), content + b"OBX|1|ST|X||a~b") == {"OBX-9": 2}


@given(
    st.sampled_from(list(MESSAGES)),
    st.randoms(use_true_random=False),
    st.sampled_from(["shuffle", "drop", "double"]),
)
def test_segments_in_another_order_gone_or_doubled_give_nothing_new(
    segments: tuple[str, ...], random: object, change: str
) -> None:
    header, *rest = segments
    if change == "shuffle":
        random.shuffle(rest)  # type: ignore[attr-defined]
    elif change == "drop":
        rest = [one for one in rest if random.random() > 0.2]  # type: ignore[attr-defined]
    else:
        rest = [one for one in rest for _ in range(random.choice((1, 1, 2)))]  # type: ignore[attr-defined]
    content = message(header, *rest)
    reading = read(content)
    assert unaccounted(reading, content) == {}
    # A result that only says "result" is about its order, or about nothing.
    allowed = MESSAGES[segments] | {"KRAS mutation not detected"}
    assert names_of(reading) <= allowed


@given(st.sampled_from(list(MESSAGES)), st.integers(min_value=4, max_value=3000))
def test_a_message_that_is_cut_gives_no_detected_change_that_was_not_sent(
    segments: tuple[str, ...], length: int
) -> None:
    content = message(*segments)[:length]
    try:
        reading = read(content)
    except InputError:
        return
    assert_fates(reading)
    detected = {
        finding.name
        for item in reading.all_items
        for finding in item.findings
        if finding.result == "detected" and finding.kind in ("sequence_variant", "fusion")
    }
    assert detected <= MESSAGES[segments]


@given(
    st.sampled_from(list(MESSAGES)),
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(SIGNS)), min_size=1, max_size=8),
)
def test_any_sign_anywhere_costs_no_fate(
    segments: tuple[str, ...], changes: list[tuple[int, str]]
) -> None:
    text = list(message(*segments).decode())
    for place, sign in changes:
        text[4 + place % (len(text) - 4)] = sign
    try:
        reading = read("".join(text).encode())
    except InputError:  # its header is gone
        return
    assert_fates(reading)


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_header_are_read(content: bytes) -> None:
    assert_fates(read(b"MSH|^~\\&|LAB\r" + content))
