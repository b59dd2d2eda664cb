"""The ``console`` blocks of the pages: read, run, compared, rewritten.

In a block, ``$ `` starts a command (a trailing backslash continues it) and the lines below it are
what it prints. A line that holds only ``…`` stands for printed lines that are left out.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ADDRESS = "http://127.0.0.1:8000"
LEFT_OUT = "…"
#: The first command of the README; it is run by the service that the other blocks talk to.
SERVE = "make run"
#: A command without a day is asked as of today, which the page cannot know.
_DAY = re.compile(r'(as of |"as_of": ")\d{4}-\d\d-\d\d')


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a page and what the page says that it prints.

    Args:
        first, last: the printed lines in the page, 0-based, ``last`` exclusive.
    """

    page: Path
    command: str
    printed: tuple[str, ...]
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return the place of the command, for the name of its test."""
        return f"{self.page.relative_to(ROOT)}:{self.first}"


def read_steps(page: Path) -> list[Step]:
    """Return the steps of every ``console`` block of a page."""
    lines = page.read_text("utf-8").splitlines()
    steps: list[Step] = []
    for start, end in _blocks(lines):
        at = start
        while at < end:
            if not lines[at].startswith("$ "):
                raise ValueError(f"{page.name}:{at + 1}: a console block starts with a command")
            command = [lines[at][2:]]
            at += 1
            while command[-1].endswith("\\"):
                command.append(lines[at])
                at += 1
            first = at
            while at < end and not lines[at].startswith("$ "):
                at += 1
            steps.append(Step(page, "\n".join(command), tuple(lines[first:at]), first, at))
    return steps


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for number, line in enumerate(lines):
        if line.strip() == "```console":
            start = number + 1
        elif line.strip() == "```" and start is not None:
            yield start, number
            start = None


def run(step: Step, address: str) -> list[str]:
    """Run a command in a shell at the root of the repository; returns the lines it printed."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", step.command.replace(ADDRESS, address)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    text = (done.stdout + done.stderr).replace(address, ADDRESS)
    return [line.rstrip() for line in text.splitlines()]


def is_printed(step: Step, actual: list[str]) -> bool:
    """Tell whether a page shows what was printed, apart from lines it leaves out."""
    lines = [_mask(step, line) for line in actual]
    first, *rest = _fragments([_mask(step, line) for line in step.printed])
    if not rest:
        return lines == first
    if lines[: len(first)] != first:
        return False
    at = len(first)
    *middle, last = rest
    for fragment in middle:
        found = _find(lines, fragment, at)
        if found is None:
            return False
        at = found + len(fragment)
    return at <= len(lines) - len(last) and lines[len(lines) - len(last) :] == last


def rewritten(step: Step, actual: list[str]) -> list[str]:
    """Return the lines to show now: the same parts of the answer as before.

    Raises:
        ValueError: a shown part starts with a line that is no longer printed.
    """
    fragments = _fragments(list(step.printed))
    if len(fragments) == 1:
        return actual
    result: list[str] = []
    at = 0
    for number, fragment in enumerate(fragments):
        if number:
            result.append(LEFT_OUT)
        if fragment:
            found = _closest(actual, fragment[0], at)
            if found is None:
                raise ValueError(f"{step.name}: no longer printed, edit by hand: {fragment[0]}")
            at = found + len(fragment)
            result += actual[found:at]
    return result


def _mask(step: Step, line: str) -> str:
    has_day = "as-of" in step.command or "as_of" in step.command
    return line if has_day else _DAY.sub(r"\1today", line)


def _fragments(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    return parts


def _closest(lines: list[str], wanted: str, start: int) -> int | None:
    """Return the place of a line, or of the one that it most likely has become."""
    exact = _find(lines, [wanted], start)
    near = difflib.get_close_matches(wanted, lines[start:], n=1, cutoff=0.7)
    return exact if exact is not None or not near else lines.index(near[0], start)


def _find(lines: list[str], part: list[str], start: int) -> int | None:
    spots = range(start, len(lines) - len(part) + 1)
    return next((at for at in spots if lines[at : at + len(part)] == part), None)
