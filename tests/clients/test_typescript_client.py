"""The types that openapi-typescript writes compile strictly, and ask the real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.generate import CLIENTS, write_typescript

FOLDER = CLIENTS / "typescript"
LOCK = Path(__file__).parent / "typescript/package-lock.json"


@pytest.fixture(scope="module")
def written() -> Path:
    """Return the folder with the types and the compiled program."""
    if shutil.which("npm") is None and "CI" not in os.environ:
        pytest.skip("npm is not installed; .ci/run installs it")
    write_typescript(FOLDER)
    return FOLDER


def test_the_program_prints_what_the_service_answers(written: Path, address: str) -> None:
    done = subprocess.run(
        ["node", "out/ask.js", address],
        cwd=written, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert "mobocertinib" in said.pop("gone")
    assert "panitumumab" in said.pop("added")
    assert said == {
        "first": "amivantamab+lazertinib: on_label, I-A, needs 0",
        "byQuery": "amivantamab+lazertinib",
        "findings": ["EGFR L858R", "KRAS mutation not detected"],
        "normalized": ["p.L858R"],
        "notUnderstood": ["unknown_alteration"],
        "assertion": "A0002",
        "genes": ["EGFR"],
        "refused": {"status": 422, "codes": ["unknown_tumor_type", "unknown_gene"]},
    }


def test_a_field_that_the_contract_has_not_does_not_compile(written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path / "copy", symlinks=True)
    program = tmp_path / "copy/ask.ts"
    program.write_text(program.read_text("utf-8").replace("level.amp_asco_cap", "level.grade"))
    done = subprocess.run(
        ["npm", "run", "--silent", "check"],
        cwd=program.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Property 'grade' does not exist" in done.stdout


def test_no_type_is_an_object_that_may_hold_nothing(written: Path) -> None:
    lines = (written / "schema.d.ts").read_text("utf-8").splitlines()
    empty = [line.strip() for line in lines if "Record<string, never>" in line]
    assert [line for line in empty if not re.match(r"export type (webhooks|\$defs) ", line)] == []


def test_the_lock_names_no_registry_and_has_a_hash_for_every_package() -> None:
    packages = json.loads(LOCK.read_text("utf-8"))["packages"]
    locked = {name: item for name, item in packages.items() if name}
    assert len(locked) > 20
    assert [name for name, item in locked.items() if "resolved" in item] == []
    assert [name for name, item in locked.items() if "integrity" not in item] == []
