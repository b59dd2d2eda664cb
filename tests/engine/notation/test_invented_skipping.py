"""Exon skipping by data alone: its words, what causes it, and what does not."""

from __future__ import annotations

import pytest

from service.engine.model import Truth
from service.engine.notation.faults import NotationError
from service.knowledge.classes import build_class
from tests.engine.notation.invented import findings_of, invented_genes, truth_of

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
SKIPPING = "SKIPX exon 14 skipping"


@pytest.mark.parametrize(
    "text",
    [
        "SKIPX exon 14 skipping", "SKIPXex14", "SKIPXex14 positive", "SKIPXex14 skipping mutation",
        "SKXex14", "SKIPX ex14 skipping", "SKIPX exon 14 splice", "SKIPX exon 14 deletion",
        "SKIPX exon 14 splice site mutation", "SKIPX exon 14 del", "SKIPX skipping of exon 14",
        "SKIPX somatic exon 14 skipping alteration", "SKIPX exon 14 (skipping)",
        "SKIPX D1010N (exon 14 skipping)", "SKIPX c.3028+1G>T exon 14 skipping",
        "SKIPX exon 14 skipping detected", "exon 14 skipping SKIPX",
    ],
)  # fmt: skip
def test_the_words_of_a_skipped_exon(text: str) -> None:
    (finding,) = findings_of(text)
    assert (finding.name, finding.result) == (SKIPPING, "detected")
    assert truth_of(SKIPPING, text) is TRUE
    assert truth_of("SKIPX mutation", text) is TRUE


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("SKIPX D1010N", TRUE), ("SKIPX D1010H", UNKNOWN), ("SKIPX X1010_splice", TRUE),
        ("SKIPX c.2888-35T>A", TRUE), ("SKIPX c.2888-36T>A", UNKNOWN),
        ("SKIPX c.2888-18_2888-7del", TRUE), ("SKIPX c.2880_2890del", TRUE),
        ("SKIPX c.2800_3100del", TRUE), ("SKIPX c.2889A>G", UNKNOWN),
        ("SKIPX c.3028+8A>G", TRUE), ("SKIPX c.3028+9A>G", UNKNOWN),
        ("SKIPX c.3025C>T", TRUE), ("SKIPX c.3024C>T", UNKNOWN),
        ("SKIPX c.3028+1G>A p.?", TRUE), ("SKIPX mutation", UNKNOWN),
        ("SKIPX exon 14 mutation", UNKNOWN), ("SKIPX exon 13 deletion", UNKNOWN),
        ("SKIPX splice mutation", UNKNOWN), ("SKIPX amplification", UNKNOWN),
        ("SKIPXex14 negative", FALSE), ("SKIPX exon 14 skipping not detected", FALSE),
        ("no SKIPX exon 14 skipping", FALSE), ("SKIPX wild type", FALSE),
        ("SKIPX exon 14 mutation not detected", FALSE),
        ("SKIPX exon 13 mutation not detected", UNKNOWN),
        ("SKIPX D1010N not detected", UNKNOWN),
    ],
)  # fmt: skip
def test_what_skips_the_exon(text: str, truth: Truth) -> None:
    assert truth_of(SKIPPING, text) is truth


@pytest.mark.parametrize(
    "text", ["PLAINXex14", "SKIPXex13", "SKIPX exon 14", "SKIPX L858R (exon 14 skipping)"]
)
def test_what_is_no_skipping_is_not_read_as_one(text: str) -> None:
    with pytest.raises(NotationError):
        findings_of(text)


def test_an_exon_of_another_gene_keeps_its_deletion() -> None:
    (finding,) = findings_of("PLAINX exon 14 deletion")
    assert finding.change is not None
    assert finding.change.consequence == "inframe_deletion"


@pytest.mark.parametrize(
    "rule",
    [
        {"skips_exon": 13}, {"coding_windows": ["c.1..3"], "any_mutation": True},
        {"skips_exon": 14, "coding_windows": ["c.9..3"]},
        {"skips_exon": 14, "coding_windows": ["2888"]},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="SKIPX"):
        build_class({"name": "SKIPX x", "gene": "SKIPX", "rule": rule}, invented_genes()["SKIPX"])
