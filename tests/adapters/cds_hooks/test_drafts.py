"""What drafted orders are about; the cases are ``cases/drafts.yaml``."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from service.adapters.cds_hooks.medications import DrugFinder
from service.adapters.cds_hooks.orders import read_drafts
from service.knowledge.store import KnowledgeBase
from tests.adapters.cds_hooks.messages import HERE, PATIENT_ID, order

Json = dict[str, Any]
CASES: list[Json] = yaml.safe_load((HERE / "cases/drafts.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def finder(kb: KnowledgeBase) -> DrugFinder:
    return DrugFinder(kb.rulebook, kb.drug_names)


def context(*entries: Json, **more: Any) -> Json:
    """Return the context of a hook with drafted orders."""
    return {"patientId": PATIENT_ID, "draftOrders": {"entry": list(entries)}, **more}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_an_order_is_read_by_what_it_says(finder: DrugFinder, case: Json) -> None:
    drafts = read_drafts(context({"resource": order(case["order"], 0)}), finder)
    assert sorted(name for draft in drafts for name in draft.drugs) == case["drugs"]


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        ("urn:uuid:6f1a", "urn:uuid:6f1a"),
        ("https://ehr.example.org/fhir/Medication/9", "Medication/9"),
        ("urn:uuid:6f1a", "https://ehr.example.org/fhir/Medication/9"),
    ],
)
def test_a_medication_beside_the_order_is_found(
    finder: DrugFinder, full_url: str, reference: str
) -> None:
    medication = {"resourceType": "Medication", "id": "9", "code": {"text": "Tagrisso"}}
    drafts = read_drafts(
        context(
            {"fullUrl": full_url, "resource": medication},
            {"resource": order({"medicationReference": {"reference": reference}}, 0)},
        ),
        finder,
    )
    assert [sorted(draft.drugs) for draft in drafts] == [["osimertinib"]]


def test_selections_name_orders_by_type_and_id(finder: DrugFinder) -> None:
    entries = [{"resource": order(name, n)} for n, name in enumerate(["osimertinib", "gefitinib"])]
    chosen = read_drafts(context(*entries, selections=["MedicationRequest/draft-1"]), finder)
    assert [(sorted(draft.drugs), draft.is_selected) for draft in chosen] == [
        (["osimertinib"], False),
        (["gefitinib"], True),
    ]
    every = read_drafts(context(*entries), finder)
    assert [draft.is_selected for draft in every] == [True, True]


@pytest.mark.parametrize(
    "orders", [None, 1, [], {"entry": 1}, {"entry": [None, {}, {"resource": 1}, {"resource": {}}]}]
)
def test_orders_of_another_shape_are_none(finder: DrugFinder, orders: Any) -> None:
    assert read_drafts({"patientId": PATIENT_ID, "draftOrders": orders}, finder) == []


def test_every_drug_is_found_by_each_of_its_names(kb: KnowledgeBase, finder: DrugFinder) -> None:
    """A name of the vocabulary, as an order would hold it, leads to its drug."""
    lost = [
        name
        for drug in kb.rulebook.drugs.values()
        for name in drug.names
        if drug.kind == "drug" and drug.name not in set(finder.in_text(f"{name} 100 mg (draft)"))
    ]
    assert lost == []
