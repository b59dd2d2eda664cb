"""The watch list: what is expected, and what passed its day unanswered."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient

from service.knowledge.compile import content_hash
from service.knowledge.lint import require_clean
from service.knowledge.read import read_seed_data
from service.knowledge.stats import count_assertions
from service.knowledge.store import KnowledgeBase
from tests.knowledge.small_seed import FILES, write_seed

ITEM = (
    "- {id: one, kind: application, what: A drug., drugs: [alphanib], due: 2026-01-01, "
    "due_kind: goal, source: label-one, checked_on: 2026-01-01}\n"
)


def test_an_item_is_open_then_overdue_then_answered(kb: KnowledgeBase) -> None:
    item = next(item for item in kb.watch if item.answered_on)
    assert item.answered_on is not None
    assert item.state_on(item.answered_on) == "answered"
    assert item.state_on(item.answered_on - dt.timedelta(days=1)) in ("open", "overdue")
    unanswered = next(item for item in kb.watch if not item.answered_on)
    assert unanswered.state_on(unanswered.due) == "open"
    assert unanswered.state_on(unanswered.due + dt.timedelta(days=1)) == "overdue"


def test_the_route_says_the_state_on_the_day(client: FlaskClient) -> None:
    answer = client.get("/v1/knowledge-base/watch?as_of=2026-11-20").get_json()
    states = {item["id"]: item["state"] for item in answer["items"]}
    assert states["ivonescimab-chemotherapy-egfr-nsclc-us"] == "overdue"
    assert states["neladalkib-alk-nsclc-us"] == "open"
    assert states["gedatolisib-breast-us"] == "answered"
    assert [item["due"] for item in answer["items"]] == sorted(
        item["due"] for item in answer["items"]
    )
    assert client.get("/v1/knowledge-base/watch?as_of=soon").status_code == 422


def test_stats_names_what_is_overdue(kb: KnowledgeBase) -> None:
    titles = count_assertions(kb)
    listed = next(rows for title, rows in titles.items() if title.startswith("watch list"))
    assert "neladalkib-alk-nsclc-us" in listed.values()
    assert any(title == "provenance" for title in titles)


def test_the_watch_list_is_no_part_of_the_content_hash(tmp_path) -> None:  # type: ignore[no-untyped-def]
    hashes = set()
    for name, text in (("without", "[]\n"), ("with", ITEM)):
        folder = write_seed(tmp_path / name, FILES | {"watch.yaml": text})
        hashes.add(content_hash(require_clean(read_seed_data(folder))))
    assert len(hashes) == 1
