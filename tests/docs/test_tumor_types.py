"""The examples of ``docs/tumor-types.md`` are read as the page says."""

from __future__ import annotations

import re

import pytest

from service.errors import InputError
from service.knowledge.store import KnowledgeBase
from tests.docs.pages import section

PAGE = "docs/tumor-types.md"


def _rows(heading: str) -> list[list[list[str]]]:
    lines = [line for line in section(PAGE, heading).splitlines() if line.startswith("| `")]
    return [[re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:-1]] for line in lines]


@pytest.mark.parametrize(("text", "code", "kept", "biomarkers"), _rows("## Texts"))
def test_a_text_is_read_as_the_page_says(
    text: list[str], code: list[str], kept: list[str], biomarkers: list[str], kb: KnowledgeBase
) -> None:
    read = kb.tumor_terms.read_text(text[0], "/tumor_type")
    assert [read.code] == code
    assert [read.disease_stage] == (kept or [None])
    assert list(read.biomarkers) == biomarkers


@pytest.mark.parametrize(("text", "code", "why"), _rows("## Refused texts"))
def test_a_text_is_refused_as_the_page_says(
    text: list[str], code: list[str], why: list[str], kb: KnowledgeBase
) -> None:
    with pytest.raises(InputError) as refused:
        kb.tumor_terms.read_text(text[0], "/tumor_type")
    assert [fault.code for fault in refused.value.faults] == code


@pytest.mark.parametrize(("system", "code", "meant"), _rows("## Codes"))
def test_a_code_is_read_as_the_page_says(
    system: list[str], code: list[str], meant: list[str], kb: KnowledgeBase
) -> None:
    assert [kb.tumor_terms.read_code(system[0], code[0], "/tumor_type").code] == meant
