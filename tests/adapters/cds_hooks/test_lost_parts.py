"""What could not be fetched or read is said on a card, and never looks like "no findings"."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.adapters.cds_hooks.prefetch import read_prefetch
from tests.adapters.cds_hooks.messages import PATIENT_ID, build_request, searchset, variant
from tests.adapters.cds_hooks.test_prefetch import FAILED, post, with_prefetch
from tests.contract.cds import CHECK

Json = dict[str, Any]
WRAPPED = {"response": {"status": "404 Not Found"}, "resource": None}
ERRORS = [
    FAILED,
    "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
    WRAPPED,
    {"response": {"status": "200 OK"}, "resource": "?"},
    searchset([FAILED]),
    {"resourceType": 1},
    [],
]


@pytest.mark.parametrize("error", ERRORS)
def test_a_failed_part_without_findings_is_a_card_that_names_it(
    client: FlaskClient, error: Any
) -> None:
    status, body = post(client, with_prefetch(variants=error, markers=None))
    (card,) = body["cards"]
    assert (status, card["indicator"]) == (200, "warning")
    assert card["source"]["topic"]["code"] == "not-checked"
    assert "could not fetch variants" in card["summary"]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("hook", ["order-sign", "patient-view"])
def test_a_failed_part_beside_findings_is_a_warning_on_each_card(
    client: FlaskClient, hook: str, error: Any
) -> None:
    request = build_request(
        {
            "hook": hook,
            "tumors": ["LUAD"],
            "variants": ["EGFR p.Leu858Arg"],
            "orders": ["osimertinib"],
        }
    )
    request["prefetch"]["markers"] = error
    service = CHECK if hook == "order-sign" else "actionable-biomarkers"
    _, body = post(client, request, service)
    assert body["cards"]
    for card in body["cards"]:
        assert card["indicator"] == "warning"
        assert "could not fetch markers" in card["detail"]


def test_nothing_that_could_be_fetched_is_412(client: FlaskClient) -> None:
    for error in ERRORS:
        assert post(client, with_prefetch(variants=error, markers=error))[0] == 412


def test_a_wrapped_resource_is_read() -> None:
    bundle = searchset([variant("EGFR p.Leu858Arg")])
    wrapped = {"response": {"status": "200 OK"}, "resource": bundle}
    plain, unwrapped = (
        read_prefetch({"variants": value, "markers": None}, PATIENT_ID)
        for value in (bundle, wrapped)
    )
    assert (unwrapped.states, unwrapped.bundle) == (plain.states, plain.bundle)


def test_a_patient_that_could_not_be_fetched_hides_no_result(client: FlaskClient) -> None:
    """Age and sex are missing, and no finding is."""
    assert post(client, with_prefetch(patient=FAILED, variants=None, markers=None))[1] == {
        "cards": []
    }


def test_a_card_says_what_is_not_covered_and_what_was_set_apart(client: FlaskClient) -> None:
    torn = variant("KRAS p.Gly12Cys")
    torn["component"][1]["valueCodeableConcept"] = {"text": "p.Ala12Cys"}
    other = variant("EGFR p.Leu858Arg")
    gene = {"system": "http://www.genenames.org", "code": "HGNC:11998", "display": "TP53"}
    other["component"][0]["valueCodeableConcept"] = {"coding": [gene]}
    good = variant("EGFR p.Leu858Arg")
    cards = post(client, with_prefetch(variants=searchset([good, other])))[1]["cards"]
    assert {card["indicator"] for card in cards} == {"info"}
    assert all("1 not covered (TP53), 0 set apart" in card["detail"] for card in cards)
    cards = post(client, with_prefetch(variants=searchset([good, torn])))[1]["cards"]
    assert {card["indicator"] for card in cards} == {"warning"}
    assert all("0 not covered, 1 set apart (KRAS:" in card["detail"] for card in cards)


#: Parts of a prefetch that are not whole -> what is said of them.
PARTIAL: list[tuple[Json, str]] = [
    (
        {"variants": {**searchset([]), "link": [{"relation": "next", "url": "http://a.org"}]}},
        "Only the first page of variants was sent",
    ),
    ({"variants": None}, "The client did not send markers"),
    ({"markers": None}, "The client did not send variants"),
]


@pytest.mark.parametrize(("parts", "said"), PARTIAL)
def test_a_part_that_is_cut_or_not_sent_never_looks_like_no_findings(
    client: FlaskClient, parts: Json, said: str
) -> None:
    request = with_prefetch(**parts)
    for key in ("variants", "markers"):
        if key not in parts and "link" not in str(parts):
            request["prefetch"].pop(key, None)
    status, body = post(client, request)
    (card,) = body["cards"]
    assert (status, card["indicator"]) == (200, "warning")
    assert said in card["detail"]


def test_one_page_of_several_is_a_warning_beside_findings(client: FlaskClient) -> None:
    paged = {
        **searchset([variant("EGFR p.Leu858Arg")]),
        "link": [{"relation": "next", "url": "http://a.org?page=2"}],
    }
    cards = post(client, with_prefetch(variants=paged))[1]["cards"]
    assert cards
    assert {card["indicator"] for card in cards} == {"warning"}


def test_a_client_that_sends_one_kind_of_results_is_not_warned(client: FlaskClient) -> None:
    """Discovery names both; variants that are there are answered for what they say."""
    request = with_prefetch(variants=searchset([variant("EGFR p.Leu858Arg")]))
    request["prefetch"].pop("markers", None)
    assert {card["indicator"] for card in post(client, request)[1]["cards"]} == {"info"}
