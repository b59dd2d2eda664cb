"""Compile a clean corpus to one SQLite file: real tables, foreign keys, indexes, full-text search.

The same seed data gives the same bytes: records are written in sorted order, nothing depends on
the clock, and the file is vacuumed. ``tables`` holds the table definitions, ``table_rows`` what is
written to them.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import orjson
import sqlite_utils

from service.knowledge.corpus import Corpus
from service.knowledge.sealed import seal_of
from service.knowledge.table_rows import CANONICAL, ROWS
from service.knowledge.tables import FULL_TEXT, INDEXES, TABLES


def compile_corpus(corpus: Corpus, target: Path) -> str:
    """Write the knowledge base; the file appears whole or not at all.

    Returns:
        The content hash, ``sha256:…`` over the canonical records (not over the file).
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".sqlite")
    os.close(handle)
    draft = Path(name)
    draft.unlink()
    try:
        digest = content_hash(corpus)
        database = sqlite_utils.Database(draft)
        try:
            _write(database, corpus, digest)
        finally:
            database.close()
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return digest


def content_hash(corpus: Corpus) -> str:
    """Return the hash of what the knowledge base says, whatever the layout of its files.

    Lessons, exercises and the watch list are no part of it: they change no answer.
    """
    digest = hashlib.sha256()
    digest.update(corpus.version.encode())
    for name in sorted(corpus.vocabularies.keys() - {"watch"}):
        for row in corpus.vocabularies[name]:
            digest.update(orjson.dumps([name, row], option=CANONICAL | orjson.OPT_NON_STR_KEYS))
    for row in sorted(corpus.assertions, key=lambda row: row["id"]):
        digest.update(orjson.dumps(row, option=CANONICAL))
    digest.update(orjson.dumps(corpus.proteins, option=CANONICAL))
    digest.update(orjson.dumps(corpus.gene_names, option=CANONICAL))
    return f"sha256:{digest.hexdigest()}"


def _write(database: sqlite_utils.Database, corpus: Corpus, digest: str) -> None:
    for table in TABLES:
        database.table(table.name).create(
            table.columns,
            pk=table.pk,
            foreign_keys=table.foreign_keys,
            not_null=table.not_null,
        )
    for table in TABLES:
        database.table(table.name).insert_all(ROWS[table.name](corpus, digest))
    for table_name, columns in INDEXES:
        database.table(table_name).create_index(columns)
    for table_name, columns in FULL_TEXT:
        database.table(table_name).enable_fts(columns, fts_version="FTS5", tokenize="porter")
    faults = list(database.query("PRAGMA foreign_key_check"))
    if faults:
        raise ValueError(f"broken foreign keys: {faults[:5]}")
    database.table("meta").insert({"key": "seal", "value": seal_of(database.conn)})
    database.vacuum()
