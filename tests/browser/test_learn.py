"""Lessons, exercises and sheets in Chromium: by keyboard alone, without scripts, and on paper."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from service.knowledge.store import KnowledgeBase
from tests.browser.keys import focused, follow, tab_to
from tests.browser.rig import opened

COLON = "/learn/exercises/braf-v600e-colon"
#: A4 at 96 dots an inch, less margins of 10 mm.
PAPER = {"width": 718, "height": 1047}


def test_a_lesson_is_walked_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    follow(page, "Learn")
    follow(page, "Resistance")
    follow(page, "Begin")
    expect(page.locator("#progress")).to_have_text("Step 1 of 3")
    table = page.get_by_role("table", name="Everything on label")
    expect(table).to_be_hidden()
    tab_to(page, "Think first, then look: what the engine answers")
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    row = table.get_by_role("row").filter(has_text="Alectinib")
    expect(row.first).to_contain_text("conflict with A0231")
    follow(page, "Next stepThe gatekeeper of EGFR")
    expect(page).to_have_url(re.compile(r"/learn/resistance/2$"))
    expect(page.locator("[aria-current=step]")).to_have_text("Step 2: The gatekeeper of EGFR")
    page.go_back()
    expect(page.locator("#progress")).to_have_text("Step 1 of 3")


def test_the_case_of_a_step_is_asked_by_keyboard(page: Page) -> None:
    page.goto("/learn/resistance/1")
    follow(page, "Ask the service")
    expect(page.locator("h1")).to_have_text(
        "EML4::ALK fusion, ALK G1202R in Non-Small Cell Lung Cancer"
    )
    page.go_back()
    tab_to(page, "Think first, then look: what the engine answers")
    page.keyboard.press("Enter")
    follow(page, "See why A0212")
    expect(page.get_by_role("heading", name="A0212: Lorlatinib")).to_be_visible()


def test_an_exercise_is_done_by_keyboard_alone(page: Page) -> None:
    page.goto("/learn")
    follow(page, "Exercises18 cases: which regimens are on label here?")
    follow(page, "The same V600E in the colon, second line")
    for name in ("Cetuximab + encorafenib", "Dabrafenib + trametinib"):
        tab_to(page, name)
        page.keyboard.press("Space")
    follow(page, "Mark my answer")
    assert parse_qsl(urlsplit(page.url).query) == [
        ("mark", "yes"),
        ("regimen", "cetuximab+encorafenib"),
        ("regimen", "dabrafenib+trametinib"),
    ]
    expect(page.get_by_role("heading", name=re.compile(r"^\d of \d right$"))).to_be_visible()
    wrong = page.get_by_role("article").filter(has_text="Dabrafenib + trametinib")
    expect(wrong).to_contain_text("You said on label; it is not on label.")
    tab_to(page, "The trace of A0310")
    page.keyboard.press("Enter")
    expect(wrong.get_by_text("none of these may hold")).to_be_visible()
    follow(page, "Try again")
    assert page.url.endswith(COLON)


def test_a_marked_exercise_is_shared_by_its_address(page: Page, browser: Browser) -> None:
    page.goto(f"{COLON}?mark=yes&regimen=cetuximab%2Bencorafenib")
    with opened(browser, page.url.split("/learn")[0]) as other:
        other.page.goto(page.url)
        assert other.page.locator("main").inner_text() == page.locator("main").inner_text()


def test_lessons_and_exercises_need_no_script(plain_page: Page) -> None:
    page = plain_page
    page.goto("/learn/the-same-v600e/1")
    page.get_by_text("Think first, then look").click()
    expect(page.get_by_role("table")).to_contain_text("Vemurafenib")
    page.get_by_role("link", name="Lung", exact=False).last.click()
    expect(page.locator("h1")).to_have_text("Lung")
    page.goto(COLON)
    page.get_by_label("Cetuximab + encorafenib", exact=True).check()
    page.get_by_role("button", name="Mark my answer").click()
    expect(page.locator("#mark-cetuximab\\+encorafenib")).to_contain_text("right")


def test_a_hand_out_prints_with_space_and_without_answers(browser: Browser, origin: str) -> None:
    with opened(browser, origin, viewport=PAPER) as made:
        page = made.page
        page.goto("/teach/the-same-v600e")
        page.emulate_media(media="print")
        for hidden in ("header nav", ".crumb"):
            expect(page.locator(hidden).first).to_be_hidden()
        expect(page.locator("header .notice")).to_be_visible()
        expect(page.locator(".name-line")).to_be_visible()
        lines = page.locator(".lines")
        assert lines.count() == 3
        heights = [(box or {"height": 0})["height"] for box in map(_box(page), range(3))]
        assert min(heights) > 80
        assert page.locator(".task").first.evaluate("e => getComputedStyle(e).breakInside") == (
            "avoid"
        )
        assert "On label" not in page.locator("main").inner_text()
        assert made.faults == []


def _box(page: Page):  # type: ignore[no-untyped-def]
    return lambda index: page.locator(".lines").nth(index).bounding_box()


@pytest.mark.parametrize("sheet", ["", "/answers"])
def test_a_sheet_of_each_lesson_fits_a_few_pages(
    browser: Browser, origin: str, kb: KnowledgeBase, sheet: str
) -> None:
    """Four pages of A4 at most for a hand-out, three for its answers."""
    most = 3 if sheet else 4
    with opened(browser, origin) as made:
        for lesson in kb.lessons:
            made.page.goto(f"/teach/{lesson.slug}{sheet}")
            made.page.emulate_media(media="print")
            pages = re.findall(rb"/Type\s*/Page\b", made.page.pdf(format="A4"))
            assert 1 <= len(pages) <= most, (lesson.slug, len(pages))
        assert made.faults == []


def test_a_step_prints_whole(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/learn/resistance/1")
        made.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        made.page.emulate_media(media="print")
        expect(made.page.get_by_role("table")).to_be_visible()
        expect(made.page.locator(".turns")).to_be_hidden()
        expect(made.page.locator(".progress")).to_be_hidden()


def test_the_teachers_page_leads_to_the_sheets_by_keyboard(page: Page) -> None:
    page.goto("/learn")
    follow(page, "For teachersan hour planned, hand-outs and answer sheets to print")
    tab_to(page, "hand-out: Resistance")
    assert focused(page) == "hand-out: Resistance"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Resistance")
    follow(page, "the answers")
    expect(page.locator("h1")).to_have_text("Resistance: answers")
