"""Who each resource of a document is about; subjects are never mixed.

A resource belongs to the subject that it names, else to the one of the resource that holds or
lists it, else to the only subject there is (with a warning). Two references that are not known to
mean the same patient are two subjects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from service.adapters.fhir_in.components import ignored
from service.adapters.fhir_in.elements import Json, child, objects, text
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.resources import MAX_REFERENCE, Resource

#: Resources that say something about a subject even when they do not name one.
CLINICAL = frozenset(
    {
        "Observation",
        "Condition",
        "DiagnosticReport",
        "ServiceRequest",
        "FamilyMemberHistory",
        "Composition",
        "DocumentReference",
    }
)


@dataclass(slots=True)
class Subject:
    """The resources about one subject, in the order of the document.

    Args:
        reference: as it was given first; ``None`` when nothing names the subject.
    """

    reference: str | None
    patient: Resource | None = None
    resources: list[Resource] = field(default_factory=list)

    @property
    def all_resources(self) -> tuple[Resource, ...]:
        """Return the patient and the resources about it."""
        return (*((self.patient,) if self.patient else ()), *self.resources)


def subjects_of(
    resources: Iterable[Resource], references: References, whole: Notebook
) -> dict[str, Subject]:
    """Return the subjects by key, in order of appearance; what is about none goes to ``whole``."""
    given = list(resources)
    listed = _listed(given, references)
    found: dict[str, Subject] = {}
    homeless: list[Resource] = []
    for resource in given:
        if resource.type == "Patient":
            subject = found.setdefault(resource.location, Subject(resource.reference))
            subject.patient = resource
            continue
        element, base = _named(resource, listed)
        key = references.key(element, base)
        if key:
            subject = found.setdefault(key, Subject(_shown(element)))
            subject.resources.append(resource)
        elif resource.type in CLINICAL:
            homeless.append(resource)
        else:
            message = f"{resource.type[:40]} says nothing about a biomarker or a tumour type"
            whole.ignored.append(ignored(resource, "not_read", message))
    homeless = [item for item in homeless if not _is_housed(item, found, references)]
    if homeless:
        _house(homeless, found, whole)
    return found


def _is_housed(report: Resource, found: dict[str, Subject], references: References) -> bool:
    """Give a report without a subject to the subjects of its results."""
    nodes = (node for node, _ in objects(report.body, "result"))
    results = {item.location for node in nodes if (item := references.find(node, report))}
    owners = [
        subject
        for subject in found.values()
        if any(resource.location in results for resource in subject.resources)
    ]
    if report.type != "DiagnosticReport":
        return False
    for owner in owners:
        owner.resources.append(report)
    return bool(owners)


def _listed(resources: list[Resource], references: References) -> dict[str, Resource]:
    """Return which report lists a resource as its result."""
    found: dict[str, Resource] = {}
    for report in resources:
        if report.type == "DiagnosticReport":
            for node, _ in objects(report.body, "result"):
                target = references.find(node, report)
                if target is not None:
                    found.setdefault(target.location, report)
    return found


def _named(resource: Resource, listed: dict[str, Resource]) -> tuple[Json, Resource]:
    """Return the reference to the subject and the resource in which it stands."""
    seen: list[Resource] = []
    step: Resource | None = resource
    while step is not None and all(step is not other for other in seen):
        for key in ("subject", "patient", "for"):
            element = child(step.body, key)
            if text(element, "reference") or child(element, "identifier"):
                return element, step
        seen.append(step)
        step = listed.get(step.location) or step.holder
    return {}, resource


def _shown(element: Json) -> str:
    given = child(element, "identifier")
    shown = text(element, "reference") or f"{text(given, 'system')}|{text(given, 'value')}"
    return shown[:MAX_REFERENCE]


def _house(homeless: list[Resource], found: dict[str, Subject], whole: Notebook) -> None:
    """Give resources without a subject to the only one, else make them one of their own."""
    only = next(iter(found.values())) if len(found) == 1 else None
    subject = only or found.setdefault("", Subject(None))
    subject.resources += homeless
    if only is not None:
        message = "no subject is named; read as the only subject of the document"
        whole.warn("subject_assumed", message, homeless[0].location)
    elif len(found) > 1:
        message = "no subject is named; kept apart from the others"
        whole.warn("subject_missing", message, homeless[0].location)
