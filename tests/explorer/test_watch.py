"""The watch list as a page: every item once, under its state, with its answer and its source."""

from __future__ import annotations

from flask.testing import FlaskClient

from service.knowledge.store import KnowledgeBase
from tests.explorer.documents import read


def test_every_item_stands_once_under_its_state(client: FlaskClient, kb: KnowledgeBase) -> None:
    document = read(client, "/watch")
    answer = client.get("/v1/knowledge-base/watch").get_json()
    found = [item["id"] for item in answer["items"]]
    assert found
    assert set(found) <= set(document.ids)
    assert len([id_ for id_ in document.ids if id_ in found]) == len(found)
    order = [id_ for id_ in document.ids if id_ in {*found, "overdue", "open", "answered"}]
    states = {item["id"]: item["state"] for item in answer["items"]}
    under = ""
    for id_ in order:
        under = id_ if id_ not in states else under
        assert states.get(id_, under) == under


def test_an_item_links_to_its_source_and_the_record_that_answers_it(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    document = read(client, "/watch")
    for item in kb.watch:
        assert f"/browse/sources/{item.source}" in document.links
        assert item.assertion is None or f"/browse/assertions/{item.assertion}" in document.links
        assert item.what in document.text


def test_the_list_of_kinds_leads_to_the_watch_list(client: FlaskClient, kb: KnowledgeBase) -> None:
    document = read(client, "/browse")
    assert "/watch" in document.links
    assert f"Watch list {len(kb.watch)}" in document.text
