"""Signed tokens of clinical systems: a good one is taken once, any other is refused with 401.

No refusal asks anybody: a trap listens on the address that tokens name as ``jku``.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings, read_settings
from service.errors import SettingsError
from service.knowledge.store import KnowledgeBase
from tests.contract.cds import (
    ISSUER,
    PUBLIC_URL,
    SERVICE,
    System,
    Trap,
    nothing_on_file,
    trap,
    write_clients,
)

Json = dict[str, Any]
PATH = f"/cds-services/{SERVICE}"
LISTED = "https://ehr.example.org/jwks.json"
EHR = System(ISSUER)
OTHER = System("https://other.example.org")


@pytest.fixture(scope="module")
def caught() -> Iterator[Trap]:
    """Return a trap that nobody may have called at the end."""
    with trap() as listening:
        yield listening
        assert listening.calls == []


def client_of(kb: KnowledgeBase, folder: Path, *entries: Json, **changes: Any) -> FlaskClient:
    """Return a client of a deployment that names clinical systems."""
    settings = Settings(
        kb_path=kb.path,
        **{
            "public_url": PUBLIC_URL,
            "cds_clients": write_clients(folder, *entries),
            "cds_store": folder / "cds.sqlite",
            **changes,
        },
    )
    return create_app(settings, knowledge=kb).test_client()


@pytest.fixture(scope="module")
def guarded(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a deployment that names two systems."""
    folder = tmp_path_factory.mktemp("cds")
    return client_of(kb, folder, EHR.entry(jku=[LISTED]), OTHER.entry())


def call(client: FlaskClient, token: str | None, path: str = PATH, body: Any = None) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.post(path, json=body or nothing_on_file(), headers=headers)


def assert_refused(response: Any, word: str) -> None:
    assert response.status_code == 401, response.get_data(as_text=True)
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert response.mimetype == "application/fhir+json"
    assert response.headers["Cache-Control"] == "no-store"
    outcome = json.loads(response.get_data())
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["code"] == "login"
    assert word in outcome["issue"][0]["details"]["text"]


def test_a_good_token_is_taken(guarded: FlaskClient) -> None:
    assert call(guarded, EHR.token(PATH)).status_code == 200
    assert call(guarded, OTHER.token(PATH)).status_code == 200


def test_a_listed_jku_is_taken_and_not_called(guarded: FlaskClient) -> None:
    assert call(guarded, EHR.token(PATH, headers={"jku": LISTED})).status_code == 200


def test_the_audience_may_be_one_of_several(guarded: FlaskClient) -> None:
    token = EHR.token(PATH, aud=["https://x.example.org", f"{PUBLIC_URL}{PATH}"])
    assert call(guarded, token).status_code == 200


def test_feedback_needs_a_token_for_its_own_address(guarded: FlaskClient) -> None:
    path = f"{PATH}/feedback"
    body = {"feedback": [{"card": "x", "outcome": "overridden",
                          "outcomeTimestamp": "2026-11-22T10:00:00Z"}]}  # fmt: skip
    assert call(guarded, EHR.token(path), path, body).status_code == 200
    assert_refused(call(guarded, EHR.token(PATH), path, body), "another address")
    assert_refused(call(guarded, None, path, body), "token is needed")


def test_discovery_needs_no_token(guarded: FlaskClient) -> None:
    assert guarded.get("/cds-services").status_code == 200


def test_an_unknown_service_is_not_told_apart_without_a_token(guarded: FlaskClient) -> None:
    assert_refused(call(guarded, None, "/cds-services/none"), "token is needed")
    assert call(guarded, EHR.token("/cds-services/none"), "/cds-services/none").status_code == 404


def test_a_browser_may_ask_before_it_has_a_token(kb: KnowledgeBase, tmp_path: Path) -> None:
    """The preflight of a browser carries none, and it may read the refusal."""
    origin = "https://sandbox.example.org"
    client = client_of(kb, tmp_path, EHR.entry(), cors_origins=(origin,))
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    for path in ("/cds-services", PATH, f"{PATH}/feedback"):
        answer = client.options(path, headers=asked)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    refused = client.post(PATH, json=nothing_on_file(), headers={"Origin": origin})
    assert_refused(refused, "token is needed")
    assert refused.headers["Access-Control-Allow-Origin"] == origin


def unsigned(claims: Json, headers: Json) -> str:
    parts = (json.dumps(part).encode() for part in (headers, claims))
    return ".".join([*(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts), ""])


def signed_with_the_public_key(system: System, claims: Json) -> str:
    """Return a token whose shared secret is the public key, for a careless verifier."""
    text = unsigned(claims, {"alg": "HS256", "kid": system.kid}).removesuffix(".")
    pem = system.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hmac.digest(pem, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


FORGER = System(ISSUER)


def bad_tokens() -> dict[str, tuple[str, str]]:
    """Return name -> (token, word of the refusal); made when it is needed, since tokens expire."""
    now = EHR.claims(PATH)["iat"]
    return {
        "unsigned": (
            unsigned(EHR.claims(PATH), {"alg": "none", "kid": "key-1"}), "signed in a way",
        ),
        "upper-case-none": (unsigned(EHR.claims(PATH), {"alg": "NONE"}), "signed in a way"),
        "hs256-with-the-public-key": (
            signed_with_the_public_key(EHR, EHR.claims(PATH)),
            "signed in a way",
        ),
        "an-algorithm-that-is-not-taken": (System(ISSUER, "RS256").token(PATH), "signed in a way"),
        "another-key": (FORGER.token(PATH), "signature"),
        "the-key-of-another-issuer": (
            OTHER.token(PATH, iss=ISSUER),
            "signature",
        ),
        "another-audience": (EHR.token(PATH, aud="https://cds.example.org"), "another address"),
        "audience-with-a-slash": (EHR.token(PATH, aud=f"{PUBLIC_URL}{PATH}/"), "another address"),
        "expired": (EHR.token(PATH, iat=now - 900, exp=now - 600), "expired"),
        "not-yet": (EHR.token(PATH, iat=now + 600, exp=now + 900), "not valid yet"),
        "for-too-long": (EHR.token(PATH, exp=now + 86_400), "too long"),
        "unknown-issuer": (System("https://evil.example.org").token(PATH), "issuer"),
        "issuer-is-no-text": (unsigned({"iss": [ISSUER]}, {"alg": "ES384"}), "issuer"),
        "unknown-kid": (EHR.token(PATH, headers={"kid": "key-2"}), "kid"),
        "not-a-token": ("x.y.z", "cannot be verified"),
        "empty": ("", "token is needed"),
        **{
            f"without-{claim}": (EHR.token(PATH, **{claim: None}), word)
            for claim, word in (
                ("iss", "issuer"), ("aud", "must have"), ("exp", "must have"),
                ("iat", "must have"), ("jti", "must have"),
            )
        },
        "empty-jti": (EHR.token(PATH, jti=""), "used before"),
    }  # fmt: skip


@pytest.mark.parametrize("name", bad_tokens())
def test_a_bad_token_is_refused(guarded: FlaskClient, name: str) -> None:
    token, word = bad_tokens()[name]
    assert_refused(call(guarded, token), word)


def test_a_call_without_a_token_is_refused(guarded: FlaskClient) -> None:
    assert_refused(call(guarded, None), "token is needed")
    basic = {"Authorization": "Basic eDp5"}
    assert_refused(guarded.post(PATH, json=nothing_on_file(), headers=basic), "token is needed")


def test_a_token_is_good_for_one_call(guarded: FlaskClient) -> None:
    token = EHR.token(PATH)
    assert call(guarded, token).status_code == 200
    assert_refused(call(guarded, token), "used before")


def test_the_same_jti_of_two_issuers_is_no_replay(guarded: FlaskClient) -> None:
    assert call(guarded, EHR.token(PATH, jti="one")).status_code == 200
    assert call(guarded, OTHER.token(PATH, jti="one")).status_code == 200


def test_a_jku_that_is_not_listed_is_refused_and_never_called(
    guarded: FlaskClient, caught: Trap
) -> None:
    for system in (EHR, OTHER, FORGER):
        token = system.token(PATH, headers={"jku": f"{caught.url}/jwks.json"})
        assert_refused(call(guarded, token), "jku")
    # A jku that one issuer lists is of no use to another.
    assert_refused(call(guarded, OTHER.token(PATH, headers={"jku": LISTED})), "jku")
    assert caught.calls == []


def test_the_fhir_server_of_a_request_is_never_called(guarded: FlaskClient, caught: Trap) -> None:
    access = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300,
              "scope": "user/*.read", "subject": "cds"}  # fmt: skip
    body = nothing_on_file(fhirServer=caught.url, fhirAuthorization=access)
    assert call(guarded, EHR.token(PATH), body=body).status_code == 200
    assert call(guarded, EHR.token(PATH), body={**body, "prefetch": {}}).status_code == 412
    assert caught.calls == []


def test_a_trap_notices_who_calls() -> None:
    import urllib.request
    from contextlib import suppress

    with trap() as listening:
        with suppress(OSError):
            urllib.request.urlopen(listening.url, timeout=2)
        assert len(listening.calls) == 1


def test_a_refused_call_is_not_read(guarded: FlaskClient) -> None:
    broken = guarded.post(PATH, data="{", content_type="application/json")
    assert_refused(broken, "token is needed")


def test_no_token_and_no_prefetch_is_logged(
    guarded: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    token = EHR.token(PATH)
    name = "Zyx-the-patient"
    body = nothing_on_file()
    body["prefetch"]["patient"] = {
        "resourceType": "Patient",
        "id": "pat-1",
        "name": [{"text": name}],
    }
    with caplog.at_level(logging.DEBUG):
        answers = [call(guarded, token, body=body), call(guarded, token, body=body)]
        answers.append(call(guarded, EHR.token(PATH, aud="x"), body=body))
    printed = "".join([caplog.text, *capfd.readouterr()])
    told = "".join(answer.get_data(as_text=True) for answer in answers)
    for secret in (token, token.split(".")[2], name):
        assert secret not in printed
        assert secret not in told


@pytest.mark.parametrize("alg", ["ES256", "ES384", "RS256", "RS384"])
def test_each_algorithm_is_taken_when_the_deployment_says_so(
    kb: KnowledgeBase, tmp_path: Path, alg: str
) -> None:
    system = System(ISSUER, alg)
    client = client_of(kb, tmp_path, system.entry(), cds_algorithms=(alg,))
    assert call(client, system.token(PATH)).status_code == 200


def test_a_key_without_an_algorithm_verifies_what_its_type_can(
    kb: KnowledgeBase, tmp_path: Path
) -> None:
    system = System(ISSUER, "RS384")
    entry = system.entry()
    entry["jwks"]["keys"][0].pop("alg")
    client = client_of(kb, tmp_path, entry)
    assert call(client, system.token(PATH)).status_code == 200
    assert_refused(call(client, system.token(PATH, alg="RS256")), "signed in a way")


def test_used_tokens_are_remembered_by_another_process(kb: KnowledgeBase, tmp_path: Path) -> None:
    """Each worker has an application of its own; the file is what they share."""
    token = EHR.token(PATH)
    first = client_of(kb, tmp_path, EHR.entry())
    second = client_of(kb, tmp_path, EHR.entry())
    assert call(first, token).status_code == 200
    assert_refused(call(second, token), "used before")


def test_without_a_file_of_systems_no_token_is_asked_for(client: FlaskClient) -> None:
    assert call(client, None).status_code == 200
    assert call(client, "whatever").status_code == 200


def test_a_small_key_is_refused(kb: KnowledgeBase, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    system = System(ISSUER, "RS384")
    system.private = rsa.generate_private_key(65537, 1024)
    client = client_of(kb, tmp_path, system.entry())
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = system.token(PATH)
    assert call(client, token).status_code == 401


BAD_FILES = {
    "not-json": "{",
    "no-clients": "{}",
    "empty": '{"clients": []}',
    "no-issuer": json.dumps({"clients": [{"jwks": {"keys": []}}]}),
    "no-keys": json.dumps({"clients": [{"issuer": "x", "jwks": {"keys": []}}]}),
    "twice": json.dumps({"clients": [EHR.entry(), EHR.entry()]}),
    "jku-is-text": json.dumps({"clients": [{**EHR.entry(), "jku": LISTED}]}),
    "a-private-key": json.dumps(
        {"clients": [{"issuer": "x", "jwks": {"keys": [EHR.jwk(d="c2VjcmV0")]}}]}
    ),
    "a-shared-secret": json.dumps(
        {"clients": [{"issuer": "x", "jwks": {"keys": [{"kty": "oct", "kid": "1", "k": "eA"}]}}]}
    ),
    "another-curve": json.dumps(
        {"clients": [{"issuer": "x", "jwks": {"keys": [System("x", "ES256").jwk()]}}]}
    ),
    "a-point-that-is-none": json.dumps(
        {"clients": [{"issuer": "x", "jwks": {"keys": [EHR.jwk(x="eA")]}}]}
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_of_systems_that_cannot_be_used_is_said_at_the_start(
    kb: KnowledgeBase, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "clients.json"
    path.write_text(BAD_FILES[name], "utf-8")
    settings = Settings(
        kb_path=kb.path, public_url=PUBLIC_URL, cds_clients=path, cds_store=tmp_path / "s.sqlite"
    )
    with pytest.raises(SettingsError, match="THERAPY_MATCH_CDS_CLIENTS"):
        create_app(settings, knowledge=kb)


@pytest.mark.parametrize("missing", ["public_url", "cds_store"])
def test_tokens_need_an_address_and_a_store(
    kb: KnowledgeBase, tmp_path: Path, missing: str
) -> None:
    with pytest.raises(SettingsError, match="needs THERAPY_MATCH_PUBLIC_URL"):
        client_of(kb, tmp_path, EHR.entry(), **{missing: None})


def test_the_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    path = write_clients(tmp_path, EHR.entry())
    read = read_settings(
        {
            "THERAPY_MATCH_PUBLIC_URL": PUBLIC_URL,
            "THERAPY_MATCH_CDS_CLIENTS": str(path),
            "THERAPY_MATCH_CDS_ALGORITHMS": "ES384, RS256",
            "THERAPY_MATCH_CDS_STORE": str(tmp_path / "cds.sqlite"),
        }
    )
    assert (read.public_url, read.cds_clients) == (PUBLIC_URL, path)
    assert read.cds_algorithms == ("ES384", "RS256")
    assert read.cds_store == tmp_path / "cds.sqlite"
    off = read_settings({})
    assert (off.public_url, off.cds_clients, off.cds_store) == (None, None, None)
    assert off.cds_algorithms == ("ES384", "RS384")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THERAPY_MATCH_CDS_ALGORITHMS", "HS256"),
        ("THERAPY_MATCH_CDS_ALGORITHMS", "none"),
        ("THERAPY_MATCH_CDS_ALGORITHMS", ","),
        ("THERAPY_MATCH_CDS_CLIENTS", "no-such-file.json"),
        ("THERAPY_MATCH_PUBLIC_URL", "cds.example.org"),
        ("THERAPY_MATCH_PUBLIC_URL", "https://cds.example.org/"),
        ("THERAPY_MATCH_PUBLIC_URL", "https://cds.example.org/a?b"),
        ("THERAPY_MATCH_PUBLIC_URL", "javascript:alert(1)"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_a_store_that_cannot_be_written_is_said_at_the_start(
    kb: KnowledgeBase, tmp_path: Path
) -> None:
    settings = Settings(kb_path=kb.path, cds_store=tmp_path / "none" / "cds.sqlite")
    with pytest.raises(SettingsError, match="THERAPY_MATCH_CDS_STORE"):
        create_app(settings, knowledge=kb)
