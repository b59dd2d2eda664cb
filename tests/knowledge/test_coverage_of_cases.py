"""Every live assertion has a case that hits it and one that just misses it."""

from __future__ import annotations

import pytest

from service.adapters.v1.case import read_case
from service.engine.authorisation import standing_on
from service.engine.rulebook import Rulebook
from service.knowledge.store import KnowledgeBase
from tests.cases import CASE_FOLDERS, TODAY, Json, read_cases
from tests.knowledge.near import facts_between

CASES = [case for folder in CASE_FOLDERS for case in read_cases(folder)]


def hits(case: Json) -> set[str]:
    """Return the assertions that a case expects to be listed."""
    rows = [
        row
        for side in ("therapies", "resistance", "cautions")
        for row in case["expect"].get(side, ())
    ]
    return {row["assertion"] for row in rows if "assertion" in row}


def misses(case: Json) -> set[str]:
    """Return the assertions that a case expects not to be listed, or as off-label only."""
    expect = case["expect"]
    excluded = expect.get("excluded", ())
    named = {item["assertion"] if isinstance(item, dict) else item for item in excluded}
    elsewhere = {
        row["assertion"]
        for row in expect.get("therapies", ())
        if row.get("applicability") == "other_tumor_type" and "assertion" in row
    }
    return named | elsewhere | set(expect.get("absent", ()))


def live(rulebook: Rulebook) -> set[str]:
    """Return the assertions that stand today, with or without an authority, and that can open.

    A label that names a biomarker only as a reason for earlier treatment opens nothing (M6).
    """
    entries = [entry for entry in rulebook.entries if entry.openers or entry.wild_type]
    assertions = [entry.assertion for entry in entries]
    return {a.id for a in assertions if a.authority is None or standing_on(a, TODAY).stands}


def lacking(ids: set[str], cases: list[Json]) -> tuple[list[str], list[str]]:
    """Return the assertions without a hit and those without a near miss."""
    hit = {id_ for case in cases for id_ in hits(case)}
    missed = {id_ for case in cases for id_ in misses(case)}
    return sorted(ids - hit), sorted(ids - missed)


def test_every_live_assertion_has_a_hit_and_a_near_miss(rulebook: Rulebook) -> None:
    assert lacking(live(rulebook), CASES) == ([], [])


def test_a_missing_case_is_noticed(rulebook: Rulebook) -> None:
    id_ = min(live(rulebook))
    without = [case for case in CASES if id_ not in hits(case)]
    assert lacking({id_}, without)[0] == [id_]
    without = [case for case in CASES if id_ not in misses(case)]
    assert lacking({id_}, without)[1] == [id_]


def far_misses(ids: set[str], cases: list[Json]) -> list[str]:
    """Return the assertions without a miss that is one fact away from one of their hits."""
    given_of: dict[str, tuple[list[Json], list[Json]]] = {id_: ([], []) for id_ in ids}
    for case in cases:
        for id_ in hits(case) & ids:
            given_of[id_][0].append(case["given"])
        for id_ in misses(case) & ids:
            given_of[id_][1].append(case["given"])
    return sorted(
        id_
        for id_, (hit, missed) in given_of.items()
        if not any(facts_between(one, other) == 1 for one in hit for other in missed)
    )


def test_live_assertions_have_a_miss_one_fact_away_from_a_hit(rulebook: Rulebook) -> None:
    assert far_misses(live(rulebook), CASES) == []


def test_a_miss_that_is_two_facts_away_is_noticed(rulebook: Rulebook) -> None:
    case = next(case for case in CASES if case["id"] == "A0450-hit")
    near = {**case["given"], "tumor_type": "COAD"}
    far = {**near, "jurisdictions": ["EU"]}
    missed = [{**case, "given": given, "expect": {"absent": ["A0450"]}} for given in (near, far)]
    assert far_misses({"A0450"}, [case, missed[0]]) == []
    assert far_misses({"A0450"}, [case, missed[1]]) == ["A0450"]


@pytest.mark.parametrize("case", [case for case in CASES if misses(case)], ids=lambda c: c["id"])
def test_a_near_miss_is_near(case: Json, kb: KnowledgeBase) -> None:
    """A miss of another gene and another tumour type would prove nothing."""
    request = {**case["given"], "as_of": None}
    asked = read_case(kb, request, today=TODAY).case
    tumors = kb.rulebook.tumors
    entries = {entry.assertion.id: entry for entry in kb.rulebook.entries}
    for id_ in misses(case):
        is_same_gene = any(finding.gene in entries[id_].genes for finding in asked.findings)
        in_tumor = any(tumors.is_under(asked.tumor_type, code) for code in entries[id_].tumors)
        assert is_same_gene or in_tumor, id_
