"""Every word of every family, one by one: it gives its status, score or scale for a gene of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from service.engine.grading import StatedStatus
from service.engine.model import Gene
from service.knowledge.store import KnowledgeBase
from tests.cases import load_kb

#: A word that is the name of its marker too: as a whole text it says nothing.
_NO_RESULT_ALONE = {"msi"}


def _stated() -> Iterator[tuple[Gene, StatedStatus, str]]:
    for gene in load_kb().rulebook.genes.values():
        for status in gene.grading.statuses:
            for word in sorted(status.words - _NO_RESULT_ALONE):
                yield gene, status, word


def _scaled() -> Iterator[tuple[Gene, str, str]]:
    """Yield (gene, scale, text) with a number that the scale allows."""
    for gene in load_kb().rulebook.genes.values():
        for scale in gene.grading.scales:
            for word in scale.words:
                unit = scale.unit_words[0] if scale.unit_words else scale.unit
                number = 5 if scale.largest is None or scale.largest >= 5 else 1
                joint = "" if unit == "%" else " "
                yield gene, scale.name, f"{gene.label} {word} {number}{joint}{unit}".strip()


def _stained_with_others() -> set[str]:
    """Return the proteins whose stains together are one marker."""
    stained = [gene.grading.stained for gene in load_kb().rulebook.genes.values()]
    return {name for one in stained if one is not None for name in one.proteins}


@pytest.mark.parametrize(
    ("gene", "status", "word"), list(_stated()), ids=lambda value: getattr(value, "symbol", None)
)
def test_every_word_of_a_status_states_it(
    kb: KnowledgeBase, gene: Gene, status: StatedStatus, word: str
) -> None:
    """A hyphen stands for a blank, a sign stands at the name, and a word may name its marker."""
    said = re.sub(r"(?<=\w)-(?=\w)", " ", word)
    text = f"{gene.label}{said}" if word in "+-" else f"{gene.label} {said}"
    read = kb.reader.read_text(word if word.startswith(gene.label.lower()) else text)
    (finding,) = read.findings
    assert (finding.gene, finding.values, finding.result) == (
        gene.symbol, status.values, status.result,
    )  # fmt: skip


@pytest.mark.parametrize(("gene", "scale", "text"), list(_scaled()), ids=lambda v: str(v)[:20])
def test_every_word_of_a_scale_gives_its_number(
    kb: KnowledgeBase, gene: Gene, scale: str, text: str
) -> None:
    (finding,) = kb.reader.read_text(text).findings
    assert finding.measure is not None, text
    assert (finding.gene, finding.measure[0]) == (gene.symbol, scale)


@pytest.mark.parametrize("gene", list(load_kb().rulebook.genes), ids=str)
def test_every_score_of_a_gene_decides_what_its_family_says(kb: KnowledgeBase, gene: str) -> None:
    known = kb.rulebook.genes[gene]
    for score, result in known.grading.scores.items():
        found = kb.reader.read_text(f"{known.label} IHC {score}").findings
        said = {(gene, "expression", result)}
        if gene in _stained_with_others():  # one lost stain decides for the marker
            is_lost = result == "not_detected"
            said = {
                ("MMR", "status", "detected") if is_lost else (gene, "expression", "not_detected")
            }
        assert {(f.gene, f.kind, f.result) for f in found} == said, score


@pytest.mark.parametrize("gene", list(load_kb().rulebook.genes), ids=str)
def test_every_clone_of_a_gene_is_no_result(kb: KnowledgeBase, gene: str) -> None:
    known = kb.rulebook.genes[gene]
    # A lost stain of these is the marker's; the clones of the family are those of PTEN.
    clones = () if gene in _stained_with_others() else known.grading.clones
    for clone in clones:
        score = next(iter(known.grading.scores), None)
        if score is None:
            continue
        plain = kb.reader.read_text(f"{known.label} IHC {score}").findings
        named = kb.reader.read_text(f"{known.label} IHC ({clone}) {score}").findings
        assert [(f.gene, f.values) for f in named] == [(f.gene, f.values) for f in plain], clone
