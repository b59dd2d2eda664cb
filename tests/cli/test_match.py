"""``therapy-match match``: the API's answer as a table, or its very bytes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from service.cli import main
from service.intended_use import INTENDED_USE
from service.knowledge.store import KnowledgeBase

DAY = "2026-11-01"


def match(runner: CliRunner, *arguments: str, columns: int = 100) -> Result:
    return runner.invoke(main, ["match", *arguments], env={"COLUMNS": str(columns)})


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_the_table_fits_the_terminal_and_gives_each_therapy_with_its_reason(
    runner: CliRunner, columns: int
) -> None:
    done = match(runner, "-t", "LUAD", "EGFR L858R", "--as-of", DAY, "-j", "US", columns=columns)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines == [line.rstrip() for line in lines]
    assert lines[0] == "Lung Adenocarcinoma (LUAD), as of 2026-11-01"
    header = next(line for line in lines if line.startswith("Therapies "))
    assert header.split()[1:] == ["Applies", "Level", "Status"]
    rows = [line.split()[:4] for line in lines[lines.index(header) + 1 :]]
    assert ["Osimertinib", "on", "label", "I-A"] in rows
    words = " ".join(done.stdout.split())
    assert "A0002: EGFR L858R meets 'EGFR L858R';" in words
    assert INTENDED_USE in words


def test_a_reason_is_not_squeezed_at_80_columns(runner: CliRunner) -> None:
    done = match(runner, "-t", "LUAD", "EGFR L858R", "--as-of", DAY, columns=80)
    reason = next(line for line in done.stdout.splitlines() if line.startswith("    A0002:"))
    assert len(reason) > 60
    assert not any(
        0 < len(line.split()[0]) < 2 for line in done.stdout.splitlines() if line.strip()
    )


def test_resistance_tests_warnings_and_exclusions_are_shown(runner: CliRunner) -> None:
    given = ["EGFR L858R", "EGFR C797S", "--prior", "osimertinb", "--as-of", DAY]
    done = match(runner, "-t", "LUAD", *given)
    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert "Resistance and no benefit" in words
    assert "CONFLICT" in words
    assert "Test: ALK" in words
    assert "Warning: /patient/prior_therapies/0: 'osimertinb'" in words
    assert "(did you mean: osimertinib" in words
    assert "Excluded: " in words


def test_with_nothing_found_the_table_says_so(runner: CliRunner) -> None:
    done = match(runner, "-t", "LUAD")
    assert done.exit_code == 0
    assert "No therapy of this knowledge base fits these findings." in done.stdout
    assert "Applies" not in done.stdout


def test_explain_full_shows_every_criterion(runner: CliRunner) -> None:
    brief = match(runner, "-t", "LUAD", "EGFR L858R", "--as-of", DAY)
    full = match(runner, "-t", "LUAD", "EGFR L858R", "--as-of", DAY, "--explain", "full")
    assert " true " in full.stdout
    assert " true " not in brief.stdout


@pytest.mark.parametrize("explain", ["none", "brief", "full"])
def test_json_is_byte_for_byte_the_answer_of_the_api(
    runner: CliRunner, client: FlaskClient, explain: str
) -> None:
    patient = {
        "disease_stage": "metastatic",
        "line_of_therapy": 2,
        "prior_therapies": ["osimertinib"],
        "age_years": 64.0,
    }
    case = {
        "tumor_type": "lung adenocarcinoma",
        "biomarkers": ["EGFR L858R", "KRAS not detected"],
        "patient": patient,
        "jurisdictions": ["US"],
        "as_of": DAY,
        "explain": explain,
    }
    options = ["--stage", "metastatic", "--line", "2", "--prior", "osimertinib", "--age", "64"]
    options += ["-j", "US", "--as-of", DAY, "--explain", explain, "--json"]
    done = match(runner, "-t", "lung adenocarcinoma", *case["biomarkers"], *options)
    assert done.exit_code == 0
    assert done.stdout_bytes == client.post("/v1/match", json=case).get_data() + b"\n"


def test_a_day_to_come_is_the_same_in_both_faces(runner: CliRunner, client: FlaskClient) -> None:
    case = {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"], "as_of": "2099-01-01"}
    done = match(runner, "-t", "LUAD", "EGFR L858R", "--as-of", "2099-01-01", "--json")
    assert done.stdout_bytes == client.post("/v1/match", json=case).get_data() + b"\n"


def test_unknown_words_are_named_on_stderr_with_suggestions_all_at_once(runner: CliRunner) -> None:
    done = match(runner, "-t", "LAUD", "EGRF L858R", "EGFR A858R")
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "/tumor_type",
        "/biomarkers/0",
        "/biomarkers/1",
    ]
    assert "did you mean" in lines[0]
    assert "did you mean: EGFR" in lines[1]
    assert lines[1].endswith("[unknown_gene]")


@pytest.mark.parametrize(
    "arguments",
    [
        ["EGFR L858R"],
        ["-t", "LUAD", "--as-of", "soon"],
        ["-t", "LUAD", "--stage", "late"],
        ["-t", "LUAD", "--setting", "late"],
        ["-t", "LUAD", "--line", "0"],
        ["-t", "LUAD", "-j", "XX"],
    ],
)
def test_wrong_options_are_usage_errors(runner: CliRunner, arguments: list[str]) -> None:
    done = match(runner, *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: ")


def test_a_missing_knowledge_base_is_said_with_the_way_out(runner: CliRunner) -> None:
    done = match(runner, "-t", "LUAD", "--kb", "nowhere.sqlite")
    assert done.exit_code == 1
    assert "therapy-match kb build" in done.stderr


@pytest.mark.parametrize("command", [["match", "-t", "LUAD", "EGFR L858R"], ["kb", "stats"]])
def test_the_web_framework_is_not_loaded_for_it(kb: KnowledgeBase, command: list[str]) -> None:
    code = (
        "import sys; from service.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'flask', 'werkzeug', 'flask_smorest', 'apispec', 'sqlite_utils'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--kb", str(kb.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
