"""Bytes to the lines of messages: MLLP framing, character sets, segment ends, batches.

Source: HL7 v2.5.1 chapter 2 (message construction, character sets, 2.10.3 batches), table 0211;
MLLP release 1 (blocks begin with 0x0B and end with 0x1C 0x0D).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from service.errors import Fault, InputError

#: Segments of one upload; each costs a little.
MAX_SEGMENTS = 20_000
_FRAMING = re.compile(r"[\x0b\x1c]")
_END = re.compile(r"\r\n|\r|\n")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_ENVELOPE = frozenset({"FHS", "BHS", "BTS", "FTS"})
_BOM = "\ufeff"
#: Table 0211 -> codec; what is not listed is tried as UTF-8, then as Latin 1.
_CODECS = {
    "ASCII": "ascii", "UNICODE": "utf-16", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16", "UNICODE UTF-32": "utf-32", "GB 18030-2000": "gb18030",
    "BIG-5": "big5", "KS X 1001": "euc_kr", "ISO IR87": "iso2022_jp", "ISO IR6": "ascii",
    "CNS 11643-1992": "big5hkscs",
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The lines of one message, the MSH first.

    Args:
        codec: of its characters, for hexadecimal escapes.
    """

    lines: tuple[str, ...]
    codec: str


@dataclass(frozen=True, slots=True)
class Wire:
    """What came over the wire.

    Args:
        outside: lines of batches and files, and what stands before the first message.
        remarks: what must be said about its characters.
    """

    messages: tuple[RawMessage, ...]
    outside: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_wire(content: bytes) -> Wire:
    """Cut an upload into messages.

    Raises:
        InputError: it holds no message, or more segments than are read.
    """
    text, codec, remarks = _decoded(content)
    messages: list[list[str]] = []
    outside: list[str] = []
    for line in _END.split(_FRAMING.sub("\r", text)):
        name, separator = line[:3], line[3:4]
        if not line.strip():
            continue
        if name == "MSH" and not separator.isalnum():
            messages.append([line])
        elif not messages or (name in _ENVELOPE and not separator.isalnum()):
            outside.append(line)
        elif _SEGMENT.fullmatch(name) and separator in ("", messages[-1][0][3:4]):
            messages[-1].append(line)
        else:  # a line break inside a text that was not escaped
            messages[-1][-1] += f"\n{line}"
    if not messages:
        raise InputError((Fault("MSH", "required", "there is no MSH segment"),))
    if sum(map(len, messages)) + len(outside) > MAX_SEGMENTS:
        message = f"more than {MAX_SEGMENTS} segments; send its messages one by one"
        raise InputError((Fault("MSH", "out_of_range", message),))
    return Wire(tuple(RawMessage(tuple(one), codec) for one in messages), tuple(outside), remarks)


def _decoded(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Return the text, its codec, and what must be said about the characters."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16", ()
    said = _character_set(content)
    codec = _CODECS.get(said)
    if codec in ("utf-16", "utf-32"):
        codec = None  # its own header could be read: it is not in two bytes
    remarks = (f"the character set {said[:40]!r} is not known here",) if said and not codec else ()
    for tried in (codec, "utf-8") if codec else ("utf-8",):
        try:
            return content.decode(tried or "utf-8").lstrip(_BOM), tried or "utf-8", remarks
        except UnicodeDecodeError:
            remarks = (*remarks, f"its characters are no {said or 'UTF-8'}") if said else remarks
    return content.decode("latin-1"), "latin-1", tuple(dict.fromkeys(remarks))


def _character_set(content: bytes) -> str:
    """Return MSH-18 of the first message, upper case; empty when it names none."""
    start = content.find(b"MSH")
    header = re.split(rb"[\r\n]", content[start : start + 2000], maxsplit=1)[0]
    fields = header.split(header[3:4]) if len(header) > 3 else []
    said = fields[17] if len(fields) > 17 else b""
    repeat = header[5:6] or b"~"
    return said.split(repeat)[0].decode("ascii", "replace").strip().upper()
