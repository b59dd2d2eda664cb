"""What does not go together is found without comparing everything with everything."""

from __future__ import annotations

import pytest

from service.adapters.v1 import contradictions
from service.adapters.v1.biomarkers import read_biomarker
from service.knowledge.store import KnowledgeBase


@pytest.mark.parametrize(
    ("texts", "said", "most"),
    [
        (["EGFR L858R"] * 500, 0, 0),
        ([f"EGFR {letter}{at}A" for at, letter in ((858, "L"), (861, "L"), (719, "G"))], 0, 0),
        (["EGFR L858R"] * 500 + ["EGFR L858R not detected"] * 500, 1, 1),
        (["HER2 IHC 3+"] * 300 + ["HER2 IHC 0"] * 300, 1, 1),
    ],
)
def test_equal_findings_are_compared_once(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, texts: list[str], said: int, most: int
) -> None:
    compared: list[tuple[object, ...]] = []
    rule = contradictions.disagree
    monkeypatch.setattr(
        contradictions, "disagree", lambda *given: compared.append(given) or rule(*given)
    )
    items = [
        item
        for at, text in enumerate(texts)
        for item in read_biomarker(kb, text, f"/biomarkers/{at}")
    ]
    notices = contradictions.contradictions_of(kb.rulebook, items)
    assert [notice.code for notice in notices].count("contradictory_findings") == said
    assert len(compared) <= most
