"""Search: by words over every kind, and by what a text means to the readers of a question."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.explorer.browse.search import _VOCABULARY
from service.knowledge.catalogue import _SEARCHED
from tests.explorer.documents import Document


def search(client: FlaskClient, text: str, status: int = 200) -> Document:
    response = client.get("/search", query_string={"q": text})
    assert response.status_code == status
    return Document(response.text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("A0002", "/browse/assertions/A0002"),
        ("a0002", "/browse/assertions/A0002"),
        ("Tagrisso", "/browse/drugs/osimertinib"),
        ("HER2", "/browse/genes/ERBB2"),
        ("bowel cancer", "/browse/tumor-types/COADREAD"),
        ("NCT02296125", "/browse/studies/flaura"),
        ("29151359", "/browse/studies/flaura"),
        ("BRAF p.Val600Glu", "/browse/biomarker-classes/BRAF%20V600E"),
        ("BRAF p.Val600Glu", "/browse/variants/BRAF%20V600E"),
        ("dabrafenib trametinib", "/browse/regimens/dabrafenib+trametinib"),
        ("FoundationOne", "/browse/diagnostics/foundationone-cdx"),
        ("Tagrisso prescribing", "/browse/sources/us-label-tagrisso"),
        ("osimertinib", "/browse/studies/flaura"),
        ("squamous", "/browse/tumor-types/LUSC"),
        ("adjuvant osimertinib", "/browse/assertions/A0003"),
    ],
)
def test_a_text_leads_to_the_record_that_it_means(
    client: FlaskClient, text: str, address: str
) -> None:
    assert address in search(client, text).links


def test_a_result_can_be_asked_with(client: FlaskClient) -> None:
    assert "/?biomarker=BRAF+p.Val600Glu" in search(client, "BRAF p.Val600Glu").links
    assert not any(link.startswith("/?biomarker") for link in search(client, "Tagrisso").links)


def test_a_word_that_is_nowhere_says_so(client: FlaskClient) -> None:
    assert "Nothing is called “qqqqzz” here" in search(client, "qqqqzz").text


def test_one_letter_is_too_little(client: FlaskClient) -> None:
    assert "Give 2 to 200 characters" in search(client, "a", 422).text


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "' OR 1=1 --", "NEAR(", '"*', "%_"]
)
def test_any_text_is_searched_for_as_text(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_every_kind_that_the_full_text_holds_has_its_pages() -> None:
    assert {kind for _, kind, _, _ in _SEARCHED} == set(_VOCABULARY)


def test_a_list_that_is_cut_leads_on_to_the_whole(client: FlaskClient) -> None:
    assert "/browse/assertions?q=osimertinib" in search(client, "osimertinib").links
