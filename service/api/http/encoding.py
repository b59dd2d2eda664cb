"""Bodies that are sent packed (``Content-Encoding``): gzip and zstd, unpacked while they are read.

Nothing is unpacked further than a view reads, and a view reads as far as its limit. A stream has
no limit, so what unpacks to far more than cases do is refused.

Source: RFC 9110, sections 8.4 and 15.5.16; RFC 9659 (the window of zstd).
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable
from typing import IO, Any, cast

from flask import Flask, Response, request

from service.api.http.problems import ProblemError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Bytes out for each byte in, above the first ``FREE_BYTES``; cases nearly alike reach 100.
MOST_TIMES = 200
FREE_BYTES = 1 << 24
_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MiB
_OPEN: dict[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda source: gzip.GzipFile(fileobj=source, mode="rb"),
    "x-gzip": lambda source: gzip.GzipFile(fileobj=source, mode="rb"),
    "zstd": lambda source: zstd.ZstdFile(source, options=_WINDOW),
}
ENCODINGS = "gzip, zstd"
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)


def unpack_bodies(app: Flask) -> None:
    """Let the views of an application read bodies as if they had been sent as they are."""
    app.before_request(_unpack)
    app.after_request(_name_encodings)


class _Counted(io.RawIOBase):
    """What is read of the body as it was sent."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        content = self._source.read(size)
        self.count += len(content)
        return content


class UnpackedBody(io.RawIOBase):
    """A body unpacked while it is read."""

    def __init__(self, source: IO[bytes], encoding: str) -> None:
        self._sent = _Counted(source)
        self._unpacked = _OPEN[encoding](cast(IO[bytes], self._sent))
        self._count = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read as always.

        Raises:
            ProblemError: ``broken-encoding``, or ``too-large`` when it unpacks to far too much.
        """
        try:
            size: int = self._unpacked.readinto(buffer)
        except _BROKEN as error:
            raise ProblemError("broken-encoding", "the body cannot be unpacked") from error
        self._count += size
        if self._count > max(FREE_BYTES, MOST_TIMES * self._sent.count):
            raise ProblemError("too-large", f"the body unpacks to over {MOST_TIMES} times its size")
        return size


def _unpack() -> None:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return
    if encoding not in _OPEN:
        message = f"a body may be packed as {ENCODINGS}, once"
        raise ProblemError("unsupported-media-type", message)
    source = request.environ["wsgi.input"]
    request.environ["wsgi.input"] = io.BufferedReader(UnpackedBody(source, encoding), 65536)
    request.environ["wsgi.input_terminated"] = True
    request.environ.pop("CONTENT_LENGTH", None)  # that of the packed body


def _name_encodings(response: Response) -> Response:
    if response.status_code == 415:
        response.headers["Accept-Encoding"] = ENCODINGS
    return response
