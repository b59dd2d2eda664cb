"""Compiling: the same bytes twice, real keys and indexes, full-text search, a hash that tells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from service.knowledge.compile import compile_corpus, content_hash
from service.knowledge.lint import require_clean
from service.knowledge.read import read_seed_data
from service.knowledge.store import KnowledgeBase
from service.knowledge.tables import FORMAT, FULL_TEXT, INDEXES, TABLES
from tests.knowledge.small_seed import ASSERTION, changed, write_seed


def compiled(seed: Path, target: Path) -> str:
    """Compile seed data; returns the content hash."""
    return compile_corpus(require_clean(read_seed_data(seed)), target)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the small knowledge base."""
    compiled(write_seed(tmp_path / "seed"), tmp_path / "kb.sqlite")
    return tmp_path / "kb.sqlite"


@pytest.fixture
def database(kb: KnowledgeBase) -> Iterator[sqlite_utils.Database]:
    """Return the real knowledge base, opened with sqlite-utils."""
    opened = sqlite_utils.Database(str(kb.path))
    yield opened
    opened.close()


def test_compiling_twice_gives_the_same_bytes(seed_data: Path, kb: KnowledgeBase, tmp_path: Path):
    digest = compiled(seed_data, tmp_path / "again.sqlite")
    again, first = (tmp_path / "again.sqlite").read_bytes(), kb.path.read_bytes()
    assert hashlib.sha256(again).digest() == hashlib.sha256(first).digest()
    assert digest == kb.content_hash


def test_the_hash_does_not_depend_on_the_layout_of_the_files(tmp_path: Path) -> None:
    one = compiled(write_seed(tmp_path / "one"), tmp_path / "one.sqlite")
    flow = changed("vocabulary/conditions.yaml", "- {name: fit, ", "- {name:   fit,   ")
    assert compiled(write_seed(tmp_path / "two", flow), tmp_path / "two.sqlite") == one


@pytest.mark.parametrize(
    "change",
    [
        changed(ASSERTION, "2012-01-01", "2012-01-02"),
        changed(ASSERTION, "EGFR L858R.", "EGFR p.L858R."),
        changed("vocabulary/drugs.yaml", "kind: drug,", "kind: drug, rxnorm: '1',"),
        {"VERSION": "2020.2.0\n"},
    ],
    ids=["event", "statement", "drug", "version"],
)
def test_the_hash_changes_when_a_record_changes(change: dict[str, str], tmp_path: Path) -> None:
    before = content_hash(require_clean(read_seed_data(write_seed(tmp_path / "one"))))
    after = content_hash(require_clean(read_seed_data(write_seed(tmp_path / "two", change))))
    assert before != after


def test_the_hash_does_not_change_with_what_changes_no_answer(tmp_path: Path) -> None:
    """Lessons and exercises are in the file and no part of what the knowledge base says."""
    lesson = changed("lessons/01-the-only-one.yaml", "minutes: 3", "minutes: 4")
    exercise = changed("exercises.yaml", "title: One mutation", "title: One more")
    one = compiled(write_seed(tmp_path / "one"), tmp_path / "one.sqlite")
    assert compiled(write_seed(tmp_path / "two", lesson | exercise), tmp_path / "two.sqlite") == one
    assert (tmp_path / "one.sqlite").read_bytes() != (tmp_path / "two.sqlite").read_bytes()


def test_the_tables_have_their_keys(database: sqlite_utils.Database) -> None:
    for table in TABLES:
        opened = database.table(table.name)
        keys = [table.pk] if isinstance(table.pk, str) else list(table.pk)
        assert opened.pks == keys, table.name
        found = {(key.column, key.other_table, key.other_column) for key in opened.foreign_keys}
        assert found == set(table.foreign_keys), table.name
    assert list(database.query("PRAGMA foreign_key_check")) == []


def test_the_tables_have_their_indexes(database: sqlite_utils.Database) -> None:
    for table, columns in INDEXES:
        assert columns in [index.columns for index in database.table(table).indexes], table


def test_full_text_search_finds_words_by_their_stem(database: sqlite_utils.Database) -> None:
    for table, columns in FULL_TEXT:
        assert database.table(table).detect_fts() is not None
        assert columns
    rows = list(database.table("assertions").search("osimertinib treat metastasis"))
    rows += list(database.table("assertions").search("osimertinib treated"))
    assert rows
    assert all("simertinib" in row["statement"] for row in rows)
    assert list(database.table("assertions").search("nosuchword")) == []


def test_the_events_can_be_asked_in_sql(database: sqlite_utils.Database) -> None:
    (row,) = database.query(
        "SELECT e.date, a.regimen FROM events e JOIN assertions a ON a.id = e.assertion "
        "WHERE a.id = 'A0001' AND e.type = 'accelerated'"
    )
    assert row == {"date": "2015-11-13", "regimen": "osimertinib"}


def test_meta_has_version_and_hash(small: Path) -> None:
    database = sqlite_utils.Database(str(small))
    meta = {row["key"]: row["value"] for row in database.table("meta").rows}
    database.close()
    assert meta["version"] == "2020.1.0"
    assert meta["format"] == FORMAT
    assert meta["content_hash"].startswith("sha256:")
    assert meta["assertions"] == "1"
    assert meta["newest_review"] == "2019-01-01"


def test_a_failed_compilation_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "kb.sqlite"
    compiled(write_seed(tmp_path / "seed"), target)
    before = target.read_bytes()
    corpus = require_clean(read_seed_data(tmp_path / "seed"))
    corpus.assertions[0]["evidence"][0]["study"] = "no-such-study"
    with pytest.raises(ValueError, match="foreign key"):
        compile_corpus(corpus, target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kb.sqlite", "seed"]
