"""The keyboard alone: walk by Tab to what is wanted, and press it."""

from __future__ import annotations

from playwright.sync_api import Page

#: Tab stops after which something is held to be out of reach.
MOST_STOPS = 400
_NAME = """() => {
  const e = document.activeElement;
  const label = e.labels?.[0]?.textContent ?? e.getAttribute('aria-label') ?? e.textContent;
  return label.trim().replace(/\\s+/g, ' ');
}"""


def focused(page: Page) -> str:
    """Return the name of what has the focus: its label, or its text."""
    return str(page.evaluate(_NAME))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus.

    Raises:
        AssertionError: it cannot be reached.
    """
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def follow(page: Page, name: str) -> None:
    """Reach a link or a button by Tab, press Enter, and wait for the next page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
