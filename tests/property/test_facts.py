"""Properties of what a case says about a biomarker class (rules M2 to M5, M9, M10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.engine.contradictions import contradicts
from service.engine.model import Finding, ProteinChange, Truth
from tests.cases import load_kb
from tests.property import strategies as draw

IHC = ("HER2 IHC 0", "HER2 IHC 1+", "HER2 IHC 2+", "HER2 IHC 3+", "HER2 IHC ultralow")
ISH = ("HER2 ISH positive", "HER2 ISH negative")
HER2_TUMORS = ("BREAST", "IDC", "STAD", "COAD", "LUAD")


def finding(given_: Any) -> Finding:
    """Return the one finding of a biomarker."""
    if isinstance(given_, str):
        return draw.read_finding(given_)
    return draw.ask({"tumor_type": "TISSUE", "biomarkers": [given_]}).case.findings[0]


@given(request=draw.requests())
def test_a_biomarker_that_no_finding_speaks_about_is_unknown(request):
    """M2: A biomarker that no finding speaks about is unknown, never negative."""
    facts = draw.ask(request).facts
    spoken = set(facts.genes)
    for name in draw.rulebook().classes:
        if not draw.rulebook().genes_of_class(name) & spoken:
            assert facts.verdict(name).truth is Truth.UNKNOWN


@given(text=st.one_of(draw.detected, draw.negatives))
def test_a_result_that_is_not_known_says_nothing(text):
    """M2: a test that was not done, or gave no result, leaves everything unknown."""
    given_ = finding(text)
    silent = Finding(given_.gene, given_.kind, "indeterminate", given_.name, change=given_.change)
    facts = draw.facts_of(silent)
    for name in draw.rulebook().classes_of_gene(given_.gene):
        assert facts.verdict(name).truth is Truth.UNKNOWN


@given(variant=draw.variants(neutral=False), tumor=draw.tumors)
def test_a_detected_finding_outweighs_a_negative(variant, tumor):
    """M3: A detected finding outweighs a negative of the same class, and the answer warns."""
    gene = finding(variant).gene
    alone = draw.ask({"tumor_type": tumor, "biomarkers": [variant]})
    negative = {"gene": gene, "alteration": "wild type"}
    both = draw.ask({"tumor_type": tumor, "biomarkers": [variant, negative]})
    assert "contradictory_findings" in {notice.code for notice in both.read.notices}
    for name in draw.rulebook().classes_of_gene(gene):
        if alone.facts.verdict(name).truth is Truth.TRUE:
            assert both.facts.verdict(name).truth is Truth.TRUE


@given(texts=st.lists(draw.negatives, min_size=1, max_size=5))
def test_a_class_is_false_only_when_negatives_cover_it_whole(texts):
    """M4: A class is false only when the reported negatives cover it whole."""
    negatives = [finding(text) for text in texts]
    negatives = [item for item in negatives if item.kind == "sequence_variant"]
    facts = draw.facts_of(*negatives)
    for member, classes in draw.members():
        gene = draw.rulebook().genes[member.gene]
        if member.gene in facts.genes and not any(contradicts(n, member, gene) for n in negatives):
            for name in classes - {item.name.removesuffix(" not detected") for item in negatives}:
                assert facts.verdict(name).truth is not Truth.FALSE, (name, member.name)


@pytest.mark.parametrize(
    ("gene", "alteration", "class_name"),
    [
        ("EGFR", "exon 19 deletion", "EGFR exon 19 deletion"),
        ("EGFR", "exon 20 insertion", "EGFR exon 20 insertion"),
        ("EGFR", "G719X", "EGFR G719X"),
        ("EGFR", "L858R", "EGFR L858R"),
        ("ERBB2", "exon 20 insertion", "ERBB2 exon 20 insertion"),
        ("KRAS", "exon 2 mutation", "KRAS codon 12 or 13 mutation"),
        ("KRAS", "G12C", "KRAS G12C"),
        ("BRAF", "V600E", "BRAF V600E"),
    ],
)
def test_a_negative_that_names_a_class_makes_it_false(gene, alteration, class_name):
    """M4: what was looked for by name and not found is absent."""
    negative = finding({"gene": gene, "alteration": alteration, "result": "not_detected"})
    assert draw.facts_of(negative).verdict(class_name).truth is Truth.FALSE


@pytest.mark.parametrize(
    ("gene", "alteration", "class_name"),
    [
        ("ERBB2", "exon 20 mutation", "ERBB2 kinase domain mutation"),
        ("EGFR", "exon 2 mutation", "EGFR ectodomain mutation"),
        ("KRAS", "exon 2 mutation", "KRAS extended RAS mutation"),
        ("KRAS", "G12C", "KRAS codon 12 or 13 mutation"),
        ("ALK", "EML4-ALK fusion", "ALK fusion"),
    ],
)
def test_a_negative_of_a_part_leaves_the_class_open(gene, alteration, class_name):
    """M4: one exon, one variant or one fusion partner is not the whole class."""
    negative = finding({"gene": gene, "alteration": alteration, "result": "not_detected"})
    assert draw.facts_of(negative).verdict(class_name).truth is Truth.UNKNOWN


@given(gene=st.sampled_from(("ALK", "BRAF", "EGFR", "ERBB2", "KRAS", "NRAS", "HRAS")))
def test_a_negative_of_the_gene_covers_its_sequence_variants_and_nothing_else(gene):
    """M4: a wild-type gene has no sequence variant; fusion, copies and protein stay open."""
    facts = draw.facts_of(finding({"gene": gene, "alteration": "wild type"}))
    for name in draw.rulebook().classes_of_gene(gene):
        rule = draw.rulebook().classes[name]
        if len(draw.rulebook().genes_of_class(name)) > 1 or rule.any_of or rule.all_of:
            continue
        expected = Truth.FALSE if rule.sequence is not None else Truth.UNKNOWN
        assert facts.verdict(name).truth is expected, name


@given(first=st.lists(draw.negatives, max_size=4), more=draw.negatives)
def test_more_negatives_make_nothing_true_and_undo_nothing(first, more):
    """M4: one more negative can only turn unknown into false (of classes without a grade)."""
    graded = {"expression", "in_situ_hybridization", "status"}
    negatives = [finding(text) for text in (*first, more)]
    assume(not any(item.kind in graded for item in negatives))
    before, after = draw.facts_of(*negatives[:-1]), draw.facts_of(*negatives)
    for name in draw.rulebook().classes:
        assert after.verdict(name).truth in (Truth.FALSE, before.verdict(name).truth)


def counts_unspecified(name: str) -> bool:
    """Tell whether "mutation" without a codon counts for a class (M32, tested by itself)."""
    rules = (draw.rulebook().classes[n].sequence for n in draw.rulebook().members_of_class(name))
    return any(rule is not None and rule.counts_unspecified for rule in rules)


@given(text=st.sampled_from(draw.PATTERNS))
def test_a_pattern_decides_a_class_only_as_all_its_variants_do(text):
    """M5: A finding is in a class when every alteration it can mean is, outside when none is."""
    pattern = finding(text)
    gene = draw.rulebook().genes[pattern.gene]
    negative = Finding(
        pattern.gene, pattern.kind, "not_detected", pattern.name, change=pattern.change
    )
    facts = draw.facts_of(pattern)
    for member, classes in draw.members():
        if member.gene != pattern.gene or not contradicts(negative, member, gene):
            continue
        for name in draw.rulebook().classes_of_gene(pattern.gene):
            decided = facts.verdict(name).truth
            if decided is Truth.TRUE:
                assert counts_unspecified(name) or name in classes, (name, member.name)
            if name in classes:
                assert decided is not Truth.FALSE, (name, member.name)


@given(text=draw.variants(neutral=True))
def test_a_neutral_or_inconclusive_variant_belongs_to_no_class_that_does_not_name_it(text):
    """M9: A neutral, likely neutral or inconclusive variant is in no class without its name."""
    variant = finding(text)
    assert variant.change is not None
    facts = draw.facts_of(variant)
    for name in draw.rulebook().classes_of_gene(variant.gene):
        if facts.verdict(name).truth is Truth.TRUE:
            members = draw.rulebook().members_of_class(name)
            rules = [draw.rulebook().classes[member].sequence for member in members]
            named = {v.short for rule in rules if rule is not None for v in rule.variants}
            covered = {short for rule in rules if rule is not None for short in rule.included}
            assert variant.change.short in named | covered, name


@pytest.mark.parametrize("tumor", HER2_TUMORS)
@given(ihc=st.sampled_from(IHC), ish=st.sampled_from(ISH))
def test_a_second_assay_narrows_the_status_or_is_said_to_disagree(tumor, ihc, ish):
    """M10: Graded results become a status by a cited table; results that disagree leave it open."""
    one = draw.facts_of(finding(ihc), tumor=tumor).status("ERBB2")
    both = draw.facts_of(finding(ihc), finding(ish), tumor=tumor).status("ERBB2")
    assert both.possible
    assert both.discordant or both.possible <= one.possible
    assert both == draw.facts_of(finding(ish), finding(ihc), tumor=tumor).status("ERBB2")


@given(
    texts=st.lists(
        st.sampled_from((*IHC, *ISH, "HER2 positive", "HER2 low")), min_size=1, max_size=4
    ),
    tumor=st.sampled_from(HER2_TUMORS),
)
def test_a_tumour_has_one_her2_status_at_the_most(texts, tumor):
    """M10: positive, low and ultralow exclude each other; a discordant status is none of them."""
    asked = draw.ask({"tumor_type": tumor, "biomarkers": texts})
    facts = asked.facts
    names = ("HER2-positive", "HER2-low", "HER2-ultralow")
    true = [name for name in names if facts.verdict(name).truth is Truth.TRUE]
    assert len(true) <= 1
    if facts.status("ERBB2").discordant:
        assert not true
        answer = draw.writer().to_dict(asked.read, asked.report, echo=False)
        assert "discordant_results" in {warning["code"] for warning in answer["warnings"]}


def test_the_status_tables_name_their_source():
    """M10: the rule is data: every table names a source of the knowledge base."""
    kb = load_kb()
    for table in kb.rulebook.status_tables:
        assert table.source in kb.records["sources"]


def several() -> st.SearchStrategy[list[Finding]]:
    """Draw curated variants of one gene."""
    by_gene: dict[str, list[Finding]] = {}
    for member, _ in draw.members():
        by_gene.setdefault(member.gene, []).append(member)
    pools = [pool for pool in by_gene.values() if len(pool) > 3]
    return st.sampled_from(pools).flatmap(
        lambda pool: st.lists(st.sampled_from(pool), min_size=2, max_size=4, unique=True)
    )


@given(data=st.data())
def test_one_of_several_variants_is_what_all_of_them_are(data):
    """M28: A class is true when it holds every variant that can be meant, false when it holds
    none of them, and unknown between"""
    possible = data.draw(several())
    gene = possible[0].gene
    among = tuple(one.change for one in possible if one.change is not None)
    open_ = Finding(
        gene, "sequence_variant", "detected", "one of several", change=ProteinChange(among=among)
    )
    facts = draw.facts_of(open_)
    alone = [draw.facts_of(one) for one in possible]
    for name in draw.rulebook().classes_of_gene(gene):
        rule = draw.rulebook().classes[name]
        if rule.sequence is not None:
            truths = {each.verdict(name).truth for each in alone}
            expected = truths.pop() if len(truths) == 1 else Truth.UNKNOWN
            assert facts.verdict(name).truth is expected, name


def test_a_class_that_was_named_loosely_is_met_and_its_parts_stay_open():
    """M28: the word "activating" is met as a whole; L858R alone, or T790M, does not follow."""
    facts = draw.facts_of(finding("EGFR activating mutation"))
    assert facts.verdict("EGFR activating mutation").truth is Truth.TRUE
    for name in ("EGFR L858R", "EGFR exon 19 deletion", "EGFR exon 20 insertion", "EGFR T790M"):
        assert facts.verdict(name).truth is Truth.UNKNOWN, name


def test_a_perhaps_opens_no_resistance_and_nothing_from_another_tumour_type():
    """M28: what only may hold is listed for the labels of the tumour's own type alone."""
    asked = draw.ask({"tumor_type": "LUAD", "biomarkers": ["EGFR activating mutation"]})
    open_ = [m for m in asked.matches if m.biomarker_criteria == "undetermined"]
    assert open_
    assert all(m.applicability == "on_label" for m in open_)
    assert {m.entry.assertion.effect for m in open_} == {"sensitivity"}
    elsewhere = draw.ask({"tumor_type": "COAD", "biomarkers": ["EGFR activating mutation"]})
    assert all(m.biomarker_criteria == "met" for m in elsewhere.matches)


@pytest.mark.parametrize(
    ("negative", "absent", "open_"),
    [
        (
            "EGFR activating mutation not detected",
            ("EGFR activating mutation", "EGFR L858R", "EGFR exon 19 deletion", "EGFR G719X"),
            ("EGFR mutation", "EGFR exon 20 insertion", "EGFR T790M", "EGFR C797S"),
        ),
        (
            "BRAF class II mutation not detected",
            ("BRAF class II mutation",),
            ("BRAF mutation", "BRAF V600E", "BRAF class III mutation"),
        ),
        ("BRAF V600E/K not detected", ("BRAF V600E",), ("BRAF V600", "BRAF mutation")),
    ],
)
def test_a_class_that_was_looked_for_by_name_is_absent_and_nothing_else_is(negative, absent, open_):
    """M28: "no activating mutation" closes what the word means, and never the gene."""
    facts = draw.facts_of(finding(negative))
    assert [n for n in absent if facts.verdict(n).truth is not Truth.FALSE] == []
    assert [n for n in open_ if facts.verdict(n).truth is not Truth.UNKNOWN] == []


@pytest.mark.parametrize("gene", ["KRAS", "NRAS"])
@given(
    word=st.sampled_from(("mutation", "positive", "exon 2 mutation", "exon 3 mutation")),
    cut=st.sampled_from(("G12*", "G12fs", "Q61fs", "Q61*", "G12=")),
)
def test_an_unspecified_mutation_counts_against_a_wild_type(gene, word, cut):
    """M32: A mutation that is reported without its codon counts for the class that a wild-type
    label asks to be absent, and so does an exon that holds one of its codons."""
    assert draw.facts_of(finding(f"{gene} {word}")).verdict("RAS mutation").truth is Truth.TRUE
    short = draw.facts_of(finding(f"{gene} {cut}"))
    assert short.verdict(f"{gene} extended RAS mutation").truth is not Truth.TRUE


@given(start=st.integers(740, 748), length=st.integers(3, 6), alt=st.sampled_from(("", "Q", "AP")))
def test_what_lies_in_a_kind_of_change_is_a_mutation_of_its_gene(start, length, alt):
    """M33: An exact variant that lies in a class of a codon, of named variants or of a kind of
    change is a mutation of its gene, though nobody has curated it."""
    protein = draw.rulebook().genes["EGFR"].protein
    end = start + length - 1
    change = f"{protein[start - 1]}{start}_{protein[end - 1]}{end}del{'ins' + alt if alt else ''}"
    facts = draw.facts_of(replace(finding(f"EGFR {change}"), oncogenicity=None))
    assert facts.verdict("EGFR exon 19 deletion").truth is Truth.TRUE
    assert facts.verdict("EGFR mutation").truth is Truth.TRUE
    place_only = draw.facts_of(replace(finding("EGFR A767V"), oncogenicity=None))
    assert place_only.verdict("EGFR mutation").truth is Truth.UNKNOWN
