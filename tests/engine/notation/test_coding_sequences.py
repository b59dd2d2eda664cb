"""The shipped coding sequences: their checksums, their proteins, their exons in both assemblies."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.engine.notation.dna.transcripts import ASSEMBLIES, readings
from service.engine.notation.dna.translation import CODE
from service.knowledge.coding_sequences import build_coding_sequence
from service.knowledge.store import KnowledgeBase

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "seed_data/vocabulary/coding_sequences.yaml").read_text("utf-8")
)
#: Published positions (gene, coding base, GRCh37, GRCh38) that did not set the tables.
PUBLISHED = (
    ("EGFR", 2369, 55249071, 55181378), ("EGFR", 2155, 55241707, 55174014),
    ("BRAF", 1406, 140481402, 140781602), ("KRAS", 436, 25378562, 25225628),
    ("KRAS", 183, 25380275, 25227341), ("NRAS", 35, 115258747, 114716126),
    ("HRAS", 37, 534286, 534286), ("ERBB2", 929, 37868208, 39711955),
    ("ERBB2", 2524, 37881332, 39725079), ("ALK", 3824, 29432664, 29209798),
    ("RET", 2753, 43617416, 43121968), ("MET", 2888, 116411903, 116771849),
    ("MET", 3028, 116412043, 116771989), ("ROS1", 6094, 117638347, 117317184),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["gene"]))
def test_known_bases_have_their_checksum_and_code_for_the_protein(
    kb: KnowledgeBase, row: dict[str, Any]
) -> None:
    known = "".join(run["bases"].replace(" ", "") for run in row["bases"])
    assert hashlib.sha256(known.encode()).hexdigest() == row["sha256"]
    sequence = build_coding_sequence({"codons": [], **row})
    protein = kb.rulebook.genes[row["gene"]].protein + "*"
    assert len(sequence.bases) == 3 * len(protein)
    for index, residue in enumerate(protein):
        codon = sequence.bases[3 * index : 3 * index + 3]
        assert residue in {CODE[reading] for reading in readings(codon)}, (index + 1, codon)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["gene"]))
def test_exons_follow_each_other_and_lie_in_order_in_both_assemblies(row: dict[str, Any]) -> None:
    sequence = build_coding_sequence({"codons": [], **row})
    sign = 1 if sequence.strand == "+" else -1
    for first, second in zip(sequence.exons, sequence.exons[1:], strict=False):
        assert second.first == first.last + 1
        for assembly in ASSEMBLIES:
            length = first.last - first.first + 1
            assert sign * (second.start(assembly) - first.start(assembly)) > length


@pytest.mark.parametrize(("gene", "coding", "grch37", "grch38"), PUBLISHED)
def test_published_positions_are_found_in_both_assemblies(
    gene: str, coding: int, grch37: int, grch38: int
) -> None:
    row = next(row for row in ROWS if row["gene"] == gene)
    sequence = build_coding_sequence({"codons": [], **row})
    assert sequence.to_coding(grch37, "GRCh37") == coding
    assert sequence.to_coding(grch38, "GRCh38") == coding
    assert sequence.to_coding(grch37, "GRCh37") == coding
    assert sequence.to_coding(grch38, "GRCh38") == coding
