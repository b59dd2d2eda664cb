"""The words of the knowledge base for the engine: genes, classes, tumour types, drugs, by name.

What follows from them alone is here: which classes speak about a gene, of which parts a union is
made, to which groups a drug belongs. Assertions are in ``index``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from service.engine.classes import is_kind
from service.engine.model import BiomarkerClass, Gene
from service.engine.tumors import TumorTree
from service.engine.vocabulary import AssayMethod, Drug, EscatTier, StatusTable


class Terms:
    """The vocabulary of one knowledge base, indexed once.

    Attributes:
        genes_by_origin: genes of which a class asks whether a variant is germline or somatic.
        genes_with_origin: these, and genes with a class of deleterious variants of either origin.
    """

    def __init__(
        self,
        *,
        genes: Iterable[Gene],
        classes: Iterable[BiomarkerClass],
        tumors: TumorTree,
        drugs: Iterable[Drug],
        status_tables: tuple[StatusTable, ...],
        oncogenicity: Mapping[tuple[str, str], str],
        methods: Iterable[AssayMethod] = (),
        escat: Iterable[EscatTier] = (),
    ) -> None:
        self.genes = {gene.symbol: gene for gene in genes}
        self.classes = _with_specificity({rule.name: rule for rule in classes})
        rules = self.classes.values()
        self.genes_by_origin = frozenset(rule.gene for rule in rules if rule.origin)
        self.genes_with_origin = self.genes_by_origin | {
            rule.gene for rule in rules if rule.sequence is not None and rule.sequence.deleterious
        }
        self.tumors = tumors
        self.drugs = {drug.name: drug for drug in drugs}
        self.status_tables = status_tables
        self.oncogenicity = oncogenicity
        self.methods = tuple(methods)
        self._escat: dict[str, list[EscatTier]] = {}
        for row in escat:
            self._escat.setdefault(row.biomarker, []).append(row)
        self._groups = {name: frozenset(self._climb_groups(name)) for name in self.drugs}
        self._genes_of_class = {
            name: frozenset(self.classes[member].gene for member in self.members_of_class(name))
            for name in self.classes
        }
        by_gene: dict[str, list[str]] = {}
        for name in sorted(self.classes):
            for gene in self._genes_of_class[name]:
                by_gene.setdefault(gene, []).append(name)
        self._classes_by_gene = {gene: tuple(names) for gene, names in by_gene.items()}
        self._kinds_by_gene = {
            gene: tuple(rule for rule in map(self.classes.__getitem__, names) if is_kind(rule))
            for gene, names in by_gene.items()
        }

    def classes_of_gene(self, gene: str) -> tuple[str, ...]:
        """Return the names of the classes that speak about a gene, sorted."""
        return self._classes_by_gene.get(gene, ())

    def kinds_of_gene(self, gene: str) -> tuple[BiomarkerClass, ...]:
        """Return the classes of a gene that a kind of change makes: what is in one is a mutation.

        A place alone (an exon, a domain) makes none: rule M9 leaves an uncurated variant open.
        """
        return self._kinds_by_gene.get(gene, ())

    def genes_of_class(self, class_name: str) -> frozenset[str]:
        """Return the genes that a class speaks about; a union speaks about several."""
        return self._genes_of_class[class_name]

    def members_of_class(self, class_name: str) -> Iterator[str]:
        """Yield the classes without parts that a class is made of (itself when it has none)."""
        rule = self.classes[class_name]
        parts = rule.any_of or rule.all_of
        if not parts:
            yield class_name
        for part in parts:
            yield from self.members_of_class(part)

    def targets_of(self, drug: str) -> frozenset[str] | None:
        """Return the genes that a drug, or a group of it, acts on; ``None`` when not curated."""
        known = self.drugs[drug].targets
        if known is not None:
            return known
        groups = (self.drugs[name].targets for name in self._groups[drug] if name in self.drugs)
        said = [targets for targets in groups if targets is not None]
        return frozenset().union(*said) if said else None

    def is_kind_of(self, drug: str, wanted: str) -> bool:
        """Tell whether a drug or group is ``wanted`` or belongs to that group."""
        return drug == wanted or wanted in self._groups.get(drug, ())

    def escat_of(self, classes: Iterable[str], tumor_type: str) -> EscatTier | None:
        """Return the best ESCAT tier that is given to any of the classes in a tumour type."""
        found = [
            row
            for name in classes
            for row in self._escat.get(name, ())
            if self.tumors.is_under(tumor_type, row.tumor_type)
        ]
        return min(found, key=lambda row: (row.tier, row.biomarker), default=None)

    def _climb_groups(self, name: str) -> Iterator[str]:
        todo = list(self.drugs[name].groups)
        while todo:
            group = todo.pop()
            yield group
            if group in self.drugs:
                todo.extend(self.drugs[group].groups)


def _with_specificity(classes: dict[str, BiomarkerClass]) -> dict[str, BiomarkerClass]:
    """Return the classes, several things together as narrow as the narrowest of them (M18)."""
    for rule in [rule for rule in classes.values() if rule.all_of]:
        narrowest = min(classes[part].specificity for part in rule.all_of)
        classes[rule.name] = replace(rule, specificity=narrowest)
    return classes
