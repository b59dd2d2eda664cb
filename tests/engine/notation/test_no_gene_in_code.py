"""No gene stands in the code of the rooms that read genes: what differs between genes is data."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
NOTATION = ROOT / "service/engine/notation"
SYMBOLS = sorted(
    row["symbol"]
    for row in yaml.safe_load((ROOT / "seed_data/vocabulary/genes.yaml").read_text("utf-8"))
)
_SYMBOL = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, SYMBOLS))})(?![A-Za-z])")
ROOMS = sorted(
    path
    for path in (
        *(NOTATION / "fusion").glob("*.py"), *(NOTATION / "protein").glob("*.py"),
        *(NOTATION / "dna").glob("*.py"), NOTATION / "genes.py", NOTATION / "gene_only.py",
        NOTATION / "clauses.py", NOTATION / "findings.py", ROOT / "service/engine/classes.py",
        ROOT / "service/engine/model.py",
    )
)  # fmt: skip


def symbols_in(source: str) -> list[tuple[int, str]]:
    """Return (line, symbol) of every symbol in a literal or name that runs; docstrings aside."""
    tree = ast.parse(source)
    texts = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        said = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            said = node.value
        elif isinstance(node, ast.Name):
            said = node.id.replace("_", " ")
        found += [(node.lineno, symbol) for symbol in _SYMBOL.findall(said)]
    return found


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_symbol_of_a_gene_runs_in_these_rooms(path: Path) -> None:
    found = symbols_in(path.read_text("utf-8"))
    assert found == []


def test_the_search_finds_a_symbol() -> None:
    """In a literal, a pattern, a key and a name; not in a docstring or a comment."""
    lines = (
        '"""EGFR"""',
        'x = "EGFR"',
        'y = r"a|EGFR-b"',
        'z = {"ALK": 1}',
        "KRAS_LAST = 1",
        "# EGFR",
    )
    assert sorted(line for line, _ in symbols_in(chr(10).join(lines))) == [2, 3, 4, 5]
