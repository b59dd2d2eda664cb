"""The cards of hook requests; the cases are ``cases/patient_view.yaml`` and ``cases/orders.yaml``.

Every answer also has the shape of the format and the promises that hold for each card.
"""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from service.adapters.cds_hooks.cards import escape
from service.adapters.cds_hooks.services import SERVICES
from service.app import create_app
from service.config import Settings
from service.knowledge.store import KnowledgeBase
from tests.adapters.cds_hooks.messages import HERE, build_request, complaints
from tests.cases import TODAY

Json = dict[str, Any]
PUBLIC_URL = "https://cds.example.org"
CASES: list[Json] = [
    case
    for name in ("patient_view", "orders")
    for case in yaml.safe_load((HERE / f"cases/{name}.yaml").read_text("utf-8"))
]
IDS = {service.hook: service.id for service in SERVICES}


@pytest.fixture(scope="module")
def cds_app(kb: KnowledgeBase) -> Flask:
    settings = Settings(kb_path=kb.path, public_url=PUBLIC_URL)
    return create_app(settings, knowledge=kb, today=lambda: TODAY)


@pytest.fixture(scope="module")
def cds_client(cds_app: Flask) -> FlaskClient:
    return cds_app.test_client()


def ask(client: FlaskClient, given: Json) -> list[Json]:
    """Return the cards that small words give."""
    request = build_request(given)
    assert complaints("request", request) == []
    response = client.post(f"/cds-services/{IDS[given['hook']]}", json=request)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.mimetype == "application/json"
    body = orjson.loads(response.get_data())
    assert complaints("response", body) == []
    assert list(body) == ["cards"]
    cards: list[Json] = body["cards"]
    return cards


def differences(expected: list[Json], cards: list[Json]) -> list[str]:
    """Return what of the expected cards is not there."""
    if len(expected) != len(cards):
        return [f"{len(cards)} cards: {[card['summary'] for card in cards]}"]
    found = []
    for want, card in zip(expected, cards, strict=True):
        links = card.get("links", [])
        real = {
            "indicator": card["indicator"],
            "topic": card["source"]["topic"]["code"],
            "summary": card["summary"],
            "link": links[0]["url"] if links else None,
        }
        found += [
            f"{name}: {real[name]!r}" for name in real if name in want and want[name] != real[name]
        ]
        if want.get("summary_has", "") not in card["summary"]:
            found.append(f"summary: {card['summary']!r}")
        found += [
            f"not in detail: {p!r}" for p in want.get("detail_has", ()) if p not in card["detail"]
        ]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['given']['hook']}-{case['id']}")
def test_a_request_gives_its_cards(cds_client: FlaskClient, case: Json) -> None:
    assert differences(case["expect"], ask(cds_client, case["given"])) == []


def test_the_comparer_notices_each_kind_of_difference(cds_client: FlaskClient) -> None:
    cards = ask(
        cds_client, {"hook": "patient-view", "tumors": ["LUAD"], "variants": ["KRAS p.Gly12Cys"]}
    )
    good = {
        "indicator": "info",
        "topic": "actionable-biomarker",
        "summary": cards[0]["summary"],
        "summary_has": "KRAS G12C",
        "link": cards[0]["links"][0]["url"],
        "detail_has": ["Sotorasib"],
    }
    assert differences([good], cards) == []
    assert differences([], cards) != []
    for name, wrong in {
        "indicator": "warning", "topic": "x", "summary": "x", "summary_has": "BRAF", "link": None,
        "detail_has": ["Vemurafenib9"],
    }.items():  # fmt: skip
        assert differences([{**good, name: wrong}], cards) != [], name


def test_the_ids_of_the_cases_are_their_own() -> None:
    ids = [(case["given"]["hook"], case["id"]) for case in CASES]
    assert len(ids) == len(set(ids))
    assert all(case["title"] and case["why"] for case in CASES)


def every_card(client: FlaskClient) -> list[Json]:
    return [card for case in CASES for card in ask(client, case["given"])]


def test_no_card_is_critical_and_none_writes_an_order(cds_client: FlaskClient) -> None:
    for card in every_card(cds_client):
        assert card["indicator"] in ("info", "warning")
        assert "suggestions" not in card
        assert "selectionBehavior" not in card


def test_every_card_says_what_it_is_not_for(cds_client: FlaskClient) -> None:
    for card in every_card(cds_client):
        assert "Research and education only" in card["detail"]
        assert "research and education only" in card["source"]["label"]
        assert card["overrideReasons"]


def test_every_detail_is_markdown_without_html(cds_client: FlaskClient) -> None:
    """Rendered by a strict reader it holds lists, links and emphasis, and no markup of others."""
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    kinds = set()
    for card in every_card(cds_client):
        for token in markdown.parse(card["detail"]):
            for part in (token, *(token.children or ())):
                kinds.add(part.type)
    assert not kinds & {"html_block", "html_inline", "code_inline", "code_block", "fence", "image"}
    assert {"bullet_list_open", "link_open", "strong_open"} <= kinds


def test_a_link_opens_the_answer_that_the_card_is_about(
    cds_client: FlaskClient,
) -> None:
    """Its query is the one of ``GET /v1/match`` and gives the same findings."""
    given = {"hook": "patient-view", "tumors": ["LUAD"], "markers": ["HER2 IHC 3+"],
             "variants": ["EGFR p.Leu858Arg", "EML4::ALK fusion", "KRAS absent"]}  # fmt: skip
    for card in ask(cds_client, given):
        link = urlsplit(card["links"][0]["url"])
        assert f"{link.scheme}://{link.netloc}{link.path}" == f"{PUBLIC_URL}/answer"
        answer = cds_client.get("/v1/match", query_string=parse_qsl(link.query)).get_json()
        names = [finding["name"] for finding in answer["case"]["findings"]]
        assert names == [value for key, value in parse_qsl(link.query) if key == "biomarker"]
        assert len(names) == 4
        assert answer["case"]["tumor_type"]["code"] == "LUAD"


def test_the_same_request_gives_the_same_bytes(cds_client: FlaskClient) -> None:
    given = {"hook": "patient-view", "tumors": ["LUAD"], "variants": ["EGFR p.Leu858Arg"]}
    request = build_request(given)
    first = cds_client.post(f"/cds-services/{IDS['patient-view']}", json=request).get_data()
    again = {**request, "hookInstance": "00000000-0000-4000-8000-000000000000"}
    assert cds_client.post(f"/cds-services/{IDS['patient-view']}", json=again).get_data() == first


def test_the_order_of_the_prefetch_makes_no_difference(cds_client: FlaskClient) -> None:
    texts = ["EGFR p.Leu858Arg", "KRAS absent", "EGFR p.Cys797Ser"]
    answers = [
        ask(cds_client, {"hook": "patient-view", "tumors": ["LUAD"], "variants": list(order)})
        for order in itertools.permutations(texts)
    ]
    assert all(answer == answers[0] for answer in answers)


def test_different_cards_have_different_identifiers(cds_client: FlaskClient) -> None:
    cards = {card["detail"]: card["uuid"] for card in every_card(cds_client)}
    assert len(set(cards.values())) == len(cards)


def test_nobody_is_named_in_a_card(cds_client: FlaskClient) -> None:
    request = build_request(
        {"hook": "order-sign", "tumors": ["LUAD"], "variants": ["EGFR p.Leu858Arg"],
         "orders": ["osimertinib <b>for Zyx Patient</b> [x](javascript:alert(1))"]}
    )  # fmt: skip
    request["prefetch"]["patient"]["name"] = [{"text": "Zyx Patient"}]
    body = cds_client.post(f"/cds-services/{IDS['order-sign']}", json=request).get_data(
        as_text=True
    )
    assert "Osimertinib: on label" in body
    for word in ("Zyx", "pat-1", "1961", "javascript", "<b>", "p-1"):
        assert word not in body


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>", "[y](https://evil.example)", "![z](www.evil.example)", "https://evil.example",
        "www.evil.example", "*a* _b_ ~~c~~ `d`", "<https://evil.example>", "# a", "&lt;", "a|b",
        "javascript://evil.example", "line\n\n- item",
    ],
)  # fmt: skip
def test_a_result_that_is_quoted_is_text_only(text: str) -> None:
    """What a laboratory wrote may be quoted; it is never markup, and never a link."""
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(f"Read: {escape(text)}")
    parts = [part for token in tokens for part in (token, *(token.children or ()))]
    kinds = {part.type for part in parts}
    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert "evil" not in escape(text)


def test_at_most_five_cards_and_the_rest_is_counted(cds_client: FlaskClient) -> None:
    variants = ["EGFR p.Leu858Arg", "EGFR p.Cys797Ser", "EGFR p.Thr790Met", "KRAS p.Gly12Cys",
                "BRAF p.Val600Glu", "EML4::ALK fusion"]  # fmt: skip
    given = {"hook": "patient-view", "tumors": ["LUAD"], "variants": variants}
    cards = ask(cds_client, {**given, "markers": ["HER2 IHC 3+"]})
    assert len(cards) == 5
    assert "**2 more** without a card of their own" in cards[-1]["detail"]
    assert all("without a card" not in card["detail"] for card in cards[:-1])
    six = ask(cds_client, given)
    assert "**1 more** without a card of its own" in six[-1]["detail"]


def test_a_summary_is_never_too_long(cds_client: FlaskClient) -> None:
    drugs = ["osimertinib", "gefitinib", "erlotinib", "afatinib", "dacomitinib", "alectinib",
             "brigatinib", "lorlatinib", "trastuzumab deruxtecan"]  # fmt: skip
    cards = ask(cds_client, {"hook": "order-sign", "orders": drugs})
    assert [len(card["summary"]) <= 139 for card in cards] == [True]
    assert cards[0]["summary"].endswith("…")
    assert "trastuzumab deruxtecan" in cards[0]["detail"]
