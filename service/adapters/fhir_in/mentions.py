"""Which genes an Observation names anywhere: for what is set apart without being read."""

from __future__ import annotations

from dataclasses import dataclass

from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.components import components_of
from service.adapters.fhir_in.elements import concept, objects, value_of
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource


@dataclass(frozen=True, slots=True)
class Mentions:
    """What an Observation names.

    Args:
        covered: genes of the knowledge base.
        others: what else its gene components name.
        said: all its words.
    """

    covered: frozenset[str]
    others: frozenset[str]
    said: str


def named_genes(tools: Tools, resource: Resource) -> Mentions:
    """Return the genes that an Observation names in its components or in words."""
    parts = components_of(resource, Notebook()).get("gene", ())
    read = [tools.genes.read(part.value) for part in parts]
    nodes = [resource.body, *(node for node, _ in objects(resource.body, "component"))]
    words = [concept(node.get("code")).label for node in nodes]
    said = " ".join((*words, *(text for node in nodes for text in value_of(node).strings)))
    covered = {gene.symbol for gene in read if gene.symbol} | tools.genes.named_in_text(said)
    others = {gene.label for gene in read if gene.label and not gene.symbol}
    return Mentions(frozenset(covered), frozenset(others), said)
