"""Bytes to messages: segment ends, framing, separators, escapes, character sets, and bounds."""

from __future__ import annotations

import pytest

from service.adapters.hl7v2.escapes import Delimiters
from service.adapters.hl7v2.segments import read_segments
from service.adapters.hl7v2.wire import MAX_SEGMENTS, read_wire
from service.errors import InputError
from tests.adapters.hl7v2.messages import (
    CODED,
    HEADER,
    PLAIN,
    PLAIN_FINDINGS,
    message,
    names_of,
    read,
    row,
)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(("before", "behind"), [(b"", b""), (b"\x0b", b"\x1c\r"), (b"\r\n", b"")])
def test_segment_ends_and_framing_change_nothing(end: str, before: bytes, behind: bytes) -> None:
    assert names_of(read(before + message(*PLAIN, end=end) + behind)) == PLAIN_FINDINGS


def test_the_message_says_how_it_is_parted() -> None:
    table = str.maketrans("|^~&", "#*!%")
    assert names_of(read(message(*CODED).decode().translate(table).encode())) == names_of(
        read(message(*CODED))
    )


def test_an_escape_sign_that_was_doubled_is_one() -> None:
    doubled = HEADER.replace("^~\\&", "^~\\\\&")
    assert names_of(read(message(doubled, *PLAIN[1:]))) == PLAIN_FINDINGS


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"), (r"a\.br\b\.sp2\c", "a\nb\nc"),
        (r"\H\a\N\ b", "a b"), (r"\X48494A\ ", "HIJ "), (r"\XC3A4\ ", "ä "), (r"\XFF\a", r"\XFF\a"),
        (r"\XZ\a", r"\XZ\a"), (r"\Q\a", r"\Q\a"), (r"a\F", r"a\F"), (r"\C2842\ ", r"\C2842\ "),
        (r"\.in+2\a\.skip1\b", r" a\.skip1\b"), ("no escape", "no escape"),
    ],
)  # fmt: skip
def test_escapes_are_read_and_an_unknown_one_stays(text: str, plain: str) -> None:
    assert Delimiters().unescaped(text) == plain


@pytest.mark.parametrize(
    ("named", "codec"),
    [("", "utf-8"), ("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("", "latin-1")],
)
def test_characters_are_read_in_the_set_that_is_named(named: str, codec: str) -> None:
    header = f"{HEADER}||||||{named}"
    content = message(header, row("Diagnose", "Lungenkarzinom, großzellig")).decode().encode(codec)
    assert any("großzellig" in item.text for item in read(content).all_items)


def test_a_line_break_that_was_not_escaped_belongs_to_its_text() -> None:
    content = message(row("EGFR Mutation", "L858R\ndetected", "TX"))
    assert names_of(read(content)) == {"EGFR L858R"}


def test_fields_are_cut_as_the_standard_says() -> None:
    (raw,) = read_wire(message('OBX|1|CWE|a^b&c^d|x|1~2^3~""||')).messages
    obx = read_segments(raw)[-1]
    assert (obx.text(3), obx.text(3, 2), obx.text(3, 4), obx.text(40)) == ("a", "b&c", "", "")
    assert [value.whole for value in obx.repetitions(5)] == ["1", "2^3", '""']
    assert [value.is_null for value in obx.repetitions(5)] == [False, False, True]
    assert obx.repetitions(6) == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PID|1", "required"), (b"MSH", "unreadable"), (b"MSH|", "unreadable"),
        (b"MSH||||", "unreadable"), (b"MSH|^^~&|", "unreadable"), (b"MSH|abcd|", "unreadable"),
        (b"MSH|^~\\&|\r" + b"NTE|1\r" * MAX_SEGMENTS, "out_of_range"),
    ],
)  # fmt: skip
def test_a_broken_container_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(content)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_one_broken_message_of_a_batch_costs_no_other() -> None:
    reading = read(b"MSH||||\rOBX|1\r" + message(*PLAIN))
    assert names_of(reading) == PLAIN_FINDINGS
    assert [i.place for i in reading.all_items if i.reason == "unreadable"] == [
        "1/line 1", "1/line 2",
    ]  # fmt: skip
