"""The page of the test plan says what ``/v1/test-plan`` says, and leads on."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.explorer.documents import Document, read


def of(client: FlaskClient, query: str) -> Document:
    return read(client, f"/test-plan?{query}")


def test_the_page_holds_what_the_api_plans(client: FlaskClient) -> None:
    plan = client.get("/v1/test-plan?tumor_type=LUAD").get_json()
    document = of(client, "tumor_type=LUAD")
    tests, covers = len(plan["panel"]["tests"]), len(plan["panel"]["covers"])
    assert f"The smallest panel: {tests} tests for {covers} label decisions" in document.text
    for test in plan["tests"]:
        assert f"{test['on_label_decisions']} label decision" in document.text
        assert f"/browse/genes/{test['gene']}" in document.links
        for decided in test["would_decide"]:
            assert f"/browse/regimens/{decided['regimen']['id']}" in document.links
        for device in test["companion_diagnostics"]:
            assert f"/browse/diagnostics/{device['id']}" in document.links


def test_the_rule_of_the_panel_is_one_link_away(client: FlaskClient) -> None:
    assert "/rules#M27" in of(client, "tumor_type=LUAD").links
    assert "M27" in Document(client.get("/rules").text).ids


def test_a_protein_is_called_as_laboratories_call_it(client: FlaskClient) -> None:
    assert "HER2 (ERBB2) by IHC" in of(client, "tumor_type=LUAD").text


def test_what_is_reported_is_not_asked_for_again(client: FlaskClient) -> None:
    before = of(client, "tumor_type=LUAD").text
    after = of(client, "tumor_type=LUAD&biomarker=KRAS+G12C").text
    assert "KRAS by sequencing" in before
    assert "KRAS by sequencing" not in after


def test_where_nothing_is_missing_the_page_says_so(client: FlaskClient) -> None:
    assert client.get("/v1/test-plan?tumor_type=PCM").get_json()["tests"] == []
    assert "No missing result would decide" in of(client, "tumor_type=PCM").text


def test_a_fault_leads_back_to_the_form(client: FlaskClient) -> None:
    response = client.get("/test-plan?tumor_type=nosuchtumour")
    assert response.status_code == 422
    assert "is no known tumour type" in response.text
