"""Genes outside the knowledge base in texts, and texts of several genes: a table of readings."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from service.knowledge.store import KnowledgeBase

TABLE = yaml.safe_load((Path(__file__).parent / "cases" / "strangers.yaml").read_text("utf-8"))
ROWS = [
    pytest.param(text, names[0], names[1], id=text)
    for group in TABLE
    for text, names in group["texts"].items()
]


@pytest.mark.parametrize(("text", "covered", "others"), ROWS)
def test_a_text_gives_its_findings_and_what_is_not_covered(
    kb: KnowledgeBase, text: str, covered: list[str], others: list[str]
) -> None:
    found = kb.reader.read_text(text)
    assert [finding.name for finding in found.findings] == covered
    assert [finding.name for finding in found.strangers] == others


def test_a_previous_symbol_is_said_in_the_steps(kb: KnowledgeBase) -> None:
    (stranger,) = kb.reader.read_text("MLL fusion").strangers
    assert stranger.understood_by == ("gene name MLL -> KMT2A (previous symbol), not curated",)


def test_a_reported_class_is_kept_beside_the_curated_one(kb: KnowledgeBase) -> None:
    found = kb.reader.read_text("KRAS G12C VUS")
    assert found.findings[0].reported_as == "inconclusive"
    assert found.findings[0].oncogenicity == "oncogenic"
    assert "classification_differs" in [remark.code for remark in found.remarks]
