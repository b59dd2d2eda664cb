"""``GET /v1/knowledge-base/changes``: what the knowledge says otherwise since a release or a day.

As JSON, or as an Atom feed (RFC 4287) for a feed reader.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from service.api.examples import reasoning as examples
from service.api.openapi.contract import problems, query
from service.api.shapes.fields import parse_day
from service.api.shapes.reasoning import ChangesAnswerSchema
from service.api.state import State, state
from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE
from service.knowledge.archive import version_key
from service.knowledge.diff import diff_knowledge
from service.knowledge.store import KnowledgeBase

blueprint = Blueprint("changes", "changes", description="What changed, and when.")
ATOM = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_PARAMETERS = [
    {**query("since", "a day (YYYY-MM-DD) or a version", "2026-01-01"), "required": True},
    query("format", "json, or atom for a feed", "json", enum=["json", "atom"]),
]


@blueprint.route("/v1/knowledge-base/changes")
@blueprint.doc(
    operationId="knowledgeBaseChanges",
    parameters=_PARAMETERS,
    responses={200: {"content": {ATOM: {"schema": {"type": "string"}, "example": examples.FEED}}}},
)
@blueprint.response(200, ChangesAnswerSchema, example=examples.CHANGES_ANSWER)
@problems(blueprint, 422)
def knowledge_base_changes() -> Response:
    """Return the changes of records between releases, and the events of authorisations."""
    shared = state()
    since, day = _read_query(shared)
    content = {
        "since": since,
        "versions": list(shared.archive.versions),
        "releases": _releases(shared, since if day is None else None, day),
        "events": _events(shared.knowledge, day or _reviewed_until(shared, since)),
        "intended_use": INTENDED_USE,
    }
    if _wants_atom():
        return Response(_feed(content), mimetype=ATOM)
    return Response(orjson.dumps(content), mimetype="application/json")


def _wants_atom() -> bool:
    best = request.accept_mimetypes.best_match(["application/json", ATOM])
    return request.args.get("format", "atom" if best == ATOM else "json") == "atom"


def _read_query(shared: State) -> tuple[str, dt.date | None]:
    """Return ``since`` as given, and the day when it is one."""
    faults: list[Fault] = []
    if request.args.get("format", "json") not in ("json", "atom"):
        faults.append(Fault("?format", "invalid_value", "json or atom", ("json", "atom")))
    since = request.args.get("since", "")
    day = None
    if not since:
        faults.append(Fault("?since", "required", "Missing data for required field."))
    elif since not in shared.archive.versions:
        day = parse_day(since)
        if day is None:
            message = "neither a day (YYYY-MM-DD) nor a version that is kept here"
            faults.append(Fault("?since", "invalid_value", message, shared.archive.versions))
    if faults:
        raise InputError(tuple(faults))
    return since, day


def _reviewed_until(shared: State, version: str) -> dt.date:
    kb = shared.knowledge_of(version, "?since")
    return dt.date.fromisoformat(kb.meta["newest_review"])


def _releases(shared: State, version: str | None, day: dt.date | None) -> list[dict[str, Any]]:
    """Return each kept release after a version or a day, with what it changed."""
    releases = []
    for older, newer in pairwise(shared.archive.versions):
        reviewed = _reviewed_until(shared, newer)
        is_later = (
            reviewed > day
            if day is not None
            else version is not None and version_key(newer) > version_key(version)
        )
        if is_later:
            changes = diff_knowledge(
                shared.knowledge_of(older, "?since"), shared.knowledge_of(newer, "?since")
            )
            releases.append(
                {
                    "version": newer,
                    "since_version": older,
                    "reviewed_until": reviewed.isoformat(),
                    "changes": [
                        {
                            "kind": change.kind,
                            "id": change.id,
                            "change": change.change,
                            "fields": list(change.fields),
                        }
                        for change in changes
                    ],
                }
            )
    return releases


def _events(kb: KnowledgeBase, day: dt.date) -> list[dict[str, Any]]:
    """Return the events of authorisations after a day, newest first."""
    found = [
        {
            "assertion": entry.assertion.id,
            "date": event.date.isoformat(),
            "type": event.type,
            "source": event.source,
            "note": event.note,
            "reason": event.reason,
            "jurisdiction": entry.assertion.jurisdiction,
            "regimen": entry.assertion.regimen.name,
            "statement": entry.assertion.statement,
        }
        for entry in kb.rulebook.entries
        for event in entry.assertion.events
        if event.date > day
    ]
    found.sort(key=lambda item: (str(item["date"]), str(item["assertion"])), reverse=True)
    return found


def _feed(content: dict[str, Any]) -> bytes:
    ET.register_namespace("", _NAMESPACE)
    feed = ET.Element(f"{{{_NAMESPACE}}}feed")
    days = [event["date"] for event in content["events"]]
    days += [release["reviewed_until"] for release in content["releases"]]
    _add(feed, "id", "urn:therapy-match:changes")
    _add(feed, "title", "therapy-match: changes of authorisations and knowledge")
    _add(feed, "subtitle", INTENDED_USE)
    _add(feed, "updated", f"{max(days, default='1970-01-01')}T00:00:00Z")
    author = ET.SubElement(feed, f"{{{_NAMESPACE}}}author")
    _add(author, "name", "therapy-match")
    for event in content["events"]:
        title = f"{event['jurisdiction']} {event['type'].replace('_', ' ')}: {event['regimen']}"
        identity = f"event:{event['assertion']}:{event['type']}:{event['date']}"
        _entry(feed, identity, title, event["date"], event["statement"])
    for release in content["releases"]:
        summary = "; ".join(
            f"{change['change']} {change['kind']} {change['id']}" for change in release["changes"]
        )
        title = f"Knowledge base {release['version']}"
        _entry(feed, f"release:{release['version']}", title, release["reviewed_until"], summary)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _entry(feed: ET.Element, identity: str, title: str, day: str, summary: str) -> None:
    entry = ET.SubElement(feed, f"{{{_NAMESPACE}}}entry")
    _add(entry, "id", f"urn:therapy-match:{identity}")
    _add(entry, "title", title)
    _add(entry, "updated", f"{day}T00:00:00Z")
    _add(entry, "summary", summary)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = text
