"""Errors as an OperationOutcome, which clients of FHIR servers can read.

Source: FHIR R4 OperationOutcome and its required value set of issue types; CDS Hooks recommends it
for errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.errors import Fault

Json = dict[str, Any]
SYSTEM = "urn:therapy-match:problem"
#: Kind of problem -> issue type.
_TYPES = {
    "broken-json": "structure",
    "unauthorized": "login",
    "not-found": "not-found",
    "missing-prefetch": "required",
    "too-large": "too-long",
    "unsupported-media-type": "not-supported",
    "invalid-request": "invalid",
    "not-ready": "transient",
}


def to_outcome(kind: str, detail: str, faults: Sequence[Fault] = ()) -> Json:
    """Return an OperationOutcome with one issue for each fault, or one for the whole."""
    type_ = _TYPES.get(kind, "exception")
    issues = [
        _issue("required" if fault.code == "required" else type_, fault.code, _words(fault))
        for fault in faults
    ]
    return {"resourceType": "OperationOutcome", "issue": issues or [_issue(type_, kind, detail)]}


def _issue(type_: str, code: str, text: str) -> Json:
    details = {"coding": [{"system": SYSTEM, "code": code}], "text": text}
    return {"severity": "error", "code": type_, "details": details}


def _words(fault: Fault) -> str:
    hint = f" (did you mean: {', '.join(fault.suggestions)}?)" if fault.suggestions else ""
    return f"{fault.pointer or 'the body'}: {fault.message}{hint}"
