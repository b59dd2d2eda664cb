"""What became of a report, as ``POST /v1/read`` shows it: every item, what was found, the cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.adapters.intake.documents import Document
from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.biomarkers import notices_of
from service.adapters.v1.case import not_covered
from service.adapters.v1.fates import write_set_apart
from service.adapters.v1.notice import Notice
from service.adapters.v1.warnings import write_notice
from service.engine.reading import Item, is_complete
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
#: Where classes are asked for when the tumour type is not known: any solid tissue.
_ANYWHERE = "TISSUE"


def write_document(writer: AnswerWriter, document: Document, format_name: str) -> Json:
    """Return what a report says; the findings of an item are indices into ``findings``."""
    items, findings = _with_findings(writer, document.items)
    return {
        "format": format_name,
        "complete": is_complete(document.items),
        "counts": document.counts(),
        "items": items,
        "findings": findings,
        "suggested": suggested_of(document),
        "cases": [{"id": case.id, "case": case.request()} for case in document.cases],
        "set_apart": write_set_apart(document.items, echo=True),
        "files": list(document.files),
        "warnings": [write_notice(notice) for notice in notices_in(document)],
        "intended_use": INTENDED_USE,
    }


def suggested_of(document: Document) -> Json:
    """Return what was lifted out of a report beside its results; a person confirms it."""
    case = document.cases[0] if len(document.cases) == 1 else None
    return {
        "tumor_type": case.tumor_type if case else None,
        "patient": case.patient if case else {},
        "report_date": document.report_date,
        "specimen": document.specimen,
    }


def notices_in(document: Document) -> list[Notice]:
    """Return what must be said about how a report was read, each once."""
    several = [
        Notice(
            "several_tumor_types",
            f"{len(case.tumor_types)} tumour types are named; choose one",
            case.tumor_place,
            tuple(str(tumor) for tumor in case.tumor_types),
        )
        for case in document.cases
        if len(case.tumor_types) > 1
    ]
    said = [*document.notices, *notices_of(document.items), *not_covered(document.items), *several]
    return list(dict.fromkeys(said))


def _with_findings(writer: AnswerWriter, items: Iterable[Item]) -> tuple[list[Json], list[Json]]:
    shown: list[Json] = []
    findings: list[Json] = []
    for number, item in enumerate(items):
        first = len(findings)
        findings += [
            writer.finding(finding, number, item.text, _ANYWHERE)
            | {"understood_by": list(finding.understood_by)}
            for finding in item.findings
        ]
        shown.append(
            {
                "place": item.place,
                "text": item.text,
                "fate": item.fate,
                "findings": list(range(first, len(findings))),
                "reason": item.reason,
                "gene": item.gene,
                "message": item.message,
                "suggestions": list(item.suggestions),
            }
        )
    return shown, findings
