"""The drafted orders of a hook: which medication each of them is about, and which are selected.

Source: CDS Hooks, ``order-select`` and ``order-sign``; FHIR R4 MedicationRequest, ServiceRequest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.adapters.cds_hooks.medications import DrugFinder
from service.adapters.cds_hooks.prefetch import is_of_patient

Json = dict[str, Any]
#: Kind of order -> where it says what is ordered.
_CONCEPTS = {
    "MedicationRequest": ("medicationCodeableConcept",),
    "ServiceRequest": ("code", "orderDetail"),
}
#: An order in one of these states is none any more.
_ENDED = frozenset({"cancelled", "stopped", "entered-in-error", "revoked", "ended"})
_MAX_ORDERS = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted order with the drugs that it names; drugs that are not known here are not there.

    Args:
        is_selected: whether the hook asks about it; the others count as partners.
    """

    drugs: frozenset[str]
    is_selected: bool


def read_drafts(context: Mapping[str, Any], finder: DrugFinder) -> list[Draft]:
    """Return the drafted orders of the patient that name a known drug.

    Args:
        context: of the hook; with ``selections`` only the named orders are selected.
    """
    resources = list(_resources(context.get("draftOrders")))
    known = {place: resource for places, resource in resources for place in places}
    selections = context.get("selections")
    chosen = {str(item) for item in selections} if isinstance(selections, list) else None
    drafts = []
    for places, resource in resources[:_MAX_ORDERS]:
        if not _is_order(resource, str(context["patientId"])):
            continue
        concepts = _concepts(resource, known)
        drugs = frozenset(name for item in concepts for name in finder.in_concept(item))
        if drugs:
            drafts.append(Draft(drugs, chosen is None or not chosen.isdisjoint(places)))
    return drafts


def _is_order(resource: Json, patient_id: str) -> bool:
    return (
        resource.get("resourceType") in _CONCEPTS
        and resource.get("status") not in _ENDED
        and resource.get("doNotPerform") is not True
        and is_of_patient(resource, patient_id)
    )


def _resources(bundle: Any) -> Iterator[tuple[list[str], Json]]:
    """Yield each resource with the references by which it is known."""
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            identity = f"{resource.get('resourceType')}/{resource.get('id')}"
            yield [identity, *_texts([entry.get("fullUrl")])], resource


def _texts(values: Iterable[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _concepts(order: Json, known: Mapping[str, Json]) -> Iterator[Any]:
    for name in _CONCEPTS[str(order["resourceType"])]:
        value = order.get(name)
        yield from value if isinstance(value, list) else [value]
    reference = order.get("medicationReference")
    if isinstance(reference, dict):
        yield {"text": reference.get("display")}
        medication = _referenced(order, str(reference.get("reference")), known)
        yield medication.get("code")
        ingredients = medication.get("ingredient")
        for item in ingredients if isinstance(ingredients, list) else ():
            if isinstance(item, dict):
                yield item.get("itemCodeableConcept")


def _referenced(order: Json, reference: str, known: Mapping[str, Json]) -> Json:
    """Return the Medication that an order refers to, from beside or inside it; empty if absent."""
    contained = order.get("contained")
    for item in contained if isinstance(contained, list) else ():
        if isinstance(item, dict) and reference == f"#{item.get('id')}":
            return item
    return known.get(reference) or known.get("/".join(reference.split("/")[-2:])) or {}
