"""What every page keeps: accessible, no wider than its window, nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.rig import Watched, axe_violations, opened, overflows

CASE = "tumor_type=COADREAD&biomarker=BRAF+V600E&as_of=2026-11-22"
CONFLICT = "tumor_type=NSCLC&biomarker=EML4-ALK+fusion&biomarker=ALK+G1202R&as_of=2026-11-22"
#: One address of each page; a new page adds its own.
ADDRESSES = {
    "ask": "/",
    "ask-filled": f"/?{CONFLICT}&prior_therapy=crizotinib",
    "ask-refused": "/answer?tumor_type=lungg&biomarker=EFGR+L858R&sex=none&as_of=x",
    "answer": f"/answer?{CASE}&explain=full",
    "answer-conflict": f"/answer?{CONFLICT}",
    "answer-empty": "/answer?tumor_type=LUAD&as_of=2026-11-22",
    "why": f"/why/A0310?{CASE}",
    "why-listed": f"/why/A0212?{CONFLICT}",
    "what-if": f"/what-if?{CASE}&change=biomarker&to=KRAS+G12D",
    "what-if-refused": f"/what-if?{CASE}&change=biomarker&to=nonsense",
    "timeline": f"/timeline?{CASE}",
    "timeline-past": "/timeline?tumor_type=LUAD&biomarker=EGFR+exon+20+insertion&as_of=2010-01-01",
    "timeline-empty": "/timeline?tumor_type=LUAD&as_of=2026-11-22",
    "test-plan": "/test-plan?tumor_type=LUAD&as_of=2026-11-22",
    "evidence": "/evidence/osimertinib",
    "browse": "/browse",
    "list": "/browse/assertions?gene=EGFR",
    "list-refused": "/browse/assertions?gene=XX",
    "assertion": "/browse/assertions/A0002",
    "gene": "/browse/genes/ERBB2",
    "study": "/browse/studies/flaura",
    "search-result": "/search?q=BRAF+p.Val600Glu",
    "search-words": "/search?q=osimertinib",
    "rules": "/rules",
    "not-found": "/why/A9999",
    "learn": "/learn",
    "lesson": "/learn/resistance",
    "step-of-words": "/learn/three-values/1",
    "step": "/learn/resistance/1",
    "exercises": "/learn/exercises",
    "exercise": "/learn/exercises/braf-v600e-colon",
    "exercise-marked": "/learn/exercises/braf-v600e-colon?mark=yes&regimen=cetuximab",
    "exercise-refused": "/learn/exercises/braf-v600e-colon?mark=yes&regimen=nonsense",
    "teach": "/teach",
    "hand-out": "/teach/exon-19-variants-by-spelling",
    "answer-sheet": "/teach/resistance/answers",
}
_OPEN = "document.querySelectorAll('details').forEach(part => { part.open = true; })"
every_address = pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)


@every_address
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address, wait_until="networkidle")
    page.evaluate(_OPEN)
    assert axe_violations(page) == []


@every_address
def test_a_page_is_no_wider_than_its_window(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.evaluate(_OPEN)
    assert not overflows(page)


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_answer_prints_whole(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto(f"/answer?{CASE}")
        made.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert made.page.locator("details:not([open])").count() == 0
        made.page.emulate_media(media="print")
        assert not made.page.locator("nav").first.is_visible()
        assert made.page.locator("header .notice").is_visible()
        made.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert made.page.locator("details[open]").count() == 0
        assert made.faults == []


def test_axe_can_fail(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/")
        made.page.evaluate("document.querySelector('main').innerHTML = '<img src=\"data:,\">'")
        assert axe_violations(made.page)


def test_the_rig_notices_an_error_and_a_foreign_request(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/")
        made.page.evaluate("console.error('wrong')")
        assert _kinds(made) == {"console"}
        made.page.route("**/*", lambda route: route.fulfill(body="ok"))
        made.page.goto("http://elsewhere.invalid/")
        assert _kinds(made) == {"console", "foreign request"}


def test_the_policy_stops_a_foreign_request_and_an_inline_script(
    browser: Browser, origin: str
) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/")
        assert made.page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 'stopped')") == (
            "stopped"
        )
        made.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            " {textContent: 'window.ran = true'}))"
        )
        assert made.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in fault for fault in made.faults)


def _kinds(made: Watched) -> set[str]:
    return {fault.split(":")[0] for fault in made.faults}
