"""MolecularConsequences joined to the Variant that they are derived from.

Since Genomics Reporting 3.0 the protein change may stand there and not on the Variant. One that
is about another subject than its Variant is not joined.
Source: HL7 Genomics Reporting 3.0, profile MolecularConsequence (``derivedFrom``).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Tools
from service.adapters.fhir_in.components import ignored, status_reason
from service.adapters.fhir_in.elements import concept, objects
from service.adapters.fhir_in.mentions import named_genes
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.engine.reading import Item


class Consequences:
    """The MolecularConsequences among the resources of one subject."""

    def __init__(self, tools: Tools, resources: Iterable[Resource]) -> None:
        given = list(resources)
        own = {resource.location for resource in given}
        self._by_variant: dict[str, list[Resource]] = {}
        self._others: list[Resource] = []
        for resource in given:
            code = concept(resource.body.get("code"))
            if resource.type != "Observation" or status_reason(resource) is not None:
                continue
            if codes.code_in(code, frozenset({codes.CONSEQUENCE})) is None:
                continue
            nodes = (node for node, _ in objects(resource.body, "derivedFrom"))
            found = [tools.references.find(node, resource) for node in nodes]
            variants = [item for item in found if item is not None and item.location in own]
            for variant in variants:
                self._by_variant.setdefault(variant.location, []).append(resource)
            if not variants:
                self._others.append(resource)

    def of(self, variant: Resource) -> list[Resource]:
        """Return the consequences of a variant."""
        return self._by_variant.get(variant.location, [])

    def has_variant(self, consequence: Resource) -> bool:
        """Tell whether a consequence is read with a variant of the same subject."""
        return all(consequence is not other for other in self._others)

    def leave_others(self, tools: Tools, notebook: Notebook) -> None:
        """Set apart those whose variant is not in the document or about another subject.

        One that names a gene which is not covered loses nothing; any other change may count.
        """
        message = "its variant is not in the document, or is about another subject"
        for resource in self._others:
            genes = named_genes(tools, resource)
            gene = min(genes.covered, default=None)
            notebook.ignored.append(ignored(resource, "unresolved_reference", message))
            notebook.warn("unresolved_reference", message, resource.location)
            item = Item(
                resource.location, genes.said, "set_apart", reason="unresolved_reference",
                message=message, gene=gene, may_matter=bool(gene) or not genes.others,
            )  # fmt: skip
            notebook.account(item)
