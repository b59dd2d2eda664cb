"""Asking without a script: the form, its faults, and one address for one question."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from service.adapters.v1.query import PLACES
from service.explorer.address import QUESTION, Address, read_address
from tests.explorer.pages import CASE, Element, Page, get


def fields(page: Page) -> list[Element]:
    form = page.by_id("ask")
    return [e for e in page.elements if form in e.inside and "name" in e.attributes]


def test_the_form_sends_the_parameters_of_the_api(client: FlaskClient) -> None:
    page = get(client, "/")
    form = page.by_id("ask")
    assert (form.attributes["action"], form.attributes["method"]) == ("/answer", "get")
    names = {field.attributes["name"] for field in fields(page)}
    # Conditions are many: they are offered where one decides something, and kept in the form.
    assert names == set(QUESTION) - {"condition", "explain"}
    assert set(QUESTION) <= set(PLACES)


def test_every_field_has_a_label(client: FlaskClient) -> None:
    page = get(client, f"/?{CASE}&condition=complete_resection:yes")
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for field in fields(page):
        is_inside = any(outer.tag == "label" for outer in field.inside)
        assert is_inside or field.attributes["id"] in labelled


def test_an_address_fills_the_form(client: FlaskClient) -> None:
    query = (
        "tumor_type=LUAD&biomarker=EGFR+L858R&biomarker=KRAS+wild+type&disease_stage=metastatic"
        "&line_of_therapy=2&prior_therapy=osimertinib&condition=complete_resection:no"
        "&jurisdiction=EU&as_of=2024-01-01"
    )
    page = get(client, f"/?{query}")
    assert page.by_id("tumor_type").attributes["value"] == "LUAD"
    assert "".join(page.by_id("biomarker").pieces).split("\n") == ["EGFR L858R", "KRAS wild type"]
    assert page.by_id("line_of_therapy").attributes["value"] == "2"
    assert page.by_id("as_of").attributes["value"] == "2024-01-01"
    assert page.by_id("prior_therapy").text == "osimertinib"
    chosen = [e.attributes["value"] for e in page.elements if "selected" in e.attributes]
    checked = [e.attributes["value"] for e in page.elements if "checked" in e.attributes]
    assert chosen == ["metastatic"]
    assert checked == ["EU", "complete_resection:no"]


def test_what_a_form_without_a_script_sends_is_led_to_the_address_of_the_question(
    client: FlaskClient,
) -> None:
    sent = (
        "/answer?tumor_type=LUAD&biomarker=EGFR+L858R%0D%0A%0D%0A+KRAS+wild+type+&line_of_therapy="
        "&disease_stage=&sex=female&as_of=&prior_therapy=osimertinib%0D%0Acarboplatin"
    )
    response = client.get(sent)
    assert response.status_code == 302
    assert parse_qsl(urlsplit(response.headers["Location"]).query) == [
        ("tumor_type", "LUAD"),
        ("biomarker", "EGFR L858R"),
        ("biomarker", "KRAS wild type"),
        ("sex", "female"),
        ("prior_therapy", "osimertinib"),
        ("prior_therapy", "carboplatin"),
    ]
    assert client.get(response.headers["Location"]).status_code == 200


def test_every_fault_stands_by_its_field_at_once(client: FlaskClient) -> None:
    query = (
        "tumor_type=lungg&biomarker=EGFR+L858R&biomarker=EGFR+K858R&biomarker=EFGR+L858R"
        "&sex=none&line_of_therapy=0&age_years=x&as_of=2024-13-01&jurisdiction=JP&condition=x"
    )
    page = get(client, f"/answer?{query}", 422)
    said = {e.attributes["id"]: e.text for e in page.all(class_="fault")}
    expected = {
        "fault-tumor_type-1": "'lungg' is no known tumour type",
        "fault-biomarker-1": "EGFR position 858 is Leu (L), not K",
        "fault-biomarker-2": "no known gene in 'EFGR L858R'",
        "fault-sex-1": "'none' is none of these",
        "fault-line_of_therapy-1": "a whole number from 1 to 20",
        "fault-age_years-1": "a number from 0 to 130",
        "fault-as_of-1": "a day is written YYYY-MM-DD",
        "fault-jurisdiction-1": "'JP' is none of these",
        "fault-condition-1": "name:yes or name:no",
    }
    assert set(said) == set(expected)
    for id_, words in expected.items():
        assert words in said[id_]
    assert "EGFR L858R" in page.by_id("biomarker").text


def test_a_suggestion_is_a_link_that_mends_the_question(client: FlaskClient) -> None:
    page = get(client, "/answer?tumor_type=LUAD&biomarker=KRAS+wt&biomarker=EFGR+L858R", 422)
    fixes = {e.text: e.attributes["href"] for e in page.all("a", class_="button")}
    mended = get(client, fixes["EGFR L858R"])
    assert "EGFR L858R" in mended.all("h1")[0].text
    page = get(client, "/answer?tumor_type=colon+cance&biomarker=BRAF+V600E", 422)
    fixes = {e.text: e.attributes["href"] for e in page.all("a", class_="button")}
    assert "Colon Adenocarcinoma" in get(client, fixes["colon cancer"]).all("h1")[0].text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tumor_type=LUAD&nonsense=1", "nonsense: there is no such parameter here"),
        ("tumor_type=LUAD&kb_version=1", "there is no such parameter here"),
        ("tumor_type=LUAD&sex=male&sex=female", "this parameter is given once"),
        ("biomarker=EGFR+K858R", "name the tumour type"),
    ],
)
def test_a_question_of_a_wrong_shape_is_refused_in_words(
    client: FlaskClient, query: str, words: str
) -> None:
    page = get(client, f"/answer?{query}", 422)
    assert any(words in fault.text for fault in page.all(class_="fault")), [
        fault.text for fault in page.all(class_="fault")
    ]


def test_a_biomarker_is_judged_even_where_the_tumour_type_is_missing(client: FlaskClient) -> None:
    page = get(client, "/answer?biomarker=EGFR+K858R", 422)
    assert {e.attributes["id"] for e in page.all(class_="fault")} == {
        "fault-tumor_type-1",
        "fault-biomarker-1",
    }


def test_each_example_of_the_first_page_is_answered(client: FlaskClient) -> None:
    examples = get(client, "/").all("a", class_="example")
    assert len(examples) == 6
    for example in examples:
        assert get(client, example.attributes["href"]).all("article", class_="row")


def test_the_script_is_told_what_each_biomarker_is(client: FlaskClient) -> None:
    query = "biomarker=EGFR+p.Leu858Arg&biomarker=EFGR+L858R&biomarker=BRAF+V600"
    chips = Page(client.get(f"/understood?{query}").get_data(as_text=True)).all("li", class_="chip")
    read, refused, remarked = (chip.text for chip in chips)
    assert "✓ EGFR L858R p.Leu858Arg sequence variant, detected, oncogenic" in read
    assert "EGFR activating mutation" in read
    assert "Not understood: no known gene in 'EFGR L858R'Did you mean EGFR L858R" in refused
    assert "BRAF V600 names the codon" in remarked
    assert [chip.attributes["data-index"] for chip in chips] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("LUAD", "LUAD"),
        ("lung adeno", "LUAD"),
        ("TNBC", "BREAST"),
        ("colon cance", "COAD"),
        ("colorectal", "COADREAD"),
    ],
)
def test_tumour_types_are_suggested(client: FlaskClient, text: str, first: str) -> None:
    items = client.get("/suggest/tumor-types", query_string={"q": text}).get_json()["items"]
    assert items[0]["code"] == first
    assert len(items) <= 8


@pytest.mark.parametrize("text", ["", " ", '"', "*", "<script>", "x" * 5000, "%_", "NEAR("])
def test_suggestions_bear_any_text(client: FlaskClient, text: str) -> None:
    answer = client.get("/suggest/tumor-types", query_string={"q": text})
    assert answer.status_code == 200


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
PAIRS = st.lists(st.tuples(st.sampled_from([*QUESTION, "change", "x"]), WORDS), max_size=8)


@given(PAIRS)
def test_the_canonical_address_is_canonical(pairs: list[tuple[str, str]]) -> None:
    address, _ = read_address(MultiDict(pairs), beside=("change",))
    sent = MultiDict(parse_qsl(address.full_query, keep_blank_values=True))
    again, is_canonical = read_address(sent, beside=("change",))
    assert again == address
    assert is_canonical


@given(PAIRS)
def test_any_address_is_a_page_and_never_a_failure(
    client: FlaskClient, pairs: list[tuple[str, str]]
) -> None:
    for path in ("/", "/answer", "/why/A0002", "/what-if", "/understood"):
        answer = client.get(path, query_string=MultiDict(pairs), follow_redirects=True)
        assert answer.status_code in (200, 422)


def test_a_fact_that_is_added_takes_the_place_of_the_old_one() -> None:
    address = Address((("tumor_type", "LUAD"), ("biomarker", "EGFR L858R"), ("sex", "male")))
    assert address.adding(("sex", "female")).value("sex") == "female"
    assert address.adding(("tumor_type", "NSCLC")).values("tumor_type") == ["NSCLC"]
    both = address.adding(("biomarker", "KRAS wild type"))
    assert both.values("biomarker") == ["EGFR L858R", "KRAS wild type"]
    none = address.adding(("prior_therapy", "none"))
    assert none.adding(("prior_therapy", "osimertinib")).values("prior_therapy") == ["osimertinib"]
    yes = address.adding(("condition", "x:yes"))
    assert yes.adding(("condition", "x:no")).values("condition") == ["x:no"]
    assert both.replacing("biomarker", 0, "EGFR T790M").values("biomarker")[0] == "EGFR T790M"
