"""Fixtures of the browser tests: one server a run, a fresh page a test; Chromium is in the root."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.knowledge.store import KnowledgeBase
from tests.browser.rig import VIEWPORTS, Watched, opened, serving


@pytest.fixture(scope="session")
def origin(kb: KnowledgeBase) -> Iterator[str]:
    """Return the address of a real server over the real knowledge base."""
    with serving(kb.path) as address:
        yield address


@pytest.fixture(params=list(VIEWPORTS))
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    """Return the window: a phone's and a desktop's, one after the other."""
    return VIEWPORTS[request.param]


@pytest.fixture
def watched(browser: Browser, origin: str, viewport: dict[str, int]) -> Iterator[Watched]:
    """Return a fresh page; the test fails on a console error or a request to another origin."""
    with opened(browser, origin, viewport=viewport) as made:
        yield made
        assert made.faults == []


@pytest.fixture
def page(watched: Watched) -> Page:
    """Return the page itself."""
    return watched.page


@pytest.fixture
def plain_page(browser: Browser, origin: str, viewport: dict[str, int]) -> Iterator[Page]:
    """Return a fresh page of a browser in which scripts are turned off."""
    with opened(browser, origin, viewport=viewport, java_script_enabled=False) as made:
        yield made.page
        assert made.faults == []
