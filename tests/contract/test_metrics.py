"""Metrics of a real server: right over both of its processes, whoever of them is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.contract.test_server import (
    CASE,
    JSON,
    NDJSON,
    SECONDS,
    ask,
    free_port,
    start,
    wait_until_ready,
)

ASKED = 24
_LINE = re.compile(r"^(therapy_match_\w+?)(?:\{(.*)\})? ([0-9.e+]+)$", re.M)
Scrape = dict[tuple[str, str], float]


def read_metrics(port: int) -> Scrape:
    """Return (name, labels) -> value."""
    status, headers, content = ask(port, "GET", "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    assert headers["Cache-Control"] == "no-store"
    return {(name, labels): float(value) for name, labels, value in _LINE.findall(content.decode())}


@pytest.fixture(scope="module")
def measured(kb: KnowledgeBase) -> Iterator[list[Scrape]]:
    """Return what several scrapes said after known requests; each may land on either process."""
    port = free_port()
    process = start(kb.path, port)
    folder = Path("/dev/shm")
    try:
        wait_until_ready(process, port)
        for _ in range(ASKED):
            assert ask(port, "POST", "/v1/match", orjson.dumps(CASE), JSON)[0] == 200
        assert ask(port, "POST", "/v1/match", b"{", JSON)[0] == 400
        assert ask(port, "GET", "/nowhere/at-all")[0] == 404
        texts = ["EGFR L858R", "TP53 R175H", "EGFR banana"]
        line = orjson.dumps({**CASE, "biomarkers": texts, "unreadable": "set_apart"})
        assert ask(port, "POST", "/v1/match/batch", line, NDJSON)[0] == 200
        assert len(list(folder.glob(f"therapy-match-{process.pid}-*"))) == 1
        yield [read_metrics(port) for _ in range(6)]
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert not list(folder.glob(f"therapy-match-{process.pid}-*")), "the folder goes with it"


def test_requests_are_counted_over_all_processes(measured: list[Scrape]) -> None:
    name = "therapy_match_requests_total"
    for scrape in measured:
        assert scrape[name, 'method="POST",route="/v1/match",status="200"'] == ASKED
        assert scrape[name, 'method="POST",route="/v1/match",status="400"'] == 1
        assert scrape[name, 'method="GET",route="",status="404"'] == 1
        count = scrape["therapy_match_request_seconds_count", 'route="/v1/match"']
        assert count == ASKED + 1
        assert not any("healthz" in labels or "readyz" in labels for _, labels in scrape)


def test_answers_are_counted_by_gene_and_level_and_what_they_leave_out_by_kind(
    measured: list[Scrape],
) -> None:
    for scrape in measured:
        assert scrape["therapy_match_matches_total", 'gene="EGFR",level="I-A"'] == ASKED + 1
        assert scrape["therapy_match_not_covered_total", ""] == 1
        apart = {labels: n for (name, labels), n in scrape.items() if "set_apart_total" in name}
        assert apart == {'reason="unknown_alteration"': 1}


def test_the_knowledge_tells_its_version_and_age(measured: list[Scrape], kb: KnowledgeBase) -> None:
    labels = f'hash="{kb.content_hash}",version="{kb.version}"'
    for scrape in measured:
        found = {text for name, text in scrape if name == "therapy_match_knowledge_info"}
        assert {",".join(sorted(text.split(","))) for text in found} == {labels}
        assert scrape["therapy_match_knowledge_age_days", ""] >= 0


def test_they_can_be_switched_off(kb: KnowledgeBase) -> None:
    app = create_app(Settings(kb_path=kb.path, metrics=False), knowledge=kb)
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.post("/v1/match", json=CASE).status_code == 200
