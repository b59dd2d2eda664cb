"""How a prefetch came: given, empty, failed, absent, paged; and resources of other patients."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from service.adapters.cds_hooks.prefetch import read_prefetch
from tests.adapters.cds_hooks.messages import (
    PATIENT_ID,
    build_request,
    complaints,
    condition,
    searchset,
    variant,
)
from tests.contract.cds import CHECK, SERVICE

Json = dict[str, Any]
FAILED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
GIVEN = {"hook": "patient-view", "tumors": ["LUAD"], "variants": ["EGFR p.Leu858Arg"]}
OTHER = {"reference": "Patient/pat-2"}


def post(client: FlaskClient, request: Json, service: str = SERVICE) -> tuple[int, Json]:
    response = client.post(f"/cds-services/{service}", json=request)
    body: Json = orjson.loads(response.get_data())
    name = "response" if response.status_code == 200 else "outcome"
    assert complaints(name, body) == []
    return response.status_code, body


def with_prefetch(*, without: tuple[str, ...] = (), **changes: Any) -> Json:
    """Return a good request with parts of its prefetch replaced, or left out."""
    request = build_request({**GIVEN, "prefetch": changes})
    for key in without:
        del request["prefetch"][key]
    return request


def text_of(outcome: Json) -> str:
    return str(outcome["issue"][0]["diagnostics"])


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (
            with_prefetch(without=("variants", "markers")),
            ["variants: not sent", "markers: not sent"],
        ),
        (with_prefetch(variants=FAILED, markers=FAILED), ["variants: the client reports an error"]),
        (with_prefetch(variants=FAILED, without=("markers",)), ["markers: not sent"]),
        (with_prefetch(without=("conditions",)), ["conditions: not sent"]),
        (with_prefetch(conditions=FAILED), ["conditions: the client reports an error"]),
        ({**with_prefetch(), "prefetch": {}}, ["variants: not sent"]),
        ({**with_prefetch(), "prefetch": None}, ["variants: not sent"]),
        ({k: v for k, v in with_prefetch().items() if k != "prefetch"}, ["variants: not sent"]),
    ],
)
def test_without_usable_prefetch_it_is_412_and_says_what_is_missing(
    client: FlaskClient, request_: Json, words: list[str]
) -> None:
    status, outcome = post(client, request_)
    assert status == 412
    assert outcome["issue"][0]["code"] == "required"
    assert [word for word in words if word not in text_of(outcome)] == []


def test_null_means_that_there_is_nothing(client: FlaskClient) -> None:
    nothing = dict.fromkeys(("patient", "conditions", "variants", "markers"))
    assert post(client, with_prefetch(**nothing)) == (200, {"cards": []})


def test_one_of_variants_and_markers_is_enough_and_the_failed_one_is_said(
    client: FlaskClient,
) -> None:
    status, body = post(client, with_prefetch(markers=FAILED))
    assert status == 200
    assert "The client could not fetch markers." in body["cards"][0]["detail"]
    status, body = post(client, with_prefetch(without=("markers", "patient")))
    assert "could not fetch" not in body["cards"][0]["detail"]


def test_of_paged_results_the_first_page_is_read_and_that_is_said(client: FlaskClient) -> None:
    links = [{"relation": "self", "url": "https://ehr.example.org/1"},
             {"relation": "next", "url": "https://ehr.example.org/2"}]  # fmt: skip
    page = searchset([variant("EGFR p.Leu858Arg")], link=links)
    _, body = post(client, with_prefetch(variants=page))
    assert "Only the first page of variants was sent." in body["cards"][0]["detail"]
    _, body = post(client, with_prefetch(variants={**page, "link": links[:1]}))
    assert "first page" not in body["cards"][0]["detail"]


@pytest.mark.parametrize(
    "subject",
    [
        OTHER,
        {"reference": f"Group/{PATIENT_ID}"},
        {"reference": f"Patient/{PATIENT_ID}2"},
        {"reference": "#contained"},
        {"identifier": {"value": PATIENT_ID}},
        {"display": "somebody"},
        None,
        "Patient/pat-1",
    ],
)
def test_a_result_of_anybody_else_is_never_matched(client: FlaskClient, subject: Any) -> None:
    foreign = variant("BRAF p.Val600Glu", subject=subject)
    results = searchset([variant("EGFR p.Leu858Arg"), foreign])
    _, body = post(client, with_prefetch(variants=results))
    assert [card["summary"][:10] for card in body["cards"]] == ["EGFR L858R"]
    assert "BRAF" not in json.dumps(body["cards"][0]["links"])
    said = "1 resource of no patient or of another one were not read."
    assert said in body["cards"][0]["detail"]


def test_the_tumor_type_of_another_patient_is_not_used(client: FlaskClient) -> None:
    foreign = searchset([condition("LUAD", subject=OTHER)])
    status, body = post(client, with_prefetch(conditions=foreign))
    assert status == 200
    assert "not checked" in body["cards"][0]["summary"]


def test_a_patient_that_is_another_one_is_not_read(client: FlaskClient) -> None:
    _, body = post(client, with_prefetch(patient={"resourceType": "Patient", "id": "pat-2"}))
    assert "not read" in body["cards"][0]["detail"]


def test_an_absolute_reference_names_the_patient(client: FlaskClient) -> None:
    subject = {"reference": f"https://ehr.example.org/fhir/Patient/{PATIENT_ID}"}
    results = searchset([variant("EGFR p.Leu858Arg", subject=subject)])
    _, body = post(client, with_prefetch(variants=results))
    assert body["cards"][0]["summary"].startswith("EGFR L858R")


def test_a_resource_under_two_keys_is_read_once() -> None:
    result = {"id": "v1", **variant("EGFR p.Leu858Arg")}
    read = read_prefetch(
        {"variants": searchset([result]), "markers": searchset([result])}, PATIENT_ID
    )
    assert len(read.bundle["entry"]) == 1


def test_a_single_resource_is_as_good_as_a_bundle(client: FlaskClient) -> None:
    result = {"id": "v1", **variant("EGFR p.Leu858Arg")}
    _, body = post(client, with_prefetch(variants=result))
    assert body["cards"][0]["summary"].startswith("EGFR L858R")


def test_results_under_a_key_of_the_client_are_read_too(client: FlaskClient) -> None:
    more = searchset([{"id": "more", **variant("BRAF p.Val600Glu")}])
    _, body = post(client, with_prefetch(further=more))
    assert len(body["cards"]) == 2


def test_an_outcome_inside_a_search_is_no_failure(client: FlaskClient) -> None:
    results = searchset([variant("EGFR p.Leu858Arg")])
    results["entry"].append({"resource": FAILED, "search": {"mode": "outcome"}})
    status, body = post(client, with_prefetch(variants=results))
    assert status == 200
    assert "not read" not in body["cards"][0]["detail"]


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "preliminary", "registered"])
def test_a_result_that_is_not_final_gives_no_card(client: FlaskClient, status: str) -> None:
    results = searchset([variant("EGFR p.Leu858Arg", status=status)])
    _, body = post(client, with_prefetch(variants=results))
    assert [card for card in body["cards"] if "EGFR L858R" in card["summary"]] == []


@pytest.mark.parametrize("value", [1, "x", [], {}, {"resourceType": 1}, True])
def test_a_prefetch_of_another_shape_counts_as_failed(value: Any) -> None:
    read = read_prefetch({"variants": value, "markers": None}, PATIENT_ID)
    assert read.states["variants"] == "failed"
    assert read.has_biomarkers


def test_order_hooks_need_the_same_prefetch(client: FlaskClient) -> None:
    request = build_request({**GIVEN, "hook": "order-sign", "orders": ["osimertinib"]})
    assert post(client, request, CHECK)[0] == 200
    for prefetch in ({}, {"variants": None}, {"variants": None, "conditions": FAILED}):
        status, outcome = post(client, {**request, "prefetch": prefetch}, CHECK)
        assert status == 412
        assert "conditions: " in text_of(outcome)
