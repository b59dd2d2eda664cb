"""``docs/reading.md`` and the code have the same fates and the same reasons."""

from __future__ import annotations

import pytest

from service.engine.reading import FATES, REASONS
from tests.docs.pages import first_cells, section

PAGE = "docs/reading.md"


def test_the_page_lists_the_fates() -> None:
    assert first_cells(section(PAGE, "## The law of conservation")) == list(FATES)


@pytest.mark.parametrize("kind", ["not_understood", "decides_nothing"])
def test_the_page_lists_the_reasons_of_each_kind(kind: str) -> None:
    listed = first_cells(section(PAGE, f"### `{kind}`"))
    assert sorted(listed) == sorted(reason for reason, of in REASONS.items() if of == kind)
