"""An answer in short: a row a regimen, the differences of two answers, the hash of a result.

The hash is over what was answered, not over how much of the reason was shown: the same question
has the same hash under every ``explain``, every spelling and every order of the input.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from service.engine.compare import Differences
from service.engine.report import SECTIONS, Counterfactual, Report, Row, RowChange

Json = dict[str, Any]


def summarize_row(row: Row) -> Json:
    """Return a regimen's standing in an answer, without its documents."""
    lead = row.lead
    return {
        "regimen": {"id": row.regimen.id, "name": row.regimen.name},
        "applicability": lead.applicability,
        "level": {
            "amp_asco_cap": lead.level.amp_asco_cap,
            "oncokb_style": lead.level.oncokb_style,
        },
        "status": lead.standing.status,
        "biomarker_criteria": lead.biomarker_criteria,
        "clinical_criteria": lead.clinical_criteria,
        "needs": list(lead.needs),
        "opened_by": lead.opened_by,
        "conflict": list(row.conflict.resistance) if row.conflict else None,
        "assertions": [found.entry.assertion.id for found in row.matches],
    }


def summarize(report: Report, content_hash: str, *, complete: bool = True) -> Json:
    """Return the rows of an answer in short, with its hash."""
    return {
        "as_of": report.case.as_of.isoformat(),
        "tumor_type": report.case.tumor_type,
        "findings": [finding.name for finding in report.case.findings],
        "therapies": [summarize_row(row) for row in report.therapies],
        "resistance": [summarize_row(row) for row in report.resistance],
        "cautions": [summarize_row(row) for row in report.cautions],
        "result_hash": result_hash(report, content_hash, complete=complete),
    }


def result_hash(report: Report, content_hash: str, *, complete: bool = True) -> str:
    """Return ``sha256:…`` over the knowledge, the understood case and what was answered.

    Args:
        complete: whether everything that may hold a result was understood.
    """
    return hash_of(rows_hash(report, content_hash), complete=complete)


def hash_of(rows: str, *, complete: bool) -> str:
    """Return the hash of an answer from that of its rows, which can be kept."""
    return (
        rows if complete else f"sha256:{hashlib.sha256(f'{rows} incomplete'.encode()).hexdigest()}"
    )


def rows_hash(report: Report, content_hash: str) -> str:
    """Return ``sha256:…`` over the knowledge, the understood case and its rows."""
    case = report.case
    parts = [
        content_hash,
        case.as_of.isoformat(),
        sorted(case.jurisdictions),
        case.tumor_type,
        [finding.name for finding in case.findings],
        [[_parts(row) for row in getattr(report, section)] for section in SECTIONS],
        [(drop.entry.assertion.id, drop.rule) for drop in report.excluded if not drop.is_near_only],
        [(test.gene, test.assay, test.would_decide) for test in report.suggested_tests],
    ]
    return f"sha256:{hashlib.sha256(orjson.dumps(parts)).hexdigest()}"


def _parts(row: Row) -> list[Any]:
    return [
        row.regimen.id,
        row.conflict is not None,
        row.first_choice.source if row.first_choice else None,
        *(
            (
                found.entry.assertion.id,
                found.applicability,
                found.level.amp_asco_cap,
                found.standing.status,
                found.biomarker_criteria,
                found.clinical_criteria,
                found.needs,
                found.findings,
                found.opened_by,
                found.subtypes,
            )
            for found in row.matches
        ),
    ]


def write_differences(differences: Differences) -> Json:
    """Return what differs between two answers."""
    return {
        "added": [_change(change) for change in differences.added],
        "gone": [_change(change) for change in differences.gone],
        "changed": [_change(change) for change in differences.changed],
        "unchanged": differences.unchanged,
    }


def write_counterfactual(counterfactual: Counterfactual) -> Json:
    """Return one change of fact and what it would do."""
    return {
        "change": counterfactual.asked,
        "differences": [_change(change) for change in counterfactual.differences],
    }


def _change(change: RowChange) -> Json:
    return {
        "section": change.section,
        "regimen": {"id": change.row.regimen.id, "name": change.row.regimen.name},
        "fields": list(change.fields),
        "before": summarize_row(change.before) if change.before else None,
        "after": summarize_row(change.after) if change.after else None,
        "reason": change.reason,
        "events": [
            {
                "assertion": assertion,
                "date": event.date.isoformat(),
                "type": event.type,
                "source": event.source,
                "note": event.note,
                "reason": event.reason,
            }
            for assertion, event in change.events
        ],
    }
