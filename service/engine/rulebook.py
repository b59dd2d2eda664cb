"""Everything the engine needs to answer, indexed once: genes, classes, tumour types, assertions.

The rulebook is built by ``service.knowledge.store`` from the compiled knowledge base and is
read-only. The indexes make a question cost what it touches, not what the knowledge base holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from service.engine.assays import usual_assay
from service.engine.authorisation import Standing, standing_on
from service.engine.classes import is_kind
from service.engine.model import (
    Assertion,
    BiomarkerClass,
    Branch,
    Criteria,
    Finding,
    Gene,
    Leaf,
    Regimen,
)
from service.engine.tumors import GROUPS, TumorTree
from service.engine.vocabulary import AssayMethod, Drug, EscatTier, StatusTable

Made = TypeVar("Made")
#: Most answers to "what holds for this tumour type, on this day" that are kept.
MAX_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Entry:
    """An assertion with what can be read off its criteria beforehand.

    Args:
        openers: biomarker classes that bring it into the answer when true.
        carried: those of them that say that something is there: they alone open it off label (M7).
        present: classes that say that something is there and that it asks for, opening or not.
        wild_type: classes that must be negative when it has no opener (pure wild type).
        earliest_line: the first line of treatment in which it may be given, as far as it says.
        tumors: tumour types that it names as included.
        side: ``SOLID`` or ``BLOOD`` when its tumour types lie on one side.
        genes: that its biomarker criteria speak about.
        assays: (gene, assay) of every result that would decide it when nothing is reported.
    """

    assertion: Assertion
    openers: tuple[str, ...]
    carried: tuple[str, ...]
    present: tuple[str, ...]
    wild_type: tuple[str, ...]
    tumors: tuple[str, ...]
    side: str | None
    genes: frozenset[str]
    assays: tuple[tuple[str, str], ...]
    earliest_line: int = 1


@dataclass(frozen=True, slots=True)
class Probe:
    """A result that decides a biomarker class, as a laboratory would print it."""

    text: str
    findings: tuple[Finding, ...]


#: Class -> (a result that makes it true, one that makes it false), where there is one.
Probes = Mapping[str, tuple[Probe | None, Probe | None]]


class Rulebook:
    """The engine's read-only view of the knowledge base.

    Attributes:
        genes_by_origin: genes of which a class asks whether a variant is germline or somatic.
        genes_with_origin: these, and genes with a class of deleterious variants of either origin.
        probes: results that decide each class; the store finds them with the finished rulebook.
    """

    def __init__(
        self,
        *,
        genes: Iterable[Gene],
        classes: Iterable[BiomarkerClass],
        tumors: TumorTree,
        drugs: Iterable[Drug],
        status_tables: tuple[StatusTable, ...],
        assertions: Iterable[Assertion],
        oncogenicity: Mapping[tuple[str, str], str],
        methods: Iterable[AssayMethod] = (),
        escat: Iterable[EscatTier] = (),
    ) -> None:
        self.genes = {gene.symbol: gene for gene in genes}
        self.classes = {rule.name: rule for rule in classes}
        for rule in [rule for rule in self.classes.values() if rule.all_of]:
            # Several things together are as narrow as the narrowest of them (M18).
            narrowest = min(self.classes[part].specificity for part in rule.all_of)
            self.classes[rule.name] = replace(rule, specificity=narrowest)
        self.genes_by_origin = frozenset(rule.gene for rule in self.classes.values() if rule.origin)
        self.genes_with_origin = self.genes_by_origin | {
            rule.gene
            for rule in self.classes.values()
            if rule.sequence is not None and rule.sequence.deleterious
        }
        self.tumors = tumors
        self.drugs = {drug.name: drug for drug in drugs}
        self.status_tables = status_tables
        self.oncogenicity = oncogenicity
        self.methods = tuple(methods)
        self._escat: dict[str, list[EscatTier]] = {}
        for row in escat:
            self._escat.setdefault(row.biomarker, []).append(row)
        self.probes: Probes = {}
        self._groups = {name: frozenset(self._climb_groups(name)) for name in self.drugs}
        self._genes_of_class = {name: self._collect_genes(name) for name in self.classes}
        by_gene: dict[str, list[str]] = {}
        for name in sorted(self.classes):
            for gene in self._genes_of_class[name]:
                by_gene.setdefault(gene, []).append(name)
        self._classes_by_gene = {gene: tuple(names) for gene, names in by_gene.items()}
        self._kinds_by_gene = {
            gene: tuple(rule for rule in map(self.classes.__getitem__, names) if is_kind(rule))
            for gene, names in by_gene.items()
        }
        self._slots: dict[Leaf | Branch, int] = {}
        self.entries = tuple(self._prepare(self._slotted(a)) for a in assertions)
        self._by_id = {entry.assertion.id: entry for entry in self.entries}
        self.slot_count = len(self._slots)
        self._memory: dict[Hashable, Any] = {}
        self._by_regimen = self._group_by_regimen()
        self._alone = {
            group[0].assertion.regimen.drugs[0]: group
            for group in self._by_regimen.values()
            if len(group[0].assertion.regimen.drugs) == 1
        }
        self._by_opener: dict[str, list[Entry]] = {}
        self._by_wild_type: dict[str, list[Entry]] = {}
        self._openers_of_gene: dict[str, set[str]] = {}
        self._wild_types_of_gene: dict[str, set[str]] = {}
        for entry in self.entries:
            self._index(entry)
        self._openers_sorted = {g: tuple(sorted(n)) for g, n in self._openers_of_gene.items()}
        self._wild_sorted = {g: tuple(sorted(n)) for g, n in self._wild_types_of_gene.items()}

    def _group_by_regimen(self) -> dict[str, tuple[Entry, ...]]:
        groups: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.assertion.id):
            groups.setdefault(entry.assertion.regimen.id, []).append(entry)
        return {id_: tuple(group) for id_, group in groups.items()}

    def opening_classes(self, gene: str) -> tuple[str, ...]:
        """Return the classes of a gene that open an assertion when true, sorted."""
        return self._openers_sorted.get(gene, ())

    def wild_type_classes(self, gene: str) -> tuple[str, ...]:
        """Return the classes of a gene that open a pure wild-type assertion when false, sorted."""
        return self._wild_sorted.get(gene, ())

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

    def entries_for_tumor(self, code: str) -> tuple[Entry, ...]:
        """Return the entries whose tumour part covers a tumour type."""
        return self.remember(
            ("tumor", code), lambda: tuple(e for e in self.entries if self._covers(e, code))
        )

    def _covers(self, entry: Entry, code: str) -> bool:
        excluded = {
            leaf.value for leaf, negated in walk_leaves(entry.assertion.criteria.tumor) if negated
        }
        return any(self.tumors.is_under(code, wanted) for wanted in entry.tumors) and not any(
            self.tumors.is_under(code, barred) for barred in excluded
        )

    def standings(self, day: dt.date) -> Mapping[str, Standing]:
        """Return the standing of every assertion on a day, by id."""
        return self.remember(
            ("day", day),
            lambda: {e.assertion.id: standing_on(e.assertion, day) for e in self.entries},
        )

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` gives for a key, made once; it must depend on the key alone."""
        known: Made | None = self._memory.get(key)
        if known is None:
            if len(self._memory) >= MAX_REMEMBERED:
                self._memory.clear()
            known = self._memory[key] = make()
        return known

    def _slotted(self, assertion: Assertion) -> Assertion:
        """Return the assertion with every leaf and branch numbered among the distinct ones."""
        parts = assertion.criteria
        trees = (self._slot_tree(tree) for tree in (parts.tumor, parts.biomarker, parts.clinical))
        return replace(assertion, criteria=Criteria(*trees))

    def _slot_tree(self, tree: Branch) -> Branch:
        children = tuple(
            replace(child, slot=self._slot(child))
            if isinstance(child, Leaf)
            else self._slot_tree(child)
            for child in tree.children
        )
        return Branch(tree.op, children, self._slot(tree))

    def _slot(self, node: Leaf | Branch) -> int:
        return self._slots.setdefault(node, len(self._slots))

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

    @staticmethod
    def classes_named_by(entry: Entry) -> tuple[str, ...]:
        """Return the classes that the criteria of an entry name, present or absent."""
        return tuple(leaf.value for leaf, _ in walk_leaves(entry.assertion.criteria.biomarker))

    def escat_of(self, classes: Iterable[str], tumor_type: str) -> EscatTier | None:
        """Return the best ESCAT tier that is given to any of the classes in a tumour type."""
        found = [
            row
            for name in classes
            for row in self._escat.get(name, ())
            if self.tumors.is_under(tumor_type, row.tumor_type)
        ]
        return min(found, key=lambda row: (row.tier, row.biomarker), default=None)

    def members_of_class(self, class_name: str) -> Iterator[str]:
        """Yield the classes without parts that a class is made of (itself when it has none)."""
        rule = self.classes[class_name]
        parts = rule.any_of or rule.all_of
        if not parts:
            yield class_name
        for part in parts:
            yield from self.members_of_class(part)

    def _climb_groups(self, name: str) -> Iterator[str]:
        todo = list(self.drugs[name].groups)
        while todo:
            group = todo.pop()
            yield group
            if group in self.drugs:
                todo.extend(self.drugs[group].groups)

    def _collect_genes(self, name: str) -> frozenset[str]:
        return frozenset(self.classes[member].gene for member in self.members_of_class(name))

    def _prepare(self, assertion: Assertion) -> Entry:
        openers: list[str] = []
        wild_type: list[str] = []
        present: list[str] = []
        for leaf, negated in walk_leaves(assertion.criteria.biomarker):
            if not negated and not self.classes[leaf.value].absence:
                present.append(leaf.value)
            if leaf.opens:
                (wild_type if negated else openers).append(leaf.value)
        tumors = tuple(
            leaf.value for leaf, negated in walk_leaves(assertion.criteria.tumor) if not negated
        )
        sides = {self.tumors.side(code) for code in tumors if code not in GROUPS}
        sides |= {code for code in tumors if code in GROUPS}
        named = [leaf.value for leaf, _ in walk_leaves(assertion.criteria.biomarker)]
        rules = [self.classes[m] for name in named for m in self.members_of_class(name)]
        return Entry(
            assertion,
            tuple(openers),
            tuple(name for name in openers if not self.classes[name].absence),
            tuple(dict.fromkeys(present)),
            () if openers else tuple(wild_type),
            tumors,
            sides.pop() if len(sides) == 1 else None,
            frozenset(rule.gene for rule in rules),
            tuple(sorted({(rule.gene, usual_assay(rule)) for rule in rules})),
            earliest_line(assertion.criteria.clinical),
        )

    def _index(self, entry: Entry) -> None:
        for name in entry.openers:
            self._by_opener.setdefault(name, []).append(entry)
            for gene in self._genes_of_class[name]:
                self._openers_of_gene.setdefault(gene, set()).add(name)
        for name in entry.wild_type:
            self._by_wild_type.setdefault(name, []).append(entry)
            for gene in self._genes_of_class[name]:
                self._wild_types_of_gene.setdefault(gene, set()).add(name)


def earliest_line(node: Branch | Leaf) -> int:
    """Return the first line of treatment in which clinical criteria can be met.

    A criterion of an earlier therapy means the second line; what must not have been means nothing.
    """
    if isinstance(node, Leaf):
        if node.type == "line_of_therapy":
            return int(node.value[0] or 1)
        return 2 if node.type == "prior_therapy" else 1
    if node.op == "none":
        return 1
    lines = [earliest_line(child) for child in node.children]
    return (max if node.op == "all" else min)(lines, default=1)


def walk_leaves(branch: Branch, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Yield every leaf of a tree with whether it stands under an odd number of ``none``."""
    for child in branch.children:
        if isinstance(child, Leaf):
            yield child, negated != (branch.op == "none")
        else:
            yield from walk_leaves(child, negated != (branch.op == "none"))
