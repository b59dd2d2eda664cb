"""Lessons: every claim holds, every page shows the engine's own answer, every step is reached."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from service.adapters.v1.query import read_query, write_query
from service.explorer.prose import to_html
from service.knowledge.lesson_schemas import ExpectSchema
from service.knowledge.lessons import Lesson, Step
from service.knowledge.store import KnowledgeBase
from tests.cases import CHECKS, SEED_DATA, answer, differences
from tests.explorer.pages import Page, get, links

FILES = sorted((SEED_DATA / "lessons").glob("*.yaml"))
#: What the lessons must be about, by a word of the title.
SUBJECTS = (
    "one label", "spelling", "wild-type", "IHC and ISH", "V600E in melanoma, lung", "Resistance",
    "Combination identity", "Three values", "Levels", "withdrawal", "tumour-agnostic", "trace",
)  # fmt: skip


def lesson_in(kb: KnowledgeBase, path: Path) -> Lesson:
    """Return the lesson of a file."""
    return next(lesson for lesson in kb.lessons if path.stem.endswith(lesson.slug))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest, kb: KnowledgeBase) -> Lesson:
    """Return each lesson, one after the other."""
    return lesson_in(kb, request.param)


def cases_of(lesson: Lesson) -> list[tuple[int, Step]]:
    """Return the steps of a lesson that show a case, with their numbers."""
    return [(n, step) for n, step in enumerate(lesson.steps, start=1) if step.case is not None]


def test_there_is_a_lesson_on_every_subject(kb: KnowledgeBase) -> None:
    titles = [lesson.title for lesson in kb.lessons]
    assert [word for word in SUBJECTS if not any(word in title for title in titles)] == []
    assert len(kb.lessons) == len(FILES) >= 12


def test_every_claim_holds(kb: KnowledgeBase, lesson: Lesson) -> None:
    """Each claim is held against the engine; that a changed one fails is tested by the guard."""
    wrong = [
        (number, claim.says, lines)
        for number, step in cases_of(lesson)
        for claim in step.claims
        if (lines := differences(claim.expect, answer(kb, step.case or {})))
    ]
    assert wrong == []


def test_a_claim_may_expect_what_the_comparer_knows() -> None:
    assert set(ExpectSchema().fields) <= set(CHECKS)


def test_a_step_shows_what_the_engine_answers(client: FlaskClient, lesson: Lesson) -> None:
    """The rows of a step are those of the JSON answer to the address that the step links."""
    for number, step in cases_of(lesson):
        page = get(client, f"/learn/{lesson.slug}/{number}")
        query = query_of(page)
        got = client.get(f"/v1/match?{query}").get_json()
        rows = {row["regimen"]["name"]: row for row in got["therapies"]}
        against = [*got["resistance"], *got["cautions"]]
        listed = {row["regimen"]["name"] for row in against}
        shown = names_in(page)
        on_label = {name for name, row in rows.items() if row["applicability"] == "on_label"}
        dropped = {item["regimen"] for item in got["excluded"]}
        assert on_label <= set(shown) <= {*rows, *listed, *dropped}
        assert [claim.says in page.all("main")[0].text for claim in step.claims] == [True] * len(
            step.claims
        )
        assert read_query(lambda name, q=query: values(q, name)) == sent(step)


def test_evidence_from_another_tumour_says_so(client: FlaskClient, kb: KnowledgeBase) -> None:
    """What is known in another tumour type is shown where a claim speaks of it, and marked."""
    marked = 0
    for lesson in kb.lessons:
        for number, _ in cases_of(lesson):
            page = get(client, f"/learn/{lesson.slug}/{number}")
            (table,) = page.all("table", class_="excerpt")
            got = client.get(f"/v1/match?{query_of(page)}").get_json()
            named = {row["regimen"]["name"] for row in got["resistance"]}
            elsewhere = {row["regimen"]["name"] for row in got["cautions"]} - named
            for text in page.texts_in(table, "tr"):
                if " no benefit " in text or " resistance " in text.partition("See why")[0]:
                    name = next(n for n in elsewhere | named if text.startswith(f"{n} "))
                    assert ("known in another tumour type" in text) == (name in elsewhere)
                    marked += name in elsewhere
    assert marked
    assert get(client, "/learn/the-same-v600e/1").all(class_="bad") == []


def query_of(page: Page) -> str:
    """Return the question that a step links to."""
    (link,) = [link for link in page.all("a") if link.text == "Ask the service"]
    return urlsplit(link.attributes["href"]).query


def names_in(page: Page) -> list[str]:
    """Return the regimens of the table of a step."""
    (table,) = page.all("table", class_="excerpt")
    return page.texts_in(table, "th", scope="row")


def values(query: str, name: str) -> list[str]:
    """Return the values of a parameter of a query."""
    return [value for key, value in parse_qsl(query) if key == name]


def sent(step: Step) -> dict[str, object]:
    """Return the request of a step without what is empty, which an address does not hold."""
    return {key: value for key, value in (step.case or {}).items() if value}


def test_the_excerpt_names_what_a_claim_says_is_not_offered(client: FlaskClient) -> None:
    page = get(client, "/learn/a-tumour-agnostic-label/2")
    (table,) = page.all("table", class_="excerpt")
    rows = page.texts_in(table, "tr")
    assert any(
        "Dabrafenib + trametinib Not offered the tumour type Colon Adenocarcinoma is excluded"
        in row
        for row in rows
    )


def test_the_steps_are_walked_forward_and_back(client: FlaskClient, kb: KnowledgeBase) -> None:
    """From the first lesson, "next" reaches every step of every lesson, and "back" the same."""
    wanted = [f"/learn/{kb.lessons[0].slug}/1"]
    for lesson in kb.lessons:
        head = [f"/learn/{lesson.slug}"] if lesson != kb.lessons[0] else []
        steps = [f"/learn/{lesson.slug}/{n}" for n in range(1, len(lesson.steps) + 1)]
        wanted += [*head, *(step for step in steps if step not in wanted)]
    seen, address = [], wanted[0]
    while address.startswith("/learn/") and address != "/learn/exercises":
        seen.append(address)
        page = get(client, address)
        is_head = address.count("/") == 2
        address = f"{address}/1" if is_head else by_rel(page, "next")
    assert seen == wanted
    assert by_rel(get(client, f"/learn/{kb.lessons[1].slug}/2"), "prev").endswith("/1")
    assert by_rel(get(client, f"/learn/{kb.lessons[1].slug}"), "prev").endswith(kb.lessons[0].slug)


def by_rel(page: Page, rel: str) -> str:
    """Return where a link of a page leads, by its relation."""
    (link,) = page.all("a", rel=rel)
    return link.attributes["href"]


def test_the_address_alone_says_where_one_is(client: FlaskClient) -> None:
    page = get(client, "/learn/resistance/2")
    (here,) = page.all("a", **{"aria-current": "step"})
    assert here.text == "Step 2: The gatekeeper of EGFR"
    assert [e.text for e in page.all("a", class_="done")] == [
        "Step 1: A fusion, and a mutation in its kinase"
    ]
    assert "Set-Cookie" not in client.get("/learn/resistance/2").headers


def test_everything_that_learn_and_teach_link_to_is_there(client: FlaskClient) -> None:
    seen: set[str] = set()
    ahead = ["/learn", "/teach"]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address, follow_redirects=True)
        assert response.status_code == 200, address
        if address.startswith(("/learn", "/teach")):
            ahead += links(Page(response.get_data(as_text=True)))
    assert len([address for address in seen if address.startswith("/teach/")]) == 2 * len(FILES)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/learn/nonsense", "there is no lesson 'nonsense'"),
        ("/learn/nonsense/1", "there is no lesson 'nonsense'"),
        ("/learn/resistance/0", "'Resistance' has 3 steps"),
        ("/learn/resistance/4", "'Resistance' has 3 steps"),
        ("/learn/exercises/nonsense", "there is no exercise 'nonsense'"),
        ("/teach/nonsense", "there is no lesson 'nonsense'"),
        ("/teach/nonsense/answers", "there is no lesson 'nonsense'"),
    ],
)
def test_what_is_not_there_is_said(client: FlaskClient, address: str, said: str) -> None:
    assert said in get(client, address, 404).all("main")[0].text


def test_prose_is_paragraphs_stress_and_code_and_nothing_else() -> None:
    assert to_html("One *two*\nthree.\n\n`a < b` & <b>c</b>\n") == (
        "<p>One <em>two</em> three.</p>\n<p><code>a &lt; b</code> &amp; &lt;b&gt;c&lt;/b&gt;</p>"
    )


def test_a_request_and_its_address_are_two_ways_to_say_one_thing() -> None:
    data = {
        "tumor_type": "LUAD",
        "biomarkers": ["EGFR L858R", "ALK negative"],
        "patient": {
            "age_years": 64,
            "line_of_therapy": 1,
            "prior_therapies": [],
            "conditions": {"complete_resection": False},
        },
        "jurisdictions": ["EU", "US"],
        "as_of": "2026-11-22",
        "explain": "full",
    }
    pairs = write_query(data)
    assert ("prior_therapy", "none") in pairs
    assert read_query(lambda name: [value for key, value in pairs if key == name]) == data
