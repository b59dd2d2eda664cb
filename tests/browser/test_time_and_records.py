"""Time, evidence, test plan, records and search in a real browser, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rig import axe_violations, overflows

CASE = "tumor_type=LUAD&biomarker=EGFR+exon+20+insertion"
#: One address of each page that this file drives.
ADDRESSES = (
    f"/timeline?{CASE}",
    "/timeline?tumor_type=COADREAD&biomarker=BRAF+V600E&as_of=2021-01-01",
    f"/test-plan?{CASE}",
    "/evidence/osimertinib",
    "/browse",
    "/browse/assertions?gene=EGFR",
    "/browse/assertions?gene=XX",
    "/browse/assertions/A0002",
    "/browse/genes/ERBB2",
    "/browse/studies/flaura",
    "/search?q=BRAF+p.Val600Glu",
    "/search?q=osimertinib",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_in_the_light_and_in_the_dark(page: Page, address: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(address)
        assert axe_violations(page) == [], scheme


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_no_wider_than_its_window(page: Page, address: str) -> None:
    page.goto(address)
    assert not overflows(page)


def focus(page: Page, name: str, role: str = "link") -> None:
    """Press Tab until what is called ``name`` has the focus, as a reader without a mouse does."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    expect(wanted).to_be_visible()
    for _ in range(400):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {name!r}")


def test_time_by_keyboard_from_event_to_event_to_the_answer(page: Page) -> None:
    page.goto(f"/timeline?{CASE}")
    focus(page, "Previous event 2025-07-02")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="On label on 2025-07-02")).to_be_visible()
    focus(page, "The whole answer of 2025-07-02")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer?*as_of=2025-07-02*")


def test_the_slider_tells_its_day_and_goes_there_by_keyboard(page: Page) -> None:
    page.goto(f"/timeline?{CASE}")
    focus(page, "Event 19 of 19, from 2003-05-05 to 2025-12-17", "slider")
    page.keyboard.press("Home")
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "2003-05-05")
    expect(page.locator("output")).to_have_text("2003-05-05")
    page.keyboard.press("ArrowRight")
    expect(page.locator("output")).to_have_text("2004-11-18")
    page.keyboard.press("Enter")
    page.wait_for_url("**/timeline?*as_of=2004-11-18*")
    expect(page.get_by_role("heading", name="On label on 2004-11-18")).to_be_visible()


def test_the_slider_goes_where_it_is_let_go(page: Page) -> None:
    page.goto(f"/timeline?{CASE}")
    page.get_by_role("slider").click(position={"x": 3, "y": 8})
    page.wait_for_url("**/timeline?*as_of=2003-05-05*")


def test_time_works_without_scripts(plain_page: Page) -> None:
    plain_page.goto(f"/timeline?{CASE}")
    plain_page.get_by_role("slider").focus()
    plain_page.keyboard.press("Home")
    plain_page.get_by_role("button", name="Go to the event").click()
    expect(plain_page.get_by_role("heading", name="On label on 2003-05-05")).to_be_visible()
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
    focus(page, "Evidence of the regimen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hazard ratios")).to_be_visible()
    focus(page, "FLAURA")
    page.keyboard.press("Enter")
    page.wait_for_url("**/browse/studies/flaura")


def test_the_test_plan_by_keyboard_from_the_answer(page: Page) -> None:
    page.goto(f"/answer?{CASE}")
    focus(page, "Test plan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^The smallest panel"))).to_be_visible()


def test_records_by_keyboard_from_the_first_page_to_a_record_and_its_json(page: Page) -> None:
    page.goto("/")
    focus(page, "Browse")
    page.keyboard.press("Enter")
    focus(page, "Assertions")
    page.keyboard.press("Enter")
    focus(page, "Gene", "textbox")
    page.keyboard.type("EGFR")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("of 625 assertions")
    focus(page, "A0002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A0002: osimertinib")).to_be_visible()
    focus(page, "This record as JSON")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v1/assertions/A0002")


def test_search_by_keyboard_finds_by_another_spelling(page: Page) -> None:
    page.goto("/browse")
    focus(page, "Search all records", "searchbox")
    page.keyboard.type("p.Val600Glu BRAF")
    page.keyboard.press("Enter")
    focus(page, "BRAF V600E")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("BRAF V600E")


def test_records_and_search_work_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/browse/drugs")
    plain_page.get_by_label("Words").fill("osimertinib")
    plain_page.get_by_role("button", name="Filter").click()
    plain_page.get_by_role("link", name="osimertinib").first.click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("osimertinib")
