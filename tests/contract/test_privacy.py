"""Nothing of a case stays anywhere: what a server wrote is searched, answers are not kept."""

from __future__ import annotations

import contextlib
import gzip
import socket
import subprocess
import sys
import threading
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug import formparser

from service.api.http.scopes import CASES_IN_ADDRESSES
from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY
from tests.contract.test_server import ROOT, SECONDS, ask, free_port, start, wait_until_ready

#: No word of any vocabulary, in the forms in which it could come back.
MARK = "Zqmarkzq"
FORMS = [form.encode() for form in (MARK, MARK.lower(), MARK.upper(), MARK[::-1])]
BODY = orjson.dumps(
    {
        "tumor_type": f"LUAD {MARK}",
        "biomarkers": [f"EGFR {MARK}", {"gene": MARK, "alteration": MARK}],
        "patient": {MARK: MARK, "prior_therapies": [MARK]},
        MARK: MARK,
    }
)
GOOD = orjson.dumps({"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "id": MARK})
TYPES = (
    "application/json",
    "application/x-ndjson",
    "application/fhir+json",
    "text/plain",
    "text/tab-separated-values",
    "text/vcf",
    "x-application/hl7-v2+er7",
    f"text/{MARK}",
)
POSTED = (
    *("/v1/match", "/v1/match/batch", "/v1/match/report", "/v1/match/phenopacket"),
    *("/v1/match/va-spec", "/v1/read", "/v1/normalize", "/v1/what-if", "/v1/compare"),
    *("/v1/test-plan", "/fhir/$match-therapies", "/read"),
    "/cds-services/therapy-match-patient-view",
    "/cds-services/therapy-match-patient-view/feedback",
)
FETCHED = [
    f"/v1/match?tumor_type={MARK}&biomarker=EGFR+{MARK}",
    f"/v1/match?tumor_type=LUAD&biomarker=EGFR+L858R&{MARK}=1",
    f"/answer?tumor_type={MARK}&biomarker={MARK}",
    f"/what-if?tumor_type=LUAD&biomarker={MARK}",
    f"/v1/search?q={MARK}",
    f"/v1/assertions/{MARK}",
    f"/{MARK}?{MARK}",
    f"/v1/match?tumor_type={quote('é' + MARK)}%ff",
]
#: What is no request at all, so that the server itself refuses it.
RAW = [
    f"GET /v1/match?biomarker=EGFR {MARK} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"{MARK} {MARK}\r\n\r\n",
    f"GET / HTTP/{MARK}\r\n\r\n",
    f"ge{MARK.lower()}! / HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nBad Header {MARK}: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nA: {MARK}\r\n {MARK}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nA: {MARK}\x00\r\n\r\n",
    f"GET /{MARK * 2000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nA: {MARK * 2000}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nExpect: {MARK}\r\n\r\n",
    f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {MARK}\r\n\r\n",
    f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MARK}\r\n\r\n",
    "POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f"Transfer-Encoding: chunked\r\n\r\n{MARK}\r\n\r\n",
    "POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f"Transfer-Encoding: chunked\r\n\r\n8\r\n{MARK}{MARK}\r\n\r\n",
    "POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f'Content-Length: 5000\r\n\r\n{{"tumor_type": "{MARK}"',
    f"POST /v1/match/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
    f'Content-Length: 5000\r\n\r\n{{"tumor_type": "{MARK}"}}\n{MARK}',
]


@pytest.fixture(scope="module")
def written(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return all that a server wrote, on its outputs and into files, while it got marked cases."""
    folder = tmp_path_factory.mktemp("written")
    port = free_port()
    process = start(
        kb.path,
        port,
        ACCESS_LOG="1",
        GUNICORN_CMD_ARGS="--log-level debug --access-logfile -",
        THERAPY_MATCH_CDS_STORE=str(folder / "store.sqlite"),
        RATE_LIMIT_ADDRESS="100000/minute",
    )
    printed: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=printed.extend, args=(process.stdout,))
    reader.start()
    try:
        wait_until_ready(process, port)
        _send_everything(port)
        measured = ask(port, "GET", "/metrics")[2]
        assert b"therapy_match_requests_total" in measured
        assert not any(form in measured for form in FORMS)
        assert ask(port, "GET", "/v1/match?tumor_type=LUAD&biomarker=EGFR+L858R")[0] == 200
    finally:
        process.terminate()
        process.wait(SECONDS)
        reader.join(SECONDS)
        process.stdout.close()
    return "".join(printed).encode() + b"".join(path.read_bytes() for path in folder.iterdir())


def _send_everything(port: int) -> None:
    headers = {
        "X-Request-ID": MARK,
        "X-API-Key": MARK,
        "Authorization": f"Bearer {MARK}",
        "User-Agent": MARK,
        "Referer": f"http://127.0.0.1/?{MARK}",
    }
    for path in FETCHED:
        assert ask(port, "GET", path, None, headers)[0] < 500, path
    for path in POSTED:
        for kind in TYPES:
            for body in (BODY, GOOD, MARK.encode()):
                sent = {**headers, "Content-Type": kind}
                assert ask(port, "POST", path, body, sent)[0] < 500, (path, kind)
    packed = {**headers, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    ask(port, "POST", "/v1/match", gzip.compress(BODY)[:-5], packed)
    ask(port, MARK.upper(), "/v1/match")
    for raw in RAW:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
            client.sendall(raw.encode())
            client.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                answer = client.recv(65536)
                assert MARK.encode() not in answer.partition(b"\r\n\r\n")[2] or b"json" in answer


def test_nothing_that_the_process_wrote_has_a_word_of_a_case(written: bytes) -> None:
    lines = [line for line in written.splitlines() if any(form in line for form in FORMS)]
    assert lines == []


def test_the_search_would_find_it(written: bytes) -> None:
    text = written.decode("utf-8", "replace")
    assert '"event":"request"' in text, "requests are in what is searched"
    assert '"route":"/v1/match/batch"' in text
    assert "Refused what is no request: InvalidRequestLine" in text, "and so is what is none"
    assert "EGFR" not in text
    assert "L858R" not in text


def test_each_line_of_the_log_is_a_json_object(written: bytes) -> None:
    lines = [line for line in written.split(b"SQLite format 3")[0].splitlines() if line]
    assert len(lines) > 100
    for line in lines:
        entry = orjson.loads(line)
        assert {"event", "level", "timestamp"} <= set(entry)


_BREAKS = """
import logging, logging.config, sys
from service.logs import log_config
logging.config.dictConfig(log_config(is_terminal=len(sys.argv) > 2))
try:
    raise ValueError(sys.argv[1])
except ValueError as error:
    logging.getLogger("therapy_match").exception("it broke: %s", error)
"""


@pytest.mark.parametrize("words", [[MARK], [MARK, "terminal"]], ids=["json", "terminal"])
def test_an_exception_is_named_and_not_quoted(words: list[str]) -> None:
    command = [sys.executable, "-c", _BREAKS, *words]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    assert "it broke: ValueError" in said
    assert "<string>:6 <module>" in said
    assert MARK not in said
    if len(words) == 1:
        assert orjson.loads(said)["error"] == "ValueError"


CASE: dict[str, Any] = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}
ADDRESSES = (
    "/v1/match?tumor_type=LUAD",
    "/answer?tumor_type=LUAD",
    "/v1/test-plan?tumor_type=LUAD",
)


def _client(kb: KnowledgeBase, **settings: Any) -> FlaskClient:
    chosen = Settings(kb_path=kb.path, **settings)
    return create_app(chosen, knowledge=kb, today=lambda: TODAY).test_client()


def test_an_answer_to_a_case_is_kept_by_nobody_else(client: FlaskClient) -> None:
    for path in ADDRESSES:
        first = client.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache", path
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache")
    refused = client.get("/v1/match?tumor_type=nonsense")
    assert (refused.status_code, refused.headers["Cache-Control"]) == (422, "no-store")
    for path in ("/v1/match", "/v1/read", "/v1/normalize", "/read", "/v1/what-if"):
        posted = client.post(path, json=CASE)
        assert posted.headers["Cache-Control"] == "no-store", path
        assert "ETag" not in posted.headers
    assert client.get("/v1/genes").headers["Cache-Control"] == "no-cache"


def test_strict_privacy_keeps_nothing_at_all(kb: KnowledgeBase, client: FlaskClient) -> None:
    strict = _client(kb, strict_privacy=True)
    for path in ADDRESSES:
        known = client.get(path).headers["ETag"]
        given = strict.get(path, headers={"If-None-Match": known})
        assert (given.status_code, given.headers["Cache-Control"]) == (200, "no-store"), path
        assert "ETag" not in given.headers
    assert "ETag" in strict.get("/v1/genes").headers


def test_cases_in_addresses_can_be_switched_off(kb: KnowledgeBase) -> None:
    posted_only = _client(kb, get_match=False)
    for path in ADDRESSES:
        given = posted_only.get(path)
        assert given.status_code == 405, path
        assert given.headers["Cache-Control"] == "no-store"
    assert posted_only.post("/v1/match", json=CASE).status_code == 200
    for path in ("/v1/genes?limit=1", "/", "/browse/drugs?q=a"):
        assert posted_only.get(path).status_code == 200, path


def test_every_address_that_takes_a_case_is_known(app: Flask) -> None:
    """Views that read a tumour type or biomarkers from the query are those of the table."""
    assert set(app.view_functions) >= CASES_IN_ADDRESSES
    document = app.test_client().get("/openapi.yaml").get_data(as_text=True)
    assert "tumor_type" in document
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        view = app.view_functions[rule.endpoint]
        asked = {"tumor_type", "biomarker"} <= _parameters(view)
        endpoint, _ = adapter.match(rule.rule)
        assert not asked or endpoint in CASES_IN_ADDRESSES, rule.rule


def _parameters(view: Any) -> set[str]:
    names: set[str] = set()
    while view is not None:
        documented = getattr(view, "_apidoc", {}).get("manual_doc", {}).get("parameters", ())
        names |= {parameter["name"] for parameter in documented if isinstance(parameter, dict)}
        view = getattr(view, "__wrapped__", None)
    return names


def test_an_uploaded_file_of_any_size_stays_in_memory(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    spool = "SpooledTemporaryFile"
    monkeypatch.setattr(formparser, spool, lambda *_, **__: opened.append(spool))
    names = b"Hugo_Symbol\tVariant_Classification\tHGVSp_Short\tTumor_Sample_Barcode\tNote\n"
    rows = names + b"EGFR\tMissense_Mutation\tp.L858R\tS1\t%b\n" % (b"x" * 30_000) * 40
    head = b'--x\r\nContent-Disposition: form-data; name="maf"; filename="maf.txt"\r\n\r\n'
    given = client.post(
        "/v1/match/batch?tumor_type=LUAD",
        data=head + rows + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert given.status_code == 200, given.get_data(as_text=True)[:300]
    assert len(rows) > 1 << 20
    assert opened == []
