"""Every trap and every kind of resource: one small document each, read and answered."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.adapters.fhir_in import read_fhir
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_in.runner import CASES, CHECKS, IDS, WHOLE, Json, ask, differences
from tests.cases import TODAY


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_document_of_a_case_is_read_and_answered_as_expected(
    client: FlaskClient, case: Json
) -> None:
    assert differences(case["expect"], ask(client, case)) == []


def test_every_case_has_an_id_of_its_own_in_a_file_of_its_name() -> None:
    assert [id_ for id_, count in Counter(IDS).items() if count > 1] == []
    assert [case["file"] for case in CASES] == [f"{case['id']}.yaml" for case in CASES]
    assert all(case["title"] and case["why"] and case["source"] for case in CASES)


def changed(value: Any) -> Any:
    """Return an expectation that the answer does not meet."""
    if isinstance(value, list):
        return [*value, "nothing like this"]
    if isinstance(value, dict):
        return {**value, "nothing like this": "x"}
    return "nothing like this"


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_comparer_notices_every_changed_expectation(client: FlaskClient, case: Json) -> None:
    """A comparer that cannot fail proves nothing."""
    got = ask(client, case)
    for key, value in case["expect"].items():
        if key in ("not_listed", "not_on_label"):
            for name in _listed(got, on_label=key == "not_on_label"):
                assert differences({key: [name]}, got) != []
        elif key == "subjects":
            first = value[0] if value else {"subject": "nothing like this"}
            wrong = [{**first, "findings": ["nothing like this"]}, *value[1:]]
            assert differences({key: wrong}, got) != []
        else:
            assert differences({key: changed(value)}, got) != [], key


def _listed(got: Json, *, on_label: bool) -> list[str]:
    answers = [result["answer"] for result in got["results"] if result["answer"]]
    return [
        row["regimen"]["name"].lower()
        for answer in answers
        for row in answer["therapies"]
        if not on_label or row["applicability"] == "on_label"
    ]


def test_every_check_of_the_comparer_is_used_by_a_case() -> None:
    used = {key for case in CASES for key in case["expect"]}
    used |= {key for c in CASES for want in c["expect"].get("subjects", ()) for key in want}
    assert used == {*CHECKS, *WHOLE}


def test_a_reading_does_not_change_the_document(kb: KnowledgeBase) -> None:
    for case in CASES:
        document = copy.deepcopy(case["given"])
        read_fhir(kb, document, today=TODAY)
        assert document == case["given"]
