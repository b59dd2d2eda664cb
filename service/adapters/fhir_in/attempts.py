"""Trying a biomarker with the notation: what it reads as, or why it was refused; and keeping it.

Nothing enters a case that the notation has not understood, so that one unreadable variant never
hides the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.adapters.fhir_in.components import day_of, ignored, specimen_of
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.outcome import Notebook, entry
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.resources import Resource
from service.engine.grading import Grading
from service.engine.model import Finding
from service.engine.notation.faults import NotationError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tools:
    """What every reader of a document needs."""

    vocabulary: FhirVocabulary
    genes: GeneCodes
    references: References
    tests: MarkerTests

    def grading(self, gene: str) -> Grading:
        """Return how results of a gene are graded."""
        known = self.vocabulary.rulebook.genes.get(gene)
        return known.grading if known is not None else Grading()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A biomarker of the v1 contract and what the notation makes of it."""

    biomarker: Json
    findings: tuple[Finding, ...] = ()
    error: NotationError | None = None

    @property
    def is_decided(self) -> bool:
        """Tell whether it says something exact enough to be matched."""
        return any(f.kind != "sequence_variant" or f.change is not None for f in self.findings)

    @property
    def exact(self) -> tuple[tuple[str, str], ...]:
        """Return (gene, change) of every exact sequence variant in it, sorted."""
        pairs = ((f.gene, f.change.short) for f in self.findings if f.change is not None)
        return tuple(sorted((gene, change) for gene, change in pairs if change is not None))


def attempt(
    tools: Tools,
    gene: str | None,
    alteration: str | None,
    *,
    result: str | None = None,
    assay: str | None = None,
) -> Attempt:
    """Try a biomarker; without a gene the alteration must name it itself."""
    reader = tools.vocabulary.reader
    fields: Json = {"alteration": alteration, "assay": assay, "result": result}
    biomarker = {"gene": gene, **{key: value for key, value in fields.items() if value}}
    try:
        if gene is None:
            found = reader.read_text(alteration or "")
            genes = {finding.gene for finding in found.findings}
            if len(genes) != 1:
                raise NotationError("two_genes", f"{alteration!r} names several genes")
            return attempt(tools, genes.pop(), alteration, result=result, assay=assay)
        found = reader.read_fields(gene=gene, alteration=alteration, assay=assay, result=result)
    except NotationError as error:
        return Attempt(biomarker, error=error)
    return Attempt(biomarker, found.findings)


def keep(
    notebook: Notebook,
    resource: Resource,
    tried: Attempt,
    *,
    location: str,
    read_from: str,
    **more: Any,
) -> None:
    """Put a biomarker that was read into the case, and say where it stood."""
    index = len(notebook.biomarkers)
    notebook.biomarkers.append(tried.biomarker)
    notebook.places[index] = location
    notebook.sources[index] = resource.reference
    notebook.extracted.append(
        entry(
            "biomarker",
            location,
            resource_type=resource.type,
            reference=resource.reference,
            read_from=read_from,
            biomarker_index=index,
            biomarker=tried.biomarker,
            findings=[finding.name for finding in tried.findings],
            specimen=specimen_of(resource),
            effective=day_of(resource),
            **more,
        )
    )


def put_apart(
    notebook: Notebook,
    resource: Resource,
    code: str,
    message: str,
    location: str = "",
    *suggestions: str,
    reason: str = "",
) -> None:
    """Set a result apart that may matter: it is ignored with its reason, and warned about.

    Args:
        code: of the warning, and the reason when none is given.
    """
    place = location or resource.location
    notebook.ignored.append(ignored(resource, reason or code, message, place))
    notebook.warn(code, message, place, *suggestions)


def put_apart_as_refused(
    notebook: Notebook, resource: Resource, error: NotationError, location: str, message: str = ""
) -> None:
    """Set a result apart that the notation refused."""
    put_apart(
        notebook,
        resource,
        error.code,
        message or error.message,
        location,
        *error.suggestions,
        reason="unresolved",
    )
