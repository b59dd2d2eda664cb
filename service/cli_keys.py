"""``therapy-match keys``: the file of the keys of callers; a running service reads it again."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.api.http.keys import Key

_FILE = click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="API_KEYS_FILE",
    required=True,
    help="File of the keys  [default: $API_KEYS_FILE].",
)


@click.group()
def keys() -> None:
    """Make, list and take back keys of callers."""


@keys.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("read", "match"),
    show_default=True,
    type=click.Choice(("read", "match", "feedback", "admin")),
    help="What it is good for; may be repeated.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day on which it is taken no more.",
)
@_FILE
def add(identifier: str, scopes: tuple[str, ...], expires: object, path: Path) -> None:
    """Make a key for ID; it is printed once, and the file holds its hash only."""
    from datetime import datetime

    from service.api.http.keys import ID, Key, make_key

    known = _read(path)
    if not ID.fullmatch(identifier):
        raise click.ClickException("an ID is of small letters, digits and hyphens, 40 at most")
    if identifier in known:
        raise click.ClickException(f"there is a key {identifier} already; take another ID")
    text, hashed = make_key(identifier)
    day = expires.date() if isinstance(expires, datetime) else None
    _write(path, {**known, identifier: Key(identifier, frozenset(scopes), hashed, day)})
    click.echo(text)


@keys.command(name="list")
@_FILE
def list_(path: Path) -> None:
    """List the keys: id, scopes, day of expiry."""
    for key in _read(path).values():
        until = f"  until {key.expires_on}" if key.expires_on else ""
        click.echo(f"{key.id:<24}{' '.join(sorted(key.scopes))}{until}")


@keys.command()
@click.argument("identifier", metavar="ID")
@_FILE
def remove(identifier: str, path: Path) -> None:
    """Take back the key of ID; a running service refuses it from its next call on."""
    known = _read(path)
    if known.pop(identifier, None) is None:
        raise click.ClickException(f"there is no key {identifier}")
    _write(path, known)


def _read(path: Path) -> dict[str, Key]:
    from service.api.http.keys import read_keys

    try:
        return read_keys(path) if path.exists() else {}
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _write(path: Path, known: Mapping[str, Key]) -> None:
    """Write the file in one step, so that a service that reads it now sees the old or the new."""
    import orjson

    lines = [
        {"id": key.id, "scopes": sorted(key.scopes), "hash": key.hash}
        | ({"expires_on": key.expires_on} if key.expires_on else {})
        for key in known.values()
    ]
    content = orjson.dumps({"keys": lines}, option=orjson.OPT_INDENT_2) + b"\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as written:
        written.write(content)
    if path.exists():  # whoever serves may read it still
        shutil.copymode(path, name)
    Path(name).replace(path)
