"""Answers: keys and their order, the same bytes, caching, pages, headers, the field of use."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings
from service.intended_use import INTENDED_USE
from service.knowledge.store import KnowledgeBase
from tests.cases import CASE_FOLDERS, TODAY, read_cases
from tests.contract.openapi import complaints, operations

Json = dict[str, Any]
CASES = [case for folder in CASE_FOLDERS if folder.is_dir() for case in read_cases(folder)]
KEYS = ["knowledge_base", "intended_use", "complete", "case", "therapies", "resistance"]
KEYS += ["cautions", "excluded", "suggested_tests", "set_apart", "warnings", "counterfactuals"]
KEYS += ["result_hash"]


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_curated_cases_are_answered_in_the_shape_and_order_of_the_contract(
    client: FlaskClient, document: Json, explain: str
) -> None:
    chosen = CASES[:: max(1, len(CASES) // 40)]
    assert len(chosen) >= 40
    for case in chosen:
        given = {key: str(v) if key == "as_of" else v for key, v in case["given"].items()}
        response = client.post("/v1/match", json={**given, "explain": explain})
        if response.status_code == 200:
            assert list(response.json) == KEYS, case["id"]
            schema = {"$ref": "#/components/schemas/MatchAnswer"}
            assert complaints(document, schema, response.json) == [], case["id"]
        else:
            assert (response.status_code, "errors" in case["expect"]) == (422, True), case["id"]


@pytest.mark.parametrize(
    "text", ["L858R", "p.Leu858Arg", "NP_005219.2:p.(Leu858Arg)", "egfr l858r", "EGFR p.L858R"]
)
def test_every_spelling_gives_the_same_bytes(client: FlaskClient, text: str) -> None:
    wanted = client.post("/v1/match", json={"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]})
    given = {"gene": "EGFR", "alteration": text} if "egfr" not in text.lower() else text
    case = {"tumor_type": "luad", "biomarkers": [given]}
    assert client.post("/v1/match", json=case).get_data() == wanted.get_data()


def test_an_answer_from_memory_is_the_answer_that_a_new_process_gives(
    kb: KnowledgeBase,
) -> None:
    """Two cases that differ in one fact each; the memory may mix up none of them."""
    base: Json = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}
    cases = [
        base,
        {**base, "biomarkers": ["EGFR L858R", "EGFR T790M"]},
        {**base, "tumor_type": "COAD"},
        {**base, "patient": {"conditions": {"complete_resection": True}}},
        {**base, "patient": {"conditions": {"complete_resection": False}}},
        {**base, "patient": {"line_of_therapy": 2}},
        {**base, "jurisdictions": ["EU"]},
        {**base, "as_of": "2016-01-01"},
        {**base, "explain": "none"},
        {**base, "explain": "full"},
    ]
    settings = Settings(kb_path=kb.path)
    used = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
    answers = [used.post("/v1/match", json=case).get_data() for case in cases]
    assert len(set(answers)) == len(cases)
    for case, first in zip(cases, answers, strict=True):
        fresh = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
        assert used.post("/v1/match", json=case).get_data() == first
        assert fresh.post("/v1/match", json=case).get_data() == first, case


def test_every_order_gives_the_same_bytes_and_a_get_those_of_a_post(client: FlaskClient) -> None:
    texts = ["EGFR L858R", "EGFR T790M", "KRAS not detected"]
    answers = {
        client.post("/v1/match", json={"tumor_type": "LUAD", "biomarkers": list(order)}).get_data()
        for order in itertools.permutations(texts)
    }
    query = [("tumor_type", "LUAD"), *(("biomarker", text) for text in texts)]
    answers.add(client.get("/v1/match", query_string=query).get_data())
    assert len(answers) == 1


def test_every_operation_says_that_it_is_for_research_only_and_has_safe_headers(
    client: FlaskClient, document: Json
) -> None:
    for operation in operations(document):
        body = operation.body.get("application/json", {}).get("example")
        response = client.open(
            operation.example_path,
            method=operation.method,
            query_string=operation.example_query,
            json=body,
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        if response.mimetype == "application/json":
            assert response.json["intended_use"] == INTENDED_USE, str(operation)
        if response.mimetype == "text/html":
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_get_is_cheap_to_ask_again_and_its_head_and_options_are_sane(
    client: FlaskClient, document: Json
) -> None:
    for operation in operations(document):
        if operation.method != "get" or operation.path in ("/healthz", "/readyz"):
            continue
        path, query = operation.example_path, operation.example_query
        first = client.get(path, query_string=query)
        private = "private, " if "tumor_type" in query or "find-subject" in path else ""
        assert first.headers["Cache-Control"] == f"{private}no-cache", path
        etag = first.headers["ETag"]
        again = client.get(path, query_string=query, headers={"If-None-Match": etag})
        assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", etag)
        head = client.head(path, query_string=query)
        assert (head.status_code, head.get_data(), head.headers["ETag"]) == (200, b"", etag)
        assert "GET" in client.options(path).headers["Allow"]


def test_walking_the_pages_of_every_list_gives_each_record_once(
    client: FlaskClient, document: Json
) -> None:
    lists = [
        operation.path
        for operation in operations(document)
        if "cursor" in {p["name"] for p in operation.content.get("parameters", ())}
    ]
    assert len(lists) >= 11
    for path in lists:
        total = client.get(path, query_string={"limit": "1"}).json["total"]
        seen: list[Json] = []
        query: Json = {"limit": "97"}
        while True:
            page = client.get(path, query_string=query).json
            seen += page["items"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert len(seen) == total == page["total"]
        assert len({str(item) for item in seen}) == total


def test_readiness_notices_that_the_file_went_away(kb: KnowledgeBase, tmp_path: Any) -> None:
    path = tmp_path / "kb.sqlite"
    path.write_bytes(kb.path.read_bytes())
    app: Flask = create_app(
        Settings(kb_path=path), knowledge=KnowledgeBase(path), today=lambda: TODAY
    )
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    path.unlink()
    gone = client.get("/readyz")
    assert (gone.status_code, gone.mimetype) == (503, "application/problem+json")
    assert client.get("/healthz").status_code == 200
