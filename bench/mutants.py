"""Change one thing in the engine at a time and see whether a test notices: ``make mutants``.

A seeded sample of the changes that cosmic-ray can make in ``service/engine``, each applied to a
copy of the project and run against the tests of its room. What survives is printed with its place;
what no test can notice is listed, with the reason, in ``bench/equivalent_mutants.txt``.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
ENGINE = Path("service/engine")
EQUIVALENT = ROOT / "bench/equivalent_mutants.txt"
#: Room -> the tests that must notice a change in it, those that notice soonest first.
TESTS = {
    "notation": ("tests/engine/notation", "tests/property/test_notation.py", "tests/reports"),
    "engine": (
        "tests/engine/test_*.py",
        "tests/reasoning",
        "tests/knowledge/test_cases.py",
        "tests/property",
    ),
}
#: A decorator that is gone breaks the import of a module; a no-op changes nothing.
_LEFT_OUT = ("core/RemoveDecorator", "core/NoOp", "core/ExceptionReplacer")
_TIMEOUT_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: which operator, at which of its places in a module."""

    module: str
    operator: str
    occurrence: int
    line: int

    @property
    def room(self) -> str:
        """Return which tests it is run against."""
        return "notation" if "/notation/" in self.module else "engine"

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator}#{self.occurrence}"


def mutants_of(module: Path) -> Iterator[Mutant]:
    """Yield every change of a module that the operators know."""
    tree = get_ast((ROOT / module).read_text("utf-8"))
    for name in operator_names():
        operator_class = get_operator(name)
        if name in _LEFT_OUT or operator_class.arguments():
            continue
        operator = operator_class()
        places = [
            start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, (line, _) in enumerate(places):
            yield Mutant(str(module), name, occurrence, line)


def is_change(mutant: Mutant) -> bool:
    """Tell whether a change is more than another annotation, which is never evaluated."""
    source = (ROOT / mutant.module).read_text("utf-8")
    changed = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    return changed is not None and _without_annotations(changed) != _without_annotations(source)


def _without_annotations(source: str) -> str:
    """Return a canonical form in which annotations, never evaluated here, do not count."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(value=None)
    return ast.dump(tree)


def is_noticed(mutant: Mutant, copy: Path, python: Path) -> bool:
    """Apply a change to the copy, run the tests of its room, and take it back."""
    target = copy / mutant.module
    source = target.read_text("utf-8")
    changed = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    _write(target, changed or source)
    try:
        return _fails(_paths(mutant.room, copy), copy, python)
    finally:
        _write(target, source)


def _write(module: Path, text: str) -> None:
    """Write a module; what was compiled of it goes, since two changes may share size and second."""
    for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc"):
        compiled.unlink()
    module.write_text(text, "utf-8")


def _paths(room: str, copy: Path) -> list[str]:
    """Return the tests of a room in the order in which they are run, all in one process."""
    return [
        str(path.relative_to(copy))
        for pattern in TESTS[room]
        for path in sorted(copy.glob(pattern))
    ]


def _fails(paths: list[str], copy: Path, python: Path) -> bool:
    command = [str(python), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *paths]
    try:
        done = subprocess.run(
            command, cwd=copy, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS,
            env={**os.environ, "PYTHONPATH": str(copy)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> None:
    """Run a sample and print the share that was noticed, by room."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--room", choices=sorted(TESTS))
    options.add_argument("--part", default="1/1", help="2/2: the second of two halves")
    options.add_argument("--python", type=Path, default=ROOT / ".venv/bin/python")
    asked = options.parse_args()
    known = EQUIVALENT.read_text("utf-8") if EQUIVALENT.exists() else ""
    modules = sorted(path.relative_to(ROOT) for path in (ROOT / ENGINE).rglob("*.py"))
    everything = [
        mutant
        for module in modules
        for mutant in mutants_of(module)
        if asked.room in (None, mutant.room) and str(mutant) not in known
    ]
    random.Random(asked.seed).shuffle(everything)
    chosen = list(islice((mutant for mutant in everything if is_change(mutant)), asked.sample))
    number, parts = (int(word) for word in asked.part.split("/"))
    copy = ROOT / "build" / f"mutants-tree-{number}"
    shutil.rmtree(copy, ignore_errors=True)
    kept = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=kept)
    score: dict[str, list[int]] = {}
    started = time.monotonic()
    for mutant in chosen[number - 1 :: parts]:
        noticed = is_noticed(mutant, copy, asked.python)
        counts = score.setdefault(mutant.room, [0, 0])
        counts[0] += noticed
        counts[1] += 1
        if not noticed:
            print(f"alive: {mutant}", flush=True)
    for room, (killed, tried) in sorted(score.items()):
        print(f"{room}: {killed} of {tried} noticed ({killed / tried:.0%}), seed {asked.seed}")
    print(
        f"{len(everything)} possible changes; {time.monotonic() - started:.0f} s", file=sys.stderr
    )


if __name__ == "__main__":
    main()
