"""Fixtures of the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.service import Served, serve


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Return the service that ``make run`` starts."""
    with serve() as running:
        yield running
