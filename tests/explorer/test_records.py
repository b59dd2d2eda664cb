"""Every record of the knowledge base has a page that shows all of it, and every link resolves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from service.explorer.browse.fields import FIELDS
from service.explorer.browse.kinds import BY_SEGMENT, KINDS, href_of, json_href_of
from service.knowledge.store import KnowledgeBase
from tests.explorer.documents import Document, read

#: A whole protein sequence is for machines; it stands in the JSON.
_NOT_SHOWN = ("protein",)
#: Pages whose links are followed; of other internal pages it is checked that they answer.
FOLLOWED = ("/browse", "/evidence", "/search")


def test_every_kind_of_record_that_the_knowledge_base_has_can_be_browsed(kb: KnowledgeBase) -> None:
    assert set(KINDS) == {*kb.records, "regimens"}
    assert set(FIELDS) == set(KINDS)
    assert len(BY_SEGMENT) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_page_of_every_record_shows_every_value_of_it(
    client: FlaskClient, kb: KnowledgeBase, name: str
) -> None:
    """A value that is not on the page of its record would be curated for nobody.

    The identifier of another record is shown as the link to it.
    """
    missing = []
    for id_, record in kb.catalogue.records(name).items():
        document = read(client, href_of((name, id_)))
        assert len(document.ids) == len(set(document.ids)), id_
        text = _folded(" ".join((document.text, *map(unquote, document.links))))
        missing += [(id_, word) for word in _words(record, name) if _folded(word) not in text]
    assert missing == []


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("_", " ")).strip()


def _words(value: Any, name: str) -> Iterator[str]:
    """Yield what a reader must find: words, and numbers as they are written."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "opens":
                yield "does not open the assertion by itself"
            elif key not in _NOT_SHOWN:
                yield from _words(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, name)
    elif isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, bool):
        yield f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].has_json])
def test_the_json_of_every_record_is_one_link_away(
    client: FlaskClient, kb: KnowledgeBase, name: str
) -> None:
    for id_ in kb.catalogue.records(name):
        address = json_href_of((name, id_))
        assert address is not None
        assert client.get(address).status_code == 200, address
    assert address in read(client, href_of((name, id_))).links


def test_every_internal_link_of_the_pages_resolves(client: FlaskClient, kb: KnowledgeBase) -> None:
    """A crawl from /browse: no link leads nowhere, and every record is reached."""
    todo, seen, broken = ["/browse"], {"/browse"}, []
    places: set[tuple[str, str]] = set()
    while todo:
        address = todo.pop()
        response = client.get(address)
        if response.status_code != 200:
            broken.append((address, response.status_code))
            continue
        if not address.startswith(FOLLOWED):
            continue
        for link in Document(response.text).links:
            target, _, place = link.partition("#")
            if place:
                places.add((target or address, place))
            if target.startswith("/") and target not in seen:
                seen.add(target)
                todo.append(target)
    assert broken == []
    for target, place in sorted(places):
        if target.startswith("/"):
            assert place in Document(client.get(target).text).ids, (target, place)
    wanted = {href_of((name, id_)) for name in KINDS for id_ in kb.catalogue.records(name)}
    assert wanted <= seen


def test_an_assertion_shows_its_criteria_its_history_and_its_documents(client: FlaskClient) -> None:
    document = read(client, "/browse/assertions/A0002")
    for words in (
        "For whom: the criteria",
        "any of EGFR exon 19 deletion EGFR L858R",
        "disease stage metastatic",
        "line of therapy 1",
        "2018-04-18 approved First-line use after FLAURA.",
        "FDA approved 2018-04-18",
    ):
        assert words in document.text
    for link in (
        "/v1/assertions/A0002",
        "/evidence/osimertinib",
        "/browse/tumor-types/NSCLC",
        "/browse/biomarker-classes/EGFR%20L858R",
        "/browse/studies/flaura",
        "/browse/sources/esmo-osimertinib-2018-04-18",
        "/browse/diagnostics/cobas-egfr-v2-tissue",
        "/browse/drugs/osimertinib",
    ):
        assert link in document.links, link


def test_links_lead_both_ways(client: FlaskClient) -> None:
    """What an assertion names, names the assertion."""
    for address in (
        "/browse/genes/EGFR",
        "/browse/biomarker-classes/EGFR L858R",
        "/browse/drugs/osimertinib",
        "/browse/regimens/osimertinib",
        "/browse/studies/flaura",
        "/browse/diagnostics/cobas-egfr-v2-tissue",
        "/browse/sources/us-label-tagrisso",
        "/browse/tumor-types/NSCLC",
    ):
        assert "/browse/assertions/A0002" in read(client, address).links, address


def test_an_answer_leads_to_the_records_that_it_rests_on(client: FlaskClient) -> None:
    links = read(client, "/answer?tumor_type=LUAD&biomarker=EGFR+L858R").links
    records = {link for link in links if link.startswith(("/browse/", "/evidence/"))}
    assert {
        "/evidence/osimertinib",
        "/browse/studies/flaura",
        "/browse/diagnostics/cobas-egfr-v2-tissue",
    } <= records
    assert [link for link in records if client.get(link).status_code != 200] == []


def test_a_withdrawn_indication_says_so_with_its_dates(client: FlaskClient) -> None:
    text = read(client, "/browse/regimens/mobocertinib").text
    assert "accelerated" in text
    assert "withdrawn" in text
    assert re.search(r"\d{4}-\d\d-\d\d withdrawn", text)


@pytest.mark.parametrize(
    "address",
    ["/browse/nothing", "/browse/genes/NOGENE", "/browse/nothing/EGFR", "/browse/genes?page=99"],
)
def test_what_is_not_there_is_a_page_that_says_so(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Not found" in response.text


def test_a_made_up_identifier_is_escaped(client: FlaskClient) -> None:
    response = client.get("/browse/genes/<script>alert(1)</script>")
    assert response.status_code == 404
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;" in response.text
