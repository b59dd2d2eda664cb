"""Reading seed data: text stays text, every value keeps its line, broken files become faults."""

from __future__ import annotations

from pathlib import Path

from service.knowledge.read import read_proteins, read_seed_data
from tests.knowledge.small_seed import ASSERTION, changed, write_seed


def test_yaml_is_read_as_text(tmp_path: Path) -> None:
    """A gene called NO is no boolean, a date no date, 1.10 no number; only null is nothing."""
    text = "- {symbol: NO, name: 1.10, hgnc: null, entrez: 2020-01-01}\n- {symbol: 'null'}\n"
    seed = read_seed_data(write_seed(tmp_path, {"vocabulary/genes.yaml": text}))
    first, second = (record.data for record in seed.vocabularies["genes"])
    assert first == {"symbol": "NO", "name": "1.10", "hgnc": None, "entrez": "2020-01-01"}
    assert second == {"symbol": "null"}


def test_every_value_keeps_its_line(tmp_path: Path) -> None:
    (record,) = read_seed_data(write_seed(tmp_path)).assertions
    assert record.file == ASSERTION
    assert record.line(("id",)) == 1
    assert record.line(("criteria", "all", 1, "biomarker")) == 10
    assert record.line(("events", 1, "date")) == 15


def test_the_line_of_what_is_missing_is_that_of_its_parent(tmp_path: Path) -> None:
    (record,) = read_seed_data(write_seed(tmp_path)).assertions
    assert record.line(("events", 1, "nothing")) == 15
    assert record.line(("nothing",)) == 1


def test_a_duplicate_key_is_a_fault_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = changed(ASSERTION, "effect: sensitivity", "effect: sensitivity\neffect: resistance")
    seed = read_seed_data(write_seed(tmp_path, broken))
    assert [(f.pointer, f.code) for f in seed.faults] == [(f"{ASSERTION}:4", "duplicate_key")]
    assert seed.assertions[0].data["id"] == "A0001"


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    other = "assertions/EGFR/A0002-broken.yaml"
    seed = read_seed_data(write_seed(tmp_path, {other: "id: [A0002\n"}))
    assert [fault.code for fault in seed.faults] == ["broken_yaml"]
    assert [record.data["id"] for record in seed.assertions] == ["A0001"]


def test_assertions_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    paths = [f"assertions/{at}.yaml" for at in ("KRAS/A0002-b", "ALK/A0004-d", "ALK/A0003-c")]
    seed = read_seed_data(write_seed(tmp_path, dict.fromkeys(paths, "id: A0002\n")))
    assert [record.file for record in seed.assertions] == sorted([*paths, ASSERTION])


def test_proteins_are_read_from_fasta(tmp_path: Path) -> None:
    path = tmp_path / "proteins.fasta"
    path.write_text(">sp|P1-2|NAME words\nMAD\nEUP\n\n>Q2 other\nMM\n", "ascii")
    assert read_proteins(path) == {"P1-2": "MADEUP", "Q2": "MM"}
    assert read_proteins(tmp_path / "none.fasta") == {}
