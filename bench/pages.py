"""What an answer costs as a page beside the same answer as JSON; every question is a new one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.cases import CASES
from bench.clock import microseconds

PATHS = ("/v1/match", "/answer")
_FIRST = ("tumor_type", "biomarker")


def measure(client: FlaskClient) -> list[tuple[str, float, float]]:
    """Return (case, JSON, page) in processor microseconds a request."""
    rows: list[tuple[str, float, float]] = []
    for name, case in CASES.items():
        query = {
            "tumor_type": case["tumor_type"],
            "biomarker": case["biomarkers"],
            **case.get("patient", {}),
        }
        tasks = {path: partial(_get_next, client, path, _questions(query)) for path in PATHS}
        cost = microseconds(tasks)
        rows.append((name, cost["/v1/match"], cost["/answer"]))
    return rows


def print_pages() -> None:
    """Measure and print."""
    from bench.app import app

    print("\nA new question as JSON and as a page, processor microseconds a request")
    for name, as_json, as_page in measure(app.test_client()):
        print(f"{name:38}{as_json:7.0f}{as_page:7.0f}{as_page / as_json:8.1f} times the JSON")


def _questions(query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a question that was never asked: the patient is a little older each time."""
    # The canonical place of the age in an address is that of the context, after the biomarkers.
    context = {name: value for name, value in query.items() if name not in _FIRST}
    first = {name: query[name] for name in _FIRST}
    for number in count():
        yield {**first, "age_years": f"{30 + number // 999}.{1 + number % 999:03}", **context}


def _get_next(client: FlaskClient, path: str, questions: Iterator[dict[str, Any]]) -> TestResponse:
    answer = client.get(path, query_string=next(questions))
    assert answer.status_code == 200, path
    return answer
