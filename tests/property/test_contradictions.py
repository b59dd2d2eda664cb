"""Two results that cannot both be right are warned of, whatever the gene, marker or kind (M3)."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.contradictions import GRADED, disagree
from tests.property import strategies as draw

#: Results of one thing that exclude each other, of every kind that a finding may have.
OPPOSED = [
    ("EGFR L858R", "EGFR L858R not detected"),
    ("EGFR exon 19 deletion", "EGFR exon 19 deletion not detected"),
    ("KRAS mutation", "KRAS wild type"),
    ("EML4-ALK fusion", "ALK fusion not detected"),
    ("ALK FISH positive", "ALK FISH negative"),
    ("ERBB2 amplification", "ERBB2 amplification not detected"),
    ("ERBB2 amplification", "ERBB2 deep deletion"),
    ("EGFR amplification", "EGFR copy number loss"),
    ("ER positive", "ER negative"),
    ("ER 90%", "ER 0%"),
    ("ER 90%", "ER 20%"),
    ("PR 80%", "PR negative"),
    ("PD-L1 TPS 60%", "PD-L1 TPS 0%"),
    ("PD-L1 TPS 60%", "PD-L1 TPS 10%"),
    ("PD-L1 positive", "PD-L1 negative"),
    ("ALK IHC positive", "ALK IHC negative"),
    ("ALK IHC 3+", "ALK IHC 0"),
    ("HER2 IHC 3+", "HER2 IHC 0"),
    ("HER2 IHC 3+", "HER2 IHC 2+"),
    ("HER2 ISH positive", "HER2 ISH negative"),
    ("HER2-positive", "HER2-negative"),
    ("HER2-positive", "HER2-low"),
    ("MSI-H", "MSS"),
]
#: Results that may both be right.
AGREEING = [
    ("EGFR L858R", "EGFR T790M not detected"),
    ("KRAS mutation", "KRAS G12C not detected"),
    ("KIF5B-ALK fusion", "EML4-ALK fusion not detected"),
    ("ER 5%", "ER positive"),
    ("ALK IHC 3+", "ALK IHC positive"),
    ("PD-L1 TPS 0%", "PD-L1 CPS 10"),
    ("PD-L1 TPS 50%", "PD-L1 TPS >= 50%"),
    ("HER2 IHC 2+", "HER2 ISH negative"),
    ("HER2-negative", "HER2-low"),
    ("ALK IHC positive", "ALK fusion not detected"),
    ("EGFR L858R", "EGFR not tested"),
]


def _warnings(texts: tuple[str, ...]) -> int:
    asked = draw.ask({"tumor_type": "LUAD", "biomarkers": list(texts)})
    return [notice.code for notice in asked.read.notices].count("contradictory_findings")


@pytest.mark.parametrize("pair", OPPOSED, ids=" and ".join)
def test_results_that_exclude_each_other_are_warned_of_once_in_either_order(
    pair: tuple[str, str],
) -> None:
    assert [_warnings(order) for order in permutations(pair)] == [1, 1]


@pytest.mark.parametrize("pair", AGREEING, ids=" and ".join)
def test_results_that_may_both_be_right_are_not(pair: tuple[str, str]) -> None:
    assert [_warnings(order) for order in permutations(pair)] == [0, 0]


ALL = st.sampled_from(sorted({text for pair in (*OPPOSED, *AGREEING) for text in pair}))


@given(first=ALL, second=ALL)
def test_disagreement_is_symmetric_of_one_thing_and_never_with_itself(
    first: str, second: str
) -> None:
    """M3: Disagreement is of one gene and kind, and the same from either side."""
    one, other = draw.read_finding(first), draw.read_finding(second)
    gene = draw.rulebook().genes[one.gene]
    said = disagree(one, other, gene)
    assert said == disagree(other, one, gene)
    assert not disagree(one, one, gene)
    assert not said or (one.gene, one.kind) == (other.gene, other.kind)
    if one.kind == other.kind and one.kind not in GRADED:
        assert not said or one.result != other.result or one.kind == "copy_number"


@given(text=draw.detected)
def test_every_finding_disagrees_with_the_denial_of_its_kind(text: str) -> None:
    """M3: What was found disagrees with "not detected" of the whole gene, for every alteration."""
    found = draw.read_finding(text)
    denied = {"sequence_variant": "mutation", "fusion": "fusion", "copy_number": "amplification"}
    if found.result != "detected" or found.kind not in denied:
        return
    negative = draw.read_finding(f"{found.gene} {denied[found.kind]} not detected")
    if found.values in ((), ("amplification",)):
        assert disagree(negative, found, draw.rulebook().genes[found.gene])
