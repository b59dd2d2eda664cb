"""``/read``: a report is read line by line, and nothing is answered before it is confirmed."""

from __future__ import annotations

import io

from flask.testing import FlaskClient

from service.api.examples.reports import BODIES
from tests.explorer.pages import Page

REPORT = (
    "Diagnosis: lung adenocarcinoma\nStage: IV\nEGFR p.L858R\nKRAS: not detected\n"
    "EGFR frobnicated <b>\n"
)


def _post(client: FlaskClient, **data: object) -> Page:
    answer = client.post("/read", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return Page(answer.get_data(as_text=True))


def _values(page: Page, name: str) -> list[str]:
    return [
        node.attributes.get("value", "")
        for node in page.elements
        if node.tag == "input" and node.attributes.get("name") == name
    ]


def test_each_line_is_shown_and_what_was_found_can_be_confirmed(client: FlaskClient) -> None:
    page = _post(client, report=REPORT)
    assert _values(page, "biomarker") == ["EGFR L858R", "KRAS mutation not detected", ""]
    assert _values(page, "tumor_type") == ["lung adenocarcinoma"]
    form = page.by_id("confirm")
    assert (form.attributes["action"], form.attributes["method"]) == ("/answer", "get")


def test_what_is_confirmed_is_answered_as_the_report_would_be(client: FlaskClient) -> None:
    page = _post(client, report=REPORT)
    found = [value for value in _values(page, "biomarker") if value]
    (stage,) = _values(page, "disease_stage")
    question = {
        "tumor_type": _values(page, "tumor_type")[0],
        "biomarker": found,
        "disease_stage": stage,
    }
    asked = client.get("/v1/match", query_string=question).json
    report = client.post("/v1/match/report", data=REPORT, content_type="text/plain").json
    assert asked["therapies"] == report["answer"]["therapies"]
    assert client.get("/answer", query_string=question, follow_redirects=True).status_code == 200


def test_a_file_of_any_format_is_read(client: FlaskClient) -> None:
    for media in ("text/vcf", "text/tab-separated-values", "text/plain", "application/hl7-v2"):
        content = BODIES[media]["example"].encode()
        page = _post(client, file=(io.BytesIO(content), "report"))
        assert "EGFR L858R" in _values(page, "biomarker")


def test_what_cannot_be_read_says_why(client: FlaskClient) -> None:
    for text, said in (("", "paste a report"), ('{"a":1,"a":2}', "twice"), ("MSH||", "MSH")):
        answer = client.post("/read", data={"report": text}, content_type="multipart/form-data")
        assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)
