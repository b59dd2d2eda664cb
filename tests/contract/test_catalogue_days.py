"""The catalogue of a past day: regimens live by their assertions, the rest is not dated."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.api.openapi.contract import CATALOGUES
from service.app import create_app
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY


@pytest.fixture(scope="module")
def client(kb: KnowledgeBase) -> FlaskClient:
    return create_app(knowledge=kb, today=lambda: TODAY).test_client()


def test_a_regimen_has_only_the_assertions_of_its_day(client: FlaskClient) -> None:
    path = "/v1/regimens/osimertinib"
    now = client.get(path).get_json()["record"]["assertions"]
    then = client.get(f"{path}?as_of=2016-01-01").get_json()["record"]["assertions"]
    assert {"A0001", "A0002", "A0003"} <= set(now)
    assert "A0001" in then
    assert not {"A0002", "A0003"} & set(then)


def test_a_regimen_that_did_not_exist_is_not_listed(client: FlaskClient) -> None:
    path = "/v1/regimens?limit=500&as_of="
    now = {item["id"] for item in client.get(f"{path}2026-11-22").get_json()["items"]}
    then = {item["id"] for item in client.get(f"{path}2005-01-01").get_json()["items"]}
    assert then < now
    assert "abemaciclib+aromatase-inhibitor" in now - then
    assert (
        client.get("/v1/regimens/abemaciclib+aromatase-inhibitor?as_of=2005-01-01").status_code
        == 404
    )


@pytest.mark.parametrize("path", [path for path, _ in CATALOGUES.values()])
def test_every_list_takes_a_day_and_refuses_what_is_none(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?as_of=2020-01-01&limit=1").status_code == 200
    refused = client.get(f"{path}?as_of=yesterday")
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "?as_of"
