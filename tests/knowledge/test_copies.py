"""Copied sentences: runs of words that our texts share with a document read elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.knowledge.copies import WORDS, Copy, find_copies, own_texts, words_of
from service.knowledge.corpus import Corpus
from tests.cases import load_corpus
from tests.knowledge.small_seed import ASSERTION, changed, write_seed

FOUND = "one two three four five six seven eight nine ten eleven twelve thirteen"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Return the real seed data."""
    return load_corpus()


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """Return the options of the command for small seed data with one long statement."""
    long = changed(ASSERTION, "Alphanib treats lung cancer with EGFR L858R.", f"Alphanib, {FOUND}.")
    return ["--seed", str(write_seed(tmp_path / "seed", long))]


def corpus_with(corpus: Corpus, statement: str, **event: str) -> Corpus:
    """Return a corpus of one assertion with these texts."""
    events = [{"note": None, "reason": None, **event}]
    record = {"id": "A9999", "statement": statement, "notes": None, "events": events}
    names: dict[str, list[dict[str, object]]] = {name: [] for name in corpus.vocabularies}
    return Corpus("1", names, [record], {}, {})


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    assert words_of("The SÉVÈRE, (non-small) cell;\nline-\u00adend ≥ 50%") == [
        "the", "severe", "non", "small", "cell", "line", "end", "50",
    ]  # fmt: skip


def test_a_run_is_reported_once_and_whole(corpus: Corpus) -> None:
    mine = corpus_with(corpus, f"Here {FOUND} ends.")
    document = f"Before. {FOUND.upper()}; after"
    assert list(find_copies(mine, {"a.txt": document})) == [Copy("A9999#statement", "a.txt", FOUND)]


def test_two_runs_of_one_text_are_two_copies(corpus: Corpus) -> None:
    other = " ".join(f"word{i}" for i in range(WORDS))
    mine = corpus_with(corpus, f"{FOUND} between {other}")
    found = list(find_copies(mine, {"a.txt": f"{other} apart {FOUND}"}))
    assert [copy.words for copy in found] == [FOUND, other]


def test_fewer_words_than_the_bound_are_no_copy(corpus: Corpus) -> None:
    short = " ".join(FOUND.split()[: WORDS - 1])
    mine = corpus_with(corpus, f"{short} ours")
    assert not list(find_copies(mine, {"a.txt": f"{short} theirs", "empty.txt": ""}))


def test_texts_of_events_are_compared(corpus: Corpus) -> None:
    mine = corpus_with(corpus, "A short one.", reason=FOUND)
    (copy,) = find_copies(mine, {"a.txt": FOUND})
    assert copy.place == "A9999#events/0/reason"


def test_every_kind_of_text_is_read(corpus: Corpus) -> None:
    places = {place.split("#")[1].split("/")[0] for place, _ in own_texts(corpus)}
    assert places == {
        "statement", "notes", "events", "description", "design", "result", "boxed_warning",
    }  # fmt: skip


def test_the_command_names_the_place_and_ends_with_one(
    runner: CliRunner, tmp_path: Path, small: list[str]
) -> None:
    (tmp_path / "label").mkdir()
    (tmp_path / "label" / "1.txt").write_text(f"Section 1. Alphanib {FOUND} End.", "utf-8")
    done = runner.invoke(main, ["kb", "check-copies", "--texts", str(tmp_path), *small])
    assert done.exit_code == 1
    assert done.stdout == f'A0001#statement: label/1.txt: "alphanib {FOUND}"\n'


def test_the_command_says_when_nothing_is_copied(
    runner: CliRunner, tmp_path: Path, small: list[str]
) -> None:
    done = runner.invoke(main, ["kb", "check-copies", "--texts", str(tmp_path), *small])
    assert done.exit_code == 1
    assert "no .txt file" in done.stderr
    (tmp_path / "1.txt").write_text("Nothing of ours.", "utf-8")
    done = runner.invoke(main, ["kb", "check-copies", "--texts", str(tmp_path), *small])
    assert (done.exit_code, done.stdout) == (0, "1 documents, no copied sentence\n")


def test_seed_data_with_faults_are_not_compared(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("Nothing of ours.", "utf-8")
    at = ["--texts", str(tmp_path), "--seed", str(tmp_path)]
    assert runner.invoke(main, ["kb", "check-copies", *at]).exit_code == 1
