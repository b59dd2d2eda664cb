"""A knowledge file is checked, put in place and served under load: a real gunicorn, real files."""

from __future__ import annotations

import http.client
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from service.cli_install import previous_of
from service.errors import KnowledgeBaseError
from service.knowledge.compile import compile_corpus
from service.knowledge.sealed import open_sealed, read_meta
from service.knowledge.store import KnowledgeBase
from tests.cases import load_corpus
from tests.contract.test_server import CASE, JSON, SECONDS, ask, free_port, start, wait_until_ready

NEWER = "2099.1.0"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a compiled file of a later version."""
    target = tmp_path_factory.mktemp("newer") / "kb.sqlite"
    compile_corpus(replace(load_corpus(), version=NEWER), target)
    return target


@pytest.fixture
def place(kb: KnowledgeBase, tmp_path: Path) -> Path:
    """Return a copy of the compiled knowledge that a test may replace."""
    target = tmp_path / "kb.sqlite"
    target.write_bytes(kb.path.read_bytes())
    return target


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from service.cli import main; main()", "kb", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)


def changed(source: Path, target: Path, statement: str) -> Path:
    target.write_bytes(source.read_bytes())
    connection = sqlite3.connect(target)
    connection.execute(statement)
    connection.commit()
    connection.close()
    return target


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assertions SET record = replace(record, '2018-04-18', '2018-04-19')",
        "UPDATE meta SET value = '2099.9.0' WHERE key = 'version'",
        "DELETE FROM gene_names WHERE rowid = 1",
        "UPDATE drugs_fts_data SET block = zeroblob(4) WHERE id > 10",
        "CREATE TABLE more (what TEXT)",
    ],
)
def test_a_file_that_was_changed_is_refused_in_one_sentence(
    kb: KnowledgeBase, tmp_path: Path, statement: str
) -> None:
    file = changed(kb.path, tmp_path / "changed.sqlite", statement)
    with pytest.raises(KnowledgeBaseError, match="is not what was compiled"):
        open_sealed(file)


@pytest.mark.parametrize("size", [0, 100, 5000, 1_000_000])
def test_a_part_of_a_file_is_refused(kb: KnowledgeBase, tmp_path: Path, size: int) -> None:
    file = tmp_path / "part.sqlite"
    file.write_bytes(kb.path.read_bytes()[:size])
    with pytest.raises(KnowledgeBaseError, match=r"cannot be read|format None|not what was"):
        open_sealed(file)


@pytest.mark.parametrize("place_in_file", [0.2, 0.4, 0.6, 0.8])
def test_a_flipped_bit_in_a_row_is_found(
    kb: KnowledgeBase, tmp_path: Path, place_in_file: float
) -> None:
    content = bytearray(kb.path.read_bytes())
    at = content.index(b"osimertinib", int(len(content) * place_in_file) // 4)
    content[at] ^= 1
    file = tmp_path / "flipped.sqlite"
    file.write_bytes(content)
    with pytest.raises(KnowledgeBaseError):
        open_sealed(file)


def test_what_is_broken_is_not_installed_and_the_old_one_stays(place: Path, tmp_path: Path) -> None:
    before = place.read_bytes()
    broken = changed(place, tmp_path / "broken.sqlite", "DELETE FROM events WHERE rowid = 1")
    for file in (broken, tmp_path / "absent.sqlite"):
        done = run("install", file, "--kb", place)
        assert done.returncode == 1
        assert "not installed" in done.stderr
        assert "Traceback" not in done.stderr
    assert place.read_bytes() == before
    assert not previous_of(place).exists()


def test_what_does_not_answer_its_own_lessons_is_not_installed(place: Path, tmp_path: Path) -> None:
    corpus = load_corpus()
    kept = [row for row in corpus.assertions if row["regimen"] != ["osimertinib"]]
    file = tmp_path / "without.sqlite"
    compile_corpus(replace(corpus, assertions=kept), file)
    done = run("install", file, "--kb", place)
    assert done.returncode == 1
    assert "osimertinib is not listed" in done.stderr


def test_an_install_is_taken_back_and_forth(place: Path, newer: Path) -> None:
    older = read_meta(place)["version"]
    assert run("rollback", "--kb", place).returncode == 1
    assert run("install", newer, "--kb", place).returncode == 0
    assert read_meta(place)["version"] == NEWER
    for expected in (older, NEWER):
        assert run("rollback", "--kb", place).returncode == 0
        assert read_meta(place)["version"] == expected


class Load:
    """Asks one case over and over, on kept connections; counts versions and what failed.

    A kept connection that is closed before a byte of the answer is opened anew, as every client
    must be ready to do (RFC 9112, section 9.3.1); what fails on a new one is lost.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: Counter[tuple[str, str]] = Counter()
        self.failed: list[str] = []
        self._goes_on = True
        self._threads = [threading.Thread(target=self._ask) for _ in range(3)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._goes_on = False
        for thread in self._threads:
            thread.join(SECONDS)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        while self._goes_on:
            is_new = connection.sock is None
            try:
                connection.request("POST", "/v1/match", orjson.dumps(CASE), JSON)
                response = connection.getresponse()
                answer = orjson.loads(response.read())
                known = answer["knowledge_base"]
                self.seen[known["version"], known["content_hash"]] += 1
            except (OSError, http.client.HTTPException, KeyError) as error:
                if is_new or not isinstance(error, ConnectionResetError):  # or RemoteDisconnected
                    self.failed.append(repr(error))
                connection.close()
            time.sleep(0.005)
        connection.close()


@pytest.fixture
def served(place: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    process = start(place, port)
    try:
        wait_until_ready(process, port)
        yield port, process
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def until(port: int, version: str) -> None:
    """Wait until every worker serves a version: twenty answers in a row, each asked anew."""
    end, row = time.monotonic() + SECONDS, 0
    while row < 20:
        assert time.monotonic() < end, f"{version} is not served"
        found = orjson.loads(ask(port, "GET", "/v1/knowledge-base")[2])["version"]
        row = row + 1 if found == version else 0


def test_a_file_is_swapped_under_load_and_back(
    served: tuple[int, subprocess.Popen[str]], place: Path, newer: Path
) -> None:
    port, process = served
    older = read_meta(place)
    with Load(port) as load:
        assert run("install", newer, "--kb", place).returncode == 0
        assert ask(port, "GET", "/readyz")[0] == 503
        process.send_signal(signal.SIGHUP)
        until(port, NEWER)
        assert ask(port, "GET", "/readyz")[0] == 200
        assert run("rollback", "--kb", place).returncode == 0
        process.send_signal(signal.SIGHUP)
        until(port, older["version"])
    assert load.failed == []
    assert set(load.seen) == {
        (meta["version"], meta["content_hash"]) for meta in (older, read_meta(newer))
    }


def test_a_broken_file_in_place_changes_nothing_that_is_served(
    served: tuple[int, subprocess.Popen[str]], place: Path
) -> None:
    port, process = served
    version = read_meta(place)["version"]
    place.write_bytes(b"no knowledge")
    process.send_signal(signal.SIGHUP)
    time.sleep(2)
    until(port, version)
    status, _, content = ask(port, "GET", "/v1/search?q=osimertinib")
    assert status == 200
    assert orjson.loads(content)
    assert ask(port, "GET", "/readyz")[0] == 503
