"""What every page keeps: accessible, no wider than its window, nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.rig import Watched, axe_violations, opened, overflows

#: One address of each page; a new page adds its own.
ADDRESSES = ("/",)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    assert axe_violations(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_no_wider_than_its_window(page: Page, address: str) -> None:
    page.goto(address)
    assert not overflows(page)


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_axe_can_fail(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/")
        made.page.evaluate("document.querySelector('main').innerHTML = '<img src=\"data:,\">'")
        assert axe_violations(made.page)


def test_the_rig_notices_an_error_and_a_foreign_request(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as made:
        made.page.goto("/")
        made.page.evaluate("console.error('wrong')")
        made.page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
        assert _kinds(made) >= {"console"}
        made.page.route("**/*", lambda route: route.fulfill(body="ok"))
        made.page.goto("http://elsewhere.invalid/")
        assert _kinds(made) >= {"console", "foreign request"}


def _kinds(made: Watched) -> set[str]:
    return {fault.split(":")[0] for fault in made.faults}
