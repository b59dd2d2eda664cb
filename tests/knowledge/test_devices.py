"""Companion diagnostics: which devices serve a record, and which of them an answer names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from service.engine.tumors import TumorTree
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.devices import ClaimIndex, ServingClaim, names_on
from service.knowledge.store import KnowledgeBase

PARENTS = {"LUAD": "NSCLC", "NSCLC": "SOLID", "MEL": "SOLID", "SOLID": None}


def rule(**given: Any) -> dict[str, Any]:
    """Return the rule of a class as the seed data hold it."""
    return {"any_of": [], "all_of": [], "positions": []} | given


CLASSES = [
    {"name": "X A", "gene": "X", "rule": rule(positions=[12])},
    {"name": "X B", "gene": "X", "rule": rule(positions=[12, 13])},
    {"name": "X kind", "gene": "X", "rule": rule()},
    {"name": "Y B", "gene": "Y", "rule": rule(positions=[12, 13])},
    {"name": "X or Y", "gene": None, "rule": rule(any_of=["X B", "Y B"])},
]


def devices_for(claim: dict[str, Any], *, device: str = "US", **given: Any) -> list[str]:
    """Return the devices that serve a record for drug ``a``, class ``X A``, non-small cell."""
    claim = {"drug": "a", "biomarker": "X A", "tumor_types": ["NSCLC"]} | claim
    record = {"regimen": ["a", "b"], "jurisdiction": "US"} | given
    classes = given.get("classes") or [{"biomarker": "X A"}]
    tumor = given.get("tumor") or {"tumor_type": "NSCLC"}
    criteria = parse_criteria({"all": [tumor, *classes]}, _refuse)
    index = ClaimIndex(
        [{"id": "test", "jurisdiction": device, "claims": [claim]}], CLASSES, PARENTS
    )
    return [row["id"] for row, _ in index.serving(record, criteria)]


def _refuse(*fault: object) -> None:
    raise AssertionError(fault)


def test_a_claim_serves_a_record_of_its_drug_class_and_tumour_type() -> None:
    assert devices_for({}) == ["test"]
    assert devices_for({"drug": "b"}) == ["test"]
    assert devices_for({"drug": "c"}) == []
    assert devices_for({"biomarker": "X kind"}) == []


def test_a_claim_in_another_tumour_type_serves_nothing() -> None:
    assert devices_for({"tumor_types": ["MEL"]}) == []
    assert devices_for({"tumor_types": ["MEL", "NSCLC"]}) == ["test"]


def test_a_claim_for_all_solid_tumours_serves_each_but_not_the_other_way_round() -> None:
    assert devices_for({"tumor_types": ["SOLID"]}) == ["test"]
    assert devices_for({}, tumor={"tumor_type": "SOLID"}) == []
    assert devices_for({"tumor_types": ["LUAD"]}) == []


def test_a_tumour_type_that_a_label_excludes_brings_no_device() -> None:
    label = {"all": [{"tumor_type": "SOLID"}, {"none": [{"tumor_type": "MEL"}]}]}
    assert devices_for({"tumor_types": ["MEL"]}, tumor=label) == []


def test_a_class_that_must_be_absent_is_tested_for_too() -> None:
    assert devices_for({}, classes=[{"none": [{"biomarker": "X A"}]}]) == ["test"]


def test_a_claim_about_a_part_or_some_codons_of_a_class_serves_it() -> None:
    assert devices_for({}, classes=[{"biomarker": "X B"}]) == ["test"]
    assert devices_for({}, classes=[{"biomarker": "X or Y"}]) == ["test"]
    assert devices_for({"biomarker": "X B"}) == []
    assert devices_for({"biomarker": "X B"}, classes=[{"biomarker": "Y B"}]) == []


def test_a_device_serves_only_the_labels_of_its_jurisdiction() -> None:
    assert devices_for({}, device="EU") == []
    assert devices_for({}, device="EU", jurisdiction="EU") == ["test"]
    assert devices_for({}, jurisdiction=None) == []


@pytest.fixture(scope="module")
def tumors(kb: KnowledgeBase) -> TumorTree:
    return kb.rulebook.tumors


def named(claim: ServingClaim, day: str, tumor_type: str, tumors: TumorTree) -> list[str]:
    """Return what an answer of this day about this tumour type names."""
    return names_on([claim, claim], dt.date.fromisoformat(day), tumor_type, tumors)


def test_the_day_of_the_approval_counts(tumors: TumorTree) -> None:
    dated = ServingClaim("Test", ("NSCLC",), dt.date(2012, 5, 1))
    assert named(dated, "2012-04-30", "NSCLC", tumors) == []
    assert named(dated, "2012-05-01", "NSCLC", tumors) == ["Test"]


def test_a_claim_without_a_day_hides_nothing(tumors: TumorTree) -> None:
    assert named(ServingClaim("Test", ("NSCLC",), None), "1990-01-01", "LUAD", tumors) == ["Test"]


def test_an_answer_names_only_devices_of_the_tumour_type_that_was_asked(tumors: TumorTree) -> None:
    claim = ServingClaim("Test", ("NSCLC",), None)
    assert named(claim, "2026-01-01", "LUAD", tumors) == ["Test"]
    assert named(claim, "2026-01-01", "LUNG", tumors) == ["Test"]
    assert named(claim, "2026-01-01", "SCLC", tumors) == []
    assert named(claim, "2026-01-01", "COAD", tumors) == []


def test_dated_claims_of_the_knowledge_base_are_read(kb: KnowledgeBase) -> None:
    tree = kb.rulebook.tumors
    dated = [
        (id_, claim)
        for id_, parts in kb.fragments.items()
        for claim in parts.claims
        if claim.since is not None
    ]
    assert len(dated) >= 20
    for id_, claim in dated:
        assert claim.since is not None
        tumor_type = claim.tumor_types[0]
        on_the_day = kb.fragments[id_].companion_diagnostics_on(claim.since, tumor_type, tree)
        assert claim.device in on_the_day
        assert len(on_the_day) == len(set(on_the_day))


def test_no_two_devices_have_one_name(kb: KnowledgeBase) -> None:
    """An answer names devices; two that differ by specimen or tumour say so in the name."""
    names = [row["name"] for row in kb.records["diagnostics"].values()]
    assert len(names) == len(set(names))


def test_every_claim_serves_a_record(kb: KnowledgeBase) -> None:
    """A claim that serves nothing has a drug, class or tumour type that no label asks for."""
    records = kb.records
    index = ClaimIndex(
        records["diagnostics"].values(),
        records["biomarker_classes"].values(),
        {row["code"]: row["parent"] for row in records["tumor_types"].values()},
    )
    served = {
        id(claim)
        for entry in kb.rulebook.entries
        for _, claims in index.serving(
            records["assertions"][entry.assertion.id], entry.assertion.criteria
        )
        for claim in claims
    }
    idle = [
        (id_, claim["drug"], claim["biomarker"], claim["tumor_types"])
        for id_, row in records["diagnostics"].items()
        for claim in row["claims"]
        if id(claim) not in served
    ]
    assert idle == []


def test_one_drug_has_one_list_where_its_labels_ask_for_the_same(kb: KnowledgeBase) -> None:
    lists: dict[object, set[tuple[str, ...]]] = {}
    for entry in kb.rulebook.entries:
        row = kb.records["assertions"][entry.assertion.id]
        if row["jurisdiction"] == "US" and len(row["regimen"]) == 1:
            criteria = entry.assertion.criteria
            asked = (row["regimen"][0], str(criteria.tumor), str(criteria.biomarker))
            lists.setdefault(asked, set()).add(tuple(row["companion_diagnostics"]))
    assert [asked for asked, found in lists.items() if len(found) > 1] == []
