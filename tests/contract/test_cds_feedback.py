"""Feedback on cards: counted by closed words, nothing else kept, exact under many workers."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.adapters.cds_hooks.cards import OVERRIDE_REASONS, REASONS_SYSTEM
from service.api.cds.store import CdsStore, Feedback
from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.contract.cds import CHECK, ISSUER, SERVICE, System, nothing_on_file, write_clients
from tests.contract.test_server import ROOT, ask, free_port, wait_until_ready

Json = dict[str, Any]
DAY = dt.date(2026, 11, 22)
PATH = f"/cds-services/{SERVICE}/feedback"
WHEN = "2026-11-22T10:05:31.000Z"
#: Things that must not reach the disk.
SECRETS = ("Zyx Patient", "MRN-778812", "pat-1", "card-of-a-patient", "suggestion-9")


def item(outcome: str = "overridden", reason: Json | None = None, **changes: Any) -> Json:
    """Return one piece of feedback."""
    given = {"card": SECRETS[3], "outcome": outcome, "outcomeTimestamp": WHEN, **changes}
    return given if reason is None else {**given, "overrideReason": reason}


def coded(code: str, system: str = REASONS_SYSTEM) -> Json:
    return {"reason": {"code": code, "system": system}, "userComment": SECRETS[0]}


def counts(path: Path) -> dict[tuple[str, ...], int]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT day, service, outcome, reason, count FROM feedback")
        return {tuple(row[:4]): row[4] for row in rows}


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "cds.sqlite"


@pytest.fixture
def counting(kb: KnowledgeBase, store_path: Path) -> FlaskClient:
    """Return a client of a deployment that counts feedback."""
    settings = Settings(kb_path=kb.path, cds_store=store_path)
    return create_app(settings, knowledge=kb, today=lambda: DAY).test_client()


def test_outcomes_and_reasons_are_counted_by_service_and_day(
    counting: FlaskClient, store_path: Path
) -> None:
    sent = [
        item("accepted", acceptedSuggestions=[{"id": SECRETS[4]}]),
        item(),
        item(reason=coded("patient-contraindication")),
        item(reason=coded("patient-contraindication")),
        item(reason={"userComment": SECRETS[0]}),
    ]
    for path, items in ((PATH, sent), (f"/cds-services/{CHECK}/feedback", [item()])):
        response = counting.post(path, json={"feedback": items})
        assert (response.status_code, response.json) == (200, {})
    day = DAY.isoformat()
    assert counts(store_path) == {
        (day, SERVICE, "accepted", "none"): 1,
        (day, SERVICE, "overridden", "none"): 2,
        (day, SERVICE, "overridden", "patient-contraindication"): 2,
        (day, CHECK, "overridden", "none"): 1,
    }


def test_every_reason_that_cards_offer_is_counted_by_its_code(
    counting: FlaskClient, store_path: Path
) -> None:
    counting.post(PATH, json={"feedback": [item(reason=coded(code)) for code in OVERRIDE_REASONS]})
    assert {key[3] for key in counts(store_path)} == set(OVERRIDE_REASONS)


@pytest.mark.parametrize(
    "reason", [coded("MRN-778812"), coded("need-more-info", "urn:MRN-778812"), coded("Zyx Patient")]
)
def test_a_code_that_was_not_offered_is_counted_as_other(
    counting: FlaskClient, store_path: Path, reason: Json
) -> None:
    assert counting.post(PATH, json={"feedback": [item(reason=reason)]}).status_code == 200
    assert {key[3] for key in counts(store_path)} == {"other"}


def test_no_comment_no_card_and_no_identifier_reaches_the_disk(
    counting: FlaskClient, store_path: Path
) -> None:
    sent = [
        item("accepted", acceptedSuggestions=[{"id": SECRETS[4]}], patientId=SECRETS[2]),
        item(reason=coded("MRN-778812")),
        item(reason=coded("need-more-info")),
    ]
    body = {"feedback": sent, "extension": {"patient": SECRETS[0]}}
    assert counting.post(PATH, json=body).status_code == 200
    written = b"".join(path.read_bytes() for path in store_path.parent.iterdir())
    assert b"need-more-info" in written
    assert [word for word in SECRETS if word.encode() in written] == []


def test_without_a_store_feedback_is_taken_and_forgotten(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    before = kb.path.read_bytes()
    assert client.post(PATH, json={"feedback": [item()]}).status_code == 200
    assert kb.path.read_bytes() == before


BAD = {
    "no-feedback": {},
    "empty": {"feedback": []},
    "not-a-list": {"feedback": {}},
    "no-card": {"feedback": [{"outcome": "accepted", "outcomeTimestamp": WHEN}]},
    "another-outcome": {"feedback": [item("ignored")]},
    "no-time": {"feedback": [{"card": "x", "outcome": "accepted"}]},
    "a-time-without-a-zone": {"feedback": [item(outcomeTimestamp="2026-11-22T10:05:31")]},
    "reason-is-text": {"feedback": [item(reason="no")]},  # type: ignore[arg-type]
    "reason-without-a-code": {"feedback": [item(reason={"reason": {"system": "x"}})]},
    "too-many": {"feedback": [item()] * 201},
    "one-of-two": {"feedback": [item(), item("ignored")]},
}


@pytest.mark.parametrize("name", BAD)
def test_feedback_of_another_shape_is_refused_and_not_counted(
    counting: FlaskClient, store_path: Path, name: str
) -> None:
    response = counting.post(PATH, json=BAD[name])
    assert response.status_code == 400
    assert orjson.loads(response.get_data())["resourceType"] == "OperationOutcome"
    assert counts(store_path) == {}


def test_feedback_on_an_unknown_service_is_not_found(
    counting: FlaskClient, store_path: Path
) -> None:
    response = counting.post("/cds-services/none/feedback", json={"feedback": [item()]})
    assert response.status_code == 404
    assert counts(store_path) == {}


def test_a_store_that_is_locked_is_said_to_be_so(counting: FlaskClient, store_path: Path) -> None:
    desk = counting.application.extensions["therapy_match_cds"]
    impatient = replace(desk, store=CdsStore(store_path, wait_seconds=0.05))
    counting.application.extensions["therapy_match_cds"] = impatient
    with sqlite3.connect(store_path, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        response = counting.post(PATH, json={"feedback": [item()]})
        holder.execute("ROLLBACK")
    assert response.status_code == 503
    assert orjson.loads(response.get_data())["issue"][0]["code"] == "transient"
    assert counting.post(PATH, json={"feedback": [item()]}).status_code == 200


def test_all_of_one_post_is_counted_or_nothing(store_path: Path) -> None:
    store = CdsStore(store_path)
    with pytest.raises(sqlite3.IntegrityError):
        store.count(DAY, [Feedback(SERVICE, "accepted", "none"), Feedback(SERVICE, None, "none")])  # type: ignore[arg-type]
    assert counts(store_path) == {}


def test_used_tokens_are_forgotten_when_they_have_expired(store_path: Path) -> None:
    store = CdsStore(store_path)
    assert store.use_token(b"one", expires=100, now=50)
    assert not store.use_token(b"one", expires=100, now=99)
    assert store.use_token(b"two", expires=200, now=101)
    with sqlite3.connect(store_path) as connection:
        assert connection.execute("SELECT digest FROM used_tokens").fetchall() == [(b"two",)]


WORKERS = 4
POSTS = 120


def test_many_workers_count_every_post_and_take_a_token_once(
    kb: KnowledgeBase, tmp_path: Path, store_path: Path
) -> None:
    """A real gunicorn with four workers, from sixteen threads at once."""
    system = System(ISSUER)
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WORKERS": str(WORKERS),
        "THERAPY_MATCH_KB": str(kb.path),
        "THERAPY_MATCH_PUBLIC_URL": public,
        "THERAPY_MATCH_CDS_CLIENTS": str(write_clients(tmp_path, system.entry())),
        "THERAPY_MATCH_CDS_STORE": str(store_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    path = f"/cds-services/{SERVICE}"

    def post(to: str, body: Json, token: str) -> int:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return ask(port, "POST", to, orjson.dumps(body), headers)[0]

    def token_for(to: str) -> str:
        return system.token(to, aud=f"{public}{to}")

    try:
        wait_until_ready(process, port)
        with ThreadPoolExecutor(16) as pool:
            body = {"feedback": [item(), item(reason=coded("need-more-info"))]}
            tokens = [token_for(PATH) for _ in range(POSTS)]
            assert set(pool.map(lambda token: post(PATH, body, token), tokens)) == {200}
            once = token_for(path)
            taken = list(pool.map(lambda _: post(path, nothing_on_file(), once), range(40)))
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert sorted(set(taken)) == [200, 401], output
    assert taken.count(200) == 1
    assert {key[2:]: count for key, count in counts(store_path).items()} == {
        ("overridden", "none"): POSTS,
        ("overridden", "need-more-info"): POSTS,
    }
    assert process.returncode == 0, output
