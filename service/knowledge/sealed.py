"""A compiled knowledge base bears a seal over all its rows; a file that was changed is refused.

The content hash says what the knowledge says, and is computed from the seed data. The seal is
computed from the tables, so that a date that somebody edited, a flipped bit or a part that is
missing is found wherever the file is opened. It is no signature: who can compile can seal.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from service.errors import KnowledgeBaseError
from service.knowledge.tables import FORMAT

_SEAL = "seal"


def seal_of(connection: sqlite3.Connection) -> str:
    """Return ``sha256:…`` over every row of every table, those of the search included.

    Virtual tables are left out, since they show what others hold, and so is the seal itself.
    """
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " ORDER BY name"
    )
    digest = hashlib.sha256()
    for (name,) in tables.fetchall():
        digest.update(name.encode())
        kept = f" WHERE key <> '{_SEAL}'" if name == "meta" else ""
        for row in connection.execute(f'SELECT * FROM "{name}"{kept}'):
            digest.update(repr(row).encode())
    return f"sha256:{digest.hexdigest()}"


def open_sealed(path: Path) -> sqlite3.Connection:
    """Read a compiled file into memory, so that what happens to it later changes nothing.

    Raises:
        KnowledgeBaseError: there is no such file, it is of another format, it cannot be read, or
            its rows are not those that were compiled.
    """
    if not path.is_file():
        raise KnowledgeBaseError(
            f"there is no knowledge base at {path}; compile it with: therapy-match kb build"
        )
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        connection.deserialize(path.read_bytes())  # MemoryError where the file is empty
        connection.execute("PRAGMA query_only = 1")
        meta = meta_of(connection)
        if meta.get("format") != FORMAT:
            raise KnowledgeBaseError(
                f"{path} has format {meta.get('format')}, this program reads {FORMAT}; "
                "compile it again with: therapy-match kb build"
            )
        if meta.get(_SEAL) != seal_of(connection):
            raise KnowledgeBaseError(
                f"{path} is not what was compiled: it was changed or is damaged; "
                "compile it again with: therapy-match kb build"
            )
    except (sqlite3.Error, OSError, MemoryError) as error:
        connection.close()
        raise KnowledgeBaseError(f"{path} cannot be read: {error}") from error
    except KnowledgeBaseError:
        connection.close()
        raise
    return connection


def meta_of(connection: sqlite3.Connection) -> dict[str, str]:
    """Return version, hash, format and seal."""
    return dict(connection.execute("SELECT key, value FROM meta ORDER BY key"))


def read_meta(path: Path) -> dict[str, str]:
    """Return what ``meta_of`` does of a file, after it was checked.

    Raises:
        KnowledgeBaseError: as ``open_sealed``.
    """
    connection = open_sealed(path)
    try:
        return meta_of(connection)
    finally:
        connection.close()
