"""Trying a biomarker with the notation: the item it gives, or why it was refused; and keeping it.

Every text is read once, by ``read_biomarker``; what is kept of it goes into the case as it is.
Nothing enters a case that was not understood, so that one unreadable variant never hides the
others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from service.adapters.fhir_in.components import day_of, ignored, specimen_of
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.outcome import Notebook, entry
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.resources import Resource
from service.adapters.v1.biomarkers import read_biomarker
from service.engine.grading import Grading
from service.engine.model import Finding, Origin
from service.engine.reading import Item

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tools:
    """What every reader of a document needs.

    Args:
        origin: of the variant that is being read, when its document says it.
        called: what the laboratory calls it: ``pathogenic``, ``VUS``, ``benign`` …
    """

    vocabulary: FhirVocabulary
    genes: GeneCodes
    references: References
    tests: MarkerTests
    origin: Origin | None = None
    called: str = ""

    def grading(self, gene: str) -> Grading:
        """Return how results of a gene are graded."""
        known = self.vocabulary.rulebook.genes.get(gene)
        return known.grading if known is not None else Grading()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A biomarker of the v1 contract and the items that the notation makes of it."""

    biomarker: Json
    items: tuple[Item, ...]

    @property
    def error(self) -> Item | None:
        """Return the item that says why it was refused; ``None`` when it was read."""
        return next((item for item in self.items if item.reason is not None), None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found about genes that are covered."""
        return tuple(f for item in self.items if item.fate == "finding" for f in item.findings)

    @property
    def is_decided(self) -> bool:
        """Tell whether it says something exact enough to be matched."""
        return any(f.kind != "sequence_variant" or f.change is not None for f in self.findings)

    @property
    def has_bases(self) -> bool:
        """Tell whether it says which bases change, in a gene whose classes ask for them."""
        return any(finding.coding is not None for finding in self.findings)

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
    """Try a biomarker; without a gene the alteration must name it itself.

    What the document says of the variant beside it (origin, classification) is tried with it, and
    left out where the alteration has no place for it.
    """
    plain = _attempt(tools, gene, alteration, result=result, assay=assay)
    if plain.error is not None or not plain.findings:
        return plain
    if tools.called and alteration and result is None:
        words = f"{alteration}, {tools.called}"
        called = _attempt(tools, gene, words, result=None, assay=assay)
        refused = called.error
        is_told = refused is None and len(called.findings) == len(plain.findings)
        if is_told or (refused is not None and refused.reason == "contradictory_result"):
            plain = called
    return _with_origin(tools, plain)


def _with_origin(tools: Tools, tried: Attempt) -> Attempt:
    """Return an attempt with the origin of its variant, where variants of the gene have one."""
    genes = {finding.gene for finding in tried.findings}
    has_origin = tools.vocabulary.reader.has_origin
    if tools.origin is None or not genes or not all(has_origin(gene) for gene in genes):
        return tried
    biomarker = {**tried.biomarker, "origin": tools.origin}
    return Attempt(biomarker, read_biomarker(tools.vocabulary, biomarker, ""))


def _attempt(
    tools: Tools,
    gene: str | None,
    alteration: str | None,
    *,
    result: str | None = None,
    assay: str | None = None,
) -> Attempt:
    fields: Json = {"alteration": alteration, "assay": assay, "result": result}
    said: Json = {key: value for key, value in fields.items() if value}
    if gene is not None:
        biomarker = {"gene": gene, **said}
        return Attempt(biomarker, read_biomarker(tools.vocabulary, biomarker, ""))
    asked = {"gene": alteration or "", **said}
    asked.pop("alteration", None)
    items = read_biomarker(tools.vocabulary, asked, "")
    genes = {finding.gene for item in items for finding in item.findings}
    if len(genes) != 1:
        error = next((item for item in items if item.reason is not None), None)
        message = f"{alteration!r} names several genes"
        refused = Item("", alteration or "", "set_apart", reason="two_genes", message=message)
        return Attempt({"gene": None, **said}, (error or refused,))
    biomarker = {"gene": genes.pop(), **said}
    return Attempt(biomarker, tuple(replace(item, given=biomarker) for item in items))


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
    for item in tried.items:
        placed = replace(item, place=location)
        if item.fate != "finding":
            notebook.account(placed)
            message = f"{item.gene} is no gene of this knowledge base"
            notebook.ignored.append(ignored(resource, "gene_not_covered", message, location))
            continue
        index = notebook.add(placed, resource.reference)
        notebook.extracted.append(
            entry(
                "biomarker",
                location,
                resource_type=resource.type,
                reference=resource.reference,
                read_from=read_from,
                biomarker_index=index,
                biomarker=tried.biomarker,
                findings=[finding.name for finding in item.findings],
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
    gene: str | None = None,
    text: str = "",
    may_matter: bool = True,
) -> None:
    """Set a result apart that may matter: it is ignored with its reason, and warned about.

    Args:
        code: of the warning, and the reason.
        gene: that it names, as far as known.
        text: what stood there.
    """
    place = location or resource.location
    notebook.ignored.append(ignored(resource, code, message, place))
    notebook.warn(code, message, place, *suggestions)
    apart = Item(
        place, text, "set_apart", reason=code, message=message, suggestions=suggestions,
        gene=gene, may_matter=may_matter,
    )  # fmt: skip
    notebook.account(apart)


def put_apart_as_refused(
    notebook: Notebook, resource: Resource, refused: Item, location: str, message: str = ""
) -> None:
    """Set a result apart that the notation refused."""
    code = refused.reason or ""
    put_apart(
        notebook,
        resource,
        code,
        message or refused.message,
        location,
        *refused.suggestions,
        gene=refused.gene,
        text=refused.text,
        may_matter=refused.may_matter,
    )


def leave(
    notebook: Notebook,
    resource: Resource,
    reason: str,
    message: str,
    place: str,
    *,
    gene: str | None = None,
    text: str = "",
) -> None:
    """Set apart without a warning what cannot hold a result that counts."""
    notebook.ignored.append(ignored(resource, reason, message, place))
    apart = Item(
        place, text, "set_apart", reason=reason, message=message, gene=gene, may_matter=False
    )
    notebook.account(apart)


def leave_not_covered(
    tools: Tools,
    notebook: Notebook,
    resource: Resource,
    gene: str,
    place: str,
    *,
    alteration: str | None = None,
    result: str | None = None,
) -> None:
    """Keep by name what was found in a gene about which the knowledge base says nothing.

    Args:
        gene: its symbol, or whatever the document calls it.
    """
    message = f"{gene} is no gene of this knowledge base"
    notebook.ignored.append(ignored(resource, "gene_not_covered", message, place))
    biomarker = {"gene": gene, "alteration": alteration, "result": result}
    given = {key: value for key, value in biomarker.items() if value}
    said = f"{gene} {alteration or ''}".strip()
    read = read_biomarker(tools.vocabulary, given, place, text=said)
    strange = [item for item in read if item.fate == "not_covered"]
    for item in strange or [Item(place, said, "not_covered", given, gene=gene)]:
        notebook.account(item)
