"""``docs/semantics.md`` against the code: same rules, tests that quote them, same output."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.rewrite_docs import PAGE, rewritten

ROOT = Path(__file__).parents[1]
PAGE_TEXT = PAGE.read_text("utf-8")
RULES: dict[str, str] = dict(
    re.findall(r"^### (M\d+) [^\n]+\n(.*?)(?=^##)", PAGE_TEXT, flags=re.DOTALL | re.MULTILINE)
)
#: Modules of the engine; notation is left out (``p.M1`` is a residue there).
ENGINE = sorted((ROOT / "service/engine").glob("*.py"))
TESTS = {
    f"{path.relative_to(ROOT)}::{node.name}": ast.get_docstring(node) or ""
    for path in sorted((ROOT / "tests/property").glob("test_*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
}


def named_test(rule: str) -> str:
    """Return the test that a rule names."""
    (name,) = re.findall(r"^- Test: `([^`]+)`$", RULES[rule], flags=re.MULTILINE)
    return str(name)


def test_the_page_and_the_engine_name_the_same_rules() -> None:
    text = "\n".join(path.read_text("utf-8") for path in ENGINE)
    assert set(re.findall(r"\bM\d+\b", text)) == set(RULES)


def test_the_rules_are_numbered_without_a_gap() -> None:
    assert list(RULES) == [f"M{number}" for number in range(1, len(RULES) + 1)]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_text_source_test_and_example(rule: str) -> None:
    sentences = RULES[rule].split("\n- Source: ")[0]
    assert len(re.findall(r"\.(?:\s|$)", sentences)) >= 2
    for label in ("Source", "Test", "Example"):
        assert len(re.findall(rf"^- {label}: \S", RULES[rule], flags=re.MULTILINE)) == 1


@pytest.mark.parametrize("rule", RULES)
def test_the_test_of_a_rule_exists_and_quotes_it(rule: str) -> None:
    docstring = TESTS[named_test(rule)]
    assert docstring.startswith(f"{rule}: ")
    quote = " ".join(docstring.removeprefix(f"{rule}: ").split())
    assert quote in " ".join(RULES[rule].split())


def test_every_rule_that_a_property_names_is_on_the_page() -> None:
    named = {found[1] for text in TESTS.values() if (found := re.match(r"(M\d+): \S", text))}
    assert named == set(RULES)


def test_the_table_of_contents_links_every_rule() -> None:
    anchors = set(re.findall(r"\]\(#([^)]+)\)", PAGE_TEXT))
    headings = re.findall(r"^#{2,3} (.+)$", PAGE_TEXT, flags=re.MULTILINE)
    known = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings}
    assert anchors <= known
    for rule in RULES:
        assert any(anchor.startswith(f"{rule.lower()}-") for anchor in anchors)


def test_the_generated_parts_are_current() -> None:
    assert rewritten(PAGE_TEXT) == PAGE_TEXT, "run: python -m tests.rewrite_docs"


def test_a_changed_answer_would_be_noticed() -> None:
    changed = PAGE_TEXT.replace(": on label, I-A", ": on label, I-B", 1)
    assert changed != PAGE_TEXT
    assert rewritten(changed) != changed
