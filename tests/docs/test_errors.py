"""``docs/errors.md`` and the code name the same problems, faults and warnings."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.http.problems import PROBLEMS
from service.app import create_app
from service.knowledge.store import KnowledgeBase
from tests.adapters.fhir_in.runner import CASES, URL
from tests.docs import codes
from tests.docs.pages import first_cells, section

PAGE = "docs/errors.md"
SECTIONS = (
    "## Biomarkers",
    "## The rest of a case",
    "## Files and other formats",
    "## FHIR documents",
    "## FHIR operations",
    "## Lists, search and streams",
    "## What-if and compare",
)
CASE: dict[str, Any] = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}


def _rows(heading: str) -> list[tuple[str, str, str]]:
    """Return (code, fault or warning, example) of the rows whose example can be sent."""
    rows = []
    for line in section(PAGE, heading).splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        code = re.fullmatch(r"\| `([a-z_]+)`", cells[0])
        example = re.fullmatch(r"`([^`]+)`", cells[2]) if code else None
        if code and example:
            rows.append((code[1], cells[1], example[1]))
    return rows


@pytest.fixture(scope="module")
def client(kb: KnowledgeBase) -> FlaskClient:
    return create_app(knowledge=kb).test_client()


def test_the_page_lists_the_problems_of_the_table() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", section(PAGE, "## Problems"), re.M)
    assert dict(rows) == {kind: str(status) for kind, (status, _) in PROBLEMS.items()}


def test_the_page_and_the_code_have_the_same_codes() -> None:
    documented = [code for heading in SECTIONS for code in first_cells(section(PAGE, heading))]
    # A code that is a fault in one place and a warning in another has a row for each.
    assert sorted(set(documented)) == sorted(codes.emitted_codes()[0])


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## Biomarkers"))
def test_an_example_biomarker_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    given = json.loads(example) if example.startswith("{") else example
    normalized = client.post("/v1/normalize", json={"biomarkers": [given]}).get_json()
    assert [w["code"] for w in normalized["warnings"]] == [code] * len(normalized["warnings"])
    assert normalized["warnings"]
    matched = client.post("/v1/match", json={**CASE, "biomarkers": [given]})
    assert matched.status_code == (422 if kind == "fault" else 200)


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## The rest of a case"))
def test_an_example_case_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    answer = client.post("/v1/match", json={**CASE, **json.loads(example)})
    assert answer.status_code == (422 if kind == "fault" else 200)
    said = answer.get_json()["errors" if kind == "fault" else "warnings"]
    assert [item["code"] for item in said] == [code]


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## Files and other formats"))
def test_an_example_file_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    sent = json.loads(example)
    answer = client.post("/v1/match/batch", data=sent, content_type="multipart/form-data")
    body = answer.get_json()
    problems = [body, *(item["problem"] for item in body.get("results", ()))]
    said = {fault["code"] for problem in problems for fault in problem.get("errors", ())}
    assert (said, kind) == ({code}, "fault")


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## FHIR documents"))
def test_an_example_document_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    known = {case["id"]: case for case in CASES}
    given = json.loads(example) if example.startswith("{") else known[example]["given"]
    answer = client.post(URL, json=given)
    assert answer.status_code == (422 if kind == "fault" else 200)
    body = answer.get_json()
    parts = [body, *body.get("results", ())]
    said = [item["code"] for part in parts for item in part.get("warnings", ())]
    said += [issue["details"]["coding"][0]["code"] for issue in body.get("issue", ())]
    assert code in said


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## FHIR operations"))
def test_an_example_question_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    address = "/fhir/$find-subject-tx-implications?subject=1&variants=EGFR:p.L858R"
    assert address in section(PAGE, "## FHIR operations")
    answer = client.get(address + example)
    assert (answer.status_code, kind) == (400, "fault")
    said = [issue["details"]["coding"][0]["code"] for issue in answer.get_json()["issue"]]
    assert said == [code]


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## Lists, search and streams"))
def test_an_example_address_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    answer = client.get(example)
    assert (answer.status_code, kind) == (422, "fault")
    assert [item["code"] for item in answer.get_json()["errors"]] == [code]


@pytest.mark.parametrize(("code", "kind", "example"), _rows("## What-if and compare"))
def test_an_example_comparison_gives_its_code(
    client: FlaskClient, code: str, kind: str, example: str
) -> None:
    path, _, body = example.partition(" ")
    answer = client.post(path, json={"case": CASE, **json.loads(body)})
    assert (answer.status_code, kind) == (422, "fault")
    assert [item["code"] for item in answer.get_json()["errors"]] == [code]


def test_most_codes_have_an_example_that_is_run() -> None:
    documented = [code for heading in SECTIONS for code in first_cells(section(PAGE, heading))]
    run = [code for heading in SECTIONS for code, _, _ in _rows(heading)]
    by_words = {"too_long", "unknown_result", "unknown_code_system", "line_too_long"}
    by_words |= {"too_many_parts", "unreadable", "empty", "ambiguous_assembly"}
    of_files = {"not_utf8", "not_annotated", "unreadable_file", "not_used", "too_large"}
    of_files |= {"fusion_out_of_frame"}
    of_texts = {"germline", "silent", "no_protein_change"}  # set apart, no fault of a request
    of_reports = {"several_tumor_types", "not_one_case", "tumor_type_from_report"}
    assert set(documented) - set(run) <= by_words | of_files | of_texts | of_reports | {
        "not_understood_there"
    }


def test_a_code_that_is_not_written_out_is_refused() -> None:
    call = ast.parse('Fault("/x", chosen, "why")').body[0].value  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="write the code out"):
        list(codes._words(call.args[1], Path("example.py")))
