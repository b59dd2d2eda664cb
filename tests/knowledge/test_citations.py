"""The order of the sources: the regulator's document first, whatever the curator's order."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from service.adapters.v1.case import read_case
from service.engine.match import match
from service.knowledge.citations import RANK, REGULATORY, in_order, is_regulatory
from service.knowledge.schemas import SOURCE_KINDS
from service.knowledge.store import KnowledgeBase

SOURCES = {
    "label": {"kind": "label", "verification": "corroborated"},
    "epar": {"kind": "epar", "verification": "opened"},
    "memory": {"kind": "label", "verification": "recalled"},
    "news": {"kind": "news", "verification": "opened"},
    "paper": {"kind": "paper", "verification": "opened"},
    "report": {"kind": "news", "verification": "opened"},
}


def ids(citations: list[dict[str, Any]]) -> list[str]:
    """Return the ids of citations in their order."""
    return [citation["id"] for citation in citations]


def test_every_kind_of_source_has_a_rank() -> None:
    assert sorted(RANK) == sorted(SOURCE_KINDS)


def test_the_regulator_speaks_first_and_memory_last() -> None:
    for order in itertools.permutations(("label", "epar", "memory", "news", "paper")):
        found = ids(in_order([{"id": id_} for id_ in order], SOURCES))
        assert found == ["epar", "label", "paper", "news", "memory"], order


def test_sources_of_one_kind_keep_the_order_of_the_curator() -> None:
    assert ids(in_order([{"id": "report"}, {"id": "news"}], SOURCES)) == ["report", "news"]
    assert ids(in_order([{"id": "news"}, {"id": "report"}], SOURCES)) == ["news", "report"]


def test_a_document_that_nobody_saw_is_no_ground(kb: KnowledgeBase) -> None:
    assert not is_regulatory(SOURCES["memory"])
    assert is_regulatory(SOURCES["label"])


def test_every_authorisation_leads_with_a_document_of_the_regulator(kb: KnowledgeBase) -> None:
    sources = kb.records["sources"]
    for id_, row in kb.records["assertions"].items():
        if row["authority"]:
            assert sources[row["sources"][0]["id"]]["kind"] in REGULATORY, id_


@pytest.mark.parametrize("line", [1, 2])
def test_the_trace_of_a_label_names_the_label(kb: KnowledgeBase, line: int) -> None:
    """The answer that read from news before: lung adenocarcinoma with EGFR L858R."""
    case = {
        "tumor_type": "LUAD",
        "biomarkers": ["EGFR L858R"],
        "patient": {"disease_stage": "metastatic", "line_of_therapy": line},
    }
    asked = read_case(kb, case, today=dt.date(2026, 11, 25)).case
    report = match(kb.rulebook, asked, explain="full")
    seen = 0
    for row in report.therapies:
        for found in row.matches:
            if found.applicability != "on_label":
                continue
            for step in found.trace:
                if step.rule in ("M5", "M11", "M17"):
                    seen += 1
                    assert kb.records["sources"][step.source]["kind"] in REGULATORY, step
    assert seen > 20
