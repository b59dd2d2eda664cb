"""Time, evidence, test plan, records and search in a real browser, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from service.engine.history import history_of
from service.knowledge.store import KnowledgeBase
from tests.browser.keys import follow, tab_to
from tests.property.test_history import case_of

CASE = "tumor_type=LUAD&biomarker=EGFR+exon+20+insertion"


@pytest.fixture(scope="module")
def days(kb: KnowledgeBase) -> list[str]:
    """Return the days of the events of the case, oldest first."""
    case = case_of({"tumor_type": "LUAD", "biomarkers": ["EGFR exon 20 insertion"]})
    return [step.day.isoformat() for step in history_of(kb.rulebook, case).steps]


def test_time_by_keyboard_from_event_to_event_to_the_answer(page: Page, days: list[str]) -> None:
    page.goto(f"/timeline?{CASE}")
    follow(page, f"Previous event {days[-2]}")
    expect(page.get_by_role("heading", name=f"On label on {days[-2]}")).to_be_visible()
    follow(page, f"The whole answer of {days[-2]}")
    page.wait_for_url(f"**/answer?*as_of={days[-2]}*")


def test_the_slider_tells_its_day_and_goes_there_by_keyboard(page: Page, days: list[str]) -> None:
    page.goto(f"/timeline?{CASE}")
    tab_to(page, f"Event {len(days)} of {len(days)}, from {days[0]} to {days[-1]}")
    page.keyboard.press("Home")
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", days[0])
    expect(page.locator("output")).to_have_text(days[0])
    page.keyboard.press("ArrowRight")
    expect(page.locator("output")).to_have_text(days[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/timeline?*as_of={days[1]}*")
    expect(page.get_by_role("heading", name=f"On label on {days[1]}")).to_be_visible()


def test_the_slider_goes_where_it_is_let_go(page: Page, days: list[str]) -> None:
    page.goto(f"/timeline?{CASE}")
    page.get_by_role("slider").click(position={"x": 3, "y": 8})
    page.wait_for_url(f"**/timeline?*as_of={days[0]}*")
    expect(page.get_by_role("heading", name=f"On label on {days[0]}")).to_be_visible()


def test_time_works_without_scripts(plain_page: Page, days: list[str]) -> None:
    plain_page.goto(f"/timeline?{CASE}")
    plain_page.get_by_role("slider").focus()
    plain_page.keyboard.press("Home")
    plain_page.get_by_role("button", name="Go to the event").click()
    expect(plain_page.get_by_role("heading", name=f"On label on {days[0]}")).to_be_visible()
    plain_page.get_by_label("Any day").fill("2022-06-01")
    plain_page.get_by_role("button", name="Go to the day").click()
    expect(plain_page.get_by_role("heading", name="On label on 2022-06-01")).to_be_visible()
    expect(plain_page.get_by_role("listitem").filter(has_text="Mobocertinib").first).to_be_visible()


def test_what_is_drawn_can_be_seen(page: Page) -> None:
    """A mark lies inside its cell, and the estimate between its bounds."""
    page.goto("/evidence/osimertinib")
    row = page.get_by_role("row").filter(has_text="0.46 (0.37 to 0.57)")
    cell = row.locator(".drawing").bounding_box()
    point = row.locator("circle.point").bounding_box()
    whisker = row.locator("line.whisker").first.bounding_box()
    assert cell is not None
    assert point is not None
    assert whisker is not None
    middle = point["x"] + point["width"] / 2
    assert cell["x"] <= whisker["x"] < middle < whisker["x"] + whisker["width"]
    assert whisker["x"] + whisker["width"] <= cell["x"] + cell["width"]
    assert whisker["width"] > 10
    assert cell["y"] <= point["y"] < point["y"] + point["height"] <= cell["y"] + cell["height"]


def test_evidence_by_keyboard_from_a_record_to_its_studies(page: Page) -> None:
    page.goto("/browse/assertions/A0002")
    follow(page, "Evidence of the regimen")
    expect(page.get_by_role("heading", name="Hazard ratios")).to_be_visible()
    follow(page, "FLAURA")
    page.wait_for_url("**/browse/studies/flaura")


def test_the_test_plan_by_keyboard_from_the_answer(page: Page) -> None:
    page.goto(f"/answer?{CASE}")
    follow(page, "Test plan")
    expect(page.get_by_role("heading", name=re.compile("^The smallest panel"))).to_be_visible()


def test_records_by_keyboard_from_the_first_page_to_a_record_and_its_json(page: Page) -> None:
    page.goto("/")
    follow(page, "Browse")
    follow(page, "Assertions")
    tab_to(page, "Gene")
    page.keyboard.type("EGFR")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"^\d+ of \d+ assertions"))
    follow(page, "A0002")
    expect(page.get_by_role("heading", name="A0002: osimertinib")).to_be_visible()
    tab_to(page, "This record as JSON")
    address = page.evaluate("document.activeElement.getAttribute('href')")
    assert page.request.get(address).json()["record"]["id"] == "A0002"


def test_search_by_keyboard_finds_by_another_spelling(page: Page) -> None:
    page.goto("/browse")
    tab_to(page, "Search all records")
    page.keyboard.type("p.Val600Glu BRAF")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, "BRAF V600E")
    expect(page.get_by_role("heading", level=1)).to_have_text("BRAF V600E")


def test_records_and_search_work_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/browse/drugs")
    plain_page.get_by_label("Words").fill("osimertinib")
    plain_page.get_by_role("button", name="Filter").click()
    plain_page.get_by_role("link", name="osimertinib").first.click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("osimertinib")
