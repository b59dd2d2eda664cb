"""No gene stands in the code of the service: what differs between genes is data."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
SYMBOLS = sorted(
    row["symbol"]
    for row in yaml.safe_load((ROOT / "seed_data/vocabulary/genes.yaml").read_text("utf-8"))
)
_SYMBOL = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, SYMBOLS))})(?![A-Za-z])")
ROOMS = sorted((ROOT / "service").rglob("*.py"))
#: Examples of the contract and of the page show real cases.
EXAMPLES = frozenset({
    *(ROOT / "service/api/examples").glob("[a-z]*.py"),
    ROOT / "service/api/fhir/examples.py", ROOT / "service/api/fhir/operation_examples.py",
    ROOT / "service/api/openapi/contract.py", ROOT / "service/explorer/case/ask.py",
})  # fmt: skip
#: What is no gene where it stands: the hazard ratio, words of a language, words taken off a tumour.
WORDS = {
    "service/knowledge/headlines.py": {"HR"},
    "service/engine/notation/text/gene_words.py": {"HR", "PGR"},
    "service/knowledge/tumor_biomarkers.py": {"TMB"},
}


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


def test_no_symbol_of_a_gene_runs_in_the_service() -> None:
    """Read by ``genes.yaml``; docstrings, comments and examples aside."""
    found = [
        f"{path.relative_to(ROOT)}:{line} {symbol}"
        for path in ROOMS
        if path not in EXAMPLES
        for line, symbol in symbols_in(path.read_text("utf-8"))
        if symbol not in WORDS.get(str(path.relative_to(ROOT)), ())
    ]
    assert found == []


def test_each_exception_is_still_needed() -> None:
    for path in EXAMPLES:
        assert symbols_in(path.read_text("utf-8")), path
    for name, symbols in WORDS.items():
        assert {symbol for _, symbol in symbols_in((ROOT / name).read_text("utf-8"))} == symbols


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
