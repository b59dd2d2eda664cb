"""The comparer is proven to fail: every expectation of a case or a claim, changed, is noticed."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.cases import (
    CASE_FOLDERS,
    CHECKS,
    Json,
    answer,
    differences,
    load_kb,
    read_cases,
    read_claims,
)

CASES = [case for folder in CASE_FOLDERS for case in read_cases(folder)]
#: With the claims of the lessons, which are compared in the same way.
COMPARED = [*CASES, *read_claims()]
NO_DRUG = "no-such-drug"


@cache
def answer_of(index: int) -> Json:
    """Return the answer to a case, asked once."""
    return answer(load_kb(), COMPARED[index]["given"])


def listed(got: Json) -> list[str]:
    """Return the identifiers of the listed assertions."""
    sections = (row for side in ("therapies", "resistance") for row in got.get(side, ()))
    return [assertion["id"] for row in sections for assertion in row["assertions"]]


def change_rows(wanted: list[Json], got: Json) -> Iterator[Any]:
    """Yield the rows with one field changed at a time."""
    for index, row in enumerate(wanted):
        for key in row:
            changed = copy.deepcopy(wanted)
            changed[index][key] = [NO_DRUG] if key == "regimen" else "no such value"
            yield changed


def change_findings(wanted: list[Json], got: Json) -> Iterator[Any]:
    for index, finding in enumerate(wanted):
        for key in finding:
            changed = copy.deepcopy(wanted)
            changed[index][key] = ["no such class"] if key == "classes" else "no such value"
            yield changed


def change_absent(wanted: list[str], got: Json) -> Iterator[Any]:
    yield from ([*wanted, id_] for id_ in listed(got)[:1])


def change_excluded(wanted: list[Any], got: Json) -> Iterator[Any]:
    yield ["A9999"]
    yield from ([id_] for id_ in listed(got)[:1])
    for item in wanted:
        if isinstance(item, dict) and "rule" in item:
            yield [{**item, "rule": "M99"}]


def change_not_therapies(wanted: list[list[str]], got: Json) -> Iterator[Any]:
    for row in got.get("therapies", ())[:1]:
        yield [[drug["name"] for drug in row["regimen"]["drugs"]]]


def change_on_label(wanted: list[list[str]], got: Json) -> Iterator[Any]:
    yield [*wanted, [NO_DRUG]]
    if wanted:
        yield wanted[1:]


def change_trace(wanted: list[Json], got: Json) -> Iterator[Any]:
    for index, leaf in enumerate(wanted):
        for key in leaf:
            yield [{**e, key: "no such"} if i == index else e for i, e in enumerate(wanted)]


def change_same_answer(wanted: list[Json], got: Json) -> Iterator[Any]:
    for index, given in enumerate(wanted):
        other = {**given, "biomarkers": ["KRAS G12C"]}
        yield [other if i == index else e for i, e in enumerate(wanted)]


def change_errors(wanted: list[Json], got: Json) -> Iterator[Any]:
    yield []
    for index in range(len(wanted)):
        for key in ("pointer", "code"):
            yield [{**e, key: "/no"} if i == index else e for i, e in enumerate(wanted)]


def change_tests(wanted: list[Json], got: Json) -> Iterator[Any]:
    yield [{"gene": "NOGENE"}]
    for item in wanted:
        yield [{**item, "assay": "no such assay"}]


#: Expectation -> the changed expectations that must each be noticed.
CHANGES: dict[str, Callable[[Any, Json], Iterator[Any]]] = {
    "therapies": change_rows,
    "resistance": change_rows,
    "cautions": change_rows,
    "absent": change_absent,
    "excluded": change_excluded,
    "conflict": lambda wanted, got: iter([[*wanted, [NO_DRUG]]]),
    "not_therapies": change_not_therapies,
    "on_label": change_on_label,
    "warnings": lambda wanted, got: iter([[*wanted, "no_such_code"]]),
    "errors": change_errors,
    "suggested_tests": change_tests,
    "order": lambda wanted, got: iter([wanted[::-1], [*wanted, [NO_DRUG]]]),
    "first_therapy": lambda wanted, got: iter([[NO_DRUG]]),
    "findings": change_findings,
    "trace": change_trace,
    "same_answer": change_same_answer,
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_expectation_is_noticed(kind: str) -> None:
    noticed = 0
    for index, case in enumerate(COMPARED):
        if kind in case["expect"]:
            got = answer_of(index)
            for changed in CHANGES[kind](case["expect"][kind], got):
                assert differences({kind: changed}, got), (case["id"], changed)
                noticed += 1
    assert noticed, f"no case expects {kind}"


def test_nothing_listed_is_noticed_where_something_is_listed() -> None:
    answers = (answer_of(index) for index in range(len(CASES)))
    got = next(got for got in answers if listed(got))
    assert differences({"nothing_listed": True}, got)


def test_every_kind_of_expectation_is_guarded_and_used() -> None:
    used = {kind for case in COMPARED for kind in case["expect"]}
    assert set(CHECKS) == {*CHANGES, "nothing_listed"} == used


def test_a_refused_case_meets_no_expectation_about_an_answer() -> None:
    refused = answer(load_kb(), {"tumor_type": "LUAD", "biomarkers": ["no such thing"]})
    assert "errors" in refused
    for expect in ({"absent": ["A0001"]}, {"therapies": [{"regimen": ["osimertinib"]}]}):
        assert differences(expect, refused)
    assert differences({"nothing_listed": True}, refused)


def test_an_unknown_expectation_is_refused() -> None:
    with pytest.raises(KeyError):
        differences({"therapy": []}, {})


def test_every_case_has_an_id_of_its_own() -> None:
    ids = Counter(case["id"] for case in CASES)
    assert [id_ for id_, count in ids.items() if count > 1] == []


def test_every_case_says_why_and_whence() -> None:
    keys = {"id", "title", "why", "source", "given", "expect", "file"}
    wrong = [c.get("id") for c in CASES if set(c) != keys or not all(c[key] for key in keys)]
    assert wrong == []
