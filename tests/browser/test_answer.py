"""Answer, why and what-if by keyboard alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.keys import focused, follow, tab_to
from tests.browser.test_frame import CASE, CONFLICT


def test_an_answer_is_read_by_keyboard_alone(page: Page) -> None:
    page.goto(f"/answer?{CONFLICT}")
    tab_to(page, "Alectinib")  # what must not be missed comes before the therapies
    page.keyboard.press("Enter")
    expect(page.locator("#for-alectinib")).to_be_in_viewport()
    tab_to(page, "Evidence against")
    page.keyboard.press("Enter")
    expect(page.locator("#against-alectinib")).to_be_in_viewport()
    tab_to(page, page.locator("#against-alectinib summary").inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("#against-alectinib .statement")).to_be_visible()
    page.goto(f"/answer?{CONFLICT}")
    follow(page, "disease stage: metastatic")
    expect(page).to_have_url(f"{page.url.split('?')[0]}?{urlsplit(page.url).query}")
    assert "disease_stage=metastatic" in page.url
    expect(page.locator("#need-disease_stage")).to_have_count(0)


def test_what_was_dropped_is_opened_by_keyboard(page: Page) -> None:
    page.goto(f"/answer?{CASE}")
    tab_to(page, page.locator("#not-offered + details summary").inner_text())
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="A0310: see why")
    expect(row).to_contain_text("M12")
    tab_to(page, "Statements not offered")
    tab_to(page, "M12")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#M12")).to_be_in_viewport()


def test_the_criteria_are_reached_and_read_by_keyboard(page: Page) -> None:
    page.goto(f"/answer?{CASE}")
    follow(page, "See why A0310")
    expect(page.get_by_role("heading", name="A0310: Dabrafenib + trametinib")).to_be_visible()
    tree = page.locator(".tree").first
    expect(tree.get_by_text("none of these may hold")).to_be_visible()
    expect(tree.locator(".truth.false").first).to_contain_text("false")
    tab_to(page, "M11")
    assert page.locator(":focus").count() == 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#M11")).to_be_in_viewport()


def test_one_fact_is_changed_by_keyboard_alone(page: Page) -> None:
    page.goto(f"/answer?{CASE}")
    follow(page, "What if")
    tab_to(page, "What")
    assert focused(page) == "What"
    page.keyboard.press("Tab")
    page.keyboard.type("KRAS G12D")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="Cetuximab + encorafenib")
    expect(row.first).to_contain_text("conflict")
    follow(page, "Answer that case")
    expect(page.locator("h1")).to_have_text("BRAF V600E, KRAS G12D in Colorectal Adenocarcinoma")


def test_a_counterfactual_is_a_button_that_is_pressed(page: Page) -> None:
    page.goto(f"/what-if?{CASE}")
    follow(page, "Melanoma")
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    table = page.get_by_role("table").first
    expect(table).to_contain_text("On label")
    expect(page.get_by_text("After it the case is BRAF V600E in Melanoma")).to_be_visible()
