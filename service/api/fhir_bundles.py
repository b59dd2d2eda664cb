"""Answers as a FHIR Bundle, for ``Accept: application/fhir+json``, in the release that is asked."""

from __future__ import annotations

from flask import Response, request

from service.adapters.fhir_out import RELEASES, STU3, Answered, Release, Remarks, to_bundle
from service.adapters.v1_in import ReadCase
from service.adapters.v1_warnings import notices_of, placed_notices
from service.api.negotiation import fhir_response
from service.engine.match import match
from service.engine.report import Explain
from service.errors import Fault, InputError
from service.knowledge.store import KnowledgeBase


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
    remarks = notices_of if explain == "full" else placed_notices
    answered = Answered(report, Remarks(notices=remarks(kb.rulebook, read, report.case)))
    return fhir_response(to_bundle(kb, [answered], release=release))
