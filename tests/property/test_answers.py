"""Properties of a whole answer: spelling, order, what is found (M6 to M8, M20, M22)."""

from __future__ import annotations

import re
from typing import Any

import orjson
from hypothesis import assume, given
from hypothesis import strategies as st

from service.engine.entries import walk_leaves
from service.engine.levels import APPLICABILITY_ORDER
from service.engine.model import ProteinChange, Truth
from service.engine.rank import match_key
from service.engine.report import OPENED_BY_ORDER
from service.engine.rulebook import Rulebook
from tests.cases import load_kb
from tests.property import strategies as draw

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
THREE = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly",
    "H": "His", "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser",
    "T": "Thr", "W": "Trp", "Y": "Tyr", "V": "Val",
}  # fmt: skip


def opening(entry: Any, facts: Any) -> set[str]:
    """Return the classes that an assertion asks to be found and that are, read off its criteria."""
    return {
        leaf.value
        for leaf, negated in walk_leaves(entry.assertion.criteria.biomarker)
        if leaf.opens and not negated and facts.verdict(leaf.value).truth is Truth.TRUE
    }


@given(request=draw.requests(), data=st.data())
def test_the_order_of_the_input_does_not_matter(request, data):
    """M20: Same question, same bytes, whatever the order or spelling of the input."""
    shuffled = data.draw(st.permutations(request["biomarkers"]))
    repeated = [*shuffled, shuffled[0]]
    assert draw.ask(request).to_bytes() == draw.ask(request, biomarkers=shuffled).to_bytes()
    once, twice = (draw.ask(request, biomarkers=b) for b in (shuffled, repeated))
    assert once.report == twice.report


def absent_classes() -> set[str]:
    """Return the classes that say that something is not there."""
    return {name for name, rule in draw.rulebook().classes.items() if rule.absence}


def spellings(gene: str, change: str) -> list[Any]:
    """Return the usual writings of one substitution."""
    ref, position, alt = change[0], change[1:-1], change[-1]
    long = f"{THREE[ref]}{position}{THREE[alt]}"
    return [
        f"{gene} {change}", f"{gene} p.{change}", f"{gene} p.({change})", f"{gene} p.{long}",
        f"{gene} p.({long})", f"{gene} {long}", f"{gene.lower()} {change.lower()}",
        f"{gene}:p.{change}", f"  {gene}   {change}  ", {"gene": gene, "alteration": change},
        {"gene": gene.lower(), "alteration": f"p.{long}", "result": "detected"},
    ]  # fmt: skip


@given(data=st.data(), request=draw.requests())
def test_the_spelling_of_a_variant_does_not_matter(data, request):
    """M20: one letter or three, with or without p. and brackets, as text or as fields."""
    known = [(g, c) for g, c, _ in draw.curated() if re.fullmatch(r"[A-Z]\d+[A-Z]", c)]
    gene, change = data.draw(st.sampled_from(known))
    one, other = (data.draw(st.sampled_from(spellings(gene, change))) for _ in range(2))
    rest = request["biomarkers"]
    first = draw.ask(request, biomarkers=[one, *rest])
    assert first.to_bytes() == draw.ask(request, biomarkers=[*rest, other]).to_bytes()


@given(request=draw.requests(), data=st.data())
def test_the_order_of_the_knowledge_does_not_matter(request, data):
    """M20: the rows are the same when the assertions are read in another order."""
    kb = load_kb()
    asked = draw.ask(request)
    assertions = [entry.assertion for entry in kb.rulebook.entries]
    turn = data.draw(st.integers(1, len(assertions) - 1))
    other = draw.with_rulebook(asked, rebuilt([*assertions[turn:], *assertions[:turn]][::-1]))
    assert asked.to_bytes() == other.to_bytes()


def rebuilt(assertions: list[Any]) -> Rulebook:
    """Return the real rulebook with other assertions."""
    old = load_kb().rulebook
    made = Rulebook(
        genes=old.genes.values(),
        classes=old.classes.values(),
        tumors=old.tumors,
        drugs=old.drugs.values(),
        status_tables=old.status_tables,
        assertions=assertions,
        oncogenicity=old.oncogenicity,
    )
    made.probes = old.probes
    return made


@given(request=draw.requests())
def test_the_order_of_the_answer_is_total(request):
    """M20: no two rows and no two assertions tie; the first keys are those of the page."""
    report = draw.ask(request).report
    for rows in (report.therapies, report.resistance, report.cautions):
        assert len({row.regimen.name for row in rows}) == len(rows)
        leading = [
            (
                APPLICABILITY_ORDER.index(row.lead.applicability),
                row.conflict is not None,
                OPENED_BY_ORDER.index(row.lead.opened_by),
                row.first_choice is None,
                row.lead.level.order,
                row.lead.line,
            )
            for row in rows
        ]
        assert leading == sorted(leading)
        for row in rows:
            inner = [match_key(found) for found in row.matches]
            assert inner == sorted(inner)
            assert len(set(inner)) == len(inner)


@given(request=draw.requests())
def test_what_is_listed_rests_on_something_found_or_on_a_complete_wild_type(request):
    """M6: An assertion is a candidate when at least one class that opens it was found."""
    asked = draw.ask(request)
    for found in asked.matches:
        opened = opening(found.entry, asked.facts)
        is_open = any(asked.facts.may_lie_in(name) for name in found.entry.openers)
        assert (bool(opened) or is_open) == bool(found.entry.openers)
        assert found.findings
        if found.opened_by != "found":
            assert not opened - absent_classes()
        assert (found.opened_by == "undetermined") <= is_open


@given(texts=st.lists(draw.negatives, max_size=6), tumor=draw.tumors)
def test_nothing_found_nothing_listed(texts, tumor):
    """M6: with nothing but negatives there is no row, except for a wild type asked for."""
    asked = draw.ask({"tumor_type": tumor, "biomarkers": texts})
    for found in asked.matches:
        leaves = list(walk_leaves(found.entry.assertion.criteria.biomarker))
        graded = any(asked.case.findings[i].values for i in found.findings)
        assert graded or all(negated or not leaf.opens for leaf, negated in leaves)


@given(texts=st.lists(draw.negatives, max_size=6), tumor=draw.tumors)
def test_a_pure_wild_type_is_listed_when_every_negative_is_reported(texts, tumor):
    """M7: A pure wild-type requirement opens only when all its negatives are reported."""
    asked = draw.ask({"tumor_type": tumor, "biomarkers": texts})
    listed = {found.entry.assertion.id: found for found in asked.matches}
    for entry in draw.rulebook().entries:
        leaves = list(walk_leaves(entry.assertion.criteria.biomarker))
        if any(leaf.opens and not negated for leaf, negated in leaves):
            continue
        wanted = {leaf.value for leaf, negated in leaves if leaf.opens and negated}
        if not wanted:  # nothing of it opens (a biomarker named as a reason for earlier treatment)
            assert entry.assertion.id not in listed
            continue
        complete = all(asked.facts.verdict(name).truth is Truth.FALSE for name in wanted)
        id_ = entry.assertion.id
        if not complete:
            assert id_ not in listed
            assert id_ not in asked.dropped
        elif id_ in listed:
            assert listed[id_].relation != "other"
        else:
            assert asked.dropped[id_] in ("M4", "M7", "M12", "M14", "M15", "M16", "M17")


@given(data=st.data(), tumor=draw.tumors, alt=st.sampled_from(RESIDUES))
def test_a_neighbour_allele_never_lends_a_drug(data, tumor, alt):
    """M8: A neighbour allele lends oncogenicity, never a drug."""
    exact = [
        (rule.gene, variant)
        for rule in draw.rulebook().classes.values()
        if rule.sequence is not None
        for variant in rule.sequence.variants
        if variant.consequence == "missense" and variant.short is not None
    ]
    gene, variant = data.draw(st.sampled_from(exact))
    neighbour = f"{variant.short[:-1]}{alt}"
    assume(alt not in (variant.short[0], variant.short[-1]))
    asked = draw.ask({"tumor_type": tumor, "biomarkers": [f"{gene} {neighbour}"]})
    for found in asked.matches:
        opened = opening(found.entry, asked.facts)
        assert any(may_hold(name, neighbour) for name in opened)


def may_hold(class_name: str, change: str) -> bool:
    """Tell whether a class is a region or kind of change, or a list that names the change."""
    for name in draw.rulebook().members_of_class(class_name):
        rule = draw.rulebook().classes[name].sequence
        if rule is not None:
            named: tuple[ProteinChange, ...] = rule.variants
            if not named or change in {variant.short for variant in named}:
                return True
    return False


def verdicts(asked: draw.Asked) -> dict[str, tuple[Any, ...]]:
    """Return what the answer says about each assertion, without positions in the case."""
    names = [finding.name for finding in asked.case.findings]
    listed = {
        found.entry.assertion.id: (
            found.applicability,
            found.level,
            found.relation,
            found.biomarker_criteria,
            found.clinical_criteria,
            found.needs,
            tuple(sorted(names[i] for i in found.findings)),
        )
        for found in asked.matches
    }
    return {**listed, **{id_: (rule,) for id_, rule in asked.dropped.items()}}


@given(request=draw.requests(), more=st.one_of(draw.detected, draw.negatives))
def test_a_finding_moves_only_assertions_that_speak_about_its_gene(request, more):
    """M6: one more finding leaves every assertion alone that does not speak about its gene."""
    before = draw.ask(request)
    after = draw.ask(request, biomarkers=[*request["biomarkers"], more])
    gene = {item.finding.gene for item in after.read.read[len(before.read.read) :]}
    silent = [e.assertion.id for e in draw.rulebook().entries if not e.genes & gene]
    old, new = verdicts(before), verdicts(after)
    assert {id_: old.get(id_) for id_ in silent} == {id_: new.get(id_) for id_ in silent}


@given(request=draw.requests(), unrelated=st.sampled_from(("bTMB high", "bTMB 4 mut/Mb")))
def test_an_unrelated_finding_changes_nothing_but_its_own_echo(request, unrelated):
    """M6: a finding that no assertion speaks about is echoed; every other byte stays."""
    spoken = set().union(*(entry.genes for entry in draw.rulebook().entries))
    assert "bTMB" not in spoken
    rest = [item for item in request["biomarkers"] if "bTMB" not in str(item)]
    assume(rest)
    before = orjson.loads(draw.ask(request, biomarkers=rest).to_bytes())
    after = orjson.loads(draw.ask(request, biomarkers=[*rest, unrelated]).to_bytes())
    # A finding moves the others: compare by name, not by position.
    names = {
        key: [finding["name"] for finding in answer["case"]["findings"]]
        for key, answer in (("before", before), ("after", after))
    }
    assert set(names["after"]) - set(names["before"]) == {draw.read_finding(unrelated).name}
    for key, answer in (("before", before), ("after", after)):
        del answer["case"]["findings"], answer["result_hash"]
        for row in (*answer["therapies"], *answer["resistance"], *answer["cautions"]):
            for item in row["assertions"]:
                item["matched_findings"] = [names[key][i] for i in item["matched_findings"]]
        for warning in answer["warnings"]:
            place, _, index = warning["pointer"].rpartition("/")
            if place == "/case/findings":
                warning["pointer"] = names[key][int(index)]
    assert before == after


@given(request=draw.requests())
def test_every_assertion_that_something_opens_is_listed_or_named_with_its_rule(request):
    """M22: Nothing is dropped silently: what is opened is listed, or excluded with its rule."""
    asked = draw.ask(request)
    assert not asked.ids & set(asked.dropped)
    opened = {e.assertion.id for e in draw.rulebook().entries if opening(e, asked.facts)}
    assert opened <= asked.ids | set(asked.dropped)
    for drop in asked.report.excluded:
        assert re.fullmatch(r"M\d+", drop.rule)
        assert drop.reason
    brief = draw.ask(request, explain="brief").report
    assert set(brief.excluded) <= set(asked.report.excluded)
    assert [row.regimen for row in brief.therapies] == [
        row.regimen for row in asked.report.therapies
    ]
