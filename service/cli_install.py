"""``therapy-match kb install`` and ``kb rollback``: put a compiled file in place, or take it back.

A file is opened (format, seal) and asked the cases of its own lessons before it takes the place of
the other, in one step; a service that runs goes on with what it has until it gets a SIGHUP.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.config import read_settings
from service.errors import InputError, KnowledgeBaseError, SettingsError

if TYPE_CHECKING:
    from service.knowledge.store import KnowledgeBase

_TARGET = click.option(
    "--kb",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to replace  [default: $THERAPY_MATCH_KB or build/kb.sqlite].",
)
_NEXT = "a running service takes it on SIGHUP"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_TARGET
def install(file: Path, target: Path | None) -> None:
    """Check a compiled FILE and put it in the place of the one that is served."""
    place = _place(target)
    found = _checked(file)
    if place.exists():
        _copy(place, previous_of(place))
    _copy(file, place)
    click.echo(f"{place}: version {found.version}, {found.content_hash}; {_NEXT}")


@click.command()
@_TARGET
def rollback(target: Path | None) -> None:
    """Put back the file that the last install replaced; a second time undoes that."""
    place = _place(target)
    kept = previous_of(place)
    if not kept.exists():
        raise click.ClickException(f"nothing was installed over {place}: there is no {kept.name}")
    found = _checked(kept)
    aside = kept.with_suffix(".aside")
    _copy(place, aside)
    kept.replace(place)
    aside.replace(kept)
    click.echo(f"{place}: version {found.version}, {found.content_hash}; {_NEXT}")


def previous_of(place: Path) -> Path:
    """Return where the file is kept that an install replaces."""
    return place.with_name(f"{place.stem}.previous{place.suffix}")


def _place(target: Path | None) -> Path:
    try:
        return target or read_settings().kb_path
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _copy(source: Path, place: Path) -> None:
    """Copy a file so that its place holds the old or the new one at any moment."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as written, source.open("rb") as read:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())
        draft.chmod(0o644)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def _checked(file: Path) -> KnowledgeBase:
    from service.knowledge.store import KnowledgeBase

    try:
        found = KnowledgeBase(file)
    except KnowledgeBaseError as error:
        raise click.ClickException(f"not installed: {error}") from error
    faults = list(_smoke(found))
    if faults:
        raise click.ClickException("\n".join(["not installed:", *faults]))
    return found


def _smoke(knowledge: KnowledgeBase) -> Iterator[str]:
    """Yield what the cases of the lessons do not find, of that which their claims name."""
    from service.adapters.v1.case import read_case
    from service.engine.match import match
    from service.knowledge.regimens import regimen_id

    today = dt.datetime.now(dt.UTC).date()
    for lesson in knowledge.lessons:
        for step in lesson.steps:
            if step.case is None:
                continue
            where = f"lesson {lesson.slug}, {step.title}"
            case = {**step.case, "as_of": dt.date.fromisoformat(str(step.case["as_of"]))}
            try:
                read = read_case(knowledge, case, today=today)
            except InputError as error:
                yield f"{where}: {error.faults[0].message}"
                continue
            report = match(knowledge.rulebook, read.case, explain="none")
            listed = {row.regimen.id for row in report.therapies}
            for claim in step.claims:
                for row in _named(claim.expect):
                    if regimen_id(row["regimen"]) not in listed:
                        yield f"{where}: {' + '.join(row['regimen'])} is not listed"


def _named(expect: dict[str, Any]) -> list[dict[str, Any]]:
    return list(expect.get("therapies", ()))
