"""The assertions of a knowledge base as one flat table, for a spreadsheet or another program."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from service.engine.authorisation import standing_on
from service.engine.words import in_words
from service.knowledge.store import KnowledgeBase

COLUMNS = (
    "id", "regimen", "effect", "jurisdiction", "authority", "status", "since", "support",
    "tumor_types", "biomarkers", "clinical", "statement", "events", "studies",
    "companion_diagnostics", "sources", "reviewed_on",
)  # fmt: skip


def export_rows(kb: KnowledgeBase, day: dt.date) -> list[dict[str, Any]]:
    """Return one row an assertion, sorted by id; lists are joined by semicolons.

    Args:
        day: of ``status`` and ``since``.
    """
    rows = []
    for entry in sorted(kb.rulebook.entries, key=lambda entry: entry.assertion.id):
        assertion = entry.assertion
        record = kb.records["assertions"][assertion.id]
        standing = standing_on(assertion, day)
        criteria = assertion.criteria
        rows.append(
            {
                "id": assertion.id,
                "regimen": " + ".join(assertion.regimen.drugs),
                "effect": assertion.effect,
                "jurisdiction": assertion.jurisdiction,
                "authority": assertion.authority,
                "status": standing.status,
                "since": standing.since.isoformat() if standing.since else None,
                "support": assertion.support,
                "tumor_types": in_words(criteria.tumor),
                "biomarkers": in_words(criteria.biomarker),
                "clinical": in_words(criteria.clinical),
                "statement": assertion.statement,
                "events": "; ".join(f"{e.date.isoformat()} {e.type}" for e in assertion.events),
                "studies": "; ".join(item["study"] for item in record["evidence"]),
                "companion_diagnostics": "; ".join(record["companion_diagnostics"]),
                "sources": "; ".join(item["id"] for item in record["sources"]),
                "reviewed_on": record["reviewed_on"],
            }
        )
    return rows


def to_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV (RFC 4180) with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
