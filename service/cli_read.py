"""``therapy-match read``: what became of each part of a report, as lines or as the API's JSON."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

import click
import orjson

from service.adapters.files.unpack import unpacked
from service.adapters.intake.documents import Document, Sent
from service.adapters.intake.formats import find_format
from service.adapters.intake.outline import write_document
from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.json_text import JsonError
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
#: Bytes of a report, also once it is unpacked.
_LIMIT = 64 * 1024 * 1024
_WIDTH = 60


def print_report(kb: KnowledgeBase, file: IO[bytes], media: str, *, as_json: bool) -> bool:
    """Print what a report says.

    Args:
        media: its media type; empty to look into it.

    Returns:
        Whether everything that may hold a result was understood.

    Raises:
        InputError: its container is broken.
    """
    name, document = _read(kb, file.read(), media)
    shown = write_document(AnswerWriter(kb), document, name)
    if as_json:
        click.echo(orjson.dumps(shown))
        return bool(shown["complete"])
    for item in shown["items"]:
        click.echo(_line(item, shown["findings"]))
    counts = shown["counts"]
    fates = ", ".join(f"{counts[fate]} {fate}" for fate in counts if fate != "items")
    click.echo(f"{counts['items']} items: {fates}")
    for counted in shown["files"]:
        fates = ", ".join(f"{counted[fate]} {fate}" for fate in counts if fate != "items")
        click.echo(f"{counted['file']}: {counted['items']} records: {fates}")
    suggested = {key: value for key, value in shown["suggested"].items() if value}
    for key, value in suggested.items():
        click.echo(f"Suggested {key}: {value if isinstance(value, str) else _json(value)}")
    for warning in shown["warnings"]:
        click.echo(f"Warning: {warning['pointer']}: {warning['message']}")
    if not shown["complete"]:
        click.echo("Not complete: something that may be a result was not understood.", err=True)
    return bool(shown["complete"])


def _read(kb: KnowledgeBase, content: bytes, media: str) -> tuple[str, Document]:
    content = unpacked("report", content, _LIMIT)
    found = find_format(media, content)
    if found is None:
        raise click.ClickException(f"{media} is not read here")
    sent = Sent({"report": content}, _LIMIT, dt.datetime.now(dt.UTC).date())
    try:
        return found.name, found.read(kb, sent)
    except JsonError as error:
        raise click.ClickException(str(error)) from error


def _line(item: Json, findings: list[Json]) -> str:
    """Return one line: where, what became of it, as what or why, and the words."""
    names = ", ".join(findings[index]["name"] for index in item["findings"])
    said = " ".join(item["text"].split())
    words = said if len(said) <= _WIDTH else f"{said[: _WIDTH - 1]}\u2026"
    told = names or item["reason"] or ""
    return f"{item['place']:<12} {item['fate']:<12} {words}{f' -> {told}' if told else ''}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
