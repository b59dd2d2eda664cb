"""``docs/reading.md`` and the code have the same fates and the same reasons."""

from __future__ import annotations

import re

import pytest

from service.engine.notation.text.lexicon import (
    DOUBT,
    HARMLESS,
    INHERITED,
    INSIGNIFICANT,
    NEGATION,
)
from service.engine.reading import FATES, REASONS
from tests.docs.pages import first_cells, section

PAGE = "docs/reading.md"


def test_the_page_lists_the_fates() -> None:
    assert first_cells(section(PAGE, "## The law of conservation")) == list(FATES)


@pytest.mark.parametrize("kind", ["not_understood", "decides_nothing"])
def test_the_page_lists_the_reasons_of_each_kind(kind: str) -> None:
    listed = first_cells(section(PAGE, f"### `{kind}`"))
    assert sorted(listed) == sorted(reason for reason, of in REASONS.items() if of == kind)


def test_the_page_lists_the_harmless_words() -> None:
    assert re.findall(r"`(\w+)`", section(PAGE, "### Harmless words")) == sorted(HARMLESS)


def test_no_word_that_turns_a_result_is_harmless() -> None:
    turning = NEGATION | DOUBT | INSIGNIFICANT | INHERITED | {"likely", "without", "excluded"}
    assert HARMLESS & turning == frozenset()
