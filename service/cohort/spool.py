"""Rows of a table in another order, on disk: memory does not grow with the table."""

from __future__ import annotations

import heapq
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import IO

import orjson

from service.adapters.files.samples import PlacedRow

#: Rows and characters that are sorted in memory; what is more goes to disk.
RUN_ROWS = 2048
RUN_CHARACTERS = 1 << 20
#: Sorted runs that may lie on disk before they are joined to one: each is an open file.
MAX_RUNS = 64


class Spool:
    """Sorts rows by the number of their sample and their line."""

    def __init__(self, run_rows: int = RUN_ROWS, max_runs: int = MAX_RUNS) -> None:
        self._run_rows, self._max_runs = run_rows, max_runs
        self._rows: list[PlacedRow] = []
        self._characters = 0
        self._runs: list[IO[bytes]] = []
        weakref.finalize(self, _close, self._runs)

    def put(self, row: PlacedRow) -> None:
        """Keep a row."""
        self._rows.append(row)
        self._characters += sum(map(len, row[2]))
        if len(self._rows) >= self._run_rows or self._characters >= RUN_CHARACTERS:
            self._runs.append(_written(sorted(self._rows)))
            self._rows, self._characters = [], 0
        if len(self._runs) >= self._max_runs:
            joined = _written(heapq.merge(*map(_read, self._runs)))
            _close(self._runs)
            self._runs[:] = [joined]

    def __iter__(self) -> Iterator[PlacedRow]:
        return heapq.merge(*map(_read, self._runs), sorted(self._rows))


def _written(rows: Iterable[PlacedRow]) -> IO[bytes]:
    """Write a run to a file that is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    for row in rows:
        file.write(orjson.dumps(row))
        file.write(b"\n")
    return file


def _close(runs: Iterable[IO[bytes]]) -> None:
    for file in runs:
        file.close()


def _read(file: IO[bytes]) -> Iterator[PlacedRow]:
    file.seek(0)
    for line in file:
        number, place, cells = orjson.loads(line)
        yield number, place, cells
