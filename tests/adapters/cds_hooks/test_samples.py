"""Real messages of the specification and its neighbours, where their folder is named.

Without it nothing here is collected; what they show has a case of our own.
"""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from tests.adapters.cds_hooks.messages import complaints
from tests.adapters.samples import SAMPLES
from tests.contract.cds import CHECK, SERVICE

Json = dict[str, Any]
FOLDER = SAMPLES / "cds-hooks" if SAMPLES else None
#: Request -> status. A message before 1.0 and one without a patient are no requests of 2.0.
REQUESTS = {
    "spec-request-patient-view.json": 412,
    "spec-request-order-sign-paginated-prefetch.json": 200,
    "spec-request-with-extension.json": 400,
    "docs-request-opioid-order-sign.json": 400,
    "docs-request-radiology-order-select.json": 200,
    "composed-patient-view-met-alk-nsclc.json": 200,
}
#: Other message -> its schema, and whether it keeps it (one example lacks what is required).
MESSAGES = {
    "spec-discovery.json": ("discovery", True),
    "spec-response-cards.json": ("response", True),
    "spec-response-cards-2.json": ("response", False),
    "spec-response-empty.json": ("response", True),
    "spec-feedback-accepted.json": ("feedback", True),
    "spec-feedback-overridden-no-reason.json": ("feedback", True),
    "spec-feedback-overridden-with-reason.json": ("feedback", True),
}


def present(names: dict[str, Any]) -> list[str]:
    return [name for name in names if FOLDER and (FOLDER / name).is_file()]


def sample(name: str) -> Json:
    assert FOLDER
    content: Json = json.loads((FOLDER / name).read_text("utf-8"))
    return content


def post(client: FlaskClient, path: str, message: Any) -> Any:
    return client.post(path, data=orjson.dumps(message), content_type="application/json")


if FOLDER:

    @pytest.mark.parametrize("name", present(REQUESTS))
    def test_a_real_request_has_the_status_it_should(client: FlaskClient, name: str) -> None:
        request = sample(name)
        service = SERVICE if request["hook"] == "patient-view" else CHECK
        response = post(client, f"/cds-services/{service}", request)
        body = orjson.loads(response.get_data())
        assert response.status_code == REQUESTS[name], body
        assert complaints("response" if response.status_code == 200 else "outcome", body) == []

    @pytest.mark.parametrize("name", present(MESSAGES))
    def test_the_schema_reads_real_messages(name: str) -> None:
        schema, is_kept = MESSAGES[name]
        assert (complaints(schema, sample(name)) == []) is is_kept

    @pytest.mark.parametrize("name", [n for n in present(MESSAGES) if "feedback" in n])
    def test_real_feedback_is_taken(client: FlaskClient, name: str) -> None:
        assert post(client, f"/cds-services/{SERVICE}/feedback", sample(name)).status_code == 200

    def test_a_tumor_type_of_another_patient_is_said_and_not_used(client: FlaskClient) -> None:
        request = sample("composed-patient-view-met-alk-nsclc.json")
        body = post(client, f"/cds-services/{SERVICE}", request).get_json()
        assert [card["source"]["topic"]["code"] for card in body["cards"]] == ["not-checked"]
        assert "were not read" in body["cards"][0]["detail"]

    def test_with_its_subject_put_right_the_fusion_has_a_card_and_braf_none(
        client: FlaskClient,
    ) -> None:
        request = sample("composed-patient-view-met-alk-nsclc.json")
        subject = {"reference": f"Patient/{request['context']['patientId']}"}
        for entry in request["prefetch"]["conditions"]["entry"]:
            entry["resource"]["subject"] = subject
        body = post(client, f"/cds-services/{SERVICE}", request).get_json()
        summaries = [card["summary"] for card in body["cards"]]
        assert any("ALK fusion" in summary for summary in summaries)
        assert not [summary for summary in summaries if "BRAF" in summary]

    def test_every_sample_is_tried() -> None:
        """A file that comes to the folder is not overlooked; of tokens, the token tests speak."""
        known = {*REQUESTS, *MESSAGES, "spec-jwks-public.json", "spec-jwt-header.json",
                 "spec-jwt-payload.json", "spec-response-systemActions.json"}  # fmt: skip
        assert {path.name for path in FOLDER.glob("*.json")} <= known
