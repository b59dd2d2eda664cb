"""``docs/board-review.md`` against its cases: each case has its row, each row its case."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cases import CASE_FOLDERS, Json, read_cases

PAGE = (Path(__file__).parents[2] / "docs/board-review.md").read_text("utf-8")
CASES = [
    case
    for folder in CASE_FOLDERS
    for case in read_cases(folder)
    if case["file"].startswith("board-")
]
ROWS = {
    cells[0]: cells
    for line in PAGE.splitlines()
    if re.match(r"\| [A-Z]\d\d \|", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


def expected(case: Json) -> str | None:
    """Return what the row says is on label; ``None`` where the case does not list all of it."""
    expect = case["expect"]
    if expect.get("nothing_listed"):
        return "nothing"
    if "on_label" not in expect:
        return None
    return "; ".join(" + ".join(drugs) for drugs in expect["on_label"]) or "nothing"


def test_every_case_has_its_row_and_every_row_its_case() -> None:
    assert sorted(ROWS) == sorted(case["id"].removeprefix("BR-") for case in CASES)
    assert len(ROWS) >= 120
    assert f"wrote {len(ROWS)} cases" in PAGE


def test_a_row_says_what_its_case_expects() -> None:
    for case in CASES:
        _, where, what, on_label, first, verdict, mended = ROWS[case["id"].removeprefix("BR-")]
        assert (where, what) == ("/".join(case["given"]["jurisdictions"]), case["title"])
        assert on_label == (expected(case) or on_label)
        assert first
        assert verdict
        assert mended or verdict == "right", case["id"]


def test_most_cases_name_everything_that_is_on_label() -> None:
    assert sum(expected(case) is not None for case in CASES) >= 120
