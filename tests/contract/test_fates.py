"""What became of each biomarker: set apart, not covered, and whether the answer is complete."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
COVERED: list[Any] = ["EGFR L858R", "EGFR T790M", {"gene": "KRAS", "result": "not_detected"}]
CASE: Json = {"tumor_type": "LUAD", "as_of": "2026-11-01"}


def _panel(kb: KnowledgeBase, count: int) -> list[Json]:
    """Return results of genes that nobody curated, as a panel reports them."""
    names = kb.reader.human_genes
    chosen = sorted(
        name
        for name in names.names()
        if (gene := names.find(name))
        and gene.symbol == name
        and kb.reader.names.lookup(name) is None
    )
    results = [{"alteration": "R175H"}, {"result": "not_detected"}, {"alteration": "p.Q61*"}]
    step = len(chosen) // count
    return [{"gene": chosen[i * step], **results[i % 3]} for i in range(count)]


def _ask(client: FlaskClient, biomarkers: list[Any], **more: Any) -> Json:
    response = client.post("/v1/match", json={**CASE, "biomarkers": biomarkers, **more})
    assert response.status_code == 200, response.json
    answer: Json = response.json
    return answer


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_a_panel_of_300_genes_changes_nothing_of_the_covered_ones(
    client: FlaskClient, kb: KnowledgeBase, explain: str
) -> None:
    mixed = [*COVERED, *_panel(kb, 300)]
    random.Random(7).shuffle(mixed)
    alone = _ask(client, COVERED, explain=explain)
    answer = _ask(client, mixed, explain=explain)
    for part in ("therapies", "resistance", "suggested_tests", "excluded", "result_hash"):
        assert answer[part] == alone[part], part
    assert answer["complete"] is True
    assert answer["case"]["not_covered"]["count"] == 300
    assert [w["code"] for w in answer["warnings"]].count("gene_not_covered") == 1
    strangers = [f for f in answer["case"]["findings"] if f["status"] == "not_covered"]
    assert len(strangers) == (300 if explain == "full" else 0)
    assert all(f["classes"] == [] and f["gene"] in f["name"] for f in strangers)


def test_the_order_of_what_is_not_covered_changes_no_byte(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    mixed = [*COVERED, *_panel(kb, 20)]
    answers = set()
    for seed in range(5):
        random.Random(seed).shuffle(mixed)
        body = {**CASE, "biomarkers": mixed}
        answers.add(client.post("/v1/match", json=body).get_data())
    assert len(answers) == 1


def test_what_is_not_covered_is_read_on_its_own_too(client: FlaskClient) -> None:
    given = ["EGFR L858R", {"gene": "TP53", "alteration": "R175H"}]
    answer = client.post("/v1/normalize", json={"biomarkers": given}).json
    statuses = [(f["input_index"], f["gene"], f["status"]) for f in answer["findings"]]
    assert statuses == [(0, "EGFR", "recognized"), (1, "TP53", "not_covered")]
