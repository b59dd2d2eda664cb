"""``/v1/match/batch``: every case has its own result, as JSON and as streamed lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.api.batch import split_lines
from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY
from tests.contract.openapi import complaints

Json = dict[str, Any]
PATH = "/v1/match/batch"
NDJSON = "application/x-ndjson"
GOOD: Json = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}
BAD: Json = {"tumor_type": "LAUD", "biomarkers": ["EGFR L858R"]}


def send_lines(client: FlaskClient, body: bytes, media: str = NDJSON) -> list[Json]:
    response = client.post(PATH, data=body, content_type=media)
    assert response.status_code == 200
    assert response.mimetype == NDJSON
    text = response.get_data()
    assert text == b"" or text.endswith(b"\n")
    return [orjson.loads(line) for line in text.splitlines()]


def to_lines(cases: list[Any]) -> bytes:
    return b"".join(orjson.dumps(case) + b"\n" for case in cases)


def test_a_bad_case_is_one_problem_between_two_answers(client: FlaskClient, document: Json) -> None:
    cases = [{"id": "a", **GOOD}, {"id": "b", **BAD}, "no object", {"id": 4, **GOOD}]
    answer = client.post(PATH, json={"cases": cases})
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [(item["id"], item["status"]) for item in results] == [
        ("a", 200),
        ("b", 422),
        (None, 422),
        (4, 200),
    ]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/tumor_type"
    assert results[2]["problem"]["errors"][0]["code"] == "invalid_type"
    schema = {"$ref": "#/components/schemas/BatchAnswer"}
    assert complaints(document, schema, answer.json) == []


def test_a_batch_answers_each_case_as_match_does(client: FlaskClient) -> None:
    alone = client.post("/v1/match", json=GOOD).json
    assert client.post(PATH, json={"cases": [GOOD]}).json["results"][0]["answer"] == alone
    assert send_lines(client, to_lines([GOOD]))[0]["answer"] == alone


def test_an_empty_batch_has_no_results(client: FlaskClient) -> None:
    assert client.post(PATH, json={"cases": []}).json["results"] == []
    assert send_lines(client, b"") == []
    assert send_lines(client, b"\n \n\r\n") == []


def test_a_thousand_cases_are_one_batch(client: FlaskClient) -> None:
    cases = [{"id": number, **GOOD, "explain": "none"} for number in range(1000)]
    results = client.post(PATH, json={"cases": cases}).json["results"]
    assert [item["id"] for item in results] == list(range(1000))


@pytest.mark.parametrize("identifier", ["x", "", 0, -1, 2**63, None])
def test_an_identifier_is_given_back_as_it_came(client: FlaskClient, identifier: Any) -> None:
    for case in ({"id": identifier, **GOOD}, {"id": identifier, **BAD}):
        assert client.post(PATH, json={"cases": [case]}).json["results"][0]["id"] == identifier
        assert send_lines(client, to_lines([case]))[0]["id"] == identifier


@pytest.mark.parametrize("identifier", [True, 1.5, {"a": 1}, [1]])
def test_an_identifier_of_another_kind_is_a_fault_of_its_case(
    client: FlaskClient, identifier: Any
) -> None:
    item = send_lines(client, to_lines([{"id": identifier, **GOOD}]))[0]
    assert (item["id"], item["status"]) == (None, 422)
    assert item["problem"]["errors"][0]["pointer"] == "/id"


def test_a_deeply_nested_identifier_is_a_fault_of_its_case(client: FlaskClient) -> None:
    deep = b"[" * 500 + b"]" * 500
    line = b'{"id":' + deep + b',"tumor_type":"LUAD","biomarkers":[]}\n'
    assert [item["status"] for item in send_lines(client, line + to_lines([GOOD]))] == [422, 200]


def test_a_broken_line_is_one_problem_and_the_others_are_answered(
    client: FlaskClient, document: Json
) -> None:
    items = send_lines(client, to_lines([GOOD]) + b'{"tumor_type": \n' + to_lines([BAD, [], GOOD]))
    assert [item["status"] for item in items] == [200, 400, 422, 422, 200]
    assert items[1]["problem"]["type"].endswith(":broken-json")
    for item in items:
        assert complaints(document, {"$ref": "#/components/schemas/BatchItem"}, item) == []


def test_empty_lines_and_carriage_returns_are_no_cases(client: FlaskClient) -> None:
    body = b"\n" + to_lines([GOOD]).replace(b"\n", b"\r\n") + b"  \n\n" + to_lines([GOOD])
    assert [item["status"] for item in send_lines(client, body)] == [200, 200]


def test_the_last_line_needs_no_newline(client: FlaskClient) -> None:
    assert len(send_lines(client, to_lines([GOOD, GOOD]).rstrip(b"\n"))) == 2


@pytest.mark.parametrize(
    "media", ["application/ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8"]
)
def test_the_other_names_of_json_lines_are_read(client: FlaskClient, media: str) -> None:
    assert len(send_lines(client, to_lines([GOOD]), media)) == 1


def test_every_line_of_a_body_of_480_kilobytes_is_answered_in_order(client: FlaskClient) -> None:
    padding = [f"KRAS not detected{' ' * 130}"] * 2
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R", *padding], "explain": "none"}
    body = to_lines([{"id": number, **case} for number in range(1400)])
    assert len(body) > 480_000
    items = send_lines(client, body)
    assert [item["id"] for item in items] == list(range(1400))
    assert {item["status"] for item in items} == {200}


def test_lines_may_be_more_than_a_body_of_json_may_hold(kb: KnowledgeBase) -> None:
    settings = Settings(kb_path=kb.path, max_body_bytes=1000, max_batch_bytes=1000)
    client = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
    body = to_lines([{**GOOD, "explain": "none"}] * 50)
    assert len(body) > 2000
    assert len(send_lines(client, body)) == 50
    assert client.post(PATH, json={"cases": [GOOD] * 50}).status_code == 413


def test_a_line_that_is_too_long_is_one_problem(kb: KnowledgeBase) -> None:
    settings = Settings(kb_path=kb.path, max_line_bytes=200)
    client = create_app(settings, knowledge=kb, today=lambda: TODAY).test_client()
    long = to_lines([{**GOOD, "id": "x" * 100_000}])
    items = send_lines(client, to_lines([GOOD]) + long + to_lines([GOOD]) + long.rstrip())
    assert [item["status"] for item in items] == [200, 413, 200, 413]
    assert items[1]["problem"]["errors"][0]["code"] == "line_too_long"


def test_answers_come_before_the_last_line_was_read(client: FlaskClient) -> None:
    read: list[int] = []

    class Body:
        """A stream of far more lines than are asked for."""

        def read(self, size: int = -1) -> bytes:
            read.append(size)
            line = to_lines([{**GOOD, "explain": "none"}])
            return line * (65536 // len(line)) if len(read) < 1000 else b""

    environ = {"wsgi.input": Body(), "wsgi.input_terminated": True}
    response = client.post(PATH, content_type=NDJSON, environ_overrides=environ, buffered=False)
    chunks: Iterator[bytes] = response.iter_encoded()
    assert orjson.loads(next(chunks).splitlines()[0])["status"] == 200
    assert len(read) < 5
    response.close()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_are_the_same_however_the_stream_is_cut(size: int) -> None:
    body = b"ab\n\ncdefgh\n  \n" + b"x" * 20 + b"\nlast"
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    assert list(split_lines(chunks, 10)) == [b"ab", b"cdefgh", None, b"last"]
