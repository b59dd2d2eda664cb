"""Rows of a table in another order, in memory: each as the bytes that it takes, not as cells."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import orjson

from service.adapters.files.samples import PlacedRow


class PackedRows:
    """Keeps rows as bytes, and gives them back by the number of their sample and their line."""

    def __init__(self) -> None:
        self._numbers = array("L")
        self._lines = array("L")
        self._cells: list[bytes] = []

    def put(self, row: PlacedRow) -> None:
        """Keep a row; rows come in the order of their lines."""
        number, line, cells = row
        self._numbers.append(number)
        self._lines.append(line)
        # A copy: the buffer that orjson hands over keeps room for far more.
        self._cells.append(memoryview(orjson.dumps(cells)).tobytes())

    def __iter__(self) -> Iterator[PlacedRow]:
        for at in sorted(range(len(self._cells)), key=self._numbers.__getitem__):
            yield self._numbers[at], self._lines[at], orjson.loads(self._cells[at])
