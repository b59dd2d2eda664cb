"""The other commands: ``kb``, ``serve``, ``openapi``, help and version; exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service import __version__
from service.cli import main
from service.knowledge.store import KnowledgeBase

ROOT = Path(__file__).parents[2]


def test_version_and_help(runner: CliRunner) -> None:
    assert runner.invoke(main, ["--version"]).stdout == f"therapy-match, version {__version__}\n"
    for option in ("-h", "--help"):
        text = runner.invoke(main, [option]).stdout
        assert "Research and education only." in text
        for command in main.commands:
            assert f"  {command} " in text


def test_every_command_and_option_says_what_it_does(runner: CliRunner) -> None:
    groups = [main, *(c for c in main.commands.values() if hasattr(c, "commands"))]
    for group in groups:
        for command in group.commands.values():
            assert command.help
            assert all(p.help for p in command.params if isinstance(p, click.Option))


def test_an_unknown_command_is_a_usage_error(runner: CliRunner) -> None:
    assert runner.invoke(main, ["mtach"]).exit_code == 2


def test_openapi_prints_the_committed_document(runner: CliRunner) -> None:
    done = runner.invoke(main, ["openapi"])
    assert done.exit_code == 0
    assert done.stdout == (ROOT / "openapi.yaml").read_text("utf-8")


def test_lint_of_the_seed_data_finds_nothing(runner: CliRunner, seed_data: Path) -> None:
    done = runner.invoke(main, ["kb", "lint", "--seed", str(seed_data)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith("assertions, no faults\n")


def test_lint_and_build_refuse_a_broken_record_with_its_address(
    runner: CliRunner, seed_data: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "seed"
    shutil.copytree(seed_data, broken)
    record = next((broken / "assertions" / "EGFR").glob("A0001-*.yaml"))
    text = record.read_text("utf-8")
    assert "effect: sensitivity" in text
    record.write_text(text.replace("effect: sensitivity", "effect: cure"), "utf-8")
    done = runner.invoke(main, ["kb", "lint", "--seed", str(broken)])
    assert done.exit_code == 1
    assert "A0001" in done.stdout
    assert "effect" in done.stdout
    output = tmp_path / "kb.sqlite"
    done = runner.invoke(main, ["kb", "build", "--seed", str(broken), "-o", str(output)])
    assert done.exit_code == 1
    assert "A0001" in done.stderr
    assert not output.exists()


def test_build_writes_the_same_knowledge_that_is_served(
    runner: CliRunner, seed_data: Path, kb: KnowledgeBase, tmp_path: Path
) -> None:
    output = tmp_path / "new" / "kb.sqlite"
    done = runner.invoke(main, ["kb", "build", "--seed", str(seed_data), "-o", str(output)])
    assert done.exit_code == 0, done.stderr
    assert kb.content_hash in done.stdout
    assert output.read_bytes() == kb.path.read_bytes()


def test_show_prints_a_record_and_refuses_an_unknown_one(runner: CliRunner) -> None:
    done = runner.invoke(main, ["kb", "show", "A0002"])
    assert done.exit_code == 0
    assert "id: A0002\n" in done.stdout
    assert "criteria:" in done.stdout
    done = runner.invoke(main, ["kb", "show", "A9999"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "there is no assertion A9999" in done.stderr


def test_stats_count_the_assertions(runner: CliRunner, kb: KnowledgeBase) -> None:
    done = runner.invoke(main, ["kb", "stats"])
    assert done.exit_code == 0
    assert str(len(kb.records["assertions"])) in done.stdout.split()


def test_serve_hands_over_to_gunicorn_with_its_settings(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr("os.execve", lambda _, command, environ: calls.append((command, environ)))
    options = ["serve", "--host", "127.0.0.2", "--port", "8123", "--workers", "3"]
    assert runner.invoke(main, options).exit_code == 0
    (command, environment), *_ = calls
    assert command[1:4] == ["-m", "gunicorn", "--config"]
    assert Path(command[4]).is_file()
    given = [environment[name] for name in ("HOST", "PORT", "WORKERS")]
    assert given == ["127.0.0.2", "8123", "3"]
