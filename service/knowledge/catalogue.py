"""The catalogue of an opened knowledge base: records for reading, and search over all of them."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

from service.knowledge.regimens import regimen_id, regimen_name

Record = dict[str, Any]
_WORD = re.compile(r"\w+")
#: (table, kind of record, identifier column, column that is shown) for search.
_SEARCHED = (
    ("genes", "gene", "symbol", "name"),
    ("drugs", "drug", "name", "name"),
    ("regimens", "regimen", "id", "name"),
    ("biomarker_classes", "biomarker_class", "name", "name"),
    ("tumor_types", "tumor_type", "code", "name"),
    ("studies", "study", "id", "name"),
    ("diagnostics", "diagnostic", "id", "name"),
    ("assertions", "assertion", "id", "statement"),
    ("sources", "source", "id", "title"),
)
MAX_HITS_A_KIND = 20


class Catalogue:
    """Read-only records by vocabulary and identifier, and a search that touches memory only.

    Args:
        connection: the knowledge base in memory; one search at a time uses it.
    """

    def __init__(
        self, connection: sqlite3.Connection, records: Mapping[str, Mapping[str, Record]]
    ) -> None:
        self._connection = connection
        self._turn = threading.Lock()
        self._records = {name: dict(rows) for name, rows in records.items()}
        self._records["regimens"] = _regimens(self._records["assertions"])

    def records(self, name: str) -> dict[str, Record]:
        """Return the records of a vocabulary by identifier."""
        return self._records[name]

    def assertion(self, id_: str, status: str | None) -> Record:
        """Return an assertion with its status on the day that was asked for."""
        record = self._records["assertions"][id_]
        sources = self._records["sources"]
        cited = [{**sources[item["id"]], "where": item["where"]} for item in record["sources"]]
        return {**record, "status": status, "sources": cited}

    def search(self, text: str) -> list[Record]:
        """Return hits of the full-text search, by kind and then by rank; all words must occur."""
        words = _WORD.findall(text)
        if not words:
            return []
        query = " ".join(f'"{word}"*' for word in words)
        with self._turn:
            return [
                {"kind": kind, "id": id_, "text": shown}
                for table, kind, key, column in _SEARCHED
                for id_, shown in self._connection.execute(
                    f"SELECT t.{key}, t.{column} FROM {table}_fts f"
                    f" JOIN {table} t ON t.rowid = f.rowid "
                    f"WHERE {table}_fts MATCH ? ORDER BY f.rank, t.{key} LIMIT {MAX_HITS_A_KIND}",
                    (query,),
                )
            ]


def _regimens(assertions: Mapping[str, Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for id_ in sorted(assertions):
        drugs = sorted(assertions[id_]["regimen"], key=str.lower)
        record = found.setdefault(
            regimen_id(drugs),
            {
                "id": regimen_id(drugs),
                "name": regimen_name(drugs),
                "drugs": drugs,
                "assertions": [],
            },
        )
        record["assertions"].append(id_)
    return found
