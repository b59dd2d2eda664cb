"""Opening the knowledge base: read-only, and a clear error for a file that is not one."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from service.errors import KnowledgeBaseError
from service.knowledge.compile import compile_corpus
from service.knowledge.lint import require_clean
from service.knowledge.read import read_seed_data
from service.knowledge.sealed import open_sealed
from service.knowledge.store import KnowledgeBase
from tests.knowledge.small_seed import write_seed


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small compiled knowledge base, which no test changes."""
    folder = tmp_path_factory.mktemp("small")
    compile_corpus(require_clean(read_seed_data(write_seed(folder / "seed"))), folder / "kb.sqlite")
    return folder / "kb.sqlite"


@pytest.fixture
def path(compiled: Path, tmp_path: Path) -> Path:
    """Return a copy of the small knowledge base, of which a test may do what it likes."""
    return Path(shutil.copy(compiled, tmp_path / "kb.sqlite"))


def test_the_small_knowledge_base_opens(path: Path) -> None:
    kb = KnowledgeBase(path)
    assert kb.version == "2020.1.0"
    assert [entry.assertion.id for entry in kb.rulebook.entries] == ["A0001"]
    assert kb.rulebook.oncogenicity == {("EGFR", "L858R"): "oncogenic"}
    assert kb.counts()["assertions"] == 1


def test_lessons_and_exercises_are_read_back(path: Path) -> None:
    kb = KnowledgeBase(path)
    (lesson,) = kb.lessons
    assert (lesson.number, lesson.slug, lesson.minutes) == (1, "the-only-one", 3)
    words, case = lesson.steps
    assert (words.case, words.ask, words.claims) == (None, "", ())
    given = {"tumor_type": "NSCLC", "biomarkers": ["EGFR L858R"], "as_of": "2015-01-01"}
    assert case.case == given
    assert case.claims[0].expect["therapies"][0]["regimen"] == ["alphanib"]
    assert [(exercise.id, exercise.case) for exercise in kb.exercises] == [("exercise-one", given)]
    assert not {"lessons", "exercises"} & set(kb.counts())


def test_what_is_opened_cannot_be_written(path: Path) -> None:
    connection = open_sealed(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM assertions")
    connection.close()


def test_opening_leaves_no_trace(path: Path) -> None:
    before = (path.read_bytes(), sorted(path.parent.iterdir()))
    KnowledgeBase(path)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == before


def test_a_read_only_file_in_a_read_only_folder_opens(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        assert KnowledgeBase(path).version == "2020.1.0"
    finally:
        path.parent.chmod(0o755)


def test_a_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match=r"no knowledge base at .*kb build"):
        KnowledgeBase(tmp_path / "none.sqlite")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(KnowledgeBaseError, match=r"kb.sqlite cannot be read: .*not a database"):
        KnowledgeBase(path)


def test_a_database_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cats (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(KnowledgeBaseError, match="cannot be read: no such table: meta"):
        KnowledgeBase(path)


def test_a_truncated_file_is_named(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KnowledgeBaseError, match="cannot be read"):
        KnowledgeBase(path)


def test_an_old_format_says_what_to_do(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(KnowledgeBaseError, match=r"format 0, this program reads .*kb build"):
        KnowledgeBase(path)
