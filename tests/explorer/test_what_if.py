"""What if: the differences of the API side by side, and a link to the case that was meant."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.explorer.pages import CASE, Page, get, links
from tests.explorer.test_answer import CASES

Json = dict[str, Any]
L858R = CASES[0]
#: (question, change, value, the same for the API).
CHANGES: tuple[tuple[str, str, str, Json], ...] = (
    (CASE, "biomarker", "KRAS G12D", {"biomarker": "KRAS G12D"}),
    (CASE, "tumor_type", "melanoma", {"tumor_type": "melanoma"}),
    (CASE, "without", "BRAF V600E", {"without": "BRAF V600E"}),
    (L858R, "biomarker", "EGFR T790M", {"biomarker": "EGFR T790M"}),
    (L858R, "biomarker", "EGFR wild type", {"biomarker": "EGFR wild type"}),
    (L858R, "line_of_therapy", "2", {"patient": {"line_of_therapy": 2}}),
    (L858R, "prior_therapy", "osimertinib", {"patient": {"prior_therapies": ["osimertinib"]}}),
    (L858R, "prior_therapy", "none", {"patient": {"prior_therapies": []}}),
    (L858R, "disease_stage", "early", {"patient": {"disease_stage": "early"}}),
    (
        L858R,
        "condition",
        "complete_resection:yes",
        {"patient": {"conditions": {"complete_resection": True}}},
    ),
    (CASES[5], "biomarker", "HER2 IHC 3+", {"biomarker": "HER2 IHC 3+"}),
    (CASES[5], "biomarker", "HER2 ISH-", {"biomarker": "HER2 ISH-"}),
)


def body(query: str) -> Json:
    pairs = parse_qsl(query)
    return {
        "tumor_type": dict(pairs)["tumor_type"],
        "biomarkers": [value for name, value in pairs if name == "biomarker"],
        "as_of": dict(pairs)["as_of"],
    }


def shown(page: Page) -> list[tuple[str, str]]:
    """Return (what happened, regimen) of each row of the tables."""
    rows = []
    for head in page.all("th", scope="row"):
        word, _, name = head.text[1:].partition(" ")  # after the sign
        rows.append((word, name))
    return rows


@pytest.mark.parametrize(("query", "change", "to", "asked"), CHANGES)
def test_the_page_shows_the_differences_of_the_api(
    client: FlaskClient, query: str, change: str, to: str, asked: Json
) -> None:
    page = get(client, f"/what-if?{query}&{urlencode({'change': change, 'to': to})}")
    answer = client.post("/v1/what-if", json={"case": body(query), "changes": [asked]})
    differences = answer.get_json()["differences"]
    expected = [
        (word, item["regimen"]["name"])
        for section in ("therapies", "resistance", "cautions")
        for word, key in (("new", "added"), ("gone", "gone"), ("changed", "changed"))
        for item in differences[key]
        if item["section"] == section
    ]
    assert shown(page) == expected
    assert f"{differences['unchanged']} row" in page.all("main")[0].text
    if not expected:
        assert "Nothing changes" in page.all("main")[0].text


@pytest.mark.parametrize(("query", "change", "to", "asked"), CHANGES)
def test_the_changed_case_has_an_address_of_its_own(
    client: FlaskClient, query: str, change: str, to: str, asked: Json
) -> None:
    page = get(client, f"/what-if?{query}&{urlencode({'change': change, 'to': to})}")
    after = client.post("/v1/what-if", json={"case": body(query), "changes": [asked]}).get_json()
    (href,) = [e.attributes["href"] for e in page.all("a") if e.text == "Answer that case"]
    answer = client.get(f"/v1/match?{urlsplit(href).query}").get_json()
    assert answer["result_hash"] == after["after"]["result_hash"]


@pytest.mark.parametrize("query", [*CASES[:3], CASES[7]])
def test_the_counterfactuals_are_buttons_and_each_does_what_it_says(
    client: FlaskClient, query: str
) -> None:
    answer = client.get(f"/v1/match?{query}&explain=full").get_json()
    page = get(client, f"/what-if?{query}")
    buttons = [
        e for e in page.all("a", class_="button") if any("buttons" in o.classes for o in e.inside)
    ]
    assert len(buttons) == len(answer["counterfactuals"]) > 0
    for button, told in zip(buttons, answer["counterfactuals"], strict=True):
        rows = {name for _, name in shown(get(client, button.attributes["href"]))}
        assert {item["regimen"]["name"] for item in told["differences"]} <= rows


def test_every_result_can_be_taken_away(client: FlaskClient) -> None:
    page = get(client, f"/what-if?{CASES[2]}")
    hrefs = [href for href in links(page) if "change=without" in href]
    assert len(hrefs) == 2
    for href in hrefs:
        assert shown(get(client, href))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"change": "biomarker", "to": "nonsense"}, "no known gene"),
        ({"change": "biomarker", "to": "EGFR K858R"}, "EGFR position 858 is Leu"),
        ({"change": "tumor_type", "to": "nonsense"}, "no known tumour type"),
        ({"change": "line_of_therapy", "to": "many"}, "a whole number from 1 to 20"),
        ({"change": "disease_stage", "to": "late"}, "is none of these"),
        ({"change": "condition", "to": "x"}, "name:yes or name:no"),
        ({"change": "biomarker"}, "say what it is changed to"),
        ({"change": "as_of", "to": "2020-01-01"}, "cannot be changed"),
    ],
)
def test_a_change_that_is_not_understood_is_said(
    client: FlaskClient, change: dict[str, str], words: str
) -> None:
    page = get(client, f"/what-if?{L858R}&{urlencode(change)}", 422)
    assert words in page.all(class_="fault")[0].text
    assert page.all("th", scope="row") == []


def test_a_remark_on_a_change_is_shown(client: FlaskClient) -> None:
    query = urlencode({"change": "prior_therapy", "to": "a drug that nobody knows"})
    page = get(client, f"/what-if?{L858R}&{query}")
    assert "is no known drug or drug group" in page.all("main")[0].text
