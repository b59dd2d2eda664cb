"""Discovery, and what is refused before anything is read."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.knowledge.store import KnowledgeBase
from tests.adapters.cds_hooks.messages import build_request, complaints
from tests.contract.cds import CHECK, SERVICE

Json = dict[str, Any]


def discovery(client: FlaskClient) -> list[Json]:
    response = client.get("/cds-services")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    body = orjson.loads(response.get_data())
    assert complaints("discovery", body) == []
    services: list[Json] = body["services"]
    return services


def test_discovery_lists_the_three_hooks(client: FlaskClient) -> None:
    assert [(service["hook"], service["id"]) for service in discovery(client)] == [
        ("patient-view", SERVICE),
        ("order-select", CHECK),
        ("order-sign", CHECK),
    ]


def test_prefetch_stays_in_the_subset_that_every_client_should_support(
    client: FlaskClient,
) -> None:
    """Reads by id, searches by type with equality tokens, and one token of the context."""
    token = re.escape("{{context.patientId}}")
    read = re.compile(rf"[A-Z]\w+/{token}")
    code = r"https?://[\w./-]+\|[\w-]+"
    search = re.compile(rf"[A-Z]\w+\?patient={token}(&code={code}(,{code})*)?")
    for service in discovery(client):
        assert set(service["prefetch"]) == {"patient", "conditions", "variants", "markers"}
        for query in service["prefetch"].values():
            assert read.fullmatch(query) or search.fullmatch(query), query


def test_every_marker_that_is_used_is_asked_for_and_no_other(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    asked = set(re.findall(r"loinc\.org\|([\d-]+)", discovery(client)[0]["prefetch"]["markers"]))
    used = {c for c, test in kb.marker_tests.items() if test.kind != "none" and "-" in c}
    assert asked == used
    assert {"18474-7", "85319-2", "48676-1", "49683-6"} <= asked
    assert not asked & {"32996-1", "39004-7"}  # serum, EGFR expression


def post(client: FlaskClient, request: Any, service: str = SERVICE) -> tuple[int, Json]:
    response = client.post(f"/cds-services/{service}", json=request)
    body: Json = orjson.loads(response.get_data())
    if response.status_code != 200:
        assert response.mimetype == "application/fhir+json"
        assert complaints("outcome", body) == []
    return response.status_code, body


def texts(outcome: Json) -> list[str]:
    return [
        " ".join((*i.get("expression", ()), i["details"]["text"], i.get("diagnostics", "")))
        for i in outcome["issue"]
    ]


GOOD = build_request({"hook": "order-select", "tumors": ["LUAD"], "orders": ["osimertinib"]})


def without(*path: str) -> Json:
    request: Json = orjson.loads(orjson.dumps(GOOD))
    holder = request
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return request


@pytest.mark.parametrize(
    "path",
    [("hook",), ("hookInstance",), ("context",), ("context", "userId"), ("context", "patientId"),
     ("context", "selections"), ("context", "draftOrders")],
)  # fmt: skip
def test_a_missing_field_is_named(client: FlaskClient, path: tuple[str, ...]) -> None:
    status, outcome = post(client, without(*path), CHECK)
    assert status == 400
    assert any(text.startswith(f"{'.'.join(path)} ") for text in texts(outcome))
    assert {issue["code"] for issue in outcome["issue"]} == {"required"}


def test_all_faults_are_named_at_once(client: FlaskClient) -> None:
    context = {"patientId": "a b", "selections": "x", "draftOrders": []}
    status, outcome = post(client, {"hook": "order-select", "context": context}, CHECK)
    assert status == 400
    places = sorted(text.partition(" ")[0] for text in texts(outcome))
    assert places == ["context.draftOrders", "context.patientId", "context.selections",
                      "context.userId", "hookInstance"]  # fmt: skip


@pytest.mark.parametrize(
    ("hook", "service"),
    [("patient-view", CHECK), ("order-sign", SERVICE), ("order-select", SERVICE)],
)
def test_a_hook_of_another_service_is_refused(client: FlaskClient, hook: str, service: str) -> None:
    status, outcome = post(client, build_request({"hook": hook}), service)
    assert status == 400
    assert texts(outcome)[0].startswith("hook this service is not offered")


def test_an_unknown_service_is_not_found(client: FlaskClient) -> None:
    assert post(client, GOOD, "static-patient-greeter")[0] == 404


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'"' + b"x" * 1_100_000 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_is_no_request_is_an_outcome(
    client: FlaskClient, body: bytes, media: str, status: int
) -> None:
    response = client.post(f"/cds-services/{SERVICE}", data=body, content_type=media)
    assert response.status_code == status
    assert complaints("outcome", orjson.loads(response.get_data())) == []


def test_what_others_add_to_a_request_is_left_alone(client: FlaskClient) -> None:
    request = {**build_request({"hook": "patient-view"}), "extension": {"com.example.x": [1]}}
    request["context"]["encounterId"] = "e"
    assert post(client, request) == (200, {"cards": []})


def test_a_bundle_beyond_the_bounds_is_refused_and_never_a_failure(client: FlaskClient) -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"extension": [deep]}
    request = build_request({"hook": "patient-view", "tumors": ["LUAD"]})
    request["prefetch"]["variants"] = {"resourceType": "Observation", "id": "x", **deep,
                                       "subject": {"reference": "Patient/pat-1"}}  # fmt: skip
    assert post(client, request)[0] in (200, 400)


def test_the_schema_of_the_tests_notices_what_the_format_forbids() -> None:
    card = {"summary": "x", "indicator": "info", "source": {"label": "x"}}
    assert complaints("response", {"cards": [card]}) == []
    for wrong in (
        {**card, "summary": "x" * 140}, {**card, "indicator": "hard-stop"}, {**card, "source": {}},
        {**card, "suggestions": [{"label": "x"}]}, {**card, "color": "red"},
        {**card, "overrideReasons": [{"code": "x", "system": "y"}]},
        {**card, "links": [{"label": "x", "url": "https://x.example", "type": "relative"}]},
        {**card, "links": [{"label": "x", "url": "/x", "type": "absolute"}]},
    ):  # fmt: skip
        assert complaints("response", {"cards": [wrong]}) != [], wrong
    assert complaints("response", {}) != []
    assert complaints("request", {**GOOD, "context": {"userId": "Practitioner/1"}}) != []
    assert complaints("request", {**GOOD, "prefetch": {"x": 1}}) != []
    assert complaints("feedback", {"feedback": [{"card": "x", "outcome": "overridden"}]}) != []
    assert complaints("outcome", {"resourceType": "OperationOutcome", "issue": []}) != []
