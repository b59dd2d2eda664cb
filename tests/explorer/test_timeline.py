"""The time line of a case: a drawing and a table that say the same, and an answer of every day."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from service.engine.history import history_of
from service.knowledge.store import KnowledgeBase
from tests.explorer.documents import Document, read
from tests.property.test_history import case_of

CASE = "tumor_type=LUAD&biomarker=EGFR+exon+20+insertion"


def of(client: FlaskClient, query: str) -> Document:
    return read(client, f"/timeline?{query}")


def test_every_event_stands_in_the_table_with_its_document(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    case = case_of({"tumor_type": "LUAD", "biomarkers": ["EGFR exon 20 insertion"]})
    document = of(client, CASE)
    for step in history_of(kb.rulebook, case).steps:
        for entry, event in step.events:
            words = (
                f"{event.type.replace('_', ' ')} {entry.assertion.regimen.name}, "
                f"{entry.assertion.jurisdiction} ( {entry.assertion.id} )"
            )
            assert words in document.text
            assert f"/browse/sources/{event.source}" in document.links


def test_the_drawing_says_in_words_what_the_table_says(client: FlaskClient) -> None:
    document = of(client, CASE)
    labels = {svg.attributes.get("aria-label") for svg in document.all("svg")}
    assert "accelerated from 2021-09-15, withdrawn since 2024-07-15" in labels  # mobocertinib
    assert "accelerated from 2021-05-21, approved since 2024-03-01" in labels  # amivantamab
    bars = [bar for bar in document.all("rect") if bar.attributes["x"] != "0"]
    assert {bar.attributes["class"] for bar in bars} == {"approved", "accelerated", "conditional"}


def test_marks_stand_in_the_order_of_their_days(client: FlaskClient) -> None:
    html = client.get(f"/timeline?{CASE}").text
    row = next(part for part in html.split("<tr>") if ">A0022<" in part and "<svg" in part)
    places = re.findall(r'(?:cx|x)="([\d.]+)%"[^>]*>[^<]*<title>(\w[\w ]*) (\d{4}-\d\d-\d\d)', row)
    assert [day for _, _, day in places] == ["2021-09-15", "2023-10-02", "2024-07-15"]
    assert [float(at) for at, _, _ in places] == sorted(float(at) for at, _, _ in places)


def test_each_day_of_events_has_the_answer_of_that_day(client: FlaskClient) -> None:
    document = of(client, CASE)
    answers = [link for link in document.links if link.startswith("/answer?")]
    days = {parse_qs(urlsplit(link).query)["as_of"][0] for link in answers if "as_of" in link}
    assert {"2021-09-15", "2024-07-15"} <= days
    text = Document(client.get(f"/answer?{CASE}&as_of=2022-06-01").text).text
    assert "Mobocertinib" in text


@pytest.mark.parametrize(
    ("day", "wanted"), [("2022-06-01", True), ("2024-07-14", True), ("2024-07-15", False)]
)
def test_what_was_on_label_on_the_chosen_day(client: FlaskClient, day: str, wanted: bool) -> None:
    html = client.get(f"/timeline?{CASE}&as_of={day}").text
    section = html.split('id="that-day"')[1].split("</section>")[0]
    assert ("Mobocertinib" in section) is wanted


def test_what_changed_is_said_in_words(client: FlaskClient) -> None:
    text = of(client, CASE).text
    assert "Mobocertinib enters: on label" in text
    assert "Mobocertinib leaves: withdrawn: accelerated 2021-09-15" in text
    assert "status: accelerated, then approved" in text


def test_the_way_back_leads_through_the_events_one_by_one(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    """From the last event to the first and no further, without scripts; and forward again."""
    address, days = f"/timeline?{CASE}", []
    while address:
        document = Document(client.get(address).text)
        previous = document.all("a", rel="prev")
        address = previous[0].attributes["href"] if previous else ""
        if address:
            days.append(parse_qs(urlsplit(address).query)["as_of"][0])
    case = case_of({"tumor_type": "LUAD", "biomarkers": ["EGFR exon 20 insertion"]})
    steps = history_of(kb.rulebook, case).steps
    assert days == [step.day.isoformat() for step in steps[-2::-1]]
    for day, following in pairwise(steps):
        document = of(client, f"{CASE}&as_of={day.day}")
        assert document.all("a", rel="next")[0].text == f"Next event {following.day}"


def test_a_step_of_the_slider_leads_to_its_day(client: FlaskClient) -> None:
    response = client.get(f"/timeline?{CASE}&step=0")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/timeline?{CASE}&as_of=2003-05-05"
    assert client.get(f"/timeline?{CASE}&step=99").status_code == 404
    assert client.get(f"/timeline?{CASE}&step=x").status_code == 404


def test_before_the_first_event_nothing_is_chosen(client: FlaskClient) -> None:
    document = of(client, f"{CASE}&as_of=1999-01-01")
    assert "Event 0 of" in document.text
    assert "Nothing was on label." in document.text


def test_a_case_without_dates_says_so(client: FlaskClient) -> None:
    assert "Nothing that has a date speaks about this case" in of(client, "tumor_type=LUAD").text


def test_labels_of_other_tumour_types_stand_apart(client: FlaskClient) -> None:
    text = of(client, "tumor_type=COADREAD&biomarker=BRAF+V600E").text
    own, other = text.split("In other tumour types")
    assert "A0315" in own
    assert "A0300" in other


def test_a_fault_leads_back_to_the_form(client: FlaskClient) -> None:
    response = client.get("/timeline?tumor_type=LUAD&biomarker=<script>alert(1)</script>")
    assert response.status_code == 422
    assert "<script>alert" not in response.text


def test_the_day_of_today_is_the_default(client: FlaskClient) -> None:
    assert "The whole answer of 2026-11-22" in of(client, CASE).text
    assert dt.date(2026, 11, 22).isoformat() in of(client, CASE).text
