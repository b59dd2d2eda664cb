"""The assertions by what a question asks of them, so that it costs only what it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.engine.assertion import Assertion, Regimen
from service.engine.entries import Entry, Numbering, to_entry
from service.engine.terms import Terms


class Index:
    """The entries of one knowledge base by regimen, opening class and gene; read-only.

    Attributes:
        entries: in the order of the knowledge base.
        slot_count: number of distinct leaves and branches of their criteria.
    """

    def __init__(self, terms: Terms, assertions: Iterable[Assertion]) -> None:
        numbering = Numbering()
        self.entries = tuple(to_entry(terms, numbering.numbered(one)) for one in assertions)
        self.slot_count = len(numbering)
        self._by_id = {entry.assertion.id: entry for entry in self.entries}
        self._by_regimen = self._group_by_regimen()
        self._alone = {
            group[0].assertion.regimen.drugs[0]: group
            for group in self._by_regimen.values()
            if len(group[0].assertion.regimen.drugs) == 1
        }
        self._by_opener = _by_class((e, e.openers) for e in self.entries)
        self._by_wild_type = _by_class((e, e.wild_type) for e in self.entries)
        self._openers_of_gene = _by_gene(terms, self._by_opener)
        self._wild_types_of_gene = _by_gene(terms, self._by_wild_type)

    def _group_by_regimen(self) -> dict[str, tuple[Entry, ...]]:
        groups: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.assertion.id):
            groups.setdefault(entry.assertion.regimen.id, []).append(entry)
        return {id_: tuple(group) for id_, group in groups.items()}

    def opening_classes(self, gene: str) -> tuple[str, ...]:
        """Return the classes of a gene that open an assertion when true, sorted."""
        return self._openers_of_gene.get(gene, ())

    def wild_type_classes(self, gene: str) -> tuple[str, ...]:
        """Return the classes of a gene that open a pure wild-type assertion when false, sorted."""
        return self._wild_types_of_gene.get(gene, ())

    def opened_by(self, class_name: str) -> Iterable[Entry]:
        """Return the entries that a class opens when true."""
        return self._by_opener.get(class_name, ())

    def opened_by_absence(self, class_name: str) -> Iterable[Entry]:
        """Return the pure wild-type entries that name a class as absent."""
        return self._by_wild_type.get(class_name, ())

    def entries_of_regimen(self, regimen: str) -> tuple[Entry, ...]:
        """Return the entries of a regimen, sorted by assertion id."""
        return self._by_regimen.get(regimen, ())

    def entries_beside(self, regimen: Regimen) -> tuple[Entry, ...]:
        """Return the entries of the single drugs of a combination, which may reach it (M31)."""
        if len(regimen.drugs) == 1:
            return ()
        return tuple(entry for drug in regimen.drugs for entry in self._alone.get(drug, ()))

    def entry(self, id_: str) -> Entry | None:
        """Return the entry of an assertion, ``None`` when there is no such assertion."""
        return self._by_id.get(id_)


def _by_class(pairs: Iterable[tuple[Entry, tuple[str, ...]]]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry, names in pairs:
        for name in names:
            found.setdefault(name, []).append(entry)
    return found


def _by_gene(terms: Terms, names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for name in names:
        for gene in terms.genes_of_class(name):
            found.setdefault(gene, set()).add(name)
    return {gene: tuple(sorted(own)) for gene, own in found.items()}
