"""The rig of the browser tests: the real server, Debian's Chromium, and what every page must keep.

A ``Page`` of this rig collects console errors, page errors and requests to another origin; the
fixture in ``conftest`` fails the test that caused one. ``axe_violations`` runs axe-core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

from tests.contract.test_server import ROOT, free_port, wait_until_ready

CHROMIUM = Path("/usr/bin/chromium")
#: Chromium itself must not call home; the rest lets it run in a container.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)
VIEWPORTS = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
#: WCAG 2.2 AA and what axe holds for good practice.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
MILLISECONDS = 20_000


@contextmanager
def serving(kb_path: Path) -> Iterator[str]:
    """Serve a knowledge base with gunicorn as ``make run`` does; gives the origin."""
    port = free_port()
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "1"}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"],
            cwd=ROOT,
            env={**os.environ, **settings, "THERAPY_MATCH_KB": str(kb_path)},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until_ready(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


@dataclass
class Watched:
    """A page with what went wrong on it."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(MILLISECONDS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        # A page that says 404 or 422 is an answer; Chromium writes each as an error.
        is_status = message.text.startswith("Failed to load resource") and (
            message.location.get("url", "") == self.page.url
        )
        if message.type in ("error", "warning") and not is_status:
            self.faults.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.faults.append(f"foreign request: {request.url}")


@contextmanager
def opened(browser: Browser, origin: str, **context: Any) -> Iterator[Watched]:
    """Open a page in a context of its own; its faults are the caller's to judge."""
    settings = {"base_url": origin, "reduced_motion": "reduce", **context}
    with browser.new_context(**settings) as made:
        yield Watched(made.new_page(), origin)


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, how bad, and the elements."""
    results = Axe().run(page, options={"runOnly": list(AXE_TAGS)})
    return [
        f"{found['id']} ({found['impact']}): {[node['target'] for node in found['nodes']][:5]}"
        for found in results.response["violations"]
    ]


def overflows(page: Page) -> bool:
    """Tell whether a page is wider than its window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
