"""A FHIR document answered subject by subject: an answer for each, or the reason for none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from service.adapters.fhir_in import FhirReading, SubjectReading, read_fhir
from service.adapters.v1.case import ReadCase
from service.adapters.v1.tumor import read_tumor
from service.api.http.metrics import count_answer
from service.api.http.queries import query_fault
from service.api.http.reading import read_request
from service.api.shapes.requests import MatchRequestSchema
from service.api.state import State
from service.engine.match import match
from service.engine.report import Report
from service.errors import Fault, InputError

Json = dict[str, Any]
_CASE = MatchRequestSchema()
_NO_TUMOR_TYPE = Fault(
    "?tumor_type",
    "no_tumor_type",
    "the document names no tumour type that is known: name it in the query",
)


@dataclass(frozen=True, slots=True)
class SubjectAnswer:
    """The answer about one subject and one tumour type.

    Args:
        read, report: ``None`` when it cannot be answered; ``faults`` then say why.
    """

    reading: SubjectReading
    read: ReadCase | None = None
    report: Report | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """The answer to a document.

    Args:
        as_of: day of the question.
        explain: how much reason was asked for.
    """

    reading: FhirReading
    subjects: tuple[SubjectAnswer, ...]
    as_of: dt.date
    explain: str


def answer_document(shared: State, document: Any, given: Json) -> DocumentAnswer:
    """Answer a FHIR document.

    Args:
        given: what the query says about every case; its tumour type comes before the document's.

    Raises:
        InputError: the document is not read at all, or the tumour type of the query is not known.
    """
    tumor_type = given.get("tumor_type")
    today = shared.today()
    as_of = dt.date.fromisoformat(given["as_of"]) if given.get("as_of") else today
    try:
        if tumor_type is not None:
            read_tumor(shared.knowledge.tumor_terms, tumor_type)
    except InputError as error:
        raise InputError(tuple(query_fault(fault) for fault in error.faults)) from error
    reading = read_fhir(shared.knowledge, document, tumor_type=tumor_type, today=as_of)
    subjects = tuple(_answer(shared, subject, given, today) for subject in reading.subjects)
    return DocumentAnswer(reading, subjects, as_of, given.get("explain") or "brief")


def _answer(shared: State, subject: SubjectReading, given: Json, today: dt.date) -> SubjectAnswer:
    if "tumor_type" not in subject.case:
        return SubjectAnswer(subject, faults=(_NO_TUMOR_TYPE,))
    patient = {**subject.case.get("patient", {}), **given.get("patient", {})}
    data = {**given, **subject.case, **({"patient": patient} if patient else {})}
    try:
        read, loaded = read_request(
            shared.knowledge, _CASE, data, today, items=subject.items, unreadable="set_apart"
        )
    except InputError as error:
        return SubjectAnswer(subject, faults=tuple(_located(subject, f) for f in error.faults))
    report = match(shared.knowledge.rulebook, read.case, explain=loaded["explain"])
    count_answer(read, report)
    return SubjectAnswer(subject, read, report)


def _located(subject: SubjectReading, fault: Fault) -> Fault:
    """Return a fault of the case with its place in the document."""
    if fault.pointer.split("/")[1:2] == ["tumor_type"] and subject.tumor_place:
        return replace(fault, pointer=subject.tumor_place)
    return query_fault(fault) if fault.pointer.startswith("/") else fault
