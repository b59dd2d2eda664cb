"""The law of conservation for FHIR: each resource, component and text of a report has one fate.

A reader says what became of what it read; here the rest is settled by tables, and whatever no
table knows is set apart, so that nothing of a document is ever lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.elements import child, concept, objects, text
from service.adapters.fhir_in.missing import sections_of
from service.adapters.fhir_in.outcome import Ignored, Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.reading import Fate, Item

#: Resources that say under which circumstances a result stands.
_CONTEXT = frozenset({
    "Patient", "Specimen", "Condition", "ServiceRequest", "DiagnosticReport", "Composition",
    "EpisodeOfCare", "Encounter", "Procedure", "BodyStructure", "MedicationRequest",
    "MedicationStatement", "MedicationAdministration", "CarePlan", "ResearchSubject",
})  # fmt: skip
_TAG = re.compile(r"<[^<>]{0,300}>")
#: Reason of what was not used -> its fate, where it is not set apart.
LEFT: Mapping[str, Fate] = {
    "gene_not_covered": "not_covered",
    "not_read": "no_content",
    "not_a_tumor": "no_content",
    "not_linked": "context",
    "refuted": "context",
    "secondary_tumor": "context",
    "tumor_not_active": "context",
    "tumor_type_given": "context",
    "unknown_tumor_type": "context",
}


def units_of(resource: Resource) -> Iterator[str]:
    """Yield the places of a resource that have a fate of their own, the resource first."""
    yield resource.location
    if resource.type == "Observation":
        yield from (resource.at(step) for _, step in objects(resource.body, "component"))
    else:
        yield from (place for place, _ in texts_of(resource))


def texts_of(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield (place, words) of what a resource says in words, or in a form that is not read."""
    texts = _TEXTS.get(resource.type)
    if texts is not None:
        yield from texts(resource)


def _of_report(report: Resource) -> Iterator[tuple[str, str]]:
    if text(report.body, "conclusion"):
        yield report.at("conclusion"), text(report.body, "conclusion")
    for node, step in objects(report.body, "conclusionCode"):
        if concept(node):
            yield report.at(step), concept(node).label
    for node, step in objects(report.body, "presentedForm"):
        words = text(node, "title") or text(node, "contentType") or text(node, "url")
        yield report.at(step), words or "an attachment"


def _of_document(document: Resource) -> Iterator[tuple[str, str]]:
    for node, step in objects(document.body, "content"):
        held = child(node, "attachment")
        words = text(held, "title") or text(held, "contentType") or text(held, "url")
        yield document.at(step), words or "an attachment"


def _of_composition(composition: Resource) -> Iterator[tuple[str, str]]:
    for section, way in sections_of(composition.body):
        words = " ".join(unescape(_TAG.sub(" ", text(child(section, "text"), "div"))).split())
        if words:
            yield composition.at(f"{way}.text"), words


def _of_sequence(sequence: Resource) -> Iterator[tuple[str, str]]:
    for node, step in objects(sequence.body, "variant"):
        words = " ".join(text(node, key) for key in ("referenceAllele", "observedAllele"))
        yield sequence.at(step), words.strip() or "a variant"


#: Type of a resource -> what of it is said in words, or in a form that is not read.
_TEXTS: Mapping[str, Callable[[Resource], Iterator[tuple[str, str]]]] = {
    "Composition": _of_composition,
    "DiagnosticReport": _of_report,
    "DocumentReference": _of_document,
    "MolecularSequence": _of_sequence,
}


def settle(resources: Iterable[Resource], notebook: Notebook) -> None:
    """Give a fate to every resource and component that has none yet."""
    given = list(resources)
    units = {unit for resource in given for unit in units_of(resource)}
    units |= {item.place for item in notebook.items if item.reason == "unresolved_reference"}
    known = {(item.place, item.fate) for item in notebook.items}
    for left in notebook.ignored:
        if not any(place == left.location for place, _ in known):
            notebook.account(_of_ignored(left))
    settled = {unit_of(item.place, units) for item in notebook.items}
    for resource in given:
        below = [unit for unit in units_of(resource) if unit != resource.location]
        if resource.location not in settled:
            notebook.account(_rest(resource, any(unit in settled for unit in below)))
        for unit in below:
            if unit not in settled:
                notebook.account(Item(unit, "", "context"))


def unit_of(place: str, units: set[str]) -> str:
    """Return the unit in which a place lies; the place itself when it lies in none."""
    found = place
    while found and found not in units:
        found = found.rpartition(".")[0]
    return found or place


def _of_ignored(left: Ignored) -> Item:
    rest: Fate = "context" if left.resource_type in _CONTEXT else "set_apart"
    fate = LEFT.get(left.reason, rest)
    if fate != "set_apart":
        return Item(left.location, "", fate)
    return Item(
        left.location, "", fate, reason=left.reason, message=left.message, may_matter=False
    )  # fmt: skip


def _rest(resource: Resource, has_parts: bool) -> Item:
    """Return the fate of a resource about which no reader said anything."""
    code = concept(resource.body.get("code"))
    is_part = codes.code_in(code, frozenset({codes.CONSEQUENCE})) is not None
    if resource.type in _CONTEXT or has_parts or is_part:
        return Item(resource.location, "", "context")
    if resource.type != "Observation":
        return Item(resource.location, "", "no_content")
    message = "no reader knew what to do with it"
    return Item(
        resource.location, code.label, "set_apart", reason="not_understood", message=message
    )


def unaccounted(units: Iterable[str], items: Iterable[Item]) -> list[str]:
    """Return the units without a fate, or with two that exclude each other; empty if all is well.

    A text that names covered genes and others is both a finding and not covered.
    """
    expected = set(units)
    fates: dict[str, set[str]] = {unit: set() for unit in expected}
    for item in items:
        fates.setdefault(unit_of(item.place, expected), set()).add(item.fate)
    fine = ({"finding"}, {"not_covered"}, {"finding", "not_covered"}, {"set_apart"},
            {"context"}, {"no_content"})  # fmt: skip
    return sorted(unit for unit, said in fates.items() if said not in fine)
