"""A class that asks for an origin stays open for a variant that does not say it."""

from __future__ import annotations

import datetime as dt

import pytest

from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.knowledge.store import KnowledgeBase


@pytest.mark.parametrize("origin", ["", " germline", " somatic"])
@pytest.mark.parametrize("variant", ["V804M", "M918T", "G810S"])
def test_the_kind_of_a_change_says_nothing_about_its_origin(
    kb: KnowledgeBase, variant: str, origin: str
) -> None:
    """A kind of change is a mutation (rule M33), yet no germline mutation."""
    findings = kb.reader.read_text(f"RET {variant}{origin}").findings
    facts = Facts(kb.rulebook, Case("THME", findings, dt.date.min))
    expected = {"": Truth.UNKNOWN, " germline": Truth.TRUE, " somatic": Truth.UNKNOWN}[origin]
    assert facts.verdict("RET germline mutation").truth is expected
    assert facts.verdict("RET mutation").truth is Truth.TRUE
