"""What the safety file and the threat model name as shown by a test is a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import read

PAGES = ("docs/safety.md", "SECURITY.md")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_ROW = re.compile(r"^\|(?! ?(?:hazard|way in|---))(.+)\|$", re.M)


def names_in(path: str) -> set[str]:
    """Return the names of the tests in a file of tests."""
    tree = ast.parse(Path(path).read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


@pytest.mark.parametrize("page", PAGES)
def test_every_control_names_tests_that_exist(page: str) -> None:
    named = _NAMED.findall(read(page))
    assert len(named) >= 10
    missing = [f"{path}::{name}" for path, name in named if name not in names_in(path)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_hazard_has_a_control_and_a_test(page: str) -> None:
    rows = _ROW.findall(read(page))
    assert len(rows) >= 10
    without = [row.split("|")[0].strip() for row in rows if not _NAMED.search(row)]
    assert without == []


def test_a_name_that_is_no_test_is_noticed() -> None:
    assert "test_of_nothing" not in names_in("tests/docs/test_safety.py")
