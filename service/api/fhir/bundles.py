"""Answers as a FHIR Bundle, for ``Accept: application/fhir+json``, in the release that is asked.

Places are those of the request: FHIRPath-like in a FHIR document, else the fields of the JSON case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask import Response, request

from service.adapters.fhir_in import FhirReading, Ignored, SubjectReading
from service.adapters.fhir_out import (
    RELEASES,
    STU3,
    Answered,
    Origin,
    Release,
    Remarks,
    to_bundle,
)
from service.adapters.v1.case import ReadCase
from service.adapters.v1.notice import Notice
from service.adapters.v1.warnings import notices_of, placed_notices
from service.api.fhir.answers import DocumentAnswer, SubjectAnswer
from service.api.fhir.operation_examples import BUNDLE
from service.api.http.metrics import count_answer
from service.api.http.negotiation import fhir_response
from service.api.openapi.document import fhir_content
from service.engine.match import match
from service.engine.report import Explain
from service.errors import Fault, InputError
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
#: The answer of an operation that also gives a Bundle, for its documentation.
AS_BUNDLE: dict[int, Any] = {200: {"content": fhir_content("Bundle", BUNDLE)}}


def asked_release() -> Release:
    """Return the release that the query names.

    Raises:
        InputError: there is no such release.
    """
    name = request.args.get("release", STU3.name)
    if name not in RELEASES:
        fault = Fault("?release", "invalid_value", "no such release", tuple(RELEASES))
        raise InputError((fault,))
    return RELEASES[name]


def bundle_response(
    kb: KnowledgeBase, read: ReadCase, explain: Explain, release: Release
) -> Response:
    """Return the answer to a case as a Bundle; its warnings stand where those of the JSON do."""
    report = match(kb.rulebook, read.case, explain=explain)
    count_answer(read, report)
    remarks = notices_of if explain == "full" else placed_notices
    notices = remarks(kb.rulebook, read, report.case)
    remarks_of = Remarks(notices=notices, set_apart=[*_apart(read)])
    answered = Answered(report, remarks_of, texts=texts_of(read))
    return fhir_response(to_bundle(kb, [answered], release=release))


def _apart(read: ReadCase) -> Iterator[Notice]:
    for item in read.items:
        if item.fate == "set_apart":
            code = item.reason or ""
            yield Notice(code, f"not used: {item.message}", item.place, item.suggestions)


def document_bundle_response(
    kb: KnowledgeBase, answered: DocumentAnswer, release: Release
) -> Response:
    """Return the answers to a FHIR document as one Bundle, and what was not used of it."""
    answers = [_of_subject(kb, each) for each in answered.subjects]
    whole = Remarks(
        notices=[*_notices(answered.reading)], set_apart=[*_set_apart(answered.reading.ignored)]
    )
    return fhir_response(to_bundle(kb, [*answers, whole], release=release))


def _of_subject(kb: KnowledgeBase, answered: SubjectAnswer) -> Answered | Remarks:
    reading = answered.reading
    remarks = Remarks(
        reading.subject,
        faults=answered.faults,
        notices=[*_notices(reading)],
        set_apart=[*_set_apart(reading.ignored)],
    )
    if answered.read is None or answered.report is None:
        return remarks
    case = answered.report.case
    of_case = [
        _in_document(reading, notice) for notice in notices_of(kb.rulebook, answered.read, case)
    ]
    origins: dict[int, list[Origin]] = {}
    for item in answered.read.read:
        if item.place in reading.sources:
            origin = Origin(reading.sources[item.place], item.place)
            known = origins.setdefault(case.findings.index(item.finding), [])
            if origin not in known:
                known.append(origin)
    return Answered(
        answered.report,
        replace(remarks, notices=[*remarks.notices, *of_case]),
        origins,
        texts=texts_of(answered.read, reading.extracted),
    )


def texts_of(read: ReadCase, extracted: Iterable[Json] = ()) -> dict[int, list[str]]:
    """Return what a request says of each finding alone: its text, and forms that agree with it.

    Args:
        extracted: what was read of a FHIR document.
    """
    forms = {entry["location"]: entry["agreeing"] for entry in extracted}
    counted = Counter(item.place for item in read.read)
    texts: dict[int, list[str]] = {}
    for item in read.read:
        given = item.given.values() if isinstance(item.given, dict) else (item.given,)
        words = [word for word in (*given, *forms.get(item.place, ())) if isinstance(word, str)]
        if counted[item.place] == 1:
            texts.setdefault(read.case.findings.index(item.finding), []).extend(words)
    return texts


def _in_document(reading: SubjectReading, notice: Notice) -> Notice:
    """Return a remark on the case with its place in the document."""
    if not notice.pointer.startswith("/"):
        return notice
    is_of_tumor = notice.pointer.startswith("/tumor_type")
    return replace(notice, pointer=reading.tumor_place if is_of_tumor else "")


def _notices(reading: SubjectReading | FhirReading) -> Iterator[Notice]:
    for warning in reading.warnings:
        code = warning.code
        yield Notice(code, warning.message, warning.location, warning.suggestions)


def _set_apart(ignored: Iterable[Ignored]) -> Iterator[Notice]:
    for item in ignored:
        code = item.reason
        message = f"{item.resource_type} not used: {item.message}"
        yield Notice(code, message, item.location)
