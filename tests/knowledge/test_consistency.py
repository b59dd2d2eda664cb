"""What must hold over the whole seed data, beyond what lint asks of each record."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest

from service.knowledge.store import KnowledgeBase
from tests.cases import CASE_FOLDERS, read_cases

Json = dict[str, Any]
LAST_DAY = dt.date(2026, 12, 1)
ARTICLE = re.compile(r"\d{7,8}")
TRIAL = re.compile(r"NCT\d{8}")


@pytest.fixture(scope="module")
def assertions(kb: KnowledgeBase) -> dict[str, Json]:
    return kb.records["assertions"]


def test_events_are_in_order_and_not_in_the_future(assertions: dict[str, Json]) -> None:
    for id_, row in assertions.items():
        days = [dt.date.fromisoformat(event["date"]) for event in row["events"]]
        assert days == sorted(days), id_
        assert all(day <= LAST_DAY for day in days), id_


def test_what_is_superseded_names_an_assertion_about_one_of_its_drugs(
    assertions: dict[str, Json],
) -> None:
    for id_, row in assertions.items():
        for event in row["events"]:
            if event["by"] is not None:
                assert {*assertions[event["by"]]["regimen"]} & {*row["regimen"]}, id_


def test_no_two_statements_are_the_same_words(assertions: dict[str, Json]) -> None:
    counts = Counter((row["statement"], row["jurisdiction"]) for row in assertions.values())
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_statement_is_one_short_sentence(assertions: dict[str, Json]) -> None:
    for id_, row in assertions.items():
        assert row["statement"].endswith("."), id_
        assert len(row["statement"].split()) <= 60, id_


def test_every_authorisation_has_a_study_and_every_record_a_source(
    assertions: dict[str, Json],
) -> None:
    authorised = [row for row in assertions.values() if row["authority"]]
    with_study = [row for row in authorised if row["evidence"]]
    assert len(with_study) >= 0.9 * len(authorised)
    assert [id_ for id_, row in assertions.items() if not row["sources"]] == []


def test_the_targets_of_coverage_are_met(kb: KnowledgeBase) -> None:
    rows = kb.records["assertions"].values()
    authorised = Counter(row["jurisdiction"] for row in rows if row["authority"])
    resisting = [row for row in rows if row["effect"] != "sensitivity"]
    claims = sum(len(device["claims"]) for device in kb.records["diagnostics"].values())
    assert len(rows) >= 380
    assert authorised["US"] >= 120
    assert authorised["EU"] >= 110
    assert len(resisting) >= 120
    assert claims >= 60


def test_identifiers_have_their_form(kb: KnowledgeBase) -> None:
    for name in ("sources", "studies"):
        for id_, row in kb.records[name].items():
            for key, form in (("pmid", ARTICLE), ("nct", TRIAL)):
                if row.get(key):
                    assert form.fullmatch(row[key]), (name, id_, key)
    for id_, row in kb.records["sources"].items():
        assert row["url"] is None or re.match(r"https?://\S+$", row["url"]), id_


def test_reviews_are_real_days(assertions: dict[str, Json]) -> None:
    for id_, row in assertions.items():
        day = dt.date.fromisoformat(row["reviewed_on"])
        assert dt.date(2026, 1, 1) <= day <= LAST_DAY, id_


def test_every_class_that_opens_an_assertion_is_met_by_a_case(kb: KnowledgeBase) -> None:
    """A class that no case meets could be wrong and nobody would notice."""
    listed: set[str] = set()
    for folder in CASE_FOLDERS:
        for case in read_cases(folder):
            for section in ("therapies", "resistance"):
                rows = case["expect"].get(section, [])
                listed |= {row["assertion"] for row in rows if "assertion" in row}
    met = {
        name
        for entry in kb.rulebook.entries
        if entry.assertion.id in listed
        for name in (*entry.openers, *entry.wild_type)
    }
    opening = {n for e in kb.rulebook.entries for n in (*e.openers, *e.wild_type)}
    assert sorted(opening - met) == []
