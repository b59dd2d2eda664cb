"""``therapy-match read``: what became of each part of a report, as lines or as the API's answer."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from flask.testing import FlaskClient

from service.api.examples.reports import BODIES
from service.cli import main

REPORT = "Diagnosis: lung adenocarcinoma\nEGFR p.L858R\nKRAS: not detected\n"


def test_every_line_is_told_and_what_stands_beside_is_suggested(runner: CliRunner) -> None:
    done = runner.invoke(main, ["read", "-"], input=REPORT)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:3] for line in lines[:3]] == [
        ["line", "1", "context"],
        ["line", "2", "finding"],
        ["line", "3", "finding"],
    ]
    assert "Suggested tumor_type: lung adenocarcinoma" in lines


def test_what_is_not_understood_ends_with_2(runner: CliRunner) -> None:
    done = runner.invoke(main, ["read", "-"], input=f"{REPORT}EGFR frobnicated\n")
    assert done.exit_code == 2
    assert "set_apart    EGFR frobnicated -> unknown_alteration" in done.stdout
    assert "Not complete" in done.stderr


def test_a_file_of_any_format_gives_the_answer_of_the_api(
    runner: CliRunner, client: FlaskClient, tmp_path: Path
) -> None:
    for media, body in BODIES.items():
        if media == "multipart/form-data":
            continue
        example = body["example"]
        text = example if isinstance(example, str) else json.dumps(example)
        file = tmp_path / "report"
        file.write_text(text, "utf-8")
        done = runner.invoke(main, ["read", str(file), "--format", "json"])
        assert done.exit_code in (0, 2)
        assert (
            json.loads(done.stdout) == client.post("/v1/read", data=text, content_type=media).json
        )


def test_a_broken_container_is_named(runner: CliRunner) -> None:
    assert runner.invoke(main, ["read", "-"], input='{"a": 1, "a": 2}').exit_code == 1
    done = runner.invoke(main, ["read", "-"], input="MSH||")
    assert (done.exit_code, "MSH-1" in done.stderr) == (2, True)
