"""The Dockerfile, as far as it can be tried without a container: its files suffice and serve."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.docs.console import ROOT
from tests.docs.pages import read

_TEXT = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.M))
#: The instructions of the build stage, and of the image.
STAGES = [part.splitlines()[1:] for part in _TEXT.split("FROM ")[1:]]


def _copies(stage: list[str]) -> list[tuple[list[str], str]]:
    """Return (sources, target) of what a stage copies from the folder of the project."""
    words = [line.split()[1:] for line in stage if line.startswith("COPY ")]
    return [(w[:-1], w[-1]) for w in words if not w[0].startswith("--from")]


def _is_ignored(path: str) -> bool:
    """Tell whether ``.dockerignore`` keeps a path out; the last line that fits decides."""
    parts = path.split("/")
    above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    ignored = False
    for line in read(".dockerignore").splitlines():
        pattern = line.removeprefix("!").strip()
        if not pattern or pattern.startswith("#"):
            continue
        if any(fnmatch(p, pattern) or fnmatch(f"/{p}", pattern.replace("**", "*")) for p in above):
            ignored = not line.startswith("!")
    return ignored


def _copy(stage: list[str], folder: Path) -> None:
    for sources, target in _copies(stage):
        for source in sources:
            here = ROOT / source
            there = folder / target / here.name if target.endswith("/") else folder / target
            there.parent.mkdir(parents=True, exist_ok=True)
            if here.is_dir():
                skip = shutil.ignore_patterns("__pycache__")
                shutil.copytree(here, there, ignore=skip, dirs_exist_ok=True)
            else:
                shutil.copy(here, there)


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("THERAPY_MATCH")}
    return {**kept, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the build stage, with the knowledge base compiled in it."""
    folder = tmp_path_factory.mktemp("build")
    _copy(STAGES[0], folder)
    compile_ = "from service.cli import main; main(['kb', 'build'])"
    run = [sys.executable, "-c", compile_]
    subprocess.run(run, cwd=folder, env=_environment(folder), check=True, timeout=120)
    return folder


def test_every_copied_file_exists_and_is_sent_to_the_builder() -> None:
    sources = [source for stage in STAGES for names, _ in _copies(stage) for source in names]
    assert len(sources) > 5
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not _is_ignored(source), source
    assert [
        name for name in (".git", ".venv", "tests", "build/kb.sqlite") if not _is_ignored(name)
    ] == []
    assert _is_ignored("service/engine/__pycache__")


def test_the_build_stage_can_install_the_project(built: Path) -> None:
    prepare = (
        "from flit_core.buildapi import prepare_metadata_for_build_editable as p; print(p('.'))"
    )
    run = [sys.executable, "-c", prepare]
    subprocess.run(run, cwd=built, env=_environment(built), check=True, timeout=60)
    metadata = next(built.glob("*.dist-info/METADATA")).read_text("utf-8")
    assert "# therapy-match" in metadata


def test_the_files_of_the_image_serve_and_its_health_check_passes(
    built: Path, tmp_path: Path
) -> None:
    final = STAGES[1]
    _copy(final, tmp_path)
    for line in final:
        if line.startswith("COPY --from=build") and ".venv" not in line:
            source, target = line.split()[2:]
            place = tmp_path / target
            place.parent.mkdir(parents=True, exist_ok=True)
            origin = built / source.removeprefix("/app/")
            (shutil.copytree if origin.is_dir() else shutil.copy)(origin, place)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = _environment(tmp_path) | {"HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "1"}
    command = _json_of(final, "CMD ")
    assert command[0] == ".venv/bin/gunicorn"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *command[1:]], cwd=tmp_path, env=environment
    )
    try:
        check = [sys.executable, *_json_of(final, "HEALTHCHECK ")[1:]]
        passed = False
        for _ in range(100):
            done = subprocess.run(
                check, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=10
            )
            passed = done.returncode == 0
            if passed or server.poll() is not None:
                break
            time.sleep(0.1)
        assert passed
    finally:
        server.terminate()
        server.wait(30)


def test_the_image_runs_as_nobody_in_particular_on_a_pinned_base() -> None:
    base = re.search(r"^ARG BASE=(\S+)$", _TEXT, re.M)
    assert base
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base[1])
    words = [line.split(" ")[0] for line in STAGES[1]]
    assert words.index("USER") < words.index("CMD")
    assert STAGES[1][words.index("USER")].split()[1] not in ("root", "0")


def _json_of(stage: list[str], word: str) -> list[str]:
    line = next(line for line in stage if line.startswith(word))
    words: list[str] = json.loads(line[line.index("[") :])
    return words
