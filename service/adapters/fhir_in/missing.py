"""What a document refers to as a result and does not hold: each such reference is set apart.

Nothing is fetched, and a result that is not here may be the one that counts; a reference to what
cannot be a result (a medication, an encounter) loses nothing.

Source: FHIR R4, DiagnosticReport.result, Observation.hasMember and derivedFrom,
Composition.section.entry; Genomics Reporting, implications are derived from variants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.components import ignored, status_reason
from service.adapters.fhir_in.elements import Json, child, concept, objects, short, text
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.resources import MAX_DEPTH, Resource
from service.engine.reading import Item

#: Missing results that a warning names.
MAX_NAMED = 50
#: Types of resources that may hold a result, or the whole report.
_MAY_HOLD = frozenset({"Observation", "DiagnosticReport", "DocumentReference", "MolecularSequence"})
_TYPE = re.compile(r"(?:^|/)([A-Z][A-Za-z]{2,40})/[A-Za-z0-9\-.]{1,64}(?:/_history/[^/]+)?$")
#: Services whose reports hold no molecular result (HL7 v2 table 0074).
_IMAGING = frozenset({"RAD", "RUS", "RX", "CT", "NMR", "NMS", "CUS", "IMG", "imaging", "VUS"})
_VOID = frozenset({"entered-in-error", "cancelled"})


def is_imaging(report: Resource) -> bool:
    """Tell whether a report is of a service that finds no biomarkers."""
    codings = (c for node, _ in objects(report.body, "category") for c in concept(node).codings)
    return any(coding.code in _IMAGING for coding in codings)


def is_void(report: Resource) -> bool:
    """Tell whether a report was cancelled or is an error: what it lists is no loss."""
    return text(report.body, "status").lower() in _VOID


def missing_of(references: References, resource: Resource) -> Iterator[tuple[str, Json]]:
    """Yield (place, reference) of what a resource lists as a result and is not in the document."""
    for node, step in _listed(resource):
        if references.find(node, resource) is None and _may_be_result(node):
            yield resource.at(step), node


def set_missing_apart(tools: Tools, resources: Iterable[Resource], notebook: Notebook) -> None:
    """Set apart every result that the resources of a subject refer to and that is not here."""
    for resource in resources:
        if is_void(resource):
            continue
        lost = list(missing_of(tools.references, resource))
        for place, node in lost:
            said = _said(node)
            gene = min(tools.genes.named_in_text(said), default=None)
            message = f"{said!r} is not in the document"
            item = Item(
                place, said, "set_apart", reason="unresolved_reference", message=message,
                gene=gene, may_matter=not is_imaging(resource),
            )  # fmt: skip
            notebook.account(item)
            notebook.ignored.append(ignored(resource, "unresolved_reference", message, place))
        if lost:
            names = ", ".join(_said(node) for _, node in lost[:MAX_NAMED])
            message = f"{len(lost)} of its results are not in the document: {names}"
            place = lost[0][0].rpartition("[")[0]
            notebook.warn("unresolved_reference", message, place)


def _listed(resource: Resource) -> Iterator[tuple[Json, str]]:
    """Yield the references of a resource to results, each with its step."""
    if resource.type == "DiagnosticReport":
        yield from objects(resource.body, "result")
    elif resource.type == "Composition":
        for section, way in sections_of(resource.body):
            yield from ((node, f"{way}.{step}") for node, step in objects(section, "entry"))
    elif resource.type == "Observation" and status_reason(resource) is None:
        yield from objects(resource.body, "hasMember")
        if codes.code_in(concept(resource.body.get("code")), codes.IMPLICATIONS):
            yield from objects(resource.body, "derivedFrom")


def sections_of(node: Json, way: str = "", depth: int = 0) -> Iterator[tuple[Json, str]]:
    """Yield the sections of a Composition, those within others too, each with its step."""
    for section, step in objects(node, "section") if depth < MAX_DEPTH else ():
        yield section, f"{way}{step}"
        yield from sections_of(section, f"{way}{step}.", depth + 1)


def _may_be_result(node: Json) -> bool:
    named = _TYPE.search(text(node, "reference"))
    kind = text(node, "type") or (named[1] if named else "")
    return not kind or kind in _MAY_HOLD


def _said(node: Json) -> str:
    """Return the words of a reference: its display, else its address or identifier."""
    identifier = text(child(node, "identifier"), "value")
    words = text(node, "display"), text(node, "reference"), identifier
    return short(next((word for word in words if word), "")) or "a result without a reference"
