"""What labels say beside indications: boxes, reasons of an end, days of statements and tests."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.knowledge.citations import REGULATORY
from service.knowledge.store import KnowledgeBase
from tests.cases import TODAY

Json = dict[str, Any]


@pytest.fixture(scope="module")
def client(kb: KnowledgeBase) -> FlaskClient:
    return create_app(knowledge=kb, today=lambda: TODAY).test_client()


def ask(
    client: FlaskClient, tumor_type: str, biomarkers: list[str], as_of: str, **more: Any
) -> Json:
    """Return the answer of a case on a day."""
    body = {"tumor_type": tumor_type, "biomarkers": biomarkers, "as_of": as_of, **more}
    answer: Json = client.post("/v1/match", json=body).get_json()
    return answer


def test_a_drug_has_its_boxed_warning(client: FlaskClient) -> None:
    box = client.get("/v1/drugs/trastuzumab deruxtecan").get_json()["record"]["boxed_warning"]
    assert box["jurisdiction"] == "US"
    assert box["facts"] == [
        "Interstitial lung disease, fatal in some patients.", "Harm to the unborn child.",
    ]  # fmt: skip
    assert client.get(f"/v1/sources/{box['source']}").get_json()["record"]["kind"] in REGULATORY


def test_looked_at_without_a_box_is_not_the_same_as_not_looked_at(client: FlaskClient) -> None:
    boxes = {
        drug: client.get(f"/v1/drugs/{drug}").get_json()["record"]["boxed_warning"]
        for drug in ("encorafenib", "osimertinib")
    }
    assert boxes["encorafenib"]["facts"] == []
    assert boxes["osimertinib"] is None


def test_an_ended_authorisation_is_excluded_with_the_reason(client: FlaskClient) -> None:
    answer = ask(client, "LUAD", ["EGFR exon 20 insertion"], "2026-11-01", jurisdictions=["US"])
    (drop,) = [d for d in answer["excluded"] if d["assertion"] == "A0022"]
    assert drop["rule"] == "M16"
    assert "withdrawn 2024-07-15" in drop["reason"]
    assert "EXCLAIM-2" in drop["reason"]


def test_the_change_feed_gives_the_reason(client: FlaskClient) -> None:
    answer = client.get("/v1/knowledge-base/changes?since=2024-07-01").get_json()
    (event,) = [
        e for e in answer["events"] if (e["assertion"], e["type"]) == ("A0022", "withdrawn")
    ]
    assert "EXCLAIM-2" in event["reason"]
    assert all(e["reason"] == "" for e in answer["events"] if e["type"] == "approved")


def test_a_statement_is_not_known_before_its_publication(client: FlaskClient) -> None:
    record = client.get("/v1/assertions/A0100").get_json()["record"]
    year = record["known_since"]
    case = ("COADREAD", ["EGFR S492R"])
    then = ask(client, *case, f"{year - 1}-12-31", explain="full")
    assert "A0100" not in {a["id"] for row in then["resistance"] for a in row["assertions"]}
    (drop,) = [d for d in then["excluded"] if d["assertion"] == "A0100"]
    assert (drop["rule"], str(year) in drop["reason"]) == ("M14", True)
    now = ask(client, *case, f"{year}-01-01")
    assert "A0100" in {a["id"] for row in now["resistance"] for a in row["assertions"]}


def test_a_device_is_named_from_the_day_of_its_claim(client: FlaskClient) -> None:
    def devices(as_of: str) -> list[str]:
        answer = ask(client, "LUAD", ["EGFR L858R"], as_of, jurisdictions=["US"])
        (found,) = [
            a for row in answer["therapies"] for a in row["assertions"] if a["id"] == "A0002"
        ]
        return list(found["companion_diagnostics"])

    assert "Guardant360 CDx" not in devices("2020-08-06")
    assert "Guardant360 CDx" in devices("2020-08-07")
    assert "cobas EGFR Mutation Test v2 (tissue)" in devices("2020-08-06")
