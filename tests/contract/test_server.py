"""The real server: ``gunicorn --config gunicorn.conf.py`` with two workers on a free port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.knowledge.store import KnowledgeBase

ROOT = Path(__file__).parents[2]
CASE = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "explain": "none"}
#: Long to send, quick to answer.
LINE = orjson.dumps({"id": "x" * 2000, "tumor_type": "LUAD", "biomarkers": []}) + b"\n"
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
SECONDS = 60


def start(kb_path: Path, port: int, **given: str) -> subprocess.Popen[str]:
    """Start the server as ``make run`` does, with these settings."""
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "2", **given}
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"],
        cwd=ROOT,
        env={**os.environ, **settings, "THERAPY_MATCH_KB": str(kb_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            if ask(port, "GET", "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not become ready")


def ask(
    port: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Return status, headers and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


@contextmanager
def running(kb_path: Path, **given: str) -> Iterator[int]:
    """Yield the port of a running server, which is stopped at the end."""
    chosen = free_port()
    process = start(kb_path, chosen, **given)
    try:
        wait_until_ready(process, chosen)
        yield chosen
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def port(kb: KnowledgeBase) -> Iterator[int]:
    """Return the port of a running server."""
    with running(kb.path) as chosen:
        yield chosen


def test_it_is_alive_and_ready(port: int) -> None:
    for path in ("/healthz", "/readyz"):
        status, headers, content = ask(port, "GET", path)
        assert (status, orjson.loads(content)["status"]) == (200, "ok")
        assert headers["Cache-Control"] == "no-store"


def test_a_case_is_answered_and_a_head_has_no_body(port: int) -> None:
    status, headers, content = ask(port, "POST", "/v1/match", orjson.dumps(CASE), JSON)
    assert (status, headers.get_content_type()) == (200, "application/json")
    listed = [row["regimen"]["id"] for row in orjson.loads(content)["therapies"]]
    assert "osimertinib" in listed
    status, headers, content = ask(port, "HEAD", "/v1/match?tumor_type=LUAD")
    assert (status, content) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_a_chunked_body_of_json_is_read(port: int) -> None:
    body = orjson.dumps(CASE)
    status, _, content = ask(port, "POST", "/v1/match", iter([body[:9], body[9:]]), JSON)
    assert status == 200
    assert orjson.loads(content)["therapies"]


def test_answers_to_lines_come_while_lines_are_still_sent(port: int) -> None:
    lines_a_chunk = 100 + 65536 // len(LINE)
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(
            b"POST /v1/match/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        chunk = LINE * lines_a_chunk
        framed = f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n"
        connection.sendall(framed)
        early = connection.recv(65536)
        assert early.startswith(b"HTTP/1.1 200 ")
        connection.sendall(framed + b"0\r\n\r\n")
        rest = early
        while received := connection.recv(1 << 20):
            rest += received
    assert rest.count(b'"status":200') == 2 * lines_a_chunk
    assert rest.endswith(b"0\r\n\r\n")


def test_more_lines_than_one_body_of_json_may_hold(port: int) -> None:
    body = LINE * 600
    assert len(body) > 1_200_000
    status, _, content = ask(port, "POST", "/v1/match/batch", body, NDJSON)
    assert status == 200
    assert content.count(b"\n") == 600


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_is_too_large_is_a_problem(port: int, is_chunked: bool) -> None:
    pieces = [b'"' + b"x" * 65536] * 17
    body = iter(pieces) if is_chunked else b"".join(pieces)
    status, headers, content = ask(port, "POST", "/v1/match", body, JSON)
    assert (status, headers.get_content_type()) == (413, "application/problem+json")
    assert orjson.loads(content)["type"].endswith(":too-large")


def test_the_openapi_document_and_the_page_are_served(port: int) -> None:
    assert ask(port, "GET", "/openapi.yaml")[2] == (ROOT / "openapi.yaml").read_bytes()
    assert ask(port, "GET", "/docs")[1].get_content_type() == "text/html"


def test_a_taken_port_is_said_and_the_first_server_keeps_it(port: int, kb: KnowledgeBase) -> None:
    second = start(kb.path, port)
    output, _ = second.communicate(timeout=SECONDS)
    assert second.returncode != 0
    assert f"Cannot serve on 127.0.0.1:{port}" in output
    assert "Try another PORT." in output
    assert "Traceback" not in output
    assert ask(port, "GET", "/healthz")[0] == 200


def test_without_a_knowledge_base_it_says_how_to_make_one(tmp_path: Path) -> None:
    process = start(tmp_path / "none.sqlite", free_port())
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert "therapy-match kb build" in output
    assert "Traceback" not in output


def test_a_setting_that_cannot_be_used_is_said_in_one_line(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THERAPY_MATCH_CDS_ALGORITHMS", "HS256")
    process = start(kb.path, free_port())
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert "THERAPY_MATCH_CDS_ALGORITHMS must hold some of ES256" in output
    assert "Traceback" not in output


def test_a_stop_lets_the_running_request_end(kb: KnowledgeBase) -> None:
    chosen = free_port()
    process = start(kb.path, chosen)
    try:
        wait_until_ready(process, chosen)
        connection = http.client.HTTPConnection("127.0.0.1", chosen, timeout=SECONDS)
        body = LINE * 400
        connection.request("POST", "/v1/match/batch", body, NDJSON)
        response = connection.getresponse()
        first = response.readline()
        process.send_signal(signal.SIGTERM)
        assert orjson.loads(first)["status"] == 200
        assert response.read().count(b"\n") == 399
        connection.close()
    finally:
        if process.poll() is None and process.returncode is None:
            process.terminate()
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, output
