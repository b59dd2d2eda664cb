"""Print what the engine and the server cost: ``make bench``. Ratios of one run are what counts."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench import notation, server
from bench.cases import CASES, MAIN
from bench.clock import microseconds
from bench.fhir import print_fhir
from bench.files import print_files
from bench.messages import print_messages
from bench.pages import print_pages
from bench.panel import print_panel
from service import __version__
from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.knowledge.store import KnowledgeBase

TODAY = dt.date(2026, 11, 24)
Task = Callable[[], object]


def main() -> None:
    """Measure everything and print it."""
    kb = KnowledgeBase(Path("build/kb.sqlite"))
    print(
        f"therapy-match {__version__}, knowledge base {kb.version}, "
        f"{len(kb.rulebook.entries)} assertions; Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.machine()}"
    )
    _print_engine(kb)
    _print_notation()
    print_panel(kb)
    _print_wsgi()
    print_pages()
    print_files(kb)
    _print_fhir(kb)
    _print_server()


def _engine_tasks(kb: KnowledgeBase, given: dict[str, Any]) -> dict[str, Task]:
    writer = AnswerWriter(kb)
    read = read_case(kb, given, today=TODAY)
    report = match(kb.rulebook, read.case)
    return {
        "read": partial(read_case, kb, given, today=TODAY),
        "none": partial(match, kb.rulebook, read.case, explain="none"),
        "brief": partial(match, kb.rulebook, read.case, explain="brief"),
        "full": partial(match, kb.rulebook, read.case, explain="full"),
        "json": partial(writer.to_bytes, read, report, echo=False),
    }


def _print_engine(kb: KnowledgeBase) -> None:
    print("\nEngine, processor microseconds a case (read the input, match, write JSON)")
    print(f"{'':38}{'read':>7}{'none':>7}{'brief':>7}{'full':>7}{'json':>7}  {'full/none':>9}")
    for name, given in CASES.items():
        tasks = _engine_tasks(kb, given)
        size = len(AnswerWriter(kb).to_bytes(
            read_case(kb, given, today=TODAY),
            match(kb.rulebook, read_case(kb, given, today=TODAY).case),
            echo=False,
        ))  # fmt: skip
        cost = microseconds(tasks)
        columns = "".join(f"{cost[key]:7.0f}" for key in tasks)
        print(f"{name:38}{columns}  {cost['full'] / cost['none']:9.1f}   {size / 1000:.0f} kB")


def _print_notation() -> None:
    print("\nNotation, microseconds a biomarker")
    for text, cost in notation.measure():
        print(f"{text:38}{cost:7.1f}")
    print(f"{'a hostile text against an ordinary one':38}{notation.hostile_ratio():7.1f} times")


def _print_wsgi() -> None:
    from bench.app import app

    client = app.test_client()
    case = CASES[MAIN]
    asked = {
        "empty view": ("/empty", case),
        "match, asked before": ("/v1/match", case),
        "match, explain=full": ("/v1/match", {**case, "explain": "full"}),
        "what-if": ("/v1/what-if", {"case": case, "changes": [{"biomarker": "EGFR T790M"}]}),
        "test plan": ("/v1/test-plan", case),
    }
    tasks: dict[str, Task] = {
        name: partial(client.post, path, json=body) for name, (path, body) in asked.items()
    }
    for explain in ("brief", "none"):
        tasks[f"match, new, explain={explain}"] = partial(
            _post_next, client, server.never_asked({**case, "explain": explain})
        )
    for name, task in tasks.items():
        assert task().status_code == 200, name  # type: ignore[attr-defined]
    cost = microseconds(tasks)
    print("\nIn process (WSGI test client), processor microseconds a request")
    for name, taken in cost.items():
        print(f"{name:38}{taken:7.0f}{taken / cost['empty view']:8.1f} times the empty view")
    ratio = cost["match, explain=full"] / cost["match, new, explain=none"]
    print(f"explain=full costs {ratio:.1f} times explain=none")
    two = 2 * cost["match, new, explain=brief"]
    print(f"a what-if costs {cost['what-if'] / two:.2f} of two new matches")


def _print_fhir(kb: KnowledgeBase) -> None:
    from bench.app import app

    print_fhir(kb, app.test_client())
    print_messages(kb, app.test_client())


def _post_next(client: FlaskClient, cases: Iterator[dict[str, Any]]) -> TestResponse:
    return client.post("/v1/match", json=next(cases))


def _print_server() -> None:
    print(f"\ngunicorn as configured, {server.CONNECTIONS} connections, {server.load_maker()}")
    rows = server.measure()
    empty = rows[0][1]
    for name, rate, cost in rows:
        print(
            f"{name:24}{rate:8.0f} requests/s{cost:8.0f} server processor microseconds/request"
            f"{rate / empty:8.2f} of the empty view's requests/s"
        )


if __name__ == "__main__":
    main()
