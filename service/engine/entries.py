"""An assertion with what its criteria say beforehand, and the walk over their leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.engine.assays import usual_assay
from service.engine.assertion import Assertion, Branch, Criteria, Leaf
from service.engine.terms import Terms
from service.engine.tumors import GROUPS


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


def walk_leaves(branch: Branch, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Yield every leaf of a tree with whether it stands under an odd number of ``none``."""
    for child in branch.children:
        if isinstance(child, Leaf):
            yield child, negated != (branch.op == "none")
        else:
            yield from walk_leaves(child, negated != (branch.op == "none"))


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


def to_entry(terms: Terms, assertion: Assertion) -> Entry:
    """Read an entry off the criteria of an assertion."""
    openers: list[str] = []
    wild_type: list[str] = []
    present: list[str] = []
    for leaf, negated in walk_leaves(assertion.criteria.biomarker):
        if not negated and not terms.classes[leaf.value].absence:
            present.append(leaf.value)
        if leaf.opens:
            (wild_type if negated else openers).append(leaf.value)
    tumors = tuple(
        leaf.value for leaf, negated in walk_leaves(assertion.criteria.tumor) if not negated
    )
    sides = {terms.tumors.side(code) for code in tumors if code not in GROUPS}
    sides |= {code for code in tumors if code in GROUPS}
    named = [leaf.value for leaf, _ in walk_leaves(assertion.criteria.biomarker)]
    rules = [terms.classes[m] for name in named for m in terms.members_of_class(name)]
    return Entry(
        assertion,
        tuple(openers),
        tuple(name for name in openers if not terms.classes[name].absence),
        tuple(dict.fromkeys(present)),
        () if openers else tuple(wild_type),
        tumors,
        sides.pop() if len(sides) == 1 else None,
        frozenset(rule.gene for rule in rules),
        tuple(sorted({(rule.gene, usual_assay(rule)) for rule in rules})),
        earliest_line(assertion.criteria.clinical),
    )


class Numbering:
    """Numbers the distinct leaves and branches of criteria, so that each is decided once a case."""

    def __init__(self) -> None:
        self._slots: dict[Leaf | Branch, int] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def numbered(self, assertion: Assertion) -> Assertion:
        """Return the assertion with every leaf and branch numbered."""
        parts = assertion.criteria
        trees = (self._tree(tree) for tree in (parts.tumor, parts.biomarker, parts.clinical))
        return replace(assertion, criteria=Criteria(*trees))

    def _tree(self, tree: Branch) -> Branch:
        children = tuple(
            replace(child, slot=self._slot(child)) if isinstance(child, Leaf) else self._tree(child)
            for child in tree.children
        )
        return Branch(tree.op, children, self._slot(tree))

    def _slot(self, node: Leaf | Branch) -> int:
        return self._slots.setdefault(node, len(self._slots))
