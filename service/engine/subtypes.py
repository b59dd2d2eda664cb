"""Which subtypes of a case's tumour type a criterion covers, when the case's term is too broad.

A term that lies above what a label names, or above what it excludes, decides nothing; what it would
take is a subtype (rule M29). The truth of a criterion at a node comes from ``tumors``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.engine.assertion import Branch, Leaf
from service.engine.model import Truth
from service.engine.tumors import TumorTree

#: So many subtypes are named in a sentence; the rest are counted.
MOST_NAMED = 4


def subtypes_of(tumors: TumorTree, criterion: Branch, code: str) -> tuple[str, ...]:
    """Return the topmost nodes below a tumour type that a criterion covers whole, by name.

    Args:
        criterion: the tumour part of an assertion.

    Returns:
        Codes; empty when the tumour type itself is covered, or nothing below it is.
    """
    found = set(_covered(tumors, criterion, tumors.within(code)))
    return tuple(sorted(found, key=lambda node: (tumors.types[node].name, node)))


def name_subtypes(tumors: TumorTree, codes: tuple[str, ...]) -> str:
    """Return subtypes as they stand in a sentence: ``A, B or C``."""
    names = [tumors.types[code].name for code in codes]
    more = len(names) - MOST_NAMED
    if more > 1:
        names = [*names[:MOST_NAMED], f"one of {more} more subtypes"]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _covered(tumors: TumorTree, criterion: Branch, nodes: Iterable[str]) -> Iterator[str]:
    for node in nodes:
        truth = _truth_at(tumors, criterion, node)
        if truth is Truth.TRUE:
            yield node
        elif truth is Truth.UNKNOWN:
            yield from _covered(tumors, criterion, tumors.children(node))


def _truth_at(tumors: TumorTree, node: Branch | Leaf, code: str) -> Truth:
    if isinstance(node, Leaf):
        return tumors.truth(code, node.value)
    values = [_truth_at(tumors, child, code) for child in node.children]
    if node.op == "all":
        return min(values, default=Truth.TRUE)
    highest = max(values, default=Truth.FALSE)
    return highest if node.op == "any" else Truth(Truth.TRUE - highest)
