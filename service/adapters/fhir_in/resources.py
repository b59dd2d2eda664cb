"""The resources of a FHIR document, each with its location, and references between them.

Read are one resource, resources contained in it, a Bundle (nested ones too) and Parameters.
Bounds on depth and number keep any document cheap.
Source: FHIR R4, Bundle "Resolving references in Bundles", Reference, ``contained``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from service.adapters.fhir_in.elements import Json, child, objects, short, text
from service.adapters.fhir_in.outcome import FhirWarning, Ignored
from service.engine.reading import Item
from service.errors import Fault, InputError

#: What a document may be.
READ_TYPES = ("Observation", "DiagnosticReport", "Bundle", "Condition", "Parameters")
BUNDLE_TYPES = ("collection", "searchset", "transaction", "batch", "document")
MAX_RESOURCES = 5000
MAX_DEPTH = 5
MAX_COMPONENTS = 300
#: A longer reference is no reference: it would be repeated in every entry of the answer.
MAX_REFERENCE = 500


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the document.

    Args:
        location: FHIRPath-like place (``Bundle.entry[0].resource``).
        full_url: of its entry; empty when it has none.
        holder: the resource that contains it.
    """

    body: Json
    type: str
    location: str
    full_url: str = ""
    holder: Resource | None = None

    @property
    def id(self) -> str:
        """Return the logical id, empty when there is none."""
        return text(self.body, "id")[:MAX_REFERENCE]

    @property
    def reference(self) -> str | None:
        """Return how others refer to it: the full URL, else type and id."""
        if self.full_url:
            return self.full_url
        if not self.id:
            return None
        return f"#{self.id}" if self.holder else f"{self.type}/{self.id}"

    def at(self, step: str) -> str:
        """Return the location of something below it."""
        return f"{self.location}.{step}"


@dataclass(slots=True)
class Walk:
    """All resources of a document, and what could not be walked into.

    Args:
        lost: what another server has or could not give; it may be about any subject.
    """

    resources: list[Resource] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[FhirWarning] = field(default_factory=list)
    lost: list[Item] = field(default_factory=list)


def walk(document: Any) -> Walk:
    """Return the resources of a document.

    Raises:
        InputError: it is no resource of a type that is read, or exceeds the bounds.
    """
    if not isinstance(document, dict):
        raise _refused("", "invalid_type", "a FHIR document is a JSON object")
    kind = text(document, "resourceType")
    if kind not in READ_TYPES:
        said = f"{short(kind)} is not read" if kind else "resourceType is missing"
        message = f"{said}; send one of {', '.join(READ_TYPES)}"
        raise _refused("/resourceType", "unknown_resource_type", message, *READ_TYPES)
    found = Walk()
    for resource in _walk(document, kind, "", None, 0, found):
        found.resources.append(resource)
        if len(found.resources) > MAX_RESOURCES:
            raise _refused("", "out_of_range", f"more than {MAX_RESOURCES} resources")
        if sum(1 for _ in objects(resource.body, "component")) > MAX_COMPONENTS:
            raise _refused("", "out_of_range", f"more than {MAX_COMPONENTS} components")
    return found


def _refused(pointer: str, code: str, message: str, *suggestions: str) -> InputError:
    return InputError((Fault(pointer, code, message, suggestions),))


def _walk(
    body: Json, location: str, url: str, holder: Resource | None, depth: int, found: Walk
) -> Iterator[Resource]:
    if depth > MAX_DEPTH:
        raise _refused("", "out_of_range", f"resources lie more than {MAX_DEPTH} deep")
    kind = text(body, "resourceType")
    if not kind:
        message = "this has no resourceType"
        found.ignored.append(Ignored(location, "", None, "no_resource", message))
    elif kind == "Bundle":
        yield from _walk_bundle(body, location, depth, found)
    elif kind == "Parameters":
        yield from _walk_parameters(body, location, depth, found)
    else:
        resource = Resource(body, kind[:60], location, url, holder)
        yield resource
        for inner, step in objects(body, "contained"):
            yield from _walk(inner, resource.at(step), "", resource, depth + 1, found)


def _walk_bundle(body: Json, location: str, depth: int, found: Walk) -> Iterator[Resource]:
    kind = text(body, "type")
    if kind not in BUNDLE_TYPES:
        message = f"a Bundle of type {short(kind) or 'none'} is not read"
        raise _refused("/type", "unknown_bundle_type", message, *BUNDLE_TYPES)
    for link, step in objects(body, "link"):
        if text(link, "relation") == "next":
            message = "the Bundle is one page of several; only what stands on it was read"
            found.warnings.append(FhirWarning("more_pages", message, f"{location}.{step}"))
            _lose(found, f"{location}.{step}", "unresolved_reference", message)
    for entry, step in objects(body, "entry"):
        place = f"{location}.{step}"
        inner = entry.get("resource")
        method = text(entry.get("request"), "method").upper()
        if method == "DELETE":
            message = "the entry deletes; it is no result"
            found.ignored.append(Ignored(place, "", _url(entry) or None, "deleted", message))
        elif _is_error(entry):
            message = "the server that answered could not give this, or reports an error beside it"
            found.warnings.append(FhirWarning("no_resource", message, place))
            found.ignored.append(Ignored(place, "", _url(entry) or None, "no_resource", message))
            _lose(found, place, "no_resource", message)
        elif not isinstance(inner, dict):
            message = "the entry holds no resource"
            found.ignored.append(Ignored(place, "", _url(entry) or None, "no_resource", message))
        else:
            yield from _walk(inner, f"{place}.resource", _url(entry), None, depth + 1, found)


def _lose(found: Walk, place: str, reason: str, message: str) -> None:
    found.lost.append(Item(place, "", "set_apart", reason=reason, message=message))


def _is_error(entry: Json) -> bool:
    """Tell whether an entry says that something could not be given.

    Source: FHIR R4, Bundle.entry.response, and OperationOutcome as an entry of a searchset.
    """
    inner, answer = child(entry, "resource"), child(entry, "response")
    outcome = inner if text(inner, "resourceType") == "OperationOutcome" else {}
    issues = [*objects(outcome, "issue"), *objects(child(answer, "outcome"), "issue")]
    is_refused = text(answer, "status")[:1] in ("4", "5")
    return is_refused or any(text(issue, "severity") in ("error", "fatal") for issue, _ in issues)


def _url(entry: Json) -> str:
    url = text(entry, "fullUrl")
    return url if len(url) <= MAX_REFERENCE else ""


def _walk_parameters(node: Json, location: str, depth: int, found: Walk) -> Iterator[Resource]:
    if depth > MAX_DEPTH:
        raise _refused("", "out_of_range", f"parameters lie more than {MAX_DEPTH} deep")
    for key in ("parameter", "part"):
        for item, step in objects(node, key):
            place = f"{location}.{step}"
            inner = item.get("resource")
            if isinstance(inner, dict):
                yield from _walk(inner, f"{place}.resource", "", None, depth + 1, found)
            yield from _walk_parameters(item, place, depth + 1, found)
