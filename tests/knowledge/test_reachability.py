"""Every biomarker class is reached by an ordinary spelling, and just missed by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.engine.notation.faults import NotationError
from service.knowledge.store import KnowledgeBase


def _truth(kb: KnowledgeBase, name: str, text: str) -> Truth:
    """Return what a text says about a class, in the tumour types whose tables may decide it."""
    try:
        findings = kb.reader.read_text(text).findings
    except NotationError:
        return Truth.UNKNOWN
    tumors = ("TISSUE", *(c for t in kb.rulebook.status_tables for c in t.applies_to))
    cases = (Case(tumor, findings, dt.date.min) for tumor in tumors)
    return max(Facts(kb.rulebook, case).verdict(name).truth for case in cases)


def _spellings(kb: KnowledgeBase, name: str) -> Iterator[str]:
    """Yield results of the genes of a class: its probe, its thresholds, those of its neighbours."""
    yes, no = kb.rulebook.probes.get(name, (None, None))
    yield from (probe.text for probe in (yes, no) if probe is not None)
    for member in kb.rulebook.members_of_class(name):
        rule = kb.rulebook.classes[member]
        gene = kb.rulebook.genes[rule.gene]
        yield f"{gene.label} wild type"
        if rule.measure is not None:
            scale, low, high = rule.measure
            if rule.at_least is not None:
                yield from (f"{gene.label} {rule.at_least} in {n:g} %" for n in (low, low - 1))
            yield from (f"{gene.label} {scale} {n:g}" for n in (low, high, low - 1, high + 1))
        for other in kb.rulebook.classes_of_gene(rule.gene):
            near = kb.rulebook.probes.get(other, (None, None))[0]
            if near is not None:
                yield near.text


def _unreached(kb: KnowledgeBase, wanted: bool) -> list[str]:
    return [
        name
        for name in kb.rulebook.classes
        if not any(
            (_truth(kb, name, text) is Truth.TRUE) is wanted for text in _spellings(kb, name)
        )
    ]


def test_every_class_is_reached_by_an_ordinary_spelling(kb: KnowledgeBase) -> None:
    assert _unreached(kb, wanted=True) == []


def test_every_class_is_missed_by_a_result_of_its_own_gene(kb: KnowledgeBase) -> None:
    assert _unreached(kb, wanted=False) == []


def test_the_search_notices_a_class_that_nothing_reaches(kb: KnowledgeBase) -> None:
    assert _truth(kb, "EGFR L858R", "EGFR L858Q") is not Truth.TRUE
    assert _truth(kb, "EGFR L858R", "EGFR L858R") is Truth.TRUE
