"""What-if, compare, counterfactuals and test plan: what they say is what would be answered."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.adapters.v1.changes import read_changes
from service.adapters.v1.summary import rows_hash, summarize_row
from service.engine.change import apply_changes
from service.engine.compare import Differences, compare_reports
from service.engine.match import match
from service.engine.model import Case
from service.engine.plan import Plan, plan_tests
from service.engine.question import Question
from service.engine.report import SECTIONS, Report
from service.engine.suggestions import open_entries
from tests.cases import load_kb
from tests.property import strategies as draw

changes = st.one_of(
    st.builds(lambda text: {"biomarker": text}, st.one_of(draw.detected, draw.negatives)),
    st.builds(lambda code: {"tumor_type": code}, draw.tumors),
    st.builds(lambda patient: {"patient": patient}, draw.patients),
)


def answer(case: Case) -> Report:
    return match(draw.rulebook(), case)


def changed(case: Case, asked: list[dict[str, Any]]) -> Case:
    return apply_changes(draw.rulebook(), case, read_changes(load_kb(), asked).changes)


def regimens(differences: Differences, name: str) -> list[tuple[str, str]]:
    return [(c.section, c.row.regimen.id) for c in getattr(differences, name)]


@given(request=draw.requests(), asked=st.lists(changes, min_size=1, max_size=3))
def test_a_what_if_is_never_wrong_about_what_changes(request, asked):
    """M25: the differences, applied to the answer before, give the answer after."""
    before = answer(draw.ask(request).case)
    after = answer(changed(before.case, asked))
    differences = compare_reports(before, after)
    for section in SECTIONS:
        old = {row.regimen.id: summarize_row(row) for row in getattr(before, section)}
        new = {row.regimen.id: summarize_row(row) for row in getattr(after, section)}
        for change in (*differences.gone, *differences.changed, *differences.added):
            if change.section == section:
                old.pop(change.row.regimen.id, None)
                if change.after is not None:
                    old[change.row.regimen.id] = summarize_row(change.after)
        assert old == new
    told = len(differences.added) + len(differences.gone) + len(differences.changed)
    assert (told == 0) == (rows_of(before) == rows_of(after))


def rows_of(report: Report) -> dict[str, list[Any]]:
    return {
        section: sorted((summarize_row(row) for row in getattr(report, section)), key=str)
        for section in SECTIONS
    }


@given(request=draw.requests(), code=draw.tumors)
def test_another_tumour_type_in_a_what_if_is_that_tumour_type_in_a_match(request, code):
    """M24: A change of fact gives the case that one would have sent"""
    patient = {**request["patient"], "disease_stage": "metastatic"}
    asked = draw.ask(request, patient=patient)
    fresh = draw.ask(request, patient=patient, tumor_type=code)
    after = answer(changed(asked.case, [{"tumor_type": code}]))
    assert rows_hash(after, "") == rows_hash(answer(fresh.case), "")


@given(request=draw.requests(), text=draw.detected)
def test_a_result_that_is_given_and_taken_away_leaves_the_case(request, text):
    """M24: ``without`` undoes what a result of another name added."""
    case = draw.ask(request).case
    name = draw.read_finding(text).name
    kept = [finding for finding in case.findings if finding.name != name]
    after = changed(case, [{"biomarker": text}, {"without": text}])
    assert {f.name for f in after.findings} <= {f.name for f in kept}
    assert name not in {f.name for f in after.findings}


@given(request=draw.requests())
def test_a_counterfactual_does_what_it_says(request):
    """M26: Each one is applied and weighed again by the same engine before it is told."""
    asked = draw.ask(request)
    for counterfactual in asked.report.counterfactuals:
        after = answer(changed(asked.case, [dict(counterfactual.asked)]))
        rows = {row.regimen.id: row for row in after.therapies}
        before = {row.regimen.id: row for row in asked.report.therapies}
        assert counterfactual.differences
        for change in counterfactual.differences:
            id_ = change.row.regimen.id
            old, new = before.get(id_), rows.get(id_)
            assert (change.before is None) == (old is None)
            assert (change.after is None) == (new is None)
            if change.after is not None and new is not None:
                assert summarize_row(change.after) == summarize_row(new)
            assert change.reason


@given(request=draw.requests(), day=draw.days)
def test_compare_is_empty_with_itself_and_turns_round(request, day):
    """M25: Turned round, what was added is gone."""
    one = answer(draw.ask(request).case)
    same = compare_reports(one, one)
    assert (same.added, same.gone, same.changed) == ((), (), ())
    other = answer(draw.ask(request, as_of=day).case)
    there, back = compare_reports(one, other), compare_reports(other, one)
    assert regimens(there, "added") == regimens(back, "gone")
    assert regimens(there, "gone") == regimens(back, "added")
    assert regimens(there, "changed") == regimens(back, "changed")
    assert there.unchanged == back.unchanged
    for forth, reverse in zip(there.changed, back.changed, strict=True):
        assert (forth.before, forth.after) == (reverse.after, reverse.before)
        assert forth.events == reverse.events
        assert forth.fields == reverse.fields


@given(request=draw.requests(), day=draw.days)
def test_only_events_between_the_days_are_told(request, day):
    """M25: the events of a difference lie after the earlier day, and not after the later one."""
    one, other = (answer(draw.ask(request, as_of=d).case) for d in (request["as_of"], day))
    first, last = sorted((one.case.as_of, day))
    differences = compare_reports(one, other)
    for change in (*differences.added, *differences.gone, *differences.changed):
        days = [event.date for _, event in change.events]
        assert days == sorted(days)
        assert all(first < d <= last for d in days)


def plan_of(case: Case) -> Plan:
    return plan_tests(draw.rulebook(), case)


@given(request=draw.requests(st.lists(st.one_of(draw.detected, draw.negatives), max_size=4)))
def test_the_panel_covers_what_it_claims_and_has_no_test_too_many(request):
    """M27: The panel is a smallest set of tests after which every on-label decision that hangs on a
    missing result can be taken."""
    case = draw.ask(request).case
    plan = plan_of(case)
    question = Question(draw.rulebook(), case)
    wanted = {
        one_of
        for entry, needs in open_entries(draw.rulebook(), case, question.facts, question.evaluation)
        if entry.assertion.id in plan.decisions
        for one_of in needs
    }
    given = {need for test in plan.panel for need in test.gives}
    assert all(one_of & given for one_of in wanted)
    for spare in plan.panel:
        rest = {need for test in plan.panel if test is not spare for need in test.gives}
        assert not all(one_of & rest for one_of in wanted)


@given(request=draw.requests())
def test_what_is_decided_is_not_asked_for(request):
    """M23: a need that the plan names leaves at least one assertion of its own open."""
    case = draw.ask(request).case
    question = Question(draw.rulebook(), case)
    for need in plan_of(case).needs:
        for entry in (*need.on_label, *need.others):
            assert question.evaluation.truth(entry.assertion.criteria.biomarker).name == "UNKNOWN"


@given(request=draw.requests())
def test_the_hash_is_that_of_the_answer_and_not_of_how_it_is_told(request):
    """M20: spelling, order and explain do not change the hash; another day or finding does."""
    hashes = {
        rows_hash(draw.ask(request, explain=explain).report, "x")
        for explain in ("none", "brief", "full")
    }
    turned = draw.ask(request, biomarkers=request["biomarkers"][::-1])
    assert hashes == {rows_hash(turned.report, "x")}
    assert rows_hash(turned.report, "y") not in hashes
