"""``docs/cli.md`` lists every command, and every option of ``match``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from service.cli import main, match
from tests.docs.pages import first_cells, read


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for word, inner in command.commands.items():
            yield from _commands(inner, f"{name} {word}")
    else:
        yield name


def test_every_command_and_option_is_documented_and_no_other() -> None:
    listed = first_cells(read("docs/cli.md"))
    options = [p.opts[0] for p in match.params if isinstance(p, click.Option)]
    assert sorted(listed) == sorted([*_commands(main, "therapy-match"), *options])
