"""The command ``therapy-match read``; its work, in ``cli_read``, is loaded when it is used."""

from __future__ import annotations

import sys
from typing import IO

import click

from service.errors import InputError


@click.command("read")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["lines", "json"]),
    default="lines",
    show_default=True,
    help="Lines for people, or the answer of POST /v1/read.",
)
@click.option("--type", "media", default="", help="Media type  [default: look into the file].")
@click.option("--kb", "kb_path", type=click.Path(dir_okay=False), help="Compiled knowledge base.")
def read(file: IO[bytes], form: str, media: str, kb_path: str | None) -> None:
    """Say what became of each part of a report: FILE of any format, or - for standard input."""
    from service.cli import fail, open_knowledge
    from service.cli_read import print_report

    try:
        is_complete = print_report(open_knowledge(kb_path), file, media, as_json=form == "json")
    except InputError as error:
        fail(error)
    sys.exit(0 if is_complete else 2)
