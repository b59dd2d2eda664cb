"""``make`` as a stranger meets it: clear words when something is missing, nothing done twice."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.console import ROOT
from tests.docs.service import Served, serve

_TOOLS = ("make", "sh", "find", "sed", "echo", "rm")


def _make(*words: str, folder: Path = ROOT, path: str | None = None) -> tuple[int, str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    environment |= {"PATH": path or environment["PATH"]}
    done = subprocess.run(
        ["make", *words],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def bare(tmp_path: Path) -> tuple[Path, Path]:
    """Return a folder with what make reads, and one with the only programs that it finds."""
    (tmp_path / "requirements").mkdir()
    for file in ("Makefile", "pyproject.toml", "requirements/run.lock"):
        shutil.copy(ROOT / file, tmp_path / file)
    programs = tmp_path / "programs"
    programs.mkdir()
    for tool in _TOOLS:
        found = shutil.which(tool)
        if found:
            (programs / tool).symlink_to(found)
    return tmp_path, programs


def test_without_python_it_says_which_one_is_needed(bare: tuple[Path, Path]) -> None:
    folder, programs = bare
    code, said = _make("run", folder=folder, path=str(programs))
    assert code != 0
    assert "Python 3.11 or newer is needed and was not found" in said
    assert "make PYTHON=/path/to/python3" in said


def test_without_the_venv_module_it_says_what_to_install(bare: tuple[Path, Path]) -> None:
    folder, programs = bare
    python = programs / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n', "utf-8")
    python.chmod(0o755)
    code, said = _make("run", folder=folder, path=str(programs))
    assert code != 0
    assert "apt-get install python3-venv" in said


def test_a_word_that_is_no_target_lists_those_there_are() -> None:
    code, said = _make("serve")
    assert code != 0
    assert "There is no target or file 'serve'." in said
    assert "make run" in said


def test_the_second_run_installs_and_compiles_nothing(served: Served) -> None:
    with serve() as again:
        assert again.printed[0] == "==> Serving on http://127.0.0.1:8000 (stop with Ctrl-C)"


def test_a_taken_port_is_said_in_one_line(served: Served) -> None:
    port = urlsplit(served.address).port
    code, said = _make("run", f"PORT={port}")
    assert code != 0
    assert f"Cannot serve on 127.0.0.1:{port}: Address already in use. Try another PORT." in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("PORT=99999",), "PORT must be a whole number from 1 to 65535, not '99999'."),
        (("PORT=http",), "PORT must be a whole number from 1 to 65535, not 'http'."),
        (("WORKERS=0",), "WORKERS must be a whole number from 1 to 1024, not '0'."),
        (("HOST=nowhere.invalid",), "Try another HOST."),
    ],
)
@pytest.mark.usefixtures("served")
def test_a_wrong_setting_is_said_without_a_traceback(words: tuple[str, ...], message: str) -> None:
    code, said = _make("run", *words)
    assert code != 0
    assert message in said
    assert "Traceback" not in said
