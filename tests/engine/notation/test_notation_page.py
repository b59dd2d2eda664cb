"""Every row of ``docs/notation.md`` is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.engine.notation.faults import NotationError
from service.knowledge.store import KnowledgeBase

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "notation.md").read_text("utf-8")
UNDERSTOOD, REFUSED = PAGE.split("## Refused")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|$", re.M)
CODE = re.compile(r"(?:NotationError|Remark)\(\s*\"([a-z_]+)\"")


@pytest.mark.parametrize(("text", "names"), ROW.findall(UNDERSTOOD))
def test_an_example_is_understood_as_the_page_says(
    kb: KnowledgeBase, text: str, names: str
) -> None:
    found = kb.reader.read_text(text).findings
    assert [finding.name for finding in found] == names.strip().split("; ")


@pytest.mark.parametrize(("text", "code"), ROW.findall(REFUSED))
def test_an_example_is_refused_as_the_page_says(kb: KnowledgeBase, text: str, code: str) -> None:
    with pytest.raises(NotationError) as refused:
        kb.reader.read_text(text)
    assert refused.value.code == code.strip()


def test_the_page_names_every_code() -> None:
    sources = (ROOT / "service" / "engine" / "notation").rglob("*.py")
    codes = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))}
    assert len(codes) > 20
    assert (
        sorted(code for code in codes if f"`{code}`" not in PAGE and f" {code} " not in PAGE) == []
    )
