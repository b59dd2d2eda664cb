"""The walk of ``docs/integrations/cds-hooks.md`` in Chromium, from a page of another origin.

The settings of the service, the steps and what they show are read from the page itself.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from service.api.cds.store import CdsStore, Feedback
from service.knowledge.store import KnowledgeBase
from tests.contract.test_server import ROOT, free_port, start, wait_until_ready
from tests.docs.pages import read

WALK = "docs/integrations/cds-hooks.md"
FOLDER = ROOT / "docs/integrations"
_STEP = re.compile(r"^\d+\. Press \*\*(.+?)\*\*: (.+)$", re.M)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@contextmanager
def client_page() -> Iterator[str]:
    """Serve the folder of the client on another port, as the command of the walk does."""
    handler = functools.partial(_Quiet, directory=str(FOLDER))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def service(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[str]:
    """Run the real server with settings."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    port = free_port()
    process = start(kb.path, port)
    try:
        wait_until_ready(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def settings_of_the_walk() -> dict[str, str]:
    """Return the settings that the walk starts the service with."""
    line = next(line for line in read(WALK).splitlines() if line.endswith(" make run"))
    return dict(word.split("=", 1) for word in line.split()[:-2])


def steps() -> list[tuple[str, list[str]]]:
    """Return each button of the walk with what must be read on the page after it."""
    return [(name, re.findall(r"`([^`]+)`", rest)) for name, rest in _STEP.findall(read(WALK))]


def test_the_walk_names_every_button_and_what_it_shows() -> None:
    named = [name for name, _ in steps()]
    assert named == ["Find services", "Open the chart", "Draft gefitinib", "Override",
                     "Draft osimertinib", "Sign the orders"]  # fmt: skip
    assert all(words for _, words in steps())
    assert set(settings_of_the_walk()) == {
        "THERAPY_MATCH_CORS_ORIGINS",
        "THERAPY_MATCH_CDS_STORE",
    }


def test_the_walk_works_in_a_browser_from_another_origin(
    browser: Browser, kb: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "cds.sqlite"
    with client_page() as origin:
        settings = settings_of_the_walk()
        settings |= {"THERAPY_MATCH_CORS_ORIGINS": origin, "THERAPY_MATCH_CDS_STORE": str(store)}
        with service(kb, monkeypatch, **settings) as address:
            page = browser.new_page()
            faults = watch(page)
            page.goto(f"{origin}/cds-hooks-client.html?service={address}")
            for button, words in steps():
                page.get_by_role("button", name=button).first.click()
                for word in words:
                    expect(page.locator("body")).to_contain_text(word, timeout=20_000)
            look_at_the_cards(page, address)
            page.close()
    assert faults == []
    with sqlite3.connect(store) as connection:
        rows = connection.execute("SELECT service, outcome, reason, count FROM feedback").fetchall()
    assert rows == [("drug-biomarker-check", "overridden", "need-more-info", 1)]


def watch(page: Page) -> list[str]:
    """Return a list that fills with what goes wrong on a page."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    return faults


def look_at_the_cards(page: Page, address: str) -> None:
    """The warning stands first; the links lead to the service, since no address was set."""
    cards = page.locator("article")
    assert [card.get_attribute("class") for card in cards.all()] == ["warning", "info"]
    link = cards.first.get_by_role("link").get_attribute("href") or ""
    assert link.startswith(f"{address}/answer?tumor_type=LUAD&biomarker=EGFR+L858R")


def test_a_page_of_an_origin_that_is_not_named_gets_nothing(
    browser: Browser, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        client_page() as named,
        client_page() as other,
        service(kb, monkeypatch, THERAPY_MATCH_CORS_ORIGINS=named) as address,
    ):
        page = browser.new_page()
        page.goto(f"{other}/cds-hooks-client.html?service={address}")
        page.get_by_role("button", name="Find services").click()
        expect(page.get_by_role("status")).to_contain_text("It failed: ", timeout=20_000)
        assert page.locator("#services li").count() == 0
        page.close()


def test_the_command_of_the_walk_serves_the_client() -> None:
    port = free_port()
    line = next(line for line in read(WALK).splitlines() if " -m http.server " in line)
    command = line.replace("python3", sys.executable).replace(" 9000 ", f" {port} ")
    process = subprocess.Popen(command.split(), cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/cds-hooks-client.html"
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    assert b"A small CDS Hooks client" in answer.read()
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(30)


def test_the_command_that_shows_the_counts_does(tmp_path: Path) -> None:
    CdsStore(tmp_path / "build.sqlite").count(
        dt.date(2026, 11, 22), [Feedback("actionable-biomarkers", "overridden", "need-more-info")]
    )
    line = next(line for line in read(WALK).splitlines() if "sqlite3.connect" in line)
    code = line.partition("'")[2].rpartition("'")[0].replace("build/cds.sqlite", "build.sqlite")
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "'actionable-biomarkers', 'overridden', 'need-more-info', 1)" in shown.stdout
