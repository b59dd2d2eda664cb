"""The teacher's page: an hour that adds up, hand-outs without answers, sheets with all of them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask.testing import FlaskClient

from service.adapters.v1.query import write_query
from service.explorer.teach.teach import PLAN
from service.knowledge.store import KnowledgeBase
from tests.explorer.pages import get


def test_the_plan_is_an_hour_of_lessons_that_exist(client: FlaskClient, kb: KnowledgeBase) -> None:
    assert sum(part.minutes for part in PLAN) == 60
    minutes = {lesson.slug: lesson.minutes for lesson in kb.lessons}
    for part in PLAN:
        if part.lesson:
            assert minutes[part.lesson] <= part.minutes
    page = get(client, "/teach")
    hrefs = [link.attributes["href"] for link in page.all("a")]
    assert {f"/learn/{part.lesson}" for part in PLAN if part.lesson} <= set(hrefs)


def test_a_hand_out_asks_everything_and_answers_nothing(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    for lesson in kb.lessons:
        page = get(client, f"/teach/{lesson.slug}")
        sheet = page.all("article", class_="sheet")[0]
        tasks = [step for step in lesson.steps if step.case]
        assert len(page.all("div", class_="lines")) == len(tasks)
        for step in tasks:
            assert step.ask in sheet.text
            assert all(text in sheet.text for text in (step.case or {})["biomarkers"])
            assert not any(claim.says in sheet.text for claim in step.claims)
        assert page.all(class_="on_label") == []


def test_an_answer_sheet_has_every_claim_and_what_is_on_label(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    for lesson in kb.lessons:
        page = get(client, f"/teach/{lesson.slug}/answers")
        tasks = page.all("section", class_="task")
        cases = [step for step in lesson.steps if step.case]
        assert len(tasks) == len(cases)
        for task, step in zip(tasks, cases, strict=True):
            assert all(claim.says in task.text for claim in step.claims)
            query = urlencode(write_query(step.case or {}))
            rows = client.get(f"/v1/match?{query}").get_json()["therapies"]
            on_label = [r["regimen"]["name"] for r in rows if r["applicability"] == "on_label"]
            assert all(name in task.text for name in on_label)
            assert ("On label: none." in task.text) == (not on_label)
