"""Figures belong to the arm and the population of the assertion that shows them."""

from __future__ import annotations

import re

import orjson
import pytest

from service.knowledge.store import KnowledgeBase


@pytest.mark.parametrize(
    ("assertion", "value"),
    [
        ("A0720", 0.62),  # imlunestrant alone, ESR1 mutated
        ("A0902", None),  # with abemaciclib: nothing was found for ESR1-mutated disease
        ("A0813", 0.72),  # zanidatamab with tislelizumab
        ("A0814", None),  # without it, IHC 3+ only
        ("A0858", 0.74),  # tislelizumab, PD-L1 TAP >= 5 %
        ("A0072", 0.78),  # no EGFR or ALK alteration
        ("A0066", None),  # an EGFR alteration: only the whole trial tells
        ("A0538", 0.796),  # KRAS wild type
        ("A0457", 0.69),  # RAS wild type
    ],
)
def test_a_headline_is_of_the_own_arm_and_population(
    kb: KnowledgeBase, assertion: str, value: float | None
) -> None:
    headline = orjson.loads(kb.fragments[assertion].headline)
    assert (headline and headline["value"]) == value


def test_the_result_is_that_of_the_assertion(kb: KnowledgeBase) -> None:
    """A0720 and A0902 cite one trial and tell different comparisons of it."""
    alone, together = (
        orjson.loads(kb.fragments[id_].evidence)[0]["result"] for id_ in ("A0720", "A0902")
    )
    assert "abemaciclib" in together
    assert "abemaciclib" not in alone


def test_no_result_is_remembered(kb: KnowledgeBase) -> None:
    """A figure that nobody read is no figure."""
    told = [row["result"] or "" for row in kb.records["studies"].values()]
    assert [text for text in told if re.search(r"memory|recalled", text)] == []
