"""Tests that share something run in one worker, with the pytest and xdist that are installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.scheduler import group_of

TESTS = Path(__file__).parent
#: Notes which worker ran it, and gives the other one time to take the next.
TEST = """
import os, time
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range(4))
def test_it(number):
    time.sleep(0.05)
    name = f"{Path(__file__).parent.name}-{Path(__file__).stem}-{number}"
    Path(os.environ["RAN"], name).write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def workers(folder: Path, conftest: str) -> dict[str, set[str]]:
    """Run a small suite in two workers and return the workers that each folder ran in."""
    ran = folder / "ran"
    ran.mkdir()
    for room in ("browser", "clients", "engine"):
        (folder / "tests" / room).mkdir(parents=True)
        for name in ("test_one.py", "test_two.py"):
            (folder / "tests" / room / name).write_text(TEST)
    (folder / "tests/conftest.py").write_text(conftest)
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "--dist=load", "-pno:cacheprovider"]
    subprocess.run(
        [*command, "--import-mode=importlib", "--rootdir", folder, "tests"],
        cwd=folder,
        env={"RAN": str(ran), "PYTHONPATH": str(TESTS), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    of_room: dict[str, set[str]] = {}
    for path in ran.iterdir():
        of_room.setdefault(path.name.partition("-")[0], set()).add(path.read_text())
    return of_room


HOOK = "from scheduler import pytest_xdist_make_scheduler"


@pytest.mark.parametrize(("conftest", "count"), [(HOOK, 1), ("", 2)])
def test_a_group_runs_in_one_worker_because_of_the_scheduler(
    tmp_path: Path, conftest: str, count: int
) -> None:
    ran_in = workers(tmp_path, conftest)
    assert {len(ran_in["browser"]), len(ran_in["clients"])} == {count}
    assert len(ran_in["engine"]) == 2


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/browser/test_ask.py::test_a", "browser"),
        ("tests/docs/test_site.py::test_a[1]", "browser"),
        ("tests/docs/test_pages.py::test_a", "docs"),
        ("tests/contract/test_cors.py::test_a", "tests/contract/test_cors.py"),
        ("tests/engine/test_rank.py::test_a[x]", "tests/engine/test_rank.py::test_a[x]"),
    ],
)
def test_the_group_of_a_test_follows_its_path(nodeid: str, group: str) -> None:
    assert group_of(nodeid) == group
