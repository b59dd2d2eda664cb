"""Requests whose files stay in memory: the framework would write large ones to the disk."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Request


class MemoryRequest(Request):
    """A request; how large its files may be is what its body may be."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()
