"""Pages of other origins: those that the deployment names may read answers, all others may not."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings, read_settings
from service.knowledge.store import KnowledgeBase

SANDBOX = "https://sandbox.example.org"
LOCAL = "http://localhost:3000"
CASE = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@pytest.fixture(scope="module")
def open_client(kb: KnowledgeBase) -> FlaskClient:
    """Return a client of a deployment that names two origins."""
    settings = Settings(kb_path=kb.path, cors_origins=(SANDBOX, LOCAL))
    return create_app(settings, knowledge=kb).test_client()


def words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",")}


@pytest.mark.parametrize("origin", [SANDBOX, LOCAL])
def test_a_named_origin_may_ask_with_json_and_a_token(
    open_client: FlaskClient, origin: str
) -> None:
    headers = {"Origin": origin, **PREFLIGHT}
    answer = open_client.options("/v1/match", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "post" in words(answer.headers["Access-Control-Allow-Methods"])
    asked = words(PREFLIGHT["Access-Control-Request-Headers"])
    assert asked <= words(answer.headers["Access-Control-Allow-Headers"])


def test_a_named_origin_reads_answers_and_problems(open_client: FlaskClient) -> None:
    for body, status in ((CASE, 200), ({}, 422)):
        answer = open_client.post("/v1/match", json=body, headers={"Origin": SANDBOX})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == SANDBOX
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_may_read_the_etag_and_a_cached_answer(open_client: FlaskClient) -> None:
    first = open_client.get("/v1/genes/EGFR", headers={"Origin": SANDBOX})
    assert "etag" in words(first.headers["Access-Control-Expose-Headers"])
    again = {"Origin": SANDBOX, "If-None-Match": first.headers["ETag"]}
    second = open_client.get("/v1/genes/EGFR", headers=again)
    assert second.status_code == 304
    assert second.headers["Access-Control-Allow-Origin"] == SANDBOX


@pytest.mark.parametrize(
    "origin",
    [
        "https://sandbox.example.org.evil.example",
        "http://sandbox.example.org",
        "https://sandbox.example.org:8443",
        "HTTPS://SANDBOX.EXAMPLE.ORG",
        "null",
        "*",
        "",
    ],
)
def test_any_other_origin_gets_no_leave(open_client: FlaskClient, origin: str) -> None:
    headers = {"Origin": origin, **PREFLIGHT}
    for answer in (
        open_client.options("/v1/match", headers=headers),
        open_client.post("/v1/match", json=CASE, headers={"Origin": origin}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_shared_cache_keeps_the_origins_apart(open_client: FlaskClient) -> None:
    for headers in ({}, {"Origin": SANDBOX}, {"Origin": "https://other.example.org"}):
        assert "origin" in words(open_client.get("/v1/genes", headers=headers).headers["Vary"])


def test_a_deployment_that_names_no_origin_gives_no_leave(client: FlaskClient) -> None:
    for answer in (
        client.options("/v1/match", headers={"Origin": SANDBOX, **PREFLIGHT}),
        client.get("/v1/genes", headers={"Origin": SANDBOX}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_origins_are_read_from_the_environment() -> None:
    given = {"THERAPY_MATCH_CORS_ORIGINS": f" {SANDBOX}, {LOCAL},http://[::1]:8080"}
    assert read_settings(given).cors_origins == (SANDBOX, LOCAL, "http://[::1]:8080")
    assert read_settings({}).cors_origins == ()


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "sandbox.example.org",
        "https://sandbox.example.org/",
        "https://Sandbox.example.org",
        "https://sandbox.example.org:443",
        "http://localhost:80",
        "https://a.example.org https://b.example.org",
        "https://*.example.org",
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="THERAPY_MATCH_CORS_ORIGINS"):
        read_settings({"THERAPY_MATCH_CORS_ORIGINS": f"{LOCAL},{text}"})
