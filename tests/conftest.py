"""Fixtures of all tests: seed data, the knowledge base compiled from it, hypothesis's profile.

``kb`` is compiled once a run. Faces (``client``, ``runner``) get their fixtures here too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from service.app import create_app
from service.config import Settings
from service.engine.rulebook import Rulebook
from service.knowledge.store import KnowledgeBase
from tests.browser.rig import CHROMIUM, launch
from tests.cases import SEED_DATA, TODAY, compiled_kb, load_kb

#: Without a deadline (a shared machine is slow at times); the same examples on every run, unless
#: ``HYPOTHESIS_PROFILE=search`` asks for new and many ones.
_QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
settings.register_profile(
    "ci", max_examples=40, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
settings.register_profile("search", max_examples=1000, deadline=None, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Compile the seed data before workers start, so that a run does it once."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker and getattr(config.option, "numprocesses", None):
        compiled_kb()


@pytest.fixture(scope="session")
def seed_data() -> Path:
    """Return the folder of the real seed data."""
    return SEED_DATA


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """Return the real knowledge base, compiled once a run."""
    return load_kb()


@pytest.fixture(scope="session")
def rulebook(kb: KnowledgeBase) -> Rulebook:
    """Return what the engine knows of the real knowledge base."""
    return kb.rulebook


@pytest.fixture(scope="session")
def app(kb: KnowledgeBase) -> Flask:
    """Return the real application over the real knowledge base, on a fixed day."""
    return create_app(Settings(kb_path=kb.path), knowledge=kb, today=lambda: TODAY)


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()


@pytest.fixture
def runner(kb: KnowledgeBase) -> CliRunner:
    """Return a runner of the command line over the same knowledge base."""
    return CliRunner(env={"THERAPY_MATCH_KB": str(kb.path), "COLUMNS": "100"})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, one for all tests: a process can drive it from one place only.

    Without it the tests are skipped, which says so; with ``CI`` set that is a failure.
    """
    if not CHROMIUM.exists():
        message = f"there is no {CHROMIUM}; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()
