"""What every page keeps: strict policy, nothing inline, well formed, small, nothing unescaped."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.explorer.frame import POLICY
from tests.explorer.pages import CASE, CASE_PAGES, Page, get

STATIC = Path(__file__).parents[2] / "service/explorer/static"
BUDGET = 200_000
ADDRESSES = (
    "/",
    "/read",
    "/rules",
    *(page.format(CASE) for page in CASE_PAGES),
    f"/answer?{CASE}&explain=full",
    f"/what-if?{CASE}&change=biomarker&to=KRAS+G12D",
    "/learn",
    "/learn/resistance",
    "/learn/resistance/1",
    "/learn/three-values/1",
    "/learn/exercises",
    "/learn/exercises/braf-v600e-colon",
    "/learn/exercises/braf-v600e-colon?mark=yes&regimen=dabrafenib%2Btrametinib",
    "/teach",
    "/teach/resistance",
    "/teach/resistance/answers",
)
REFUSED = (
    "/answer",
    "/answer?tumor_type=nonsense&biomarker=nonsense",
    f"/what-if?{CASE}&change=biomarker&to=nonsense",
    "/learn/exercises/braf-v600e-colon?mark=yes&regimen=nonsense",
)


@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    assert response.headers["Content-Security-Policy"] == POLICY
    page = Page(response.get_data(as_text=True))
    assert page.all("style") == []
    assert all("src" in script.attributes for script in page.all("script"))
    for element in page.elements:
        assert not {name for name in element.attributes if name == "style" or name[:2] == "on"}
        for name in ("src", "action"):
            assert element.attributes.get(name, "/").startswith("/")
        if element.tag == "link":
            assert element.attributes["href"].startswith("/static/")


def test_the_policy_allows_only_this_origin() -> None:
    allowed = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert allowed.pop("default-src") == "'none'"
    assert {word for words in allowed.values() for word in words.split()} == {
        "'self'",
        "'none'",
        "data:",
    }


@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_a_page_has_a_title_a_language_one_heading_and_ids_of_its_own(
    client: FlaskClient, address: str
) -> None:
    page = Page(client.get(address).get_data(as_text=True))
    assert page.all("html", lang="en")
    assert page.all("title")[0].text.endswith("· therapy-match")
    assert len(page.all("h1")) == 1
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_a_page_says_what_it_is_not_for_and_which_knowledge_answers(
    client: FlaskClient, address: str
) -> None:
    page = Page(client.get(address).get_data(as_text=True))
    assert "Research and education only. Not a medical device" in page.all("header")[0].text
    assert "Knowledge base 2026" in page.all("footer")[0].text
    assert "sha256:" in page.all("footer")[0].text


SCRIPT = "<script>alert(1)</script>\"'"


@pytest.mark.parametrize("path", ["/", "/answer", "/what-if", "/why/A0002", "/understood"])
@pytest.mark.parametrize(
    "name", ["tumor_type", "biomarker", "prior_therapy", "condition", "as_of", "sex", "zzz<b>"]
)
def test_what_is_typed_is_shown_as_text(client: FlaskClient, path: str, name: str) -> None:
    query = {"tumor_type": "LUAD", "biomarker": "EGFR L858R", name: SCRIPT}
    answer = client.get(path, query_string=query, follow_redirects=True)
    html = answer.get_data(as_text=True)
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_a_biomarker_named_script_comes_back_readable(client: FlaskClient) -> None:
    page = get(client, "/answer?tumor_type=LUAD&biomarker=%3Cscript%3E", 422)
    assert page.by_id("biomarker").text == "<script>"
    page = get(client, f"/what-if?{CASE}&change=%3Cscript%3E&to=%3Cscript%3E", 422)
    assert "'<script>' cannot be changed" in page.all(class_="fault")[0].text


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_address_gives_the_same_page(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert client.get(address).data == first.data
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_all_that_a_browser_loads_is_small(client: FlaskClient) -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < BUDGET
    for path in files:
        with client.get(f"/static/{path.relative_to(STATIC)}") as response:
            assert response.status_code == 200


def test_an_assertion_that_is_not_there_is_a_page_that_says_so(client: FlaskClient) -> None:
    response = client.get(f"/why/A9999?{CASE}")
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "A9999" in Page(response.get_data(as_text=True)).all("main")[0].text


def test_the_parser_of_these_tests_notices_wrong_nesting() -> None:
    with pytest.raises(AssertionError, match="closes"):
        Page("<p><b>x</p></b>")
    with pytest.raises(AssertionError, match="not closed"):
        Page("<p><b>x</b>")
