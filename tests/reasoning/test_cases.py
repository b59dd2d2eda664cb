"""Every question about an answer that is kept as data, asked over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY
from tests.reasoning.runner import Json, mismatches, read_cases

CASES = read_cases()


@pytest.fixture(scope="module")
def client(kb: KnowledgeBase) -> FlaskClient:
    return create_app(knowledge=kb, today=lambda: TODAY).test_client()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}:{case['id']}")
def test_a_question_is_answered_as_expected(case: Json, client: FlaskClient) -> None:
    assert mismatches(client, case) == []


def test_every_case_says_why_and_on_what_source() -> None:
    wrong = [c["id"] for c in CASES if not (c["why"] and c["source"] and c["expect"])]
    assert wrong == []


def test_every_case_has_its_own_id() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))


def test_there_are_cases_of_every_part() -> None:
    kinds = [case["kind"] for case in CASES]
    assert len(CASES) >= 100
    assert min(kinds.count(kind) for kind in set(kinds)) >= 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}:{case['id']}")
def test_a_wrong_expectation_is_noticed(case: Json, client: FlaskClient) -> None:
    """The comparer fails when what is expected is spoiled, whatever kind of expectation it is."""
    for name, wanted in case["expect"].items():
        if name not in FORBIDDEN:
            spoiled = {**case, "expect": {name: _spoil(name, wanted)}}
            assert mismatches(client, spoiled) != [], name


#: What must not be there is spoiled by naming what is there.
FORBIDDEN = {
    "not_asked": ("test-plan", {"tumor_type": "LUAD"}, ["EGFR sequencing"]),
    "absent": ("context", {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}, ["osimertinib"]),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_must_not_be_there_is_noticed(name: str, client: FlaskClient) -> None:
    kind, given, there = FORBIDDEN[name]
    case = {"kind": kind, "given": given, "expect": {name: there}}
    assert mismatches(client, case) != []
    assert mismatches(client, {**case, "expect": {name: ["nothing-of-this-name"]}}) == []


def _spoil(name: str, wanted: Any) -> Any:
    """Return an expectation that no answer can meet."""
    if name == "tells":
        return [{"change": {}, "regimen": "none", "was": "absent", "is": "gone"}]
    if isinstance(wanted, list):
        return ["nothing-of-this-name"]
    if name in ("therapies", "changed"):
        return {"nothing-of-this-name": {}}
    if name == "why":
        return dict.fromkeys(wanted, "words that nobody says")
    if name == "trace":
        return {"A0000": [{"rule": "M0"}]}
    if name == "would_decide":
        return {test: ["nothing-of-this-name"] for test in wanted}
    return {"A0000": "M0"}
