"""One Variant while it is read: its components, genes and result, and the notebook it is put in."""

from __future__ import annotations

from dataclasses import dataclass

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import (
    Attempt,
    Tools,
    keep,
    leave_not_covered,
    put_apart,
    put_apart_as_refused,
)
from service.adapters.fhir_in.components import Component, Components
from service.adapters.fhir_in.genes import ReadGene
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource

_TELLING = ("protein", "coding", "genomic", "variation", "fusion", "copy_number", "region")
_OF_COPIES = frozenset({"gain", "loss", "copy_number"})


@dataclass(frozen=True, slots=True)
class Variant:
    """A Variant of which the result is known.

    Args:
        genes: value of each gene-studied component, with the component.
        result: ``None`` for present, else ``not_detected`` or ``indeterminate``.
    """

    tools: Tools
    resource: Resource
    notebook: Notebook
    components: Components
    genes: tuple[tuple[ReadGene, Component], ...]
    result: str | None

    @property
    def covered(self) -> tuple[tuple[str, str], ...]:
        """Return (symbol, location) of its genes that the knowledge base has, without repeats."""
        found: dict[str, str] = {}
        for gene, part in self.genes:
            if gene.symbol:
                found.setdefault(gene.symbol, part.location)
        return tuple(found.items())

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return its genes that the knowledge base has."""
        return tuple(symbol for symbol, _ in self.covered)

    @property
    def shown(self) -> tuple[str, ...]:
        """Return covered genes that only a display names, beside the code of another."""
        return tuple(gene.shown for gene, _ in self.genes if gene.shown)

    @property
    def change_type(self) -> str:
        """Return the kind of change that a Sequence Ontology term says."""
        kinds = (codes.change_type(p.value.concept) for p in self.components.get("change_type", ()))
        return next((kind for kind in kinds if kind), "")

    @property
    def is_copy_number(self) -> bool:
        """Tell whether it is a change of the copy number."""
        return self.change_type in _OF_COPIES or "copy_number" in self.components

    @property
    def allele_frequency(self) -> float | None:
        """Return the fraction of reads, whether it was given as a fraction or in percent."""
        for part in self.components.get("allele_frequency", ()):
            quantity = part.value.quantity
            if quantity is not None and 0 <= quantity.value <= 100:
                is_percent = "%" in quantity.unit or quantity.value > 1
                return round(quantity.value / 100, 6) if is_percent else quantity.value
        return None

    def leave_other_genes(self) -> None:
        """Say of each gene beside a covered one that it is not covered."""
        for gene, part in self.genes:
            if gene.symbol is None and gene.label:
                self.leave_not_covered(gene.label, part.location)

    def leave_not_covered(self, gene: str, place: str, alteration: str | None = None) -> None:
        """Keep a gene by name about which the knowledge base says nothing."""
        leave_not_covered(
            self.tools, self.notebook, self.resource, gene, place,
            alteration=alteration, result=self.result,
        )  # fmt: skip

    def refuse(self, code: str, message: str, location: str = "", text: str = "") -> None:
        """Set it apart with a warning."""
        gene = next(iter(self.symbols), None)
        put_apart(
            self.notebook, self.resource, code, message, location, gene=gene, text=text or self.said
        )

    @property
    def said(self) -> str:
        """Return the words that say best what it is."""
        labels = [gene.label for gene, _ in self.genes if gene.label]
        parts = (p for name in _TELLING for p in self.components.get(name, ()))
        texts = [part.value.strings[0] for part in parts if part.value.strings]
        return " ".join([*labels, *texts[:1]])

    def keep_or_refuse(self, tried: Attempt, location: str, read_from: str) -> None:
        """Put a biomarker into the case, or set it apart with what the notation says."""
        if tried.error is None:
            keep(
                self.notebook, self.resource, tried, location=location, read_from=read_from,
                allele_frequency=self.allele_frequency,
            )  # fmt: skip
            return
        put_apart_as_refused(self.notebook, self.resource, tried.error, location)
