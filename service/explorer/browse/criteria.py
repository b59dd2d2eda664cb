"""The criteria of an assertion as a tree of words with links, before any case decides them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.assertion import Branch, Criteria, Leaf
from service.engine.words import describe
from service.explorer.browse.kinds import Linked, href_of, title_of
from service.knowledge.links import KIND_OF_LEAF
from service.knowledge.store import KnowledgeBase

_OPERATORS = {"all": "all of", "any": "any of", "none": "none of"}
_PARTS = (("tumor", "Tumour type"), ("biomarker", "Biomarkers"), ("clinical", "Clinical context"))


@dataclass(frozen=True, slots=True)
class Node:
    """A branch (an operator over children) or a leaf (an item)."""

    operator: str
    children: tuple[Node, ...]
    item: Linked | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three parts of a population; all that stands in it must hold."""

    label: str
    children: tuple[Node, ...]


def parts_of(kb: KnowledgeBase, criteria: Criteria) -> tuple[Part, ...]:
    """Return the parts that ask for something, tumour type first."""
    return tuple(
        Part(label, tuple(_nodes(kb, tree)))
        for name, label in _PARTS
        if (tree := getattr(criteria, name)).children
    )


def _nodes(kb: KnowledgeBase, tree: Branch) -> Iterator[Node]:
    for child in tree.children:
        if isinstance(child, Branch):
            yield Node(_OPERATORS[child.op], tuple(_nodes(kb, child)))
        else:
            yield Node("", (), _item(kb, child))


def _item(kb: KnowledgeBase, leaf: Leaf) -> Linked:
    note = "" if leaf.opens else "does not open the assertion by itself"
    kind = KIND_OF_LEAF.get(leaf.type)
    if kind is None:
        return Linked(describe(leaf), None, note)
    content = kb.records[kind][leaf.value]
    text = title_of((kind, leaf.value), content)
    if leaf.type == "prior_therapy":
        text = f"prior therapy: {text}"
    elif leaf.type == "condition":
        text, note = text.replace("_", " "), content["description"]
    return Linked(text, href_of((kind, leaf.value)), note)
