"""Every command of every ``console`` block runs, and prints what the page says.

``python -m tests.docs.rewrite`` writes the printed lines anew after a change that is wanted.
"""

from __future__ import annotations

import shutil

import pytest

from tests.docs.console import ROOT, SERVE, Step, is_printed, read_steps, rewritten, run
from tests.docs.pages import all_pages, read
from tests.docs.service import Served

STEPS = [step for page in all_pages() for step in read_steps(page)]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_documented_command_prints_what_the_page_says(step: Step, served: Served) -> None:
    if "curl " in step.command and shutil.which("curl") is None:
        pytest.skip("curl is not installed; .ci/run installs it")
    actual = served.printed if step.command == SERVE else run(step, served.address)
    assert is_printed(step, actual), "\n".join(["it prints now:", *actual])


def test_the_readme_shows_the_first_minute() -> None:
    commands = [step.command for step in STEPS if step.page.name == "README.md"]
    assert commands[0] == SERVE
    assert commands[1].startswith("curl ")
    assert commands[2] == 'therapy-match match --tumor LUAD "EGFR L858R"'


def test_both_answers_of_the_readme_begin_with_the_same_regimen() -> None:
    _, curl, table = [step.printed for step in STEPS if step.page == ROOT / "README.md"][:3]
    at = next(i for i, line in enumerate(curl) if '"therapies"' in line)
    assert any('"amivantamab+lazertinib"' in line for line in curl[at : at + 4])
    at = next(i for i, line in enumerate(table) if line.startswith("Therapies"))
    assert table[at + 1].startswith("Amivantamab + lazertinib ")


def test_the_first_minute_stands_on_the_first_screen() -> None:
    lines = read("README.md").splitlines()
    assert lines.index("$ make run") < 20


EXAMPLE = ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (["one", "two", "three", "four"], True),
        (["one", "…"], True),
        (["…", "four"], True),
        (["one", "…", "three", "…"], True),
        (["…", "two", "…", "four"], True),
        (["…"], True),
        ([], False),
        (["one", "two"], False),
        (["two", "…"], False),
        (["…", "three"], False),
        (["…", "three", "…", "two", "…"], False),
        (["one", "…", "five", "…"], False),
        (["one", "…", "two", "three", "four", "five"], False),
    ],
)
def test_the_comparison_can_fail(printed: list[str], *, expected: bool) -> None:
    step = Step(ROOT / "README.md", "echo", tuple(printed), 0, 0)
    assert is_printed(step, EXAMPLE) is expected


def test_rewriting_shows_the_same_parts_of_a_new_answer() -> None:
    shown = ("the answer of 2025", "…", "row  osimertinib 1", "row two", "…")
    step = Step(ROOT / "README.md", "echo", shown, 0, 0)
    now = ["the answer of 2026", "new", "row    osimertinib 2", "row three", "end"]
    expected = ["the answer of 2026", "…", "row    osimertinib 2", "row three", "…"]
    assert rewritten(step, now) == expected
    with pytest.raises(ValueError, match="no longer printed"):
        rewritten(step, ["something else entirely"])
