"""Genes that are added as data (invented ones): their fusions, karyotypes and duplications."""

from __future__ import annotations

import pytest

from service.engine.classes import contains
from service.engine.model import BiomarkerClass, SequenceRule, Truth
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.engine.notation.fusion.karyotypes import Karyotype
from service.engine.notation.human_genes import HumanGenes
from service.knowledge.classes import build_gene

#: Invented genes: a kinase that fuses at its 3' end, one at its 5' end, one with duplications.
ROWS = (
    {"symbol": "KINA", "hgnc": "HGNC:1", "fusion_end": "3prime", "kinase_domain": [300, 600]},
    {"symbol": "KINB", "hgnc": "HGNC:2", "fusion_end": "5prime", "kinase_domain": [300, 600]},
    {
        "symbol": "DUPG", "hgnc": "HGNC:3", "itd_region": [570, 620],
        "named_changes": [{"name": "PTD", "words": ["partial tandem duplication"]}],
    },
    {"symbol": "ARM1", "hgnc": "HGNC:4"},
)  # fmt: skip
GENES = {row["symbol"]: build_gene(row, {}) for row in ROWS}
NAMES = (("HGNC:9", "PART", ("OLDPART",), ("PAL",)), ("HGNC:8", "INS", (), ()))
READER = BiomarkerReader(
    GENES.values(),
    {},
    karyotypes=(
        Karyotype(("t(1;9)(q21;q34)", "t(1;9)"), "KINA", "PART"),
        Karyotype(("del(7p)", "7p deletion"), "ARM1", copy_number="loss"),
    ),
    human_genes=HumanGenes(lambda: NAMES),
)
ITD = BiomarkerClass(
    "DUPG-ITD", "DUPG", 2,
    sequence=SequenceRule(
        ranges=((570, 620),), consequences=frozenset({"inframe_insertion", "delins"}), net="gain"
    ),
)  # fmt: skip


def names(text: str) -> list[str]:
    """Return the names of what a text means."""
    return [finding.name for finding in READER.read_text(text).findings]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PART::KINA", "PART::KINA fusion"), ("PART-KINA fusion", "PART::KINA fusion"),
        ("oldpart::kina FUSION", "PART::KINA fusion"), ("PAL-KINA Fusion", "PART::KINA fusion"),
        ("KINA::PART fusion", "KINA::PART fusion indeterminate"),
        ("KINB::PART", "KINB::PART fusion"), ("PART::KINB", "PART::KINB fusion indeterminate"),
        ("t(1;9)(q21;q34)", "PART::KINA fusion"), ("KINA t(1;9)", "PART::KINA fusion"),
        ("del(7p)", "ARM1 loss"), ("del(7p) not detected", "ARM1 loss not detected"),
        ("NEWP::KINA fusion", "KINA fusion"),
    ],
)  # fmt: skip
def test_a_fusion_or_karyotype_means_what_the_data_say(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title, str.swapcase])
@pytest.mark.parametrize("text", ["PART::KINA fusion", "KINA::PART rearrangement", "PART-KINA"])
def test_the_case_of_letters_changes_no_fusion(text: str, case: object) -> None:
    assert callable(case)
    assert names(case(text)) == names(text)


@pytest.mark.parametrize(
    "word", ["ITD", "PTD", "TKD", "LOH", "AMP", "WT", "VUS", "G12C", "INS", "DEL", "POS", "FISH"]
)
@pytest.mark.parametrize("joint", ["-", "::", "/", "--"])
def test_a_word_of_results_is_never_a_partner(word: str, joint: str) -> None:
    for text in (f"KINA{joint}{word}", f"{word}{joint}KINA", f"KINA{joint}{word} fusion"):
        try:
            found = READER.read_text(text).findings
        except NotationError:
            continue
        assert [f.partner for f in found if f.partner is not None] == []


@pytest.mark.parametrize(
    "text",
    ["DUPG-ITD", "DUPG ITD", "DUPG internal tandem duplication", "DUPG ITD positive",
     "DUPG-ITD (allelic ratio 0.6)"],
)  # fmt: skip
def test_an_internal_tandem_duplication_is_an_insertion_of_its_region(text: str) -> None:
    (finding,) = READER.read_text(text).findings
    assert finding.kind == "sequence_variant"
    assert contains(ITD, finding, GENES["DUPG"]) is Truth.TRUE


def test_a_partial_tandem_duplication_is_none_of_its_fusions() -> None:
    (finding,) = READER.read_text("DUPG-PTD").findings
    assert (finding.kind, finding.partner) == ("sequence_variant", None)
    assert contains(ITD, finding, GENES["DUPG"]) is Truth.FALSE


def test_a_gene_without_a_region_has_no_such_duplication() -> None:
    with pytest.raises(NotationError):
        READER.read_text("KINA-ITD")
