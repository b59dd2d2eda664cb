"""ESCAT tiers: given where a source gives one to the biomarker in the tumour type of the case.

The knowledge base has no row (``seed_data/UNVERIFIED.md``), so a small rulebook holds the rule.
"""

from __future__ import annotations

import itertools
from typing import Any

from service.engine.match import match
from service.engine.report import Match
from service.engine.vocabulary import EscatTier
from tests.engine.small import A10C, assertion, biomarker, case, small_rulebook, tumor

TIERS = ("I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "III-C", "IV-A", "IV-B", "V", "X")


def row(tier: str, tumor_type: str = "NSCLC", name: str = "GENE A10C") -> EscatTier:
    """Return a row of a source."""
    return EscatTier(name, tumor_type, tier, f"source of {tier}")


def asked(*rows: EscatTier, tumor_type: str = "LUAD", **about: Any) -> Match:
    """Return the match of one assertion in a case with GENE A10C."""
    rulebook = small_rulebook(assertion(**about), escat=rows)
    report = match(rulebook, case(A10C, tumor_type=tumor_type), explain="none")
    (found,) = (*report.therapies, *report.resistance)
    return found.lead


def test_a_tier_is_given_with_its_source() -> None:
    assert asked(row("I-A")).escat == row("I-A")
    assert asked().escat is None


def test_the_best_tier_wins_whatever_the_order_of_the_rows() -> None:
    for better, worse in itertools.combinations(TIERS, 2):
        lower = row(worse, "LUNG")
        assert asked(row(better), lower).escat == row(better)
        assert asked(lower, row(better)).escat == row(better)


def test_the_best_of_the_classes_that_were_found_counts() -> None:
    both = [biomarker("GENE A10C"), biomarker("GENE mutation")]
    rows = (row("II-A"), row("I-B", name="GENE mutation"), row("I-A", name="GENE fusion"))
    assert asked(*rows, biomarkers=both).escat == rows[1]


def test_a_tier_of_a_tumour_type_covers_its_subtypes_only() -> None:
    assert asked(row("I-A", "LUNG")).escat == row("I-A", "LUNG")
    assert asked(row("I-A", "BREAST")).escat is None
    assert asked(row("I-A", "LUAD"), tumor_type="NSCLC").escat is None


def test_another_tumour_type_has_no_tier() -> None:
    found = asked(row("I-A", "BREAST"), tumor_type="BREAST")
    assert (found.relation, found.escat) == ("other", None)
    agnostic = asked(row("I-C", "SOLID"), tumors=[tumor("SOLID")], tumor_type="BREAST")
    assert agnostic.escat == row("I-C", "SOLID")


def test_resistance_has_no_tier() -> None:
    assert asked(row("I-A"), effect="resistance").escat is None
