"""Laboratory tests of one marker by their codes or displays; which there are is data.

A test that is listed with a reason is known and not used: expression of a gene that is matched by
its mutations, serum, a number without a cut-off.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.engine.vocabulary import MarkerTest


class MarkerTests:
    """Finds a test by the codes and the words of an Observation."""

    def __init__(self, tests: Mapping[str, MarkerTest]) -> None:
        self.by_code = tests
        self._by_display = {display: test for test in tests.values() for display in test.displays}

    def named(self, display: str) -> MarkerTest | None:
        """Return the test that goes by a display."""
        return self._by_display.get(display.lower())
