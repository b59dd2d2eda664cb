"""Kinds of misreading that users of comparable systems reported never come back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cases import read_cases
from tests.contract.misreading import CHECKS, Json, View, ask, differences

CASES = read_cases(Path(__file__).parent / "misreadings")
IDS = [case["id"] for case in CASES]
WRONG = "no such value"


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_an_input_is_read_as_it_is_meant(client: FlaskClient, case: Json) -> None:
    assert differences(case["expect"], ask(client, case)) == []


def _forbid(name: str) -> Callable[[View, Any], None]:
    def spoil(view: View, wanted: Any) -> None:
        held = getattr(view, name)
        held.update(dict.fromkeys(wanted, "detected met") if isinstance(held, dict) else wanted)

    return spoil


def _set_cards(view: View, wanted: Any) -> None:
    view.cards = [*view.cards, *wanted]


#: What a negative expectation forbids, put into the answer.
SPOILED: dict[str, Callable[[View, Any], None]] = {
    "not_findings": _forbid("findings"),
    "not_classes": _forbid("classes"),
    "not_listed": _forbid("rows"),
    "not_met": _forbid("rows"),
    "not_resistance": _forbid("resistance"),
    "not_cards": _set_cards,
}
#: A positive expectation that the answer cannot meet.
CHANGED: dict[type, Callable[[Any], Any]] = {
    bool: lambda wanted: not wanted,
    int: lambda wanted: wanted + 1,
    str: lambda wanted: WRONG,
    list: lambda wanted: [*wanted, WRONG],
    dict: lambda wanted: {**wanted, WRONG: WRONG},
}


def _spoilings(expect: Json, view: View) -> Iterator[tuple[str, Json, View]]:
    """Yield each expectation alone, with a value or an answer that does not meet it."""
    for key, wanted in {"status": 200, **expect}.items():
        if key == "samples":
            yield key, {key: {**wanted, WRONG: {}}}, view
            for id_, inner in wanted.items():
                yield from _spoilings(inner, view.samples[id_])
        elif key in SPOILED:
            spoiled = copy.deepcopy(view)
            SPOILED[key](spoiled, wanted)
            yield key, {"status": view.status, key: wanted}, spoiled
        else:
            yield key, {"status": view.status, key: CHANGED[type(wanted)](wanted)}, view


def test_the_comparer_notices_every_expectation_that_is_not_met(client: FlaskClient) -> None:
    seen = set()
    for case in CASES:
        view = ask(client, case)
        for key, expect, spoiled in _spoilings(case["expect"], view):
            assert differences(expect, spoiled) != [], (case["id"], key)
            seen.add(key)
    assert seen - {"samples"} == CHECKS.keys()


def test_an_unknown_expectation_is_refused() -> None:
    with pytest.raises(KeyError):
        differences({"therapy": []}, View(200))


def test_each_case_says_why_and_by_which_source() -> None:
    assert len(set(IDS)) == len(IDS)
    for case in CASES:
        assert all(case[key] for key in ("title", "why", "source", "expect")), case["id"]
