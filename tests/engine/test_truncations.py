"""What a class by position holds: what keeps the frame; residues with a slash; stated bases."""

from __future__ import annotations

import pytest

from service.engine.facts import Facts
from service.engine.model import Case, Truth
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY
from tests.property.strategies import ask

CUT = (
    "BRAF V600*", "BRAF V600fs", "BRAF p.X600_splice", "KRAS p.Gly12ValfsTer5", "KRAS G12*",
    "NRAS Q61*",
    "EGFR nonsense mutation", "EGFR frameshift", "EGFR E746*", "EGFR splice mutation",
    "ERBB2 frameshift",
    "KRAS M1?", "EGFR exon 18 nonsense", "KRAS exon 2 frameshift",
)  # fmt: skip


def truths(kb: KnowledgeBase, *texts: str) -> dict[str, Truth]:
    """Return what the texts say about each class of their genes."""
    findings = tuple(f for text in texts for f in kb.reader.read_text(text).findings)
    facts = Facts(kb.rulebook, Case("LUAD", findings, TODAY))
    genes = {finding.gene for finding in findings}
    return {
        name: facts.verdict(name).truth
        for gene in sorted(genes)
        for name in kb.rulebook.classes_of_gene(gene)
    }


def warnings(*texts: str) -> set[str]:
    """Return the codes of the warnings about a case."""
    asked = ask({"tumor_type": "MEL", "biomarkers": list(texts)})
    return {notice.code for notice in asked.read.notices}


@pytest.mark.parametrize("text", CUT)
def test_a_truncation_is_in_no_class_of_a_gain_of_function(kb: KnowledgeBase, text: str) -> None:
    """Whatever its position says: a protein that is cut short does not signal."""
    assert [name for name, truth in truths(kb, text).items() if truth is Truth.TRUE] == []


@pytest.mark.parametrize("text", ["BRAF V600G", "KRAS G12W", "EGFR exon 19 deletion"])
def test_a_change_that_keeps_the_frame_stays_in_its_class(kb: KnowledgeBase, text: str) -> None:
    assert Truth.TRUE in truths(kb, text).values()


@pytest.mark.parametrize(
    ("text", "members"),
    [("KRAS G12D/V", ("KRAS G12D", "KRAS G12V")), ("KRAS G12C/D", ("KRAS G12C", "KRAS G12D")),
     ("BRAF V600E/K", ("BRAF V600E", "BRAF V600K"))],
)  # fmt: skip
def test_a_slash_lies_in_every_class_that_all_its_members_lie_in(
    kb: KnowledgeBase, text: str, members: tuple[str, str]
) -> None:
    """Rule M28: what holds of every variant that can be meant holds."""
    common = [
        {name for name, truth in truths(kb, member).items() if truth is Truth.TRUE}
        for member in members
    ]
    found = truths(kb, text)
    assert common[0] & common[1]
    assert [name for name in sorted(common[0] & common[1]) if found[name] is not Truth.TRUE] == []


@pytest.mark.parametrize(
    "text",
    ["ERBB2 c.2313_2324dupATACGTGATGGG", "7-55242464-TGGAATTAAGAGAAGC-T",
     "GRCh37 7-55242464-TGGAATTAAGAGAAGC-T"],
)  # fmt: skip
def test_bases_that_the_text_states_are_held_against_the_reference(
    kb: KnowledgeBase, text: str
) -> None:
    with pytest.raises(NotationError) as refused:
        kb.reader.read_text(text)
    assert refused.value.code == "impossible_reference"


@pytest.mark.parametrize(
    "text", ["ERBB2 c.2313_2324dupATACGTGATGGC", "7-55242464-AGGAATTAAGAGAAGC-A"]
)
def test_true_bases_are_read(kb: KnowledgeBase, text: str) -> None:
    assert kb.reader.read_text(text).findings[0].change is not None


def test_two_substitutions_of_one_codon_are_warned_about() -> None:
    """V600E and V600M on one allele are V600K, which other labels name."""
    codes = warnings("BRAF V600E", "BRAF V600M")
    assert "two_changes_of_one_codon" in codes
    other = warnings("BRAF V600E", "BRAF K601E")
    assert "two_changes_of_one_codon" not in other


@pytest.mark.parametrize(
    ("text", "read_as"), [("BRAF V600*", "BRAF V600E"), ("KRAS G12*", "KRAS G12C")]
)
def test_the_law_of_truncations_fails_for_a_reader_that_overlooks_one(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, text: str, read_as: str
) -> None:
    found = kb.reader.read_text(read_as)
    monkeypatch.setattr(BiomarkerReader, "read_text", lambda self, text: found)
    with pytest.raises(AssertionError):
        test_a_truncation_is_in_no_class_of_a_gain_of_function(kb, text)


def test_the_law_of_slashes_fails_for_a_reader_that_loses_them(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = BiomarkerReader.read_text
    broken = lambda self, text: read(self, "KRAS wild type" if "/" in text else text)  # noqa: E731
    monkeypatch.setattr(BiomarkerReader, "read_text", broken)
    with pytest.raises(AssertionError):
        test_a_slash_lies_in_every_class_that_all_its_members_lie_in(
            kb, "KRAS G12D/V", ("KRAS G12D", "KRAS G12V")
        )
