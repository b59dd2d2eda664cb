"""Count rooms, arrows, and the code files of usual changes: ``python -m bench.rooms``.

A room is a module or folder directly below a folder; an arrow is "imports", between two rooms of
the same folder, counted once however many imports it stands for. A change is counted by something
of its kind that is there: the code files that name it; docstrings, comments and examples aside.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp

SERVICE = Path(__file__).parents[1] / "service"
#: Change -> one of its kind that is there, as a pattern of a whole name or of a text in the code.
EXAMPLES = {
    "a gene with a protein": r"PIK3CA|PTEN|AKT1",
    "a numeric marker": r"TPS|CPS|TMB",
    "a jurisdiction": r"EU|EMA|US|FDA",
    "a fact about the patient": r"menopausal_status|performance_status",
    "a name of a gene not covered": r"TP53|STK11",
    "a field of an answer": r"since_precision",
    "a route": r"(?:post_|/v1/)?what[_-]if",
    "an import format": r"phenopacket|application/vnd\.ga4gh\.phenopacket\S*",
    "a code of an error or warning": r"reversed_range",
    "the name of a level": r"II-C",
    "a lesson": r"tumou?r-agnostic-label|read-a-row",
    "a web page": r"timeline(?:\.html)?",
}


def files_that_name(pattern: str) -> list[str]:
    """Return the code files with a name or a text that is the pattern, sorted."""
    wanted = re.compile(pattern)
    return sorted(
        str(path.relative_to(SERVICE.parent))
        for path in SERVICE.rglob("*.py")
        if "examples" not in path.parts
        and any(wanted.fullmatch(word) for word in _words(ast.parse(path.read_text("utf-8"))))
    )


def _words(tree: ast.AST) -> Iterator[str]:
    """Yield the names and texts of a module that run: no docstring, no comment."""
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.keyword, ast.arg)):
            yield node.arg or ""
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def main() -> None:
    """Print one line a folder with its rooms and arrows, and one a change with its files."""
    graph = grimp.build_graph("service")
    print(f"{'folder':<34} rooms arrows")
    for folder in sorted(module for module in graph.modules if graph.find_children(module)):
        rooms = graph.find_children(folder)
        arrows = {
            (one, other)
            for one in rooms
            for other in rooms
            if one != other
            and graph.direct_import_exists(importer=one, imported=other, as_packages=True)
        }
        print(f"{folder.replace('.', '/'):<34} {len(rooms):>5} {len(arrows):>6}")
    print()
    for change, pattern in EXAMPLES.items():
        found = files_that_name(pattern)
        print(f"{change:<32} {len(found):>3}  {' '.join(found)}")


if __name__ == "__main__":
    main()
