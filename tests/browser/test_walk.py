"""The walk of someone who never saw it: from ``/`` to a shared address with the reason.

The case is a colon cancer with BRAF V600E; the question is why the tumour-agnostic label of
dabrafenib with trametinib is not offered. It is walked as people do: with the mouse, by keyboard
alone, and in a browser without scripts; nothing but what is visible is followed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keys import follow, tab_to
from tests.browser.rig import opened

SECONDS = 60
STATEMENT = (
    "Dabrafenib with trametinib treats any solid tumour with BRAF V600E, except colorectal cancer"
)
REASON = (
    "Not offered by rule M12: the tumour type Colon Adenocarcinoma is excluded by this criterion."
)


@pytest.fixture
def within_a_minute() -> Iterator[None]:
    """Fail when the walk takes longer."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SECONDS


def test_with_the_mouse(within_a_minute: None, page: Page, browser: Browser, origin: str) -> None:
    page.goto("/")
    page.get_by_label("Tumour type", exact=True).press_sequentially("colon canc")
    page.get_by_role("option").filter(has_text="Colon Adenocarcinoma").first.click()
    page.get_by_label("Biomarkers", exact=True).click()
    page.keyboard.type("BRAF V600E")
    page.get_by_role("button", name="Match").click()
    ruled_out(page).get_by_role("link", name="See why").click()
    assert_the_reason_stands(page, browser, origin)


def test_by_keyboard_alone(
    within_a_minute: None, page: Page, browser: Browser, origin: str
) -> None:
    page.goto("/")
    tab_to(page, "Tumour type")
    page.keyboard.type("colon cancer")
    page.keyboard.press("Tab")
    page.keyboard.type("BRAF V600E")
    page.keyboard.press("Enter")
    expect(page.locator("li.chip")).to_contain_text("sequence variant, detected, oncogenic")
    follow(page, "Match")
    expect(ruled_out(page)).to_be_visible()
    follow(page, "See why A0310")
    assert_the_reason_stands(page, browser, origin)


def test_without_scripts(
    within_a_minute: None, plain_page: Page, browser: Browser, origin: str
) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_label("Tumour type", exact=True).fill("colon cancer")
    page.get_by_label("Biomarkers").fill("BRAF V600E")
    page.get_by_role("button", name="Match").click()
    ruled_out(page).get_by_role("link", name="See why").click()
    assert_the_reason_stands(page, browser, origin)


def test_by_the_lessons(within_a_minute: None, page: Page, browser: Browser, origin: str) -> None:
    """The same reason is found by someone who starts with Learn and does not know what to ask."""
    page.goto("/")
    page.get_by_role("link", name="Learn", exact=True).click()
    page.get_by_role("link", name="A tumour-agnostic label").click()
    page.get_by_role("link", name="A colon cancer").click()
    page.get_by_text("Think first, then look").click()
    page.get_by_role("link", name="A0310, leaf by leaf").click()
    assert_the_reason_stands(page, browser, origin)


def ruled_out(page: Page):  # type: ignore[no-untyped-def]
    """Return the caution of the answer, which says what the label says."""
    caution = page.get_by_role("listitem").filter(has_text="Ruled out in this tumour type")
    expect(caution).to_contain_text("Dabrafenib + trametinib")
    expect(caution).to_contain_text(STATEMENT)
    return caution


def assert_the_reason_stands(page: Page, browser: Browser, origin: str) -> None:
    """Check the reason, and that the address, opened anew elsewhere, gives the same page."""
    expect(page.locator(".verdict")).to_contain_text(REASON)
    branch = page.locator(".tree .node.false").filter(has_text="none of these may hold").last
    expect(branch).to_contain_text("tumour type: Colorectal Adenocarcinoma")
    asked = parse_qsl(urlsplit(page.url).query)
    assert ("biomarker", "BRAF V600E") in asked
    assert dict(asked)["tumor_type"] in ("colon cancer", "Colon Adenocarcinoma")
    with opened(browser, origin) as other:
        other.page.goto(page.url)
        assert other.page.locator("main").inner_text() == page.locator("main").inner_text()
        assert other.faults == []
