"""The evaluated criteria of an assertion, line by line: what it asks, what the case says, why.

What does not depend on the case (place, words and source of a criterion) is made once an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from service.engine.assertion import Branch, Leaf
from service.engine.authorisation import Standing
from service.engine.criteria import Evaluation
from service.engine.entries import Entry
from service.engine.levels import Level
from service.engine.model import Case, Truth
from service.engine.report import TraceLine
from service.engine.rulebook import Rulebook
from service.engine.words import describe, fact_of

_RULE_OF_LEAF = {"biomarker": "M5", "tumor_type": "M11"}
_TruthWord = Literal["true", "false", "unknown"]
_TRUTH_WORDS: dict[Truth, _TruthWord] = {
    Truth.TRUE: "true",
    Truth.FALSE: "false",
    Truth.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class _Step:
    path: str
    leaf: Leaf
    criterion: str
    rule: str
    source: str | None


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One evaluated node of a criteria tree.

    Args:
        kind: ``all``, ``any`` or ``none`` of a branch; else the type of the leaf.
        value: what a leaf requires, as in ``Leaf``; ``None`` for a branch.
        criterion, fact: what a leaf asks and what the case says; empty for a branch.
    """

    kind: str
    value: Any
    truth: _TruthWord
    criterion: str
    fact: str
    rule: str
    children: tuple[TraceNode, ...] = ()


class Tracer:
    """Traces the matches of one case; what the case says about a leaf is worded once."""

    def __init__(self, evaluation: Evaluation, case: Case) -> None:
        self._evaluation = evaluation
        self._case = case
        self._said: dict[int, tuple[_TruthWord, str]] = {}

    def trace(self, entry: Entry, standing: Standing, level: Level) -> Iterator[TraceLine]:
        """Yield every leaf of the criteria in their order, the authorisation, and the level."""
        rulebook = self._evaluation.rulebook
        for step in rulebook.remember(_steps, entry.assertion.id):
            truth, fact = self._say(step.leaf)
            yield TraceLine(step.path, step.criterion, truth, fact, step.rule, step.source)
        if standing.event is not None and standing.since is not None:
            yield TraceLine(
                "authorisation",
                f"{entry.assertion.authority} authorisation on {self._case.as_of.isoformat()}",
                "true" if standing.stands else "false",
                f"{standing.status} since {standing.since.isoformat()}",
                "M14",
                standing.event.source,
            )
        words = f"{level.amp_asco_cap} ({level.oncokb_style}): {level.reason}"
        yield TraceLine("level", "level of evidence", "true", words, "M21", None)

    def trees(self, entry: Entry) -> dict[str, TraceNode]:
        """Return the criteria as they were evaluated: ``tumor``, ``biomarker``, ``clinical``."""
        return {name: self._node(tree) for name, tree in _parts(entry).items()}

    def _node(self, node: Branch | Leaf) -> TraceNode:
        if isinstance(node, Leaf):
            truth, fact = self._say(node)
            return TraceNode(node.type, node.value, truth, describe(node), fact, _rule_of(node))
        children = tuple(self._node(child) for child in node.children)
        truth = _TRUTH_WORDS[self._evaluation.truth(node)]
        return TraceNode(node.op, None, truth, "", "", "M1", children)

    def _say(self, leaf: Leaf) -> tuple[_TruthWord, str]:
        known = self._said.get(leaf.slot)
        if known is None:
            truth = _TRUTH_WORDS[self._evaluation.truth(leaf)]
            known = (truth, _fact_words(self._evaluation, self._case, leaf))
            self._said[leaf.slot] = known
        return known


def _parts(entry: Entry) -> dict[str, Branch]:
    criteria = entry.assertion.criteria
    return {
        "tumor": criteria.tumor,
        "biomarker": criteria.biomarker,
        "clinical": criteria.clinical,
    }


def _rule_of(leaf: Leaf) -> str:
    return _RULE_OF_LEAF.get(leaf.type, "M17")


def _steps(rulebook: Rulebook, id_: str) -> tuple[_Step, ...]:
    entry = rulebook.entry(id_)
    if entry is None:
        return ()
    return tuple(
        step
        for name, tree in _parts(entry).items()
        for step in _walk(entry, tree, f"{name}.{tree.op}")
    )


def _walk(entry: Entry, tree: Branch, path: str) -> Iterator[_Step]:
    for index, child in enumerate(tree.children):
        here = f"{path}[{index}]"
        if isinstance(child, Branch):
            yield from _walk(entry, child, f"{here}.{child.op}")
        else:
            yield _Step(here, child, describe(child), _rule_of(child), entry.assertion.source)


def _fact_words(evaluation: Evaluation, case: Case, leaf: Leaf) -> str:
    if leaf.type == "biomarker":
        used = evaluation.facts.verdict(leaf.value).findings
        return " and ".join(case.findings[i].name for i in used) or "no finding speaks about it"
    if leaf.type == "tumor_type":
        tumors = evaluation.rulebook.tumors
        relation = tumors.relation(case.tumor_type, leaf.value).replace("_", " ")
        path = tumors.path(case.tumor_type, leaf.value)
        return f"{' > '.join(path)} ({relation})"
    return fact_of(case, leaf)
