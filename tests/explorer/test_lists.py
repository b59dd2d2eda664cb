"""Lists of records: counted, filtered, in pages that together hold everything once."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from service.explorer.browse.kinds import KINDS
from service.explorer.browse.lists import PAGE_SIZE
from service.knowledge.selection import FILTERS
from service.knowledge.store import KnowledgeBase
from tests.explorer.documents import Document, read


def records_in(document: Document, segment: str) -> list[str]:
    return [link for link in document.links if link.startswith(f"/browse/{segment}/")]


def test_the_first_page_counts_every_kind(client: FlaskClient, kb: KnowledgeBase) -> None:
    text = read(client, "/browse").text
    for name, kind in KINDS.items():
        assert f"{kind.title} {len(kb.catalogue.records(name)):,}" in text


@pytest.mark.parametrize("name", KINDS)
def test_the_pages_of_a_list_hold_every_record_once(
    client: FlaskClient, kb: KnowledgeBase, name: str
) -> None:
    kind = KINDS[name]
    found: list[str] = []
    address: str | None = f"/browse/{kind.segment}"
    while address is not None:
        document = read(client, address)
        found += records_in(document, kind.segment)
        following = [link for link in document.links if f"{kind.segment}?page=" in link]
        number = int(re.search(r"page=(\d+)", address).group(1)) if "page=" in address else 1  # type: ignore[union-attr]
        address = next((n for n in following if n.endswith(f"page={number + 1}")), None)
    total = len(kb.catalogue.records(name))
    assert len(found) == len(set(found)) == total
    assert len(records_in(read(client, f"/browse/{kind.segment}"), kind.segment)) <= PAGE_SIZE


@pytest.mark.parametrize(
    ("name", "field"), [(kind.name, field) for kind in KINDS.values() for field in kind.filters]
)
def test_a_filter_leaves_the_records_that_have_the_value(
    client: FlaskClient, kb: KnowledgeBase, name: str, field: str
) -> None:
    records = kb.catalogue.records(name)
    values = sorted({record[field] for record in records.values()} - {None})
    for value in values[:3]:
        count = sum(record[field] == value for record in records.values())
        text = read(client, f"/browse/{KINDS[name].segment}?{field}={quote(value)}").text
        title = KINDS[name].title.lower()
        assert f"{count:,} of {len(records):,} {title}" in text or count == len(records)


def test_words_must_all_occur(client: FlaskClient) -> None:
    both = records_in(read(client, "/browse/studies?q=osimertinib placebo"), "studies")
    assert "/browse/studies/adaura" in both
    assert "/browse/studies/flaura" not in both
    assert records_in(read(client, "/browse/studies?q=nosuchword"), "studies") == []


def test_assertions_are_filtered_as_by_the_api(client: FlaskClient) -> None:
    query = "gene=EGFR&effect=sensitivity&status=withdrawn"
    wanted = [item["id"] for item in client.get(f"/v1/assertions?{query}").get_json()["items"]]
    document = read(client, f"/browse/assertions?{query}")
    assert [link.rsplit("/", 1)[1] for link in records_in(document, "assertions")] == wanted
    assert wanted


def test_the_filter_that_was_chosen_stays_chosen(client: FlaskClient) -> None:
    html = client.get("/browse/assertions?gene=EGFR&effect=resistance").text
    assert '<option value="resistance" selected>' in html
    assert 'name="gene" value="EGFR"' in html


def test_a_filter_that_is_not_understood_is_said_with_what_was_meant(client: FlaskClient) -> None:
    response = client.get("/browse/assertions?gene=EGFRR&drug=osimertinb&status=gone")
    text = Document(response.text).text
    assert response.status_code == 422
    assert "is no known gene" in text
    assert "Did you mean osimertinib" in text
    assert "'gone' is not possible here" in text


def test_every_filter_of_assertions_has_a_field_with_a_label(client: FlaskClient) -> None:
    html = client.get("/browse/assertions").text
    for name in (*FILTERS, "q"):
        assert f'<label for="f-{name}">' in html
        assert f'id="f-{name}"' in html


def test_text_in_a_filter_is_escaped(client: FlaskClient) -> None:
    html = client.get('/browse/assertions?gene="><script>alert(1)</script>&q="><b>').text
    assert "<script>alert" not in html
    assert "><b>" not in html
