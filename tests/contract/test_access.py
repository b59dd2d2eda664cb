"""Who may call, how often, by which name, and packed how: every refusal by a real gunicorn."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from backports import zstd
from click.testing import CliRunner

from service.api.http import limits
from service.api.http.encoding import FREE_BYTES
from service.cli import main
from service.knowledge.store import KnowledgeBase
from tests.contract.test_server import (
    CASE,
    JSON,
    LINE,
    NDJSON,
    SECONDS,
    ask,
    free_port,
    running,
    start,
)

BODY = orjson.dumps(CASE)
GENES = "/v1/genes?limit=1"
LIMIT = 30
HOST = "match.example.org"
_NUMBER = itertools.count()


@dataclass(frozen=True)
class Place:
    """A running service that asks for keys, and the file of the keys."""

    port: int
    keys: Path

    def key(self, *words: str) -> str:
        """Make a key of its own, with options of the command."""
        return make_key(self.keys, f"caller-{next(_NUMBER)}", *words)

    def ask(
        self, method: str, path: str, key: str = "", body: Any = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        sent = {"Host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return ask(self.port, method, path, body, sent | ({"X-API-Key": key} if key else {}))


def make_key(path: Path, name: str, *words: str) -> str:
    done = CliRunner().invoke(main, ["keys", "add", name, "--file", str(path), *words])
    assert done.exit_code == 0, done.output
    return done.output.strip()


@pytest.fixture(scope="module")
def place(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    make_key(path, "first")
    settings = {
        "API_KEYS_FILE": str(path),
        "RATE_LIMIT_KEY": f"{LIMIT}/minute",
        "ALLOWED_HOSTS": HOST,
        "HOST": "0.0.0.0",
        "WORKERS": "1",
        "PROXIES_IN_FRONT": "1",
    }
    with running(kb.path, **settings) as port:
        yield Place(port, path)


def kind_of(content: bytes) -> str:
    return str(orjson.loads(content)["type"]).rsplit(":", 1)[-1]


def test_without_a_key_nothing_but_the_probes_is_answered(place: Place) -> None:
    for path in ("/healthz", "/readyz"):
        assert place.ask("GET", path)[0] == 200
    paths = (
        "/",
        GENES,
        "/v1/match?tumor_type=LUAD",
        "/docs",
        "/openapi.yaml",
        "/nowhere",
        "/metrics",
    )
    for path in paths:
        status, headers, content = place.ask("GET", path)
        assert (status, kind_of(content)) == (401, "unauthorized"), path
        assert headers["WWW-Authenticate"] == 'Bearer realm="therapy-match"'
    status, _, content = place.ask("POST", "/v1/match", "", BODY, Content_Type=JSON["Content-Type"])
    assert (status, kind_of(content)) == (401, "unauthorized")
    assert place.ask("POST", "/cds-services/therapy-match-patient-view", "", b"{}")[0] == 401


def test_a_browser_is_asked_for_the_key_as_a_password(place: Place) -> None:
    status, headers, _ = place.ask("GET", "/", Accept="text/html,*/*;q=0.8")
    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="therapy-match"')
    given = base64.b64encode(f"any:{place.key()}".encode()).decode()
    assert place.ask("GET", "/", Authorization=f"Basic {given}")[0] == 200


def test_a_key_is_taken_in_its_header_and_as_a_bearer_token(place: Place) -> None:
    key = place.key()
    assert place.ask("GET", GENES, key)[0] == 200
    assert place.ask("GET", GENES, Authorization=f"Bearer {key}")[0] == 200
    status, _, content = place.ask("POST", "/v1/match", key, BODY, Content_Type="application/json")
    assert status == 200, content


@pytest.mark.parametrize(
    "wrong",
    ["x", "tm_first_x", "tm_nobody_x", "tm__", "\u00e9" * 40, "tm_first_" + "x" * 4000],
    ids=["word", "other secret", "nobody", "empty", "not ascii", "long"],
)
def test_a_wrong_key_is_refused(place: Place, wrong: str) -> None:
    status, _, content = place.ask("GET", GENES, wrong.encode().decode("latin-1"))
    assert (status, kind_of(content)) == (401, "unauthorized")
    assert wrong not in content.decode()


def test_a_key_is_good_for_its_scopes_only(place: Place) -> None:
    reader, matcher = place.key("--scope", "read"), place.key("--scope", "match")
    of_cds = "/cds-services/therapy-match-patient-view/feedback"
    for key, method, path in (
        (reader, "GET", "/v1/match?tumor_type=LUAD"),
        (reader, "POST", "/v1/match"),
        (reader, "GET", "/answer?tumor_type=LUAD"),
        (matcher, "GET", GENES),
        (matcher, "POST", of_cds),
    ):
        status, _, content = place.ask(method, path, key, b"{}" if method == "POST" else None)
        assert status == 403, (path, content)
    assert place.ask("GET", GENES, reader)[0] == 200
    assert place.ask("GET", "/v1/match?tumor_type=LUAD", matcher)[0] == 200
    feedback = place.key("--scope", "feedback")
    assert place.ask("POST", of_cds, feedback, b"{}", Content_Type="application/json")[0] != 403


def test_keys_come_and_go_without_a_restart(place: Place) -> None:
    key = place.key()
    name = key.split("_")[1]
    assert place.ask("GET", GENES, key)[0] == 200
    done = CliRunner().invoke(main, ["keys", "remove", name, "--file", str(place.keys)])
    assert done.exit_code == 0, done.output
    assert place.ask("GET", GENES, key)[0] == 401
    assert place.ask("GET", GENES, place.key())[0] == 200


def test_a_broken_file_of_keys_leaves_those_that_were_read(place: Place) -> None:
    key = place.key()
    assert place.ask("GET", GENES, key)[0] == 200
    whole = place.keys.read_bytes()
    place.keys.write_bytes(whole[:-20])
    try:
        assert place.ask("GET", GENES, key)[0] == 200
    finally:
        place.keys.write_bytes(whole)
    assert place.ask("GET", GENES, place.key())[0] == 200


def test_a_key_ends_on_its_day(place: Place) -> None:
    today = dt.datetime.now(dt.UTC).date()
    gone = place.key("--expires", str(today))
    assert place.ask("GET", GENES, gone)[0] == 401
    still = place.key("--expires", str(today + dt.timedelta(days=2)))
    assert place.ask("GET", GENES, still)[0] == 200


def test_the_file_holds_no_key(place: Place) -> None:
    key = place.key()
    assert key.rsplit("_", 1)[-1] not in place.keys.read_text()
    assert all(
        line["hash"].startswith("scrypt:") for line in orjson.loads(place.keys.read_bytes())["keys"]
    )
    assert place.keys.stat().st_mode & 0o077 == 0


def test_a_key_calls_so_often_and_is_told_when_again(place: Place) -> None:
    key, other = place.key(), place.key()
    for number in range(LIMIT):
        status, headers, _ = place.ask("GET", GENES, key)
        assert status == 200, number
        assert headers[limits.LIMIT] == str(LIMIT)
        assert headers[limits.REMAINING] == str(LIMIT - number - 1)
        assert "Retry-After" not in headers
    status, headers, content = place.ask("GET", GENES, key)
    assert (status, kind_of(content)) == (429, "too-many-requests")
    assert 0 <= int(headers[limits.RESET]) <= 61
    assert 1 <= int(headers["Retry-After"]) <= 61
    assert place.ask("GET", GENES, other)[0] == 200
    assert place.ask("GET", "/healthz")[0] == 200


def test_wrong_keys_of_one_address_end_in_waiting_and_others_go_on(place: Place) -> None:
    guesses = [
        place.ask("GET", GENES, f"tm_first_{number}", X_Forwarded_For="192.0.2.9")
        for number in range(22)
    ]
    assert [status for status, *_ in guesses] == [401] * 20 + [429] * 2
    assert int(guesses[-1][1]["Retry-After"]) > 0
    key = place.key()
    assert place.ask("GET", GENES, key, X_Forwarded_For="192.0.2.10")[0] == 200
    assert place.ask("GET", GENES, key, X_Forwarded_For="192.0.2.9")[0] == 200, "known already"


def test_another_host_name_is_not_served(place: Place) -> None:
    key = place.key()
    for name in ("evil.example", "match.example.org.evil.example", "127.0.0.1"):
        status, _, content = place.ask("GET", GENES, key, Host=name)
        assert (status, kind_of(content)) == (421, "misdirected"), name
    assert place.ask("GET", GENES, key, Host=f"{HOST}:8443")[0] == 200
    assert place.ask("GET", "/healthz", Host="10.0.0.7")[0] == 200


def test_a_request_keeps_its_id_or_gets_one(place: Place) -> None:
    given = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    assert place.ask("GET", GENES, X_Request_ID=given)[1]["X-Request-ID"] == given
    made = {place.ask("GET", "/healthz", X_Request_ID="Jane Doe")[1]["X-Request-ID"] for _ in "12"}
    assert len(made) == 2
    assert all(len(name) == 32 for name in made)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_a_packed_body_is_answered_as_the_plain_one(place: Place, pack: Any) -> None:
    key, name = place.key(), "gzip" if pack is gzip.compress else "zstd"
    plain = place.ask("POST", "/v1/match", key, BODY, Content_Type="application/json")[2]
    packed = pack(BODY[:20]) + pack(BODY[20:])  # in two members
    for body in (packed, iter([packed[:30], packed[30:]])):
        headers = {"Content_Type": "application/json", "Content_Encoding": name}
        assert place.ask("POST", "/v1/match", key, body, **headers)[2] == plain
    headers = {"Content_Type": NDJSON["Content-Type"], "Content_Encoding": name}
    content = place.ask("POST", "/v1/match/batch", key, pack(LINE * 50), **headers)[2]
    assert content.count(b'"status":200') == 50


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_a_body_that_unpacks_to_too_much_or_to_nothing_is_refused(place: Place, pack: Any) -> None:
    key, name = place.key(), "gzip" if pack is gzip.compress else "zstd"
    headers = {"Content_Type": "application/json", "Content_Encoding": name}
    bomb = pack(b" " * (1 << 26))
    started = time.monotonic()
    status, _, content = place.ask("POST", "/v1/match", key, bomb, **headers)
    assert (status, kind_of(content)) == (413, "too-large")
    headers["Content_Type"] = NDJSON["Content-Type"]
    status, _, content = place.ask("POST", "/v1/match/batch", key, bomb, **headers)
    assert orjson.loads(content)["status"] == 413
    assert time.monotonic() - started < SECONDS / 4
    assert FREE_BYTES < 1 << 26
    headers["Content_Type"] = "application/json"
    for broken in (pack(BODY)[:-6], b"{}", pack(BODY) + b"rest", b""):
        status, _, content = place.ask("POST", "/v1/match", key, broken, **headers)
        assert status == 400, (broken[-8:], content)
    assert kind_of(place.ask("POST", "/v1/match", key, b"{}", **headers)[2]) == "broken-encoding"


def test_a_stream_that_ends_in_the_middle_says_so(place: Place) -> None:
    headers = {"Content_Type": NDJSON["Content-Type"], "Content_Encoding": "gzip"}
    packed = gzip.compress(os.urandom(40).hex().encode() + b"\n" + LINE * 5)
    status, _, content = place.ask("POST", "/v1/match/batch", place.key(), packed[:-9], **headers)
    assert status == 200
    last = orjson.loads(content.splitlines()[-1])
    assert last["problem"]["type"].endswith(":broken-encoding")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x" * 300])
def test_another_packing_is_not_read(place: Place, encoding: str) -> None:
    headers = {"Content_Type": "application/json", "Content_Encoding": encoding}
    status, given, content = place.ask("POST", "/v1/match", place.key(), BODY, **headers)
    assert (status, kind_of(content)) == (415, "unsupported-media-type")
    assert given["Accept-Encoding"] == "gzip, zstd"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_public_address_without_keys_is_refused_in_one_sentence(
    kb: KnowledgeBase, host: str
) -> None:
    process = start(kb.path, free_port(), HOST=host)
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert f"Cannot serve on {host}: others can reach it" in output
    assert "ALLOW_ANONYMOUS=1" in output
    assert "Traceback" not in output


def test_insecure_serves_everybody(kb: KnowledgeBase) -> None:
    port = free_port()
    words = ["serve", "--host", "0.0.0.0", "--port", str(port), "--workers", "1", "--insecure"]
    command = [sys.executable, "-c", "from service.cli import main; main()", *words]
    process = subprocess.Popen(command, env={**os.environ, "THERAPY_MATCH_KB": str(kb.path)})
    try:
        for _ in range(SECONDS * 10):
            try:
                assert ask(port, "GET", GENES)[0] == 200
                return
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        pytest.fail("it did not become ready")
    finally:
        process.terminate()
        process.wait(SECONDS)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Return the port of a real Redis, and its process."""
    if shutil.which("redis-server") is None:
        message = "there is no redis-server; on Debian: apt-get install redis-server"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, process
    finally:
        process.kill()
        process.wait()


def test_processes_count_together_in_redis_and_go_on_without_it(
    kb: KnowledgeBase, redis: tuple[int, subprocess.Popen[bytes]]
) -> None:
    store, process = redis
    settings = {
        "RATE_LIMIT_ADDRESS": "12/minute",
        "RATE_LIMIT_STORE": f"redis://127.0.0.1:{store}/0",
        "GET_MATCH": "0",
    }
    with running(kb.path, **settings) as port:
        for path in ("/v1/match?tumor_type=LUAD", "/answer?tumor_type=LUAD"):
            assert ask(port, "GET", path)[0] == 405, "GET_MATCH=0 comes before it is counted"
        taken = [ask(port, "GET", GENES)[0] for _ in range(20)]
        assert sorted(taken) == [200] * 12 + [429] * 8
        process.kill()
        process.wait()
        taken = [ask(port, "GET", GENES)[0] for _ in range(40)]
        assert set(taken) == {200, 429}, "each process counts on its own"
