"""Every curated case: each live assertion has a hit and a near miss (``cases/*.yaml``)."""

from __future__ import annotations

import pytest

from service.knowledge.store import KnowledgeBase
from tests.cases import CASE_FOLDERS, Json, answer, differences, read_cases

CASES = [case for folder in CASE_FOLDERS for case in read_cases(folder)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}:{case['id']}")
def test_curated_case(case: Json, kb: KnowledgeBase) -> None:
    assert differences(case["expect"], answer(kb, case["given"])) == []
