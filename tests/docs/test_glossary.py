"""``docs/glossary.md`` explains every word of a question and of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from service.engine.reading import REASONS
from tests.docs.pages import read

PAGE = "docs/glossary.md"
#: Questions about cases and their answers; what they name is followed.
ROOTS = (
    "VersionedRequest", "MatchAnswer", "NormalizeAnswer",
    "WhatIfRequest", "WhatIfAnswer", "CompareRequest", "CompareAnswer", "TestPlanAnswer",
)  # fmt: skip
#: They mean what they say.
PLAIN = {"id", "name", "reason"}
#: What the page is asked for besides the fields: the words of the engine and of the field.
IDEAS = (
    "Alteration", "Applicability", "Assertion", "Biomarker class", "Case", "Criteria",
    "Drug and regimen", "Effect", "Finding", "Gene", "HGVS", "Knowledge base", "Match",
    "Three values", "Trace", "Tumour type",
)  # fmt: skip


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read("openapi.yaml"))["components"]["schemas"]
    return found


def _named(part: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part refers to."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _named(inner)


def _words(part: Any) -> Iterator[str]:
    """Yield the fields and the fixed values of a schema."""
    if isinstance(part, dict):
        yield from part.get("properties", {})
        yield from (word for word in part.get("enum", ()) if word is not None)
        for name, inner in part.items():
            if name not in ("properties", "enum"):
                yield from _words(inner)
        for inner in part.get("properties", {}).values():
            yield from _words(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _words(inner)


def _reached(schemas: dict[str, Any]) -> dict[str, Any]:
    reached: dict[str, Any] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = schemas[name]
            waiting += _named(schemas[name])
    return reached


def test_every_field_and_every_fixed_value_is_explained(schemas: dict[str, Any]) -> None:
    reached = _reached(schemas)
    wanted = {(word, name) for name, schema in reached.items() for word in _words(schema)}
    assert len(wanted) > 200
    explained = set(re.findall(r"`([^`]+)`", read(PAGE))) | PLAIN
    levels = {"2", "3"}  # of the FDA, explained by their name
    elsewhere = levels | REASONS.keys()  # docs/reading.md has the reasons
    assert sorted(pair for pair in wanted if pair[0] not in explained | elsewhere) == []


def test_every_idea_has_one_heading() -> None:
    headings = re.findall(r"^### (.+)$", read(PAGE), re.M)
    assert [idea for idea in IDEAS if idea not in headings] == []
    assert len(headings) == len(set(headings))


def test_every_rule_that_a_word_stands_for_is_linked() -> None:
    rules = set(re.findall(r"^### (M\d+) ", read("docs/semantics.md"), re.M))
    linked = set(re.findall(r"\[(M\d+)\]\(semantics\.md#", read(PAGE)))
    apart = {
        "M3",
        "M13",
        "M18",
    }  # about two findings, two trees, two statements: no word of their own
    assert rules - linked == apart
