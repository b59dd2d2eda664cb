"""``docs/reference-data.md`` against the files: each run of bases, each checksum, each protein."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference-data.md").read_text("utf-8")
VOCABULARY = ROOT / "seed_data/vocabulary"
FILES = ("coding_sequences.yaml", "fusion_partners.yaml", "proteins.fasta")


def sha256(text: str) -> str:
    """Return the checksum of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def runs() -> Iterator[str]:
    """Return the row of each run of known bases."""
    for gene in yaml.safe_load((VOCABULARY / "coding_sequences.yaml").read_text("utf-8")):
        for run in gene["bases"]:
            bases = run["bases"].replace(" ", "")
            first = int(run["first"])
            place = f"{first} to {first + len(bases) - 1}"
            yield f"| {gene['gene']} | {place} | {run['basis']} | `{sha256(bases)[:16]}` |"


def proteins() -> Iterator[str]:
    """Return the row of each protein."""
    for entry in (VOCABULARY / "proteins.fasta").read_text("utf-8").split(">")[1:]:
        head, *lines = entry.splitlines()
        accession, symbol = head.split("|")[1], head.rpartition("GN=")[2]
        sequence = "".join(lines)
        yield f"| {symbol} | {accession} | {len(sequence)} | `{sha256(sequence)[:16]}` |"


def files() -> Iterator[str]:
    """Return the row of each file."""
    for name in FILES:
        yield f"| `{name}` | `{sha256((VOCABULARY / name).read_text('utf-8'))}` |"


def rows_of(page: str) -> list[str]:
    """Return the rows of the page that hold a checksum of ours."""
    marks = ("assembly", "transcript")
    return [
        line
        for line in page.splitlines()
        if line.startswith("|") and line.count("`") >= 2 and "tables" not in line
        if any(f"| {mark} |" in line for mark in marks) or line in {*proteins(), *files()}
    ]


def test_the_page_holds_every_run_protein_and_file_as_it_is() -> None:
    expected = [*files(), *runs(), *proteins()]
    missing = [row for row in expected if row not in PAGE]
    assert missing == [], "\n".join(missing)


def test_the_page_holds_no_run_that_is_gone() -> None:
    assert sorted(rows_of(PAGE)) == sorted([*files(), *runs(), *proteins()])


def test_a_changed_base_would_be_noticed() -> None:
    row = next(runs())
    changed = PAGE.replace(row, row.replace("`", "`0", 1))
    assert row not in changed
