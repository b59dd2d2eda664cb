"""A patient fact and a jurisdiction are each added in one file, and then every face knows them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.knowledge.store import KnowledgeBase

ROOT = Path(__file__).parents[1]

#: File, what is put in front of which line, and the program that asks every face for it.
_ECOG = (
    "service/engine/patient_facts.py",
    ")  # fmt: skip\nFACT_BY_NAME",
    '    PatientFact("ecog", "ECOG status", "--ecog", "whole", 1, low=0, high=5),\n',
    """
from click.testing import CliRunner
from pathlib import Path
from service.adapters.v1.query import read_query, write_patient
from service.api.openapi.contract import CASE_PARAMETERS
from service.api.shapes.requests import PatientSchema
from service.app import create_app
from service.cli import main
from service.config import Settings
from service.engine.criteria import _CLINICAL
from service.engine.model import Patient, Truth
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.lesson_schemas import PatientSchema as OfLessons

assert PatientSchema().load({"ecog": 2}) == {"ecog": 2}
assert PatientSchema().validate({"ecog": 6})
assert OfLessons().load({"ecog": 1}) == {"ecog": 1}
assert read_query(lambda name: ["1"] if name == "ecog" else [])["patient"] == {"ecog": 1}
assert dict(write_patient({"ecog": 1})) == {"ecog": "1"}
assert any(parameter["name"] == "ecog" for parameter in CASE_PARAMETERS)
faults = []
written = [{"tumor_type": "LUAD"}, {"biomarker": "EGFR L858R"}, {"ecog": {"max": "1"}}]
tree = parse_criteria({"all": written}, lambda *fault: faults.append(fault))
assert not faults, faults
assert tree.clinical.children[0].value == (None, 1.0), tree
assert _CLINICAL["ecog"]((None, 1.0), Patient(facts={"ecog": 2}), None) is Truth.FALSE
assert "--ecog" in CliRunner().invoke(main, ["match", "--help"]).output
client = create_app(Settings(kb_path=Path(KB))).test_client()
assert 'name="ecog"' in client.get("/").text
asked = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "patient": {"ecog": 1}}
assert client.post("/v1/match", json=asked).status_code == 200
""",
)
_JAPAN = (
    "service/engine/jurisdictions.py",
    ")\nJURISDICTIONS",
    '    Jurisdiction("JP", "Japan", "PMDA", is_announced_at_once=True),\n',
    """
from click.testing import CliRunner
from pathlib import Path
from service.api.openapi.contract import CASE_PARAMETERS
from service.app import create_app
from service.cli import main
from service.config import Settings
from service.knowledge.assertion_schemas import AssertionSchema

shape = AssertionSchema(partial=True)
assert not shape.validate({"jurisdiction": "JP", "authority": "PMDA"}, partial=True)
assert shape.validate({"jurisdiction": "XX"}, partial=True)
(parameter,) = [p for p in CASE_PARAMETERS if p["name"] == "jurisdiction"]
assert "JP" in parameter["schema"]["items"]["enum"]
assert "[US|EU|JP]" in CliRunner().invoke(main, ["match", "--help"]).output
client = create_app(Settings(kb_path=Path(KB))).test_client()
assert "Japan (PMDA)" in client.get("/").text
asked = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "jurisdictions": ["JP"]}
answer = client.post("/v1/match", json=asked)
assert answer.status_code == 200 and not any(
    row["applicability"] == "on_label" for row in answer.json["therapies"]
)
""",
)


@pytest.mark.parametrize(
    ("file", "before", "row", "program"), [_ECOG, _JAPAN], ids=["patient fact", "jurisdiction"]
)
def test_one_row_in_one_file_adds_it_everywhere(
    file: str, before: str, row: str, program: str, kb: KnowledgeBase, tmp_path: Path
) -> None:
    """The promise: add a row to the one table, and criteria, API, pages and commands follow."""
    shutil.copytree(ROOT / "service", tmp_path / "service")
    table = tmp_path / file
    text = table.read_text("utf-8")
    assert text.count(before) == 1
    table.write_text(text.replace(before, row + before), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", f"KB = {str(kb.path)!r}\n{program}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
