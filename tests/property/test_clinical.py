"""Properties of the clinical criteria (rule M17) and of the suggested tests (rule M23)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.engine.model import Truth
from service.engine.tumors import RELATION_ORDER
from tests.property import strategies as draw

FIELDS = (
    "age_years", "conditions", "disease_stage", "line_of_therapy", "menopausal_status",
    "prior_therapies", "sex", "treatment_setting",
)  # fmt: skip


@given(request=draw.requests(), more=draw.patients)
def test_what_is_met_stays_met_when_more_is_told(request, more):
    """M17: Clinical criteria are met, not met (excluded), or undetermined with what is missing."""
    some = dict(request["patient"])
    before = draw.ask(request)
    after = draw.ask(request, patient={**more, **some})
    listed = {found.entry.assertion.id: found for found in after.matches}
    for found in before.matches:
        id_ = found.entry.assertion.id
        if found.clinical_criteria == "met":
            assert listed[id_].clinical_criteria == "met"
        elif id_ not in listed:
            assert after.dropped[id_] in ("M17", "M18")


@given(request=draw.requests())
def test_what_is_missing_was_not_told(request):
    """M17: an undetermined row names what is missing, and only what the case does not say."""
    asked = draw.ask(request)
    patient = request["patient"]
    for found in asked.matches:
        undetermined = "undetermined" in (found.biomarker_criteria, found.clinical_criteria)
        assert undetermined == bool(found.needs)
        for need in found.needs:
            field = need.split(".")[0]
            if field in FIELDS and field != "prior_therapies" and field != "conditions":
                assert patient.get(field) is None
            elif field in draw.rulebook().classes:
                assert asked.facts.verdict(field).truth is Truth.UNKNOWN
            else:
                assert field in (*FIELDS, "tumor_type")


@given(request=draw.requests(patient=st.just({})))
def test_without_a_patient_nothing_is_excluded_for_clinical_reasons(request):
    """M17: what is not told is never read as no."""
    assert "M17" not in draw.ask(request).dropped.values()


@given(request=draw.requests())
def test_a_suggested_test_would_decide_what_it_says(request):
    """M23: A test is suggested only when its missing result would decide an authorisation."""
    asked = draw.ask(request)
    question = asked.question
    for test in asked.report.suggested_tests:
        decided = [draw.entry_of(id_) for id_ in test.would_decide]
        assert any(entry.assertion.authority is not None for entry in decided)
        for entry in decided:
            criteria = entry.assertion.criteria
            assert entry.assertion.effect == "sensitivity"
            assert test.gene in entry.genes
            assert question.evaluation.truth(criteria.biomarker) is Truth.UNKNOWN
            assert question.evaluation.truth(criteria.clinical) is not Truth.FALSE
            # A broad type may turn out to be a subtype that the label excludes (M29).
            assert question.evaluation.truth(criteria.tumor) is not Truth.FALSE
            relation = draw.rulebook().tumors.closest(asked.case.tumor_type, entry.tumors)
            assert RELATION_ORDER.index(relation) < RELATION_ORDER.index("broader")


@given(request=draw.requests(patient=st.just({})), tumor=st.sampled_from(("PAAD", "ECD", "LCH")))
def test_no_test_is_suggested_for_a_label_that_asks_for_none(request, tumor):
    """M23: a label that asks for no biomarker suggests none; its row says so."""
    report = draw.ask(request, tumor_type=tumor).report
    for test in report.suggested_tests:
        assert all(draw.entry_of(id_).assertion.needs_test for id_ in test.would_decide)
    for row in report.therapies:
        for found in row.matches:
            if not found.entry.assertion.needs_test and found.relation != "other":
                assert "asks for no biomarker" in found.level.reason


@given(request=draw.requests(), gene=st.sampled_from(("BRAF", "EGFR", "KRAS", "NRAS")))
def test_a_test_that_was_done_is_not_suggested(request, gene):
    """M23: after the gene was sequenced and nothing found, its sequencing is not asked for."""
    done = {"gene": gene, "alteration": "wild type"}
    report = draw.ask(request, biomarkers=[*request["biomarkers"], done]).report
    assert (gene, "sequencing") not in {(t.gene, t.assay) for t in report.suggested_tests}
