"""The history of a case holds every event that its answer hangs on, and nothing else changes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.v1.case import read_case
from service.adapters.v1.summary import summarize_row
from service.engine.authorisation import standing_on
from service.engine.history import History, history_of, spans_of
from service.engine.match import match
from service.engine.model import Case
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY, load_kb

CASES: tuple[dict[str, Any], ...] = (
    {"tumor_type": "LUAD", "biomarkers": ["EGFR exon 20 insertion"]},
    {"tumor_type": "COADREAD", "biomarkers": ["BRAF V600E"]},
    {"tumor_type": "BREAST", "biomarkers": ["HER2 IHC 3+"], "jurisdictions": ["EU"]},
    {"tumor_type": "NSCLC", "biomarkers": ["EML4-ALK fusion", "ALK G1202R"]},
    {"tumor_type": "COADREAD", "biomarkers": ["KRAS not detected", "NRAS not detected"]},
    {"tumor_type": "THAP", "biomarkers": ["BRAF V600E"], "patient": {"line_of_therapy": 1}},
)
DAYS = st.dates(dt.date(1997, 1, 1), dt.date(2027, 1, 1))


def case_of(data: dict[str, Any]) -> Case:
    return read_case(load_kb(), data, today=TODAY).case


def rows_on(case: Case, day: dt.date) -> list[Any]:
    report = match(load_kb().rulebook, replace(case, as_of=day), explain="none")
    return [summarize_row(row) for row in (*report.therapies, *report.resistance)]


@given(data=st.sampled_from(CASES), day=DAYS)
def test_between_two_events_the_answer_stands_still(data: dict[str, Any], day: dt.date) -> None:
    """M14: an answer changes on the days of the history and on no other."""
    case = case_of(data)
    days = [step.day for step in history_of(load_kb().rulebook, case).steps]
    past = [step for step in days if step <= day]
    before = past[-1] if past else dt.date(1990, 1, 1)
    assert rows_on(case, day) == rows_on(case, before)


@given(data=st.sampled_from(CASES), day=DAYS)
def test_every_authorisation_of_any_day_has_its_lane(data: dict[str, Any], day: dt.date) -> None:
    case = case_of(data)
    lanes = {lane.entry.assertion.id for lane in history_of(load_kb().rulebook, case).lanes}
    report = match(load_kb().rulebook, replace(case, as_of=day), explain="none")
    listed = {
        found.entry.assertion.id
        for row in (*report.therapies, *report.resistance)
        for found in row.matches
        if found.entry.assertion.authority is not None
    }
    assert listed <= lanes


@given(day=DAYS)
def test_the_spans_of_an_authorisation_are_its_standing_on_every_day(day: dt.date) -> None:
    """M14 to M16: what is drawn is what the engine decides by."""
    for entry in load_kb().rulebook.entries:
        if entry.assertion.authority is None:
            assert spans_of(entry.assertion) == ()
            continue
        on_day = [
            span.status
            for span in spans_of(entry.assertion)
            if span.start <= day and (span.end is None or day < span.end)
        ]
        assert on_day == [standing_on(entry.assertion, day).status][: len(on_day)]
        assert bool(on_day) == (standing_on(entry.assertion, day).status != "not_yet")


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["tumor_type"])
def test_the_day_of_the_case_makes_no_difference(data: dict[str, Any]) -> None:
    case = case_of(data)
    early = replace(case, as_of=dt.date(2001, 1, 1))
    assert _outline(history_of(load_kb().rulebook, case)) == _outline(
        history_of(load_kb().rulebook, early)
    )


def _outline(history: History) -> list[Any]:
    return [
        [(lane.entry.assertion.id, lane.spans, lane.is_elsewhere) for lane in history.lanes],
        [
            (
                step.day,
                [(entry.assertion.id, event) for entry, event in step.events],
                [entry.assertion.id for entry in step.published],
            )
            for step in history.steps
        ],
    ]


def test_a_withdrawn_label_enters_and_leaves(kb: KnowledgeBase) -> None:
    history = history_of(kb.rulebook, case_of(CASES[0]))
    did = [
        (step.day.isoformat(), verb)
        for step in history.steps
        for verb, changes in (("enters", step.differences.added), ("leaves", step.differences.gone))
        if any(change.row.regimen.id == "mobocertinib" for change in changes)
    ]
    assert did == [("2021-09-15", "enters"), ("2024-07-15", "leaves")]


def test_a_statement_comes_with_its_first_publication(kb: KnowledgeBase) -> None:
    """M14: a statement without an authority is there from the year that it was published in."""
    history = history_of(kb.rulebook, case_of(CASES[0]))
    published = {e.assertion.id: step.day for step in history.steps for e in step.published}
    assert published
    for id_, day in published.items():
        record = kb.records["assertions"][id_]
        assert record["authority"] is None
        assert day == dt.date(record["known_since"], 1, 1)


def test_a_label_of_another_tumour_type_stands_apart(kb: KnowledgeBase) -> None:
    history = history_of(kb.rulebook, case_of(CASES[1]))
    elsewhere = {lane.entry.assertion.id: lane.is_elsewhere for lane in history.lanes}
    assert elsewhere["A0300"]  # vemurafenib in melanoma
    assert not elsewhere["A0315"]  # encorafenib with cetuximab and mFOLFOX6 in colorectal cancer


def test_a_case_that_nothing_speaks_about_has_no_history(kb: KnowledgeBase) -> None:
    case = case_of({"tumor_type": "LUAD", "biomarkers": []})
    assert history_of(kb.rulebook, case) == History((), ())
