"""A word for one of several genes (M28): invented groups by data alone, and RAS of the real one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.change import WithFindings, apply_change
from service.engine.model import Case, Finding, Truth
from service.engine.notation.faults import NotationError
from service.engine.notation.order import canonical_order
from service.knowledge.store import KnowledgeBase
from tests.engine.notation.invented import (
    facts_of,
    findings_of,
    invented_reader,
    invented_rulebook,
    truth_of,
)
from tests.property.strategies import ask

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
#: What may be said behind the name of a group or of a gene of it.
SAID = (
    "mutation", "pathogenic mutation", "deep deletion", "R100*", "C61G", "C61G pathogenic", "VUS",
    "wild type", "not tested", "LOH", "splice mutation", "fusion", "fusion negative", "G10D",
    "codon 10 mutation", "amplification",
)  # fmt: skip
GROUPS = {"SUP": ("SUPX", "SUPZ"), "KINX": ("KINXA", "KINXB")}


def read(text: str) -> tuple[Finding, ...]:
    try:
        return findings_of(text)
    except NotationError:
        return ()


@given(group=st.sampled_from(sorted(GROUPS)), said=st.sampled_from(SAID))
def test_a_group_is_what_all_its_genes_are(group: str, said: str) -> None:
    """M28: a class is true when every possibility lies in it or in a part of it, false when none
    does and it was looked for, and else unknown; a negative covers every gene."""
    one_gene = [read(f"{member} {said}") for member in GROUPS[group]]
    together = read(f"{group} {said}")
    assert bool(together) is all(map(bool, one_gene))
    if not together:
        return
    facts = facts_of(f"{group} {said}")
    if one_gene[0][0].result != "detected":
        assert together == tuple(finding for own in one_gene for finding in own)
        return
    (finding,) = together
    assert (finding.gene, finding.genes) == (group, GROUPS[group])
    alone = [facts_of(f"{member} {said}") for member in GROUPS[group]]
    for name in facts_names(group):
        verdicts = {each.verdict(name).truth for each in alone}
        if verdicts == {TRUE}:
            assert facts.verdict(name).truth is TRUE, name
        else:
            assert facts.verdict(name).truth is UNKNOWN, name
        has_one = TRUE in verdicts and verdicts != {TRUE}
        assert bool(facts.may_lie_in(name)) >= has_one, name


def facts_names(group: str) -> set[str]:
    rulebook = invented_rulebook()
    return {
        name
        for gene in GROUPS[group]
        for name in rulebook.classes_of_gene(gene)
        if rulebook.classes[name].hits == 1 and not rulebook.classes[name].all_of
    }


def test_what_was_found_outweighs_negatives_of_every_gene() -> None:
    """M3: denied in one gene it is one of the others; denied in all of them it counts."""
    texts = ("KINX fusion", "KINXA fusion not detected", "KINXB fusion not detected")
    for said in (texts, texts[:2]):
        assert truth_of("KINX fusion", *said) is TRUE
        assert truth_of("KINXB fusion", *said) is UNKNOWN
    assert truth_of("KINXA fusion", *texts) is UNKNOWN
    assert truth_of("KINXA fusion", *texts[:2]) is FALSE


def test_a_member_that_nobody_curated_leaves_every_union_open() -> None:
    facts = facts_of("KINY fusion")
    assert facts.verdict("KINX fusion").truth is UNKNOWN
    assert facts.may_lie_in("KINXA fusion")
    read_negative = invented_reader().read_text("KINY fusion negative")
    assert {f.gene for f in read_negative.findings} == {"KINXA", "KINXB"}


def test_a_group_without_a_covered_gene_is_not_covered() -> None:
    found = invented_reader().read_text("FARX1/2 mutation")
    assert (found.findings, [s.gene for s in found.strangers]) == ((), ["FARX"])


@pytest.mark.parametrize(
    "text",
    ["SUP pathogenic mutation", "SUPX/Z pathogenic mutation", "pathogenic SUPX/SUPZ mutation"],
)
def test_spellings_of_a_group(text: str) -> None:
    (finding,) = findings_of(text)
    assert finding.genes == ("SUPX", "SUPZ")
    assert truth_of("SUPX or SUPZ deleterious", text) is TRUE


@pytest.mark.parametrize("text", ["germline KINX pathogenic mutation", "gKINX pathogenic mutation"])
def test_a_group_has_the_origin_that_its_genes_have(text: str) -> None:
    (finding,) = findings_of(text)
    assert {finding.origin, *(one.origin for one in finding.one_of)} == {"germline"}
    assert truth_of("KINX germline", text) is TRUE
    assert truth_of("KINXA germline", text) is UNKNOWN
    assert truth_of("KINX germline", "somatic KINX pathogenic mutation") is not TRUE
    unsaid = facts_of("KINX pathogenic mutation")
    assert unsaid.verdict("KINX germline").truth is UNKNOWN
    assert unsaid.may_lie_in("KINXB germline")


def test_a_text_that_says_which_gene_says_it_alone() -> None:
    for text in (
        "SUP mutation (SUPX R100*)",
        "SUP mutation: SUPX R100*",
        "SUP mutation, SUPX R100*",
    ):
        assert [finding.name for finding in findings_of(text)] == ["SUPX R100*"], text


def test_the_order_of_the_input_changes_nothing() -> None:
    both = (
        *findings_of("SUP mutation"),
        *findings_of("SUPX wild type"),
        *findings_of("KINX fusion"),
    )
    assert canonical_order(both) == canonical_order(reversed(both))


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        ("KINX fusion", "KINX fusion not detected",
         {"KINXA fusion not detected", "KINXB fusion not detected"}),
        ("KINX fusion not detected", "KINX fusion", {"KINX fusion"}),
        ("KINXA fusion not detected", "KINX fusion", {"KINX fusion", "KINXA fusion not detected"}),
        ("KINX fusion", "KINXA fusion not detected", {"KINX fusion", "KINXA fusion not detected"}),
    ],
)  # fmt: skip
def test_a_what_if_replaces_what_it_contradicts_as_a_whole(
    first: str, then: str, left: set[str]
) -> None:
    """M24: a group gives way to negatives of all its genes, and they to it."""
    case = Case("TISSUE", findings_of(first), dt.date(2026, 1, 1))
    after = apply_change(invented_rulebook(), case, WithFindings(findings_of(then)))
    assert {finding.name for finding in after.findings} == left


def test_ras_is_read_against_the_reference_of_each_gene(kb: KnowledgeBase) -> None:
    def names(text: str) -> list[str]:
        return [finding.name for finding in kb.reader.read_text(text).findings]

    assert names("RAS G12D") == ["RAS G12D"]
    assert names("RAS H95D") == ["KRAS H95D"]
    with pytest.raises(NotationError) as refused:
        kb.reader.read_text("RAS V600E")
    assert refused.value.code == "position_out_of_range"


@pytest.mark.parametrize(
    "besides", [(), ("KRAS wild type",), ("RAS wild type",), ("BRAF wild type",)]
)
@pytest.mark.parametrize("said", ["RAS mutation", "RAS mutated", "RAS G12D", "RAS exon 3 mutation"])
def test_a_ras_mutation_bars_the_antibodies_whatever_else_is_wild_type(
    said: str, besides: tuple[str, ...]
) -> None:
    """M28, M32: cetuximab and panitumumab are resistance, and no therapy alone."""
    asked = ask({"tumor_type": "COADREAD", "biomarkers": [said, *besides]})
    against = {row.regimen.name for row in asked.report.resistance}
    assert {"Cetuximab", "Panitumumab"} <= against
    names = {row.regimen.name for row in asked.report.therapies}
    assert not {"Cetuximab", "Panitumumab"} & names
    codes = {notice.code for notice in asked.read.notices}
    assert ("contradictory_findings" in codes) is ("RAS wild type" in besides)


def test_a_label_of_one_gene_asks_which_it_is(kb: KnowledgeBase) -> None:
    asked = ask({"tumor_type": "LUAD", "biomarkers": ["RAS G12C"]})
    row = next(row for row in asked.report.therapies if row.regimen.name == "Sotorasib")
    assert (row.matches[0].biomarker_criteria, "KRAS G12C" in row.matches[0].needs) == (
        "undetermined", True,
    )  # fmt: skip
    assert kb.rulebook.classes["RAS mutation"].any_of
