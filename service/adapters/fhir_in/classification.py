"""What a document says of a variant beside its change: where it comes from, what it is called.

The clinical significance stands on the variant itself or, since Genomics Reporting 2.0, on a
DiagnosticImplication that is derived from it.
Source: HL7 Genomics Reporting, components genomic-source-class (LOINC 48002-0) and
clinical-significance (53037-8).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.components import Components, components_of, status_reason
from service.adapters.fhir_in.elements import concept, objects
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.model import Origin

_ORIGINS: dict[str, Origin] = {"germline": "germline", "somatic": "somatic"}


class Significances:
    """What the implications among the resources of one subject call its variants."""

    def __init__(self, tools: Tools, resources: Iterable[Resource]) -> None:
        self._words: dict[str, list[str]] = {}
        for resource in resources:
            if resource.type != "Observation" or status_reason(resource) is not None:
                continue
            if codes.code_in(concept(resource.body.get("code")), codes.IMPLICATIONS) is None:
                continue
            words = significances_of(components_of(resource, Notebook()))
            for node, _ in objects(resource.body, "derivedFrom") if words else ():
                variant = tools.references.find(node, resource)
                if variant is not None:
                    self._words.setdefault(variant.location, []).extend(words)

    def of(self, variant: Resource, components: Components, notebook: Notebook) -> str:
        """Return what a variant is called; empty when nothing is said, or both sides are."""
        words = [*significances_of(components), *self._words.get(variant.location, ())]
        said = sorted(set(words), key=list(codes.SIDES).index)
        if len({codes.SIDES[word] for word in said}) > 1:
            message = f"it is called {' and '.join(said)}: neither counts, what is curated does"
            notebook.warn("classification_differs", message, variant.location)
            return ""
        return said[0] if said else ""


def significances_of(components: Components) -> list[str]:
    """Return what the components of one Observation call a variant."""
    words = (codes.significance(part.value) for part in components.get("significance", ()))
    return [word for word in words if word]


def source_class_of(components: Components) -> str:
    """Return the word of the origin of a variant; empty when nothing is said."""
    words = (codes.source_class(part.value) for part in components.get("origin", ()))
    return next((word for word in words if word), "")


def origin_of(word: str) -> Origin | None:
    """Return the origin that a word says for sure; a likely one is none."""
    return _ORIGINS.get(word)
