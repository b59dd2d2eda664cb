"""The page of an answer says what the JSON says, and every way off it leads somewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from service.explorer.case.needs import words_of
from tests.explorer.pages import CASE, Page, get, links

Json = dict[str, Any]
DAY = "as_of=2026-11-22"
#: Among them: conflicts, wild types, HER2 by two assays, a withdrawal, nothing found.
CASES = (
    f"tumor_type=LUAD&biomarker=EGFR+L858R&{DAY}",
    CASE,
    f"tumor_type=NSCLC&biomarker=EML4-ALK+fusion&biomarker=ALK+G1202R&{DAY}",
    f"tumor_type=COADREAD&biomarker=KRAS+wild+type&biomarker=NRAS+wild+type&{DAY}",
    f"tumor_type=BREAST&biomarker=HER2+IHC+2%2B%2FISH-&biomarker=ER+positive&{DAY}",
    f"tumor_type=BREAST&biomarker=HER2+IHC+2%2B&{DAY}",
    f"tumor_type=NSCLC&biomarker=EGFR+exon+20+insertion&{DAY}",
    f"tumor_type=LUAD&biomarker=EGFR+wild+type&{DAY}",
    f"tumor_type=LUAD&biomarker=EGFR+L858R&jurisdiction=EU&{DAY}",
    f"tumor_type=TISSUE&biomarker=BRAF+V600E&{DAY}",
)


def asked(client: FlaskClient, query: str, explain: str = "brief") -> tuple[Page, Json]:
    full = "&explain=full" if explain == "full" else ""
    answer: Json = client.get(f"/v1/match?{query}{full}").get_json()
    return get(client, f"/answer?{query}{full}"), answer


@pytest.mark.parametrize("query", CASES)
def test_the_rows_are_those_of_the_json_in_its_order(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query)
    rows = page.all("article", class_="row")
    expected = [("for", row) for row in answer["therapies"]]
    expected += [("against", row) for row in answer["resistance"]]
    assert [row.attributes["id"] for row in rows] == [
        f"{side}-{row['regimen']['id']}" for side, row in expected
    ]
    for element, (side, row) in zip(rows, expected, strict=True):
        assert page.texts_in(element, class_="regimen") == [row["regimen"]["name"]]
        assert row["level"]["amp_asco_cap"] in page.texts_in(element, class_="marks")[0]
        shown = [e.attributes["id"] for e in page.all("section") if element in e.inside]
        assert shown == [assertion["id"] for assertion in row["assertions"]]
        if side == "for":
            assert row["applicability"] in element.classes
            needed = [
                e.attributes["href"] for e in page.all("a") if element in e.inside
                if e.attributes["href"].startswith("#need-")
            ]  # fmt: skip
            assert needed == [f"#need-{need}" for need in row["needs"]]
            assert ("Conflict." in element.text) is (row["conflict"] is not None)


@pytest.mark.parametrize("query", CASES)
def test_a_statement_has_its_status_reason_studies_and_sources(
    client: FlaskClient, query: str
) -> None:
    page, answer = asked(client, query)
    for row in (*answer["therapies"], *answer["resistance"]):
        for assertion in row["assertions"]:
            text = page.by_id(assertion["id"]).text
            assert " ".join(assertion["statement"].split()) in text
            assert assertion["why"].split("; not reported")[0].rstrip(".") in text
            if assertion["status"]:
                since = assertion["since"]
                assert f"{assertion['authority']} {assertion['status']} {since}" in text
            for source in assertion["sources"]:
                assert source["title"] in text
            for study in assertion["evidence"]:
                assert study["study"] in text
            for need in assertion["needs"]:
                assert words_of(need) in text


@pytest.mark.parametrize("query", CASES)
def test_what_was_understood_comes_first(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query, "full")
    card = page.all("section", class_="understood")[0]
    place = page.elements.index(card)
    assert all(place < page.elements.index(row) for row in page.all("article", class_="row"))
    for finding in answer["case"]["findings"]:
        assert finding["name"] in card.text
        assert finding["input"] in card.text
        for name in finding["classes"]:
            assert name in page.texts_in(card, "li")
    assert answer["case"]["tumor_type"]["name"] in card.text
    for warning in answer["warnings"]:
        assert warning["message"] in card.text


@pytest.mark.parametrize("query", CASES)
@pytest.mark.parametrize("explain", ["brief", "full"])
def test_what_is_not_offered_names_its_rule(client: FlaskClient, query: str, explain: str) -> None:
    page, answer = asked(client, query, explain)
    table = page.all("section", **{"aria-labelledby": "not-offered"})[0]
    rows = [tuple(page.texts_in(row, "td")[1:]) for row in page.all("tr") if table in row.inside][
        1:
    ]
    assert rows == [(drop["rule"], drop["reason"]) for drop in answer["excluded"]]


@pytest.mark.parametrize("query", CASES)
def test_what_speaks_against_stands_above_the_therapies(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query)
    boxes = page.all("section", class_="cautions")
    warned = [row["regimen"]["name"] for row in answer["resistance"]]
    if not warned:
        return
    text = boxes[0].text
    assert page.elements.index(boxes[0]) < page.elements.index(page.by_id("therapies"))
    assert [name for name in warned if name not in text] == []
    conflicts = [row["regimen"]["name"] for row in answer["therapies"] if row["conflict"]]
    assert ("For and against:" in text) is bool(conflicts)


def test_a_label_that_excludes_the_tumour_type_is_named_on_top(client: FlaskClient) -> None:
    page = get(client, f"/answer?{CASE}")
    text = page.all("section", class_="cautions")[0].text
    assert "Ruled out in this tumour type: Dabrafenib + trametinib." in text
    assert "except colorectal cancer" in text
    assert "(M12)" in text


def test_a_former_label_of_what_is_on_label_now_is_no_warning(client: FlaskClient) -> None:
    page = get(client, f"/answer?{CASES[0]}")
    assert page.by_id("for-gefitinib").classes >= {"on_label"}
    assert page.all("section", class_="cautions")[0].text.count("Gefitinib") == 0
    assert "A0096" in page.all("section", **{"aria-labelledby": "not-offered"})[0].text


def test_the_context_is_shown_as_it_was_understood(client: FlaskClient) -> None:
    query = {
        "tumor_type": "metastatic triple negative breast cancer",
        "biomarker": "PD-L1 CPS 20",
        "prior_therapy": ["Herceptin", "none of these"],
        "condition": "complete_resection:no",
        "age_years": "61.5",
        "jurisdiction": "EU",
    }
    page = get(client, f"/answer?{urlencode(query, doseq=True)}")
    card = page.all("section", class_="understood")[0]
    assert "metastatic triple negative breast cancer" in card.text
    for fact in (
        "age years: 61.5",
        "disease stage: metastatic (in the tumour type)",
        "prior therapy: trastuzumab",
        "complete resection: no",
        "jurisdiction: EU",
    ):
        assert fact in card.text
    assert "'none of these' is no known drug" in card.text
    assert "HER2" in card.text
    unknown = get(client, f"/answer?{CASE}&prior_therapy=nonsense")
    assert "prior therapy: none" not in unknown.all("section", class_="understood")[0].text


def test_a_withdrawal_is_named_on_top(client: FlaskClient) -> None:
    page = get(client, f"/answer?{CASES[6]}")
    text = page.all("section", class_="cautions")[0].text
    assert "Withdrawn: Mobocertinib: withdrawn: accelerated 2021-09-15" in text


@pytest.mark.parametrize("query", CASES)
def test_regulators_stand_side_by_side(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query)
    on_label = [row for row in answer["therapies"] if row["applicability"] == "on_label"]
    tables = page.all("section", **{"aria-labelledby": "regulators"})
    assert bool(tables) is bool(on_label)
    if not tables:
        return
    columns = ["EU"] if "jurisdiction=EU" in query else ["US", "EU"]
    lines = [row for row in page.all("tr") if tables[0] in row.inside][1:]
    for line, row in zip(lines, on_label, strict=True):
        cells = page.texts_in(line, "td")
        assert len(cells) == len(columns)
        for cell, jurisdiction in zip(cells, columns, strict=True):
            said = [
                a for a in row["assertions"]
                if a["jurisdiction"] == jurisdiction and a["tumor_relation"] != "other"
            ]  # fmt: skip
            assert cell == (
                "".join(f"{a['authority']} {a['status']} {a['since']} {a['id']}" for a in said)
                or "none for this case"
            )


@pytest.mark.parametrize("query", CASES)
def test_every_open_fact_has_links_that_add_it(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query)
    needs = {need for row in answer["therapies"] for need in row["needs"]}
    offered = {
        e.attributes["id"].removeprefix("need-")
        for e in page.all("div")
        if e.attributes.get("id", "").startswith("need-")
    }
    assert offered == needs
    for need in sorted(needs):
        inside = page.by_id(f"need-{need}")
        choices = [e.attributes["href"] for e in page.all("a") if inside in e.inside]
        assert choices
        for href in choices:
            url = urlsplit(href)
            added = set(parse_qsl(url.query)) - set(parse_qsl(query))
            assert url.path == "/" or added, href


def test_a_fact_that_is_added_is_no_longer_open(client: FlaskClient) -> None:
    page = get(client, f"/answer?{CASES[0]}")
    for need, label in (("disease_stage", "metastatic"), ("line_of_therapy", "1")):
        inside = page.by_id(f"need-{need}")
        href = next(
            e.attributes["href"]
            for e in page.all("a")
            if inside in e.inside and e.text.endswith(f": {label}")
        )
        page = get(client, href)
        assert page.all(id=f"need-{need}") == []
    assert "every criterion of the leading statement" in page.by_id("for-osimertinib").text


@pytest.mark.parametrize("query", CASES)
def test_the_suggested_tests_are_those_of_the_json(client: FlaskClient, query: str) -> None:
    page, answer = asked(client, query)
    sections = page.all("section", **{"aria-labelledby": "tests"})
    shown = page.texts_in(sections[0], "li") if sections else []
    assert shown == [
        f"{test['gene']} by {test['assay']}: {test['reason']}" for test in answer["suggested_tests"]
    ]


@pytest.mark.parametrize("query", CASES)
def test_every_link_of_an_answer_leads_somewhere(client: FlaskClient, query: str) -> None:
    page = get(client, f"/answer?{query}&explain=full")
    ids = {e.attributes.get("id") for e in page.elements}
    for element in page.all("a"):
        href, fragment = urldefrag(element.attributes["href"])
        if not href and fragment:
            assert fragment in ids, element.attributes["href"]
    answers = {href: client.get(href) for href in links(page)}
    assert {href for href, r in answers.items() if r.status_code != 200} == set()
    rules = {
        urldefrag(e.attributes["href"])[1]
        for e in page.all("a")
        if e.attributes["href"].startswith("/rules#")
    }
    written = {e.attributes.get("id") for e in get(client, "/rules").elements}
    assert rules <= written


@pytest.mark.parametrize("query", CASES)
def test_the_links_of_an_answer_are_canonical(client: FlaskClient, query: str) -> None:
    page = get(client, f"/answer?{query}")
    for href in links(page):
        if href.startswith("/answer"):
            assert client.get(href).status_code == 200  # not 302


def test_the_json_that_a_page_links_is_the_same_question(client: FlaskClient) -> None:
    query = {
        "tumor_type": "BREAST",
        "biomarker": "HER2 IHC 3+",
        "condition": "complete_resection:yes",
        "prior_therapy": "none",
        "line_of_therapy": "1",
    }
    page = get(client, f"/answer?{urlencode(query)}")
    (href,) = [href for href in links(page) if href.startswith("/v1/match")]
    answer = client.get(href).get_json()
    shown = [row.attributes["id"] for row in page.all("article", class_="row")]
    assert shown[0] == f"for-{answer['therapies'][0]['regimen']['id']}"
    assert len(shown) == len(answer["therapies"]) + len(answer["resistance"])


def test_the_page_says_what_was_set_apart_and_that_the_answer_is_not_complete(
    client: FlaskClient,
) -> None:
    question = "tumor_type=LUAD&biomarker=EGFR+L858R&biomarker=EGFR+frobnicated"
    assert client.get(f"/answer?{question}").status_code == 422
    page = client.get(f"/answer?{question}&unreadable=set_apart").get_data(as_text=True)
    assert "Not complete." in page
    assert "EGFR frobnicated" in page
    whole = client.get("/answer?tumor_type=LUAD&biomarker=EGFR+L858R").get_data(as_text=True)
    assert "Not complete." not in whole
