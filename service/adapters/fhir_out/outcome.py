"""Errors and warnings as OperationOutcome: faults to issues with a code, a place and the words.

Sources: FHIR R4 OperationOutcome and its value set ``issue-type``; a parameter of the address is
written ``http.name`` (OperationOutcome.issue.location).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from service.adapters.fhir_out import codes
from service.adapters.fhir_out.parts import concept
from service.adapters.v1.notice import Notice
from service.engine.reading import REASONS
from service.errors import Fault

Json = dict[str, Any]
#: Kind of problem -> issue type.
_KINDS = {
    "broken-encoding": "structure",
    "broken-json": "structure",
    "unauthorized": "login",
    "forbidden": "forbidden",
    "misdirected": "not-supported",
    "too-many-requests": "throttled",
    "not-found": "not-found",
    "missing-prefetch": "required",
    "method-not-allowed": "not-supported",
    "not-acceptable": "not-supported",
    "too-large": "too-long",
    "unsupported-media-type": "not-supported",
    "invalid-parameters": "invalid",
    "invalid-request": "invalid",
    "internal-error": "exception",
    "not-ready": "transient",
}
#: Code of a fault -> issue type; any other is ``invalid``.
_FAULTS = {
    "required": "required",
    "invalid_type": "structure",
    "unknown_field": "structure",
    "repeated_parameter": "structure",
    "invalid_value": "value",
    "out_of_range": "value",
    "too_long": "too-long",
    "unknown_parameter": "not-supported",
    "not_supported": "not-supported",
    "unknown_gene": "code-invalid",
    "unknown_tumor_type": "code-invalid",
    "unknown_code_system": "code-invalid",
    "unknown_drug": "code-invalid",
    "unknown_version": "not-found",
}
_NUMBER = re.compile(r"\d+")


def to_outcome(kind: str, title: str, detail: str, faults: Iterable[Fault] = ()) -> Json:
    """Return a problem as an OperationOutcome: one issue a fault, or one for the whole.

    Args:
        kind: of the table of problems (``invalid-request``).
        title: of that kind, in words.
    """
    issues = [fault_issue(fault) for fault in faults]
    if not issues:
        severity = "fatal" if _KINDS[kind] == "exception" else "error"
        issue: Json = {"severity": severity, "code": _KINDS[kind]}
        issue["details"] = concept((codes.CODES, kind, ""), text=title)
        issues = [issue | {"diagnostics": detail}]
    return {"resourceType": "OperationOutcome", "issue": issues}


def fault_issue(fault: Fault) -> Json:
    """Return a fault as an issue."""
    issue_type = _FAULTS.get(fault.code, "invalid")
    return _issue("error", issue_type, fault.code, fault.message, fault.pointer, fault.suggestions)


def notice_issue(notice: Notice) -> Json:
    """Return a warning of an answer as an issue."""
    return _issue("warning", "informational", *_parts(notice))


def set_apart_issue(notice: Notice) -> Json:
    """Return what of a request was not used, with the reason, as an issue.

    What was set apart makes the answer ``incomplete``; a gene that is not covered, or a resource
    that says nothing, is ``informational``.
    """
    kind = "incomplete" if notice.code in REASONS else "informational"
    return _issue("information", kind, *_parts(notice))


def _parts(notice: Notice) -> tuple[str, str, str, Sequence[str]]:
    return notice.code, notice.message, notice.pointer, notice.suggestions


def _issue(
    severity: str,
    issue_type: str,
    code: str,
    message: str,
    pointer: str,
    suggestions: Sequence[str],
) -> Json:
    issue: Json = {
        "severity": severity,
        "code": issue_type,
        "details": concept((codes.CODES, code, ""), text=message),
    }
    if suggestions:
        issue["diagnostics"] = f"Suggestions: {'; '.join(suggestions)}"
    place = expression(pointer)
    return issue | ({"expression": [place]} if place else {})


def expression(pointer: str) -> str:
    """Return an address of ours in the subset of FHIRPath that OperationOutcome uses.

    Args:
        pointer: JSON pointer (``/biomarkers/1/gene``), query parameter (``?variants/1``), or
            already such an expression (``Bundle.entry[1].resource``).
    """
    if pointer.startswith("?"):
        name, _, number = pointer[1:].partition("/")
        return f"http.{name}" + (f"[{number}]" if number else "")
    if not pointer.startswith("/"):
        return pointer
    path = ""
    for step in pointer[1:].split("/"):
        path += f"[{step}]" if _NUMBER.fullmatch(step) else f".{step}"
    return path.removeprefix(".")
