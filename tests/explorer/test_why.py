"""Why: the tree of any assertion, leaf for leaf what the trace says, and what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.engine.trace import TraceNode
from service.explorer.rules import RULES
from service.knowledge.store import KnowledgeBase
from tests.explorer.pages import CASE, Element, Page, get
from tests.explorer.rules import rules_of_page, written
from tests.explorer.test_answer import CASES

Json = dict[str, Any]


def leaves(page: Page) -> list[tuple[str, str]]:
    """Return (truth, fact) of each leaf of the criteria, in their order."""
    section = page.all("section", **{"aria-labelledby": "criteria"})[0]
    nodes = [e for e in page.all("li", class_="node") if section in e.inside]
    return [
        (page.texts_in(node, class_="truth")[0][1:], said[0].removeprefix("the case says "))
        for node in nodes
        if (said := page.texts_in(node, class_="fact-of")) and not _branches(page, node)
    ]


def _branches(page: Page, node: Element) -> bool:
    return any(node in other.inside for other in page.all("li", class_="node"))


@pytest.mark.parametrize("query", CASES[:6])
def test_each_leaf_has_the_truth_and_the_fact_of_the_trace(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/match?{query}&explain=full").get_json()
    for row in (*answer["therapies"], *answer["resistance"]):
        for assertion in row["assertions"]:
            page = get(client, f"/why/{assertion['id']}?{query}")
            steps = [s for s in assertion["trace"] if s["path"] not in ("authorisation", "level")]
            assert leaves(page) == [(s["truth"], " ".join(s["fact"].split())) for s in steps]
            verdict = page.all("section", class_="verdict")[0].text
            assert assertion["why"] in verdict


@pytest.mark.parametrize("query", [*CASES[:3], CASES[6]])
def test_a_dropped_assertion_says_which_rule_dropped_it(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/match?{query}&explain=full").get_json()
    assert answer["excluded"]
    for drop in answer["excluded"]:
        page = get(client, f"/why/{drop['assertion']}?{query}")
        verdict = page.all("section", class_="verdict")[0].text
        assert f"Not offered by rule {drop['rule']}: {drop['reason']}" in verdict


def test_every_assertion_can_be_looked_at_and_what_nothing_opens_says_so(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    answer = client.get(f"/v1/match?{CASE}&explain=full").get_json()
    told = {drop["assertion"] for drop in answer["excluded"]}
    rows = (*answer["therapies"], *answer["resistance"])
    told |= {assertion["id"] for row in rows for assertion in row["assertions"]}
    for id_ in kb.records["assertions"]:
        page = get(client, f"/why/{id_}?{CASE}")
        verdict = page.all("section", class_="verdict")[0].text
        assert ("by rule M6" in verdict) is (id_ not in told), id_


def test_the_tree_of_the_tumour_types_marks_the_case_and_what_is_named(client: FlaskClient) -> None:
    page = get(client, f"/why/A0310?{CASE}")
    section = page.all("section", **{"aria-labelledby": "tumor-tree"})[0]
    texts = [e.text for e in page.all("p") if section in e.inside]
    assert "Any Solid Tumor SOLID named by the statement" in texts
    assert "Colorectal Adenocarcinoma COADREAD this case excluded by the statement" in texts


def test_the_way_from_text_to_class_names_each_step(client: FlaskClient) -> None:
    query = "tumor_type=LUAD&biomarker=EGFR+c.2573T%3EG&as_of=2026-11-22"
    normalized = client.post("/v1/normalize", json={"biomarkers": ["EGFR c.2573T>G"]}).get_json()
    steps = normalized["findings"][0]["understood_by"]
    page = get(client, f"/why/A0002?{query}")
    shown = [e.text for e in page.all(class_="step")]
    assert shown[:-1] == [" ".join(step.split()) for step in steps]
    assert shown[-1].startswith("EGFR L858R")
    asked_here = [e.text for e in page.all("li", class_="named")]
    assert asked_here == ["EGFR L858R (asked here)"]


def test_events_after_the_day_do_not_exist(client: FlaskClient) -> None:
    query = "tumor_type=NSCLC&biomarker=EGFR+exon+20+insertion"
    before = get(client, f"/why/A0022?{query}&as_of=2022-06-01").all("main")[0].text
    after = get(client, f"/why/A0022?{query}&as_of=2026-11-22").all("main")[0].text
    assert "2021-09-15 accelerated" in before
    assert "withdrawn" not in before
    assert "withdrawn" in after


def test_a_tree_is_false_where_a_child_makes_it_so(kb: KnowledgeBase) -> None:
    """The truth of each branch follows from its children (M1)."""
    from service.adapters.v1.case import read_case
    from service.engine.question import Question
    from tests.cases import TODAY

    case = read_case(kb, {"tumor_type": "COADREAD", "biomarkers": ["BRAF V600E"]}, today=TODAY).case
    question = Question(kb.rulebook, case)
    order = ("false", "unknown", "true")
    combine = {"all": min, "any": max, "none": lambda values: 2 - max(values)}

    def check(node: TraceNode) -> None:
        if node.kind in combine and node.children:
            values = [order.index(child.truth) for child in node.children]
            assert order[combine[node.kind](values)] == node.truth
        for child in node.children:
            check(child)

    for entry in kb.rulebook.entries:
        for tree in question.tracer.trees(entry).values():
            check(tree)


def test_the_rules_of_the_page_are_those_of_the_semantics(client: FlaskClient) -> None:
    assert RULES.read_bytes() == written(), "run: python -m tests.explorer.rules"
    rules = list(rules_of_page())
    assert [rule["number"] for rule in rules] == [f"M{n}" for n in range(1, len(rules) + 1)]
    page = get(client, "/rules")
    for rule in rules:
        text = page.by_id(rule["number"]).text
        assert all(rule[key] in text for key in ("title", "text", "source", "example"))
