"""The tumour-type tree: lineage, and the relation of a case to a criterion.

Relations are computed, never stored (rule M11). How a text becomes a code is in ``tumor_terms``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from service.engine.model import Truth
from service.engine.vocabulary import TumorType

Relation = Literal["exact", "descendant", "broader", "tumour_agnostic", "other"]

ROOT = "TISSUE"
SOLID = "SOLID"
BLOOD = "BLOOD"
#: Groups above the tissues; a criterion that names one speaks about no single organ.
GROUPS = frozenset({ROOT, SOLID, BLOOD})

#: Closest first; the order of the answer (rule M20) and of the best relation of several leaves.
RELATION_ORDER: tuple[Relation, ...] = (
    "exact",
    "descendant",
    "tumour_agnostic",
    "broader",
    "other",
)


class TumorTree:
    """All tumour types with their ancestors; read-only after construction.

    Args:
        shared: codes, in capitals, that reports use for other tumours too (``UC``).
    """

    def __init__(self, types: Iterable[TumorType], shared: Iterable[str] = ()) -> None:
        self._shared = frozenset(shared)
        self.types = {tumor.code: tumor for tumor in types}
        self._above = {code: tuple(self._climb(code)) for code in self.types}
        self._above_sets = {code: frozenset(above) for code, above in self._above.items()}
        below: dict[str, list[str]] = {}
        for code, tumor in sorted(self.types.items()):
            if tumor.parent is not None:
                below.setdefault(tumor.parent, []).append(code)
        self._below = {code: tuple(nodes) for code, nodes in below.items()}
        self._closest: dict[tuple[str, tuple[str, ...]], Relation] = {}

    def _climb(self, code: str) -> Iterable[str]:
        step: str | None = code
        while step is not None:
            yield step
            step = self.types[step].parent

    def term_of(self, code: str) -> str:
        """Return a text that means a node and nothing else, for a request."""
        return f"OncoTree:{code}" if code in self._shared else code

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return the node and its ancestors up to the organ, closest first: LUAD, NSCLC, LUNG."""
        above = self._above[code]
        return above if code in GROUPS else tuple(c for c in above if c not in GROUPS)

    def path(self, case: str, criterion: str) -> tuple[str, ...]:
        """Return the names from the case's tumour type up (or down) to the criterion's."""
        for low, high in ((case, criterion), (criterion, case)):
            if self.is_under(low, high):
                above = self._above[low]
                names = [self.types[code].name for code in above[: above.index(high) + 1]]
                return tuple(names if low == case else reversed(names))
        return (self.types[case].name,)

    def is_under(self, code: str, ancestor: str) -> bool:
        """Tell whether ``code`` is ``ancestor`` or one of its subtypes."""
        return ancestor in self._above_sets[code]

    def relation(self, case: str, criterion: str) -> Relation:
        """Return how a case's tumour type stands to the one that a criterion names."""
        if case == criterion:
            return "exact"
        if self.is_under(case, criterion):
            return "tumour_agnostic" if criterion in GROUPS else "descendant"
        may_be = (case, *self.types[case].may_be)
        return "broader" if any(self.is_under(criterion, one) for one in may_be) else "other"

    def closest(self, case: str, criteria: tuple[str, ...]) -> Relation:
        """Return the closest relation to several types (``other`` to none); each is kept."""
        known = self._closest.get((case, criteria))
        if known is not None:
            return known
        relations = (self.relation(case, criterion) for criterion in criteria)
        found: Relation = min(relations, key=RELATION_ORDER.index, default="other")
        self._closest[case, criteria] = found
        return found

    def children(self, code: str) -> tuple[str, ...]:
        """Return the nodes right below one, sorted by code."""
        return self._below.get(code, ())

    def within(self, code: str) -> tuple[str, ...]:
        """Return the nodes right below one, or the groups that an unspecified term may mean."""
        return self.types[code].may_be or self.children(code)

    def truth(self, case: str, criterion: str) -> Truth:
        """Decide a tumour-type leaf: a broader case term is unknown ("give the subtype")."""
        relation = self.relation(case, criterion)
        if relation == "other":
            return Truth.FALSE
        return Truth.UNKNOWN if relation == "broader" else Truth.TRUE

    def side(self, code: str) -> str | None:
        """Return ``SOLID`` or ``BLOOD``, or ``None`` for the root above both."""
        above = self._above_sets[code]
        return SOLID if SOLID in above else BLOOD if BLOOD in above else None
