"""Every problem and every fault is an issue of a known type, at a place that FHIR can name."""

from __future__ import annotations

import fhirkit
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from service.adapters.fhir_out import outcome, to_outcome
from service.adapters.fhir_out.outcome import expression, fault_issue
from service.api.http.problems import PROBLEMS
from service.errors import Fault
from tests.adapters.fhir_out.profiles import ISSUE_TYPES
from tests.docs.codes import emitted_codes


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_kind_of_problem_is_an_outcome(kind: str) -> None:
    made = to_outcome(kind, PROBLEMS[kind][1], "why")
    assert fhirkit.validate(made) == []
    OperationOutcome.model_validate(made)
    (issue,) = made["issue"]
    assert issue["code"] in ISSUE_TYPES
    assert issue["severity"] == ("fatal" if kind == "internal-error" else "error")
    assert (issue["details"]["text"], issue["diagnostics"]) == (PROBLEMS[kind][1], "why")


def test_every_fault_is_an_issue_of_a_known_type() -> None:
    known = emitted_codes()[0]
    for code in known:
        assert fault_issue(Fault("/x", code, "why"))["code"] in ISSUE_TYPES
    assert set(outcome._FAULTS) <= known


def test_all_faults_are_issues_of_one_outcome() -> None:
    faults = [
        Fault("/biomarkers/1/gene", "unknown_gene", "no such gene", ("EGFR", "ALK")),
        Fault("?release", "invalid_value", "no such release"),
        Fault("", "invalid_type", "the body is a JSON object"),
    ]
    issues = to_outcome("invalid-request", "title", "3 faults", faults)["issue"]
    assert [issue["code"] for issue in issues] == ["code-invalid", "value", "structure"]
    assert issues[0]["expression"] == ["biomarkers[1].gene"]
    assert issues[0]["diagnostics"] == "Suggestions: EGFR; ALK"
    assert issues[1]["expression"] == ["http.release"]
    assert "expression" not in issues[2]


@pytest.mark.parametrize(
    ("pointer", "wanted"),
    [
        ("/case/findings/0", "case.findings[0]"),
        ("/patient/conditions/a~1b", "patient.conditions.a~1b"),
        ("?variants/2", "http.variants[2]"),
        ("Bundle.entry[3].resource.component[1]", "Bundle.entry[3].resource.component[1]"),
        ("", ""),
    ],
)
def test_a_place_is_written_as_fhirpath(pointer: str, wanted: str) -> None:
    assert expression(pointer) == wanted
