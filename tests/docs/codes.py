"""The machine words that the code can emit, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.docs.console import ROOT

#: What makes a fault or a warning -> the place of the code among its arguments.
MAKERS = {
    "Fault": 1,
    "Notice": 0,
    "NotationError": 0,
    "Remark": 0,
    "FhirWarning": 0,
    "warn": 0,
    "put_apart": 2,
    "refuse": 0,
    "_refused": 1,
    "fault": 2,
    "report": 1,
}
#: Checked when the knowledge is compiled; the other rooms answer requests.
LINT_MODULES = ("lint*.py", "read.py", "criteria_tree.py")
LINT_MAKERS = frozenset({"fault", "report"})


def emitted_codes() -> tuple[set[str], set[str]]:
    """Return the codes of requests, and those of lint.

    Raises:
        ValueError: a code is neither written out nor passed on (``error.code``).
    """
    of_requests: set[str] = set()
    of_lint: set[str] = set()
    room = ROOT / "service" / "knowledge"
    lint_files = {path for pattern in LINT_MODULES for path in room.glob(pattern)}
    for path in sorted((ROOT / "service").rglob("*.py")):
        for maker, codes in _calls(path):
            is_lint = path in lint_files or maker in LINT_MAKERS
            (of_lint if is_lint else of_requests).update(codes)
    return of_requests, of_lint


def _calls(path: Path) -> Iterator[tuple[str, set[str]]]:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            maker = _name(node.func)
            argument = _code_argument(node, maker)
            if argument is not None:
                yield maker, set(_words(argument, path))
        elif isinstance(node, ast.Assign) and any(_name(t) == "_CODES" for t in node.targets):
            pairs = node.value.elts if isinstance(node.value, ast.Tuple) else []
            yield "_CODES", {w for p in pairs for w in _words(p.elts[1], path)}  # type: ignore[attr-defined]


def _code_argument(call: ast.Call, maker: str) -> ast.expr | None:
    if maker not in MAKERS:
        return None
    for keyword in call.keywords:
        if keyword.arg == "code":
            return keyword.value
    place = MAKERS[maker]
    return call.args[place] if len(call.args) > place else None


def _words(node: ast.expr, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, path)
        yield from _words(node.orelse, path)
    elif _name(node) != "code":
        raise ValueError(f"{path}:{node.lineno}: write the code out, so that it can be documented")


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", "")
