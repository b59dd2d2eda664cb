"""Filters of assertions: each one narrows to what it names, together they are "and"."""

from __future__ import annotations

import datetime as dt

import pytest

from service.errors import Fault
from service.knowledge.selection import FILTERS, STATUSES, select_assertions
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY

_TWO_NAMES = ({"gene": "BRAF"}, {"drug": "cetuximab"})


def ids(kb: KnowledgeBase, day: dt.date = TODAY, **given: str) -> list[str]:
    faults: list[Fault] = []
    found = select_assertions(kb, given, day, faults)
    assert faults == []
    return [entry.assertion.id for entry, _ in found]


def test_without_a_filter_there_are_all_that_existed(kb: KnowledgeBase) -> None:
    assert ids(kb) == list(kb.records["assertions"])
    assert "A0002" not in ids(kb, dt.date(2017, 1, 1))
    assert "A0001" in ids(kb, dt.date(2017, 1, 1))


@pytest.mark.parametrize("field", ["effect", "jurisdiction"])
def test_a_field_chooses_its_records(kb: KnowledgeBase, field: str) -> None:
    records = kb.records["assertions"]
    for value in {record[field] for record in records.values()} - {None}:
        assert ids(kb, **{field: value}) == [i for i, r in records.items() if r[field] == value]


def test_every_status_is_one_that_an_event_gives(kb: KnowledgeBase) -> None:
    by_status = {status: ids(kb, status=status) for status in STATUSES}
    assert all(by_status.values())
    assert sum(map(len, by_status.values())) == sum(
        record["authority"] is not None for record in kb.records["assertions"].values()
    )
    assert "A0022" in by_status["withdrawn"]
    assert "A0022" in ids(kb, dt.date(2023, 1, 1), status="accelerated")


def test_names_are_read_as_a_question_reads_them(kb: KnowledgeBase) -> None:
    assert ids(kb, gene="HER2") == ids(kb, gene="ERBB2") != []
    assert ids(kb, drug="Tagrisso") == ids(kb, drug="osimertinib") != []
    assert ids(kb, tumor_type="lung adenocarcinoma") == ids(kb, tumor_type="LUAD") != []


def test_filters_are_joined_with_and(kb: KnowledgeBase) -> None:
    for one, other in (({"gene": "EGFR"}, {"effect": "resistance"}), _TWO_NAMES):
        both = ids(kb, **one, **other)
        assert both == [i for i in ids(kb, **one) if i in set(ids(kb, **other))]
        assert both
        assert both != ids(kb, **one)


def test_every_fault_is_reported_at_once(kb: KnowledgeBase) -> None:
    faults: list[Fault] = []
    select_assertions(kb, dict.fromkeys(FILTERS, "nonsense-xyz"), TODAY, faults)
    assert [fault.pointer for fault in faults] == [f"?{name}" for name in FILTERS]
