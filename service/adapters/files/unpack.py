"""Bytes of a file to lines of text: unpacked when they are gzip, decoded as UTF-8, within bounds.

A file with several members (bgzip, joined files) is one text. Source: RFC 1952.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator

from service.errors import Fault, InputError

_GZIP = b"\x1f\x8b"
_STEP = 1 << 16
#: zlib: a gzip header is expected.
_WINDOW = zlib.MAX_WBITS | 16


def read_lines(file: str, content: bytes, limit: int) -> Iterator[str]:
    """Return the lines of a file that was sent, each with its end.

    Args:
        file: name for faults.
        limit: bytes that the text may have, also once it is unpacked.

    Raises:
        InputError: ``too_large``, ``not_utf8``, ``unreadable_file`` (broken gzip).
    """
    try:
        text = unpacked(file, content, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} of the file is no UTF-8"
        raise InputError((Fault(file, "not_utf8", message),)) from error
    return iter(io.StringIO(text, newline=None))


def unpacked(file: str, content: bytes, limit: int) -> bytes:
    """Return the bytes of a file that was sent, out of their gzip when they are in one.

    Raises:
        InputError: ``too_large``, ``unreadable_file`` (broken gzip).
    """
    if content[: len(_GZIP)] != _GZIP:
        return content
    return b"".join(_within(file, unpack(file, [content]), limit))


def unpack(file: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip step by step; no step is larger than a few bytes of the input allow at once."""
    machine = zlib.decompressobj(_WINDOW)
    try:
        for chunk in chunks:
            while chunk:
                if machine.eof:
                    if not chunk.startswith(_GZIP):
                        return  # padding behind the last member
                    machine = zlib.decompressobj(_WINDOW)
                yield machine.decompress(chunk, _STEP)
                chunk = machine.unused_data if machine.eof else machine.unconsumed_tail
        yield machine.flush()
    except zlib.error as error:
        raise InputError((Fault(file, "unreadable_file", f"broken gzip: {error}"),)) from error
    if not machine.eof:
        raise InputError((Fault(file, "unreadable_file", "broken gzip: it ends too early"),))


def _within(file: str, chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            message = f"unpacked it is larger than {limit} bytes"
            raise InputError((Fault(file, "too_large", message),))
        yield chunk
