"""Exercises: candidates that are worth a thought, and marks that are the engine's own."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from service.adapters.v1.query import write_query
from service.knowledge.lessons import Exercise
from service.knowledge.store import KnowledgeBase
from tests.cases import SEED_DATA, Json
from tests.explorer.pages import Page, get

IDS = [
    line.removeprefix("- id: ").strip()
    for line in (SEED_DATA / "exercises.yaml").read_text("utf-8").splitlines()
    if line.startswith("- id: ")
]
COLON = "/learn/exercises/braf-v600e-colon"


@pytest.fixture(params=IDS)
def exercise(request: pytest.FixtureRequest, kb: KnowledgeBase) -> Exercise:
    """Return each exercise, one after the other."""
    return next(found for found in kb.exercises if found.id == request.param)


def offered(page: Page) -> list[str]:
    """Return the identifiers of the regimens that an exercise asks about."""
    return [box.attributes["value"] for box in page.all("input", name="regimen")]


def truth(client: FlaskClient, exercise: Exercise) -> dict[str, Json]:
    """Return the therapies of the JSON answer, by regimen."""
    query = urlencode(write_query(exercise.case))
    rows = client.get(f"/v1/match?{query}").get_json()["therapies"]
    return {row["regimen"]["id"]: row for row in rows}


def marked(client: FlaskClient, exercise: str, ticked: list[str]) -> Page:
    """Return the page of a marked answer."""
    query = urlencode([("mark", "yes"), *(("regimen", id_) for id_ in ticked)])
    return get(client, f"/learn/exercises/{exercise}?{query}")


def test_there_are_enough_of_them_and_each_is_listed(
    client: FlaskClient, kb: KnowledgeBase
) -> None:
    assert [exercise.id for exercise in kb.exercises] == IDS
    assert len(IDS) >= 15
    listed = [a.attributes["href"] for a in get(client, "/learn/exercises").all("a")]
    assert [f"/learn/exercises/{id_}" for id_ in IDS] == [
        href for href in listed if href.startswith("/learn/exercises/")
    ]


def test_no_candidate_hangs_on_an_open_fact(client: FlaskClient, exercise: Exercise) -> None:
    rows = truth(client, exercise)
    for id_ in offered(get(client, f"/learn/exercises/{exercise.id}")):
        if id_ in rows and rows[id_]["applicability"] == "on_label":
            assert rows[id_]["needs"] == [], id_


def test_there_is_something_to_think_about(client: FlaskClient, exercise: Exercise) -> None:
    """At least three regimens come near and are not on label; the order of names says nothing."""
    page = get(client, f"/learn/exercises/{exercise.id}")
    rows = truth(client, exercise)
    ids = offered(page)
    wrong = [id_ for id_ in ids if rows.get(id_, {}).get("applicability") != "on_label"]
    assert len(wrong) >= 3
    assert len(set(ids)) == len(ids) <= 10
    names = [label.text.lower() for label in page.all("label", class_="check")]
    assert names == sorted(names)


def test_the_marks_are_the_answer_of_the_engine(client: FlaskClient, exercise: Exercise) -> None:
    rows = truth(client, exercise)
    ids = offered(get(client, f"/learn/exercises/{exercise.id}"))
    right = [id_ for id_ in ids if rows.get(id_, {}).get("applicability") == "on_label"]
    page = marked(client, exercise.id, right)
    assert page.by_id("marked").text == f"{len(ids)} of {len(ids)} right"
    assert len(page.all("article", class_="right")) == len(ids)
    turned = marked(client, exercise.id, [id_ for id_ in ids if id_ not in right])
    assert turned.by_id("marked").text == f"0 of {len(ids)} right"
    assert turned.all("article", class_="right") == []


def test_every_mark_has_its_reason_and_its_trace(client: FlaskClient, exercise: Exercise) -> None:
    page = marked(client, exercise.id, [])
    for article in page.all("article"):
        assert page.texts_in(article, "p", class_="why") != [], article.text
        assert page.texts_in(article, "span", class_="truth") != [], article.text
        (summary,) = page.texts_in(article, "summary")
        assertion = summary.removeprefix("The trace of ")
        (link,) = [a for a in page.all("a") if article in a.inside and "See why" in a.text]
        assert link.attributes["href"].startswith(f"/why/{assertion}?")
        assert client.get(link.attributes["href"]).status_code == 200


def test_an_answer_of_nothing_is_an_answer(client: FlaskClient) -> None:
    page = marked(client, "kras-g12d-colorectal", [])
    assert page.by_id("marked").text == "5 of 5 right"


def test_the_label_that_excepts_the_tumour_is_a_candidate_with_its_rule(
    client: FlaskClient,
) -> None:
    page = marked(client, "braf-v600e-colon", ["dabrafenib+trametinib"])
    text = page.by_id("mark-dabrafenib+trametinib").text
    assert "You said on label; it is not on label" in text
    assert "the tumour type Colon Adenocarcinoma is excluded by this criterion (M12)" in text
    assert "none of these may hold" in text


def test_a_day_is_part_of_the_question(client: FlaskClient) -> None:
    """Mobocertinib is on label in June 2022 and withdrawn now."""
    then = marked(client, "egfr-exon-20-in-2022", ["mobocertinib"])
    now = marked(client, "egfr-exon-20-second-line", ["mobocertinib"])
    assert "it is on label" in then.by_id("mark-mobocertinib").text
    said = now.by_id("mark-mobocertinib").text
    assert "withdrawn 2024-07-15" in said
    assert "(M16)" in said


def test_the_kinds_of_candidates_are_all_used(client: FlaskClient) -> None:
    kinds: Counter[str] = Counter()
    for id_ in IDS:
        for article in marked(client, id_, []).all("article"):
            text = article.text
            kinds["dropped"] += "Not offered:" in text
            kinds["against"] += "no benefit" in text or "resistance" in text
            kinds["elsewhere"] += "Other tumour type" in text
            kinds["on label"] += "it is on label" in text
    assert all(kinds[kind] for kind in ("dropped", "against", "elsewhere", "on label"))


def test_ticks_stay_until_they_are_marked(client: FlaskClient) -> None:
    page = get(client, f"{COLON}?regimen=cetuximab")
    ticked = [box for box in page.all("input", name="regimen") if "checked" in box.attributes]
    assert [box.attributes["value"] for box in ticked] == ["cetuximab"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("mark=yes&regimen=aspirin", "'aspirin' is none of the regimens here"),
        ("mark=yes&colour=red", "?colour: there is no such parameter here"),
        ("mark=yes&regimen=%3Cscript%3E", "'<script>' is none of the regimens here"),
    ],
)
def test_what_does_not_belong_here_is_refused(client: FlaskClient, query: str, said: str) -> None:
    page = get(client, f"{COLON}?{query}", 422)
    assert said in page.all(class_="fault")[0].text
    assert page.all("article") == []
