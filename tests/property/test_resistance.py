"""Properties of resistance, of exact statements and of levels (rules M18, M19, M21)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.engine.entries import walk_leaves
from service.engine.levels import level_of
from service.engine.match import match
from service.engine.rulebook import Rulebook
from tests.engine.small import (
    A10C,
    CLASSES,
    assertion,
    biomarker,
    case,
    ihc,
    small_rulebook,
    tumor,
)
from tests.property import strategies as draw

SPECIFICITY = {rule.name: rule.specificity for rule in CLASSES}
WIDER = ("GENE codon 10", "GENE exon 1 mutation", "GENE activating mutation", "GENE mutation")
regimens = st.sampled_from((("alphanib",), ("betanib",), ("alphanib", "betanib")))
against = st.sampled_from(("resistance", "no_benefit"))


@given(name=st.sampled_from(WIDER), effect=against, one=regimens, other=regimens)
def test_a_statement_about_the_exact_variant_outranks_one_about_its_class(name, effect, one, other):
    """M18: A statement about exactly this variant outranks one about its class."""
    exact = assertion("A0001", drugs=one, biomarkers=[biomarker("GENE A10C")])
    wide = assertion(
        "A0002", drugs=other, effect=effect, biomarkers=[biomarker(name)], support="guideline"
    )
    report = match(small_rulebook(exact, wide), case(A10C), explain="full")
    dropped = {drop.entry.assertion.id: drop.rule for drop in report.excluded}
    if one == other:
        assert dropped == {"A0002": "M18"}
        assert report.therapies[0].conflict is None
    else:
        assert dropped == {}
        assert [row.lead.entry.assertion.id for row in report.resistance] == ["A0002"]


@given(name=st.sampled_from(WIDER), effect=against, drugs=regimens)
def test_resistance_of_the_exact_variant_marks_what_its_class_offers(name, effect, drugs):
    """M18: the other way round the row stays, since a label by class is a label; it is marked."""
    wide = assertion("A0001", drugs=drugs, biomarkers=[biomarker(name)])
    exact = assertion("A0002", drugs=drugs, effect=effect, support="early_clinical")
    report = match(small_rulebook(wide, exact), case(A10C))
    (row,) = report.therapies
    assert row.conflict is not None
    assert row.conflict.resistance == ("A0002",)


@given(drugs=regimens, effect=against)
def test_an_exact_statement_of_another_tumour_type_outranks_nothing(drugs, effect):
    """M18: what is known elsewhere does not silence what is known here."""
    exact = assertion("A0001", drugs=drugs, tumors=[tumor("BREAST")])
    wide = assertion(
        "A0002", drugs=drugs, effect=effect, biomarkers=[biomarker("GENE mutation")],
        support="guideline",
    )  # fmt: skip
    report = match(small_rulebook(exact, wide), case(A10C))
    assert [row.lead.entry.assertion.id for row in report.resistance] == ["A0002"]


@given(request=draw.requests())
def test_a_match_is_as_specific_as_the_class_that_the_case_meets(request):
    """M18: of several classes that a statement names, only those that the case meets count."""
    asked = draw.ask(request)
    for found in asked.matches:
        met = [
            draw.rulebook().classes[leaf.value].specificity
            for leaf, negated in walk_leaves(found.entry.assertion.criteria.biomarker)
            if leaf.opens and not negated and asked.facts.verdict(leaf.value).findings
            and asked.facts.verdict(leaf.value).truth == 2
        ]  # fmt: skip
        if met:
            assert found.specificity == min(met)


@given(request=draw.requests())
def test_a_conflict_is_shown_exactly_where_the_same_regimen_has_resistance(request):
    """M19: Resistance is per regimen: only the same set of drugs is shown with a conflict."""
    report = draw.ask(request).report
    against_rows = (*report.resistance, *report.cautions)
    rows_against = {frozenset(row.regimen.drugs): row for row in against_rows}
    singles = {row.regimen.drugs[0]: row for row in against_rows if len(row.regimen.drugs) == 1}
    for row in report.therapies:
        same = rows_against.get(frozenset(row.regimen.drugs))
        own = [found for found in row.matches if found.relation != "other"]
        is_certain = any(not found.subtypes for found in own)
        against_it = {
            found.entry.assertion.id
            for found in (same.matches if same else ())
            if found.biomarker_criteria == "met"
            and (not own or found.relation != "other")
            and not (found.subtypes and is_certain)
        }
        told = set(row.conflict.resistance) if row.conflict else set()
        assert against_it <= told
        reached = {
            found.entry.assertion.id
            for drug in row.regimen.drugs
            if len(row.regimen.drugs) > 1 and drug in singles
            for found in singles[drug].matches
        }
        exact = {m.entry.assertion.id for m in (same.matches if same else ()) if not m.specificity}
        assert told <= against_it | reached | exact
        assert row.conflict is None or row.conflict.reason


@given(drugs=regimens, effect=against)
def test_resistance_that_hangs_on_a_missing_result_is_no_conflict_yet(drugs, effect):
    """M19: Resistance whose biomarkers are not all reported is no conflict yet."""
    both = [biomarker("GENE A10C"), biomarker("HER IHC 3+", opens=False)]
    against_both = assertion(
        "A0002", drugs=drugs, effect=effect, biomarkers=both, support="guideline"
    )
    rulebook = small_rulebook(assertion("A0001", drugs=drugs), against_both)
    (open_row,) = match(rulebook, case(A10C)).therapies
    (met_row,) = match(rulebook, case(A10C, ihc("3+"))).therapies
    assert open_row.conflict is None
    assert met_row.conflict is not None


@given(one=regimens, other=regimens, effect=against)
def test_resistance_to_one_drug_says_nothing_against_a_combination_with_it(one, other, effect):
    """M19: resistance to cetuximab alone is no resistance to adagrasib with cetuximab."""
    rows = (
        assertion("A0001", drugs=one),
        assertion("A0002", drugs=other, effect=effect, support="guideline"),
    )
    (row,) = match(small_rulebook(*rows), case(A10C)).therapies
    assert (row.conflict is not None) == (one == other)


@given(request=draw.requests())
def test_a_row_with_a_conflict_stands_below_those_of_its_applicability(request):
    """M19: the conflict is the second key of the order."""
    rows = draw.ask(request).report.therapies
    for first, second in pairwise(rows):
        if first.lead.applicability == second.lead.applicability:
            assert (first.conflict is not None) <= (second.conflict is not None)


@given(request=draw.requests())
def test_every_level_comes_from_the_table(request):
    """M21: The level of a row comes from one table: what stands behind it, and where."""
    for found in draw.ask(request).matches:
        entry = found.entry.assertion
        in_type = found.relation != "other"
        assert found.level == level_of(entry, in_tumor_type=in_type)
        assert found.level.reason
        tier, _, letter = found.level.amp_asco_cap.partition("-")
        assert tier in ("I", "II")
        assert letter in "ABCD"
        if entry.effect == "sensitivity":
            assert found.level.oncokb_style in ("1", "2", "3A", "3B", "4")
            assert (found.level.oncokb_style == "1") == (in_type and entry.authority == "FDA")
            assert (tier == "I") <= in_type
        else:
            assert found.level.oncokb_style in ("R1", "R2")


@given(request=draw.requests())
def test_only_what_the_fda_authorised_here_has_an_fda_level(request):
    """M21: Only what the FDA authorised for the biomarker in this tumour type has a level of it."""
    for found in draw.ask(request).matches:
        entry = found.entry.assertion
        value, reason = found.level.fda
        by_fda = entry.authority == "FDA" and found.relation != "other" and entry.needs_test
        assert value == ("2" if by_fda else None)
        assert reason


def test_the_leaves_of_the_small_rulebook_are_as_specific_as_they_say():
    """M18: the classes of these tests stand in order."""
    assert SPECIFICITY["GENE A10C"] == 0
    assert all(SPECIFICITY[name] > 0 for name in WIDER)


@given(request=draw.requests())
def test_what_is_known_elsewhere_only_is_a_caution(request):
    """M30: what is known in other tumour types only is a caution."""
    report = draw.ask(request).report
    listed = {row.regimen.id: row for row in report.therapies}
    for row in report.cautions:
        assert all(found.relation == "other" for found in row.matches)
        assert all(found.biomarker_criteria == "met" for found in row.matches)
    for row in report.resistance:
        if all(found.relation == "other" for found in row.matches):
            by = {index for found in listed[row.regimen.id].matches for index in found.findings}
            exact = [found for found in row.matches if found.specificity == 0]
            assert any(not set(found.findings) <= by for found in exact)


def targeted(*targets: frozenset[str] | None) -> Rulebook:
    """Return a rulebook with resistance to alphanib, whose target is GENE, and a combination."""
    alone = assertion("A0001", effect="resistance", support="guideline")
    both = assertion(
        "A0002", drugs=("alphanib", "betanib"), biomarkers=[biomarker("GENE mutation")]
    )
    made = small_rulebook(alone, both)
    for name, genes in zip(("alphanib", "betanib"), targets, strict=True):
        made.drugs[name] = replace(made.drugs[name], targets=genes)
    return made


@given(
    own=st.sampled_from((frozenset({"GENE"}), frozenset({"HER"}), None)),
    partner=st.sampled_from((frozenset(), frozenset({"HER"}), frozenset({"GENE"}), None)),
)
def test_on_target_resistance_reaches_a_combination_whose_partners_act_elsewhere(own, partner):
    """M31: Resistance to a single drug by a change of its own target reaches a combination with
    it, where every partner is known to act on something else."""
    (row,) = match(targeted(own, partner), case(A10C)).therapies
    is_on_target = own is not None and "GENE" in own
    acts_elsewhere = partner is not None and "GENE" not in partner
    assert (row.conflict is not None) == (is_on_target and acts_elsewhere)
    if row.conflict is not None:
        assert row.conflict.resistance == ("A0001",)
