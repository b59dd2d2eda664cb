"""``therapy-match kb check-copies``: whether a text of ours repeats a document word for word."""

from __future__ import annotations

from pathlib import Path

import click

from service.errors import SeedDataError


@click.command("check-copies")
@click.option(
    "--texts",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder of the documents as text (*.txt, UTF-8).",
)
@click.option(
    "--seed",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("seed_data"),
    show_default=True,
    help="Folder of the seed data.",
)
def check_copies(texts: Path, seed: Path) -> None:
    """Compare our texts with the documents they rest on; prints runs of 12 words or more."""
    from service.knowledge.copies import find_copies
    from service.knowledge.lint import require_clean
    from service.knowledge.read import read_seed_data

    files = sorted(texts.rglob("*.txt"))
    if not files:
        raise click.ClickException(f"no .txt file in {texts}")
    try:
        corpus = require_clean(read_seed_data(seed))
    except SeedDataError as error:
        raise click.ClickException(str(error)) from error
    documents = {
        path.relative_to(texts).as_posix(): path.read_text("utf-8", errors="replace")
        for path in files
    }
    copies = list(find_copies(corpus, documents))
    for copy in copies:
        click.echo(f'{copy.place}: {copy.document}: "{copy.words}"')
    if copies:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(documents)} documents, no copied sentence")
