"""The one file that this service writes: counts of feedback, and which tokens were used.

It holds words of closed vocabularies, days and numbers, and digests of token ids: nothing by which
a patient, a user or a request could be known. Every call opens the file anew, so that threads and
forked workers never share a connection; SQLite's write-ahead log keeps their writes apart.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from service.errors import SettingsError

_TABLES = """
CREATE TABLE IF NOT EXISTS feedback (
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, service, outcome, reason)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_tokens (
    digest BLOB PRIMARY KEY,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS used_tokens_expires ON used_tokens (expires);
"""


class Feedback(NamedTuple):
    """One piece of feedback, in words that this service knows.

    Args:
        reason: a code of the override reasons, ``other``, or ``none`` when no reason was given.
    """

    service: str
    outcome: str
    reason: str


class CdsStore:
    """Counts and digests in one SQLite file.

    Args:
        wait_seconds: how long a worker waits for the others to finish writing.

    Raises:
        SettingsError: the file cannot be written.
    """

    def __init__(self, path: Path, *, wait_seconds: float = 10.0) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        try:
            with self._open() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_TABLES)
        except sqlite3.Error as error:
            message = f"THERAPY_MATCH_CDS_STORE: {str(path)!r} cannot be written: {error}"
            raise SettingsError(message) from error

    def count(self, day: dt.date, items: Iterable[Feedback]) -> None:
        """Add one to the count of each item, all of them or none."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO feedback VALUES (?, ?, ?, ?, 1)"
                " ON CONFLICT DO UPDATE SET count = count + 1",
                [(day.isoformat(), *item) for item in items],
            )

    def use_token(self, digest: bytes, *, expires: int, now: int) -> bool:
        """Note a token as used until it expires; tell whether this was its first use."""
        with self._writing() as connection:
            connection.execute("DELETE FROM used_tokens WHERE expires < ?", (now,))
            added = connection.execute(
                "INSERT INTO used_tokens VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, expires)
            )
            return added.rowcount == 1

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=self._wait_seconds, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            yield connection
        finally:
            connection.close()
