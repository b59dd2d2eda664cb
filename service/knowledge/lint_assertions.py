"""Lint of the assertions: criteria, authority, events, sources, and what two of them say alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from service.engine.assertion import Branch
from service.engine.entries import walk_leaves
from service.engine.jurisdictions import ANNOUNCED_AT_ONCE, AUTHORITIES
from service.knowledge.citations import is_regulatory
from service.knowledge.criteria_tree import parse_criteria
from service.knowledge.lint_ledger import Ledger
from service.knowledge.read import Record

#: Events that end or limit an authorisation; a reader must learn why.
_ENDING = ("withdrawn", "withdrawal_announced", "narrowed", "superseded")
#: Kinds of sources that repeat what somebody announced.
_ANNOUNCING = ("press_release", "news")


def check_assertion(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    """Check the criteria, links, authority, events and sources of one assertion."""
    criteria = parse_criteria(
        record.data.get("criteria") or {},
        lambda path, code, message: ledger.fault(record, path, code, message),
    )
    ledger.corpus.criteria[data["id"]] = criteria
    ledger.link(record, ("regimen",), "drugs", data["regimen"])
    if len(set(data["regimen"])) != len(data["regimen"]):
        ledger.fault(record, ("regimen",), "duplicate_record", "a drug stands twice")
    for part, tree in (
        ("tumor", criteria.tumor),
        ("biomarker", criteria.biomarker),
        ("clinical", criteria.clinical),
    ):
        _check_leaves(ledger, record, part, tree)
    ledger.link(record, ("sources",), "sources", [s["id"] for s in data["sources"]])
    ledger.link(record, ("evidence",), "studies", [e["study"] for e in data["evidence"]])
    ledger.link(record, ("preferred_by",), "sources", [data["preferred_by"]])
    for item in data["replaces"]:
        ledger.link(record, ("replaces",), "drugs", item["regimen"])
        ledger.link(record, ("replaces",), "sources", [item["source"]])
    _check_authority(ledger, data, record)
    _check_events(ledger, data, record)
    _check_days(ledger, data, record)
    _check_known_since(ledger, data, record)
    _check_verification(ledger, data, record)


def _check_leaves(ledger: Ledger, record: Record, part: str, tree: Branch) -> None:
    vocabularies = {
        "tumor_type": "tumor_types",
        "biomarker": "biomarker_classes",
        "prior_therapy": "drugs",
        "condition": "conditions",
    }
    for leaf, _ in walk_leaves(tree):
        if leaf.type in vocabularies:
            ledger.link(record, ("criteria",), vocabularies[leaf.type], [leaf.value])


def _check_authority(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    if data["authority"] is None:
        if data["support"] is None:
            ledger.fault(
                record,
                (),
                "no_support",
                "without an authority, support says what stands behind it",
            )
        if data["events"] or data["jurisdiction"]:
            ledger.fault(record, (), "no_authority", "events and a jurisdiction need an authority")
        return
    if AUTHORITIES.get(data["jurisdiction"] or "") != data["authority"]:
        ledger.fault(
            record, ("authority",), "wrong_authority", "authority and jurisdiction disagree"
        )
    if data["support"] is not None:
        ledger.fault(
            record,
            ("support",),
            "wrong_support",
            "support is for statements without an authority",
        )
    if not data["events"]:
        ledger.fault(record, ("events",), "no_events", "an authorisation has dated events")


def _check_events(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    ids = {row["id"] for row in ledger.corpus.assertions}
    previous: dt.date | None = None
    for index, event in enumerate(data["events"]):
        path = ("events", index)
        if previous is not None and event["date"] < previous:
            ledger.fault(record, path, "unsorted_events", "events stand in the order of their days")
        previous = event["date"]
        if event["date"] > data["reviewed_on"]:
            ledger.fault(record, path, "future_event", "the event is later than the review")
        ledger.link(record, path, "sources", [event["source"]])
        if (event["type"] == "superseded") != (event["by"] is not None):
            ledger.fault(
                record, path, "bad_event", "superseded, and only it, names its successor in by"
            )
        if event["by"] is not None and event["by"] not in ids:
            ledger.fault(record, path, "unknown_reference", f"{event['by']} does not exist")
        if event["type"] in _ENDING and not event["reason"]:
            ledger.fault(record, path, "no_reason", f"{event['type']} says why in reason")
    if data["events"] and data["events"][0]["type"] not in (
        "accelerated",
        "conditional",
        "approved",
    ):
        ledger.fault(record, ("events", 0), "bad_event", "the first event is an authorisation")


def _check_days(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    """Find days that stand as those of a decision although only an announcement tells them."""
    if ANNOUNCED_AT_ONCE.get(data["jurisdiction"] or "", True):
        return
    kinds = {row["id"]: row["kind"] for row in ledger.corpus.vocabularies["sources"]}
    for index, event in enumerate(data["events"]):
        if event["precision"] == "decision" and kinds.get(event["source"]) in _ANNOUNCING:
            message = "the source only announces it: precision says what the day is"
            ledger.fault(record, ("events", index, "precision"), "announced_day", message)


def _check_known_since(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    year = data["known_since"]
    if data["authority"] is None and year is None:
        message = "without an authority, known_since is the year of the first publication"
        ledger.fault(record, (), "no_known_since", message)
    if year is not None and (data["authority"] is not None or year > data["reviewed_on"].year):
        message = "for statements without an authority, and not later than the review"
        ledger.fault(record, ("known_since",), "wrong_known_since", message)


def _check_verification(ledger: Ledger, data: dict[str, Any], record: Record) -> None:
    sources = {row["id"]: row for row in ledger.corpus.vocabularies["sources"]}
    cited = [sources[s["id"]] for s in data["sources"] if s["id"] in sources]
    if cited and all(row["verification"] == "recalled" for row in cited):
        ledger.fault(
            record, ("sources",), "not_verified", "no source of it was opened or corroborated"
        )
    if cited and not any(row["url"] for row in cited):
        ledger.fault(record, ("sources",), "no_url", "no source of it has an address")
    if data["authority"] is not None and not any(is_regulatory(row) for row in cited):
        message = "an authorisation cites a label, EPAR or page of the regulator that was read"
        ledger.fault(record, ("sources",), "no_regulator", message)


def check_same_statement(ledger: Ledger) -> None:
    """Find current assertions that say the same thing twice."""
    seen: dict[tuple[Any, ...], str] = {}
    for data in ledger.corpus.assertions:
        if any(event["type"] in ("withdrawn", "superseded") for event in data["events"]):
            continue
        key = (
            tuple(sorted(data["regimen"])),
            data["effect"],
            data["jurisdiction"],
            data["formulation"],
            repr(ledger.corpus.criteria.get(data["id"])),
        )
        if key in seen:
            record = ledger.records[data["id"]]
            ledger.fault(record, (), "same_statement", f"says the same as {seen[key]}")
        seen[key] = data["id"]


def check_unused(ledger: Ledger) -> None:
    """Find sources that no record cites."""
    used = {
        value
        for data in ledger.corpus.assertions
        for value in (
            *(s["id"] for s in data["sources"]),
            *(e["source"] for e in data["events"]),
            *((data["preferred_by"],) if data["preferred_by"] else ()),
        )
    }
    for name, field in (
        ("families", "source"),
        ("status_tables", "source"),
        ("diagnostics", "source"),
        ("biomarker_classes", "source"),
        ("assay_methods", "source"),
        ("escat", "source"),
        ("watch", "source"),
    ):
        used |= {row[field] for row in ledger.corpus.vocabularies[name] if row[field]}
    used |= {s for row in ledger.corpus.vocabularies["variants"] for s in row["sources"]}
    boxes = (row["boxed_warning"] for row in ledger.corpus.vocabularies["drugs"])
    used |= {box["source"] for box in boxes if box}
    used |= {
        c["source"] for row in ledger.corpus.vocabularies["diagnostics"] for c in row["claims"]
    }
    for data, record in ledger.each("sources"):
        if data["id"] not in used:
            ledger.fault(record, (), "unused", "no record cites this source")
