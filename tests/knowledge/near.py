"""How many facts two questions differ in: tumour type, findings, facts of the patient, day."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

Json = dict[str, Any]


def facts_between(one: Json, other: Json) -> int:
    """Return how many facts make one question the other; a finding in place of another is one."""
    return (
        sum(one.get(name) != other.get(name) for name in ("tumor_type", "as_of"))
        + (_set(one, "jurisdictions") != _set(other, "jurisdictions"))
        + _changed_findings(one, other)
        + _changed_patient(one.get("patient") or {}, other.get("patient") or {})
    )


def _set(given: Json, name: str) -> frozenset[str]:
    return frozenset(given.get(name) or ())


def _changed_findings(one: Json, other: Json) -> int:
    """Count findings that were added, taken away or replaced."""
    first, second = (
        Counter(json.dumps(item, sort_keys=True) for item in given.get("biomarkers") or ())
        for given in (one, other)
    )
    return max((first - second).total(), (second - first).total())


def _changed_patient(one: Json, other: Json) -> int:
    """Count facts of the patient; the line and the treatments before it are one, told twice."""
    names = (one.keys() | other.keys()) - {"prior_therapies", "line_of_therapy", "conditions"}
    first, second = one.get("conditions") or {}, other.get("conditions") or {}
    return (
        sum(one.get(name) != other.get(name) for name in names)
        + sum(first.get(name) != second.get(name) for name in first.keys() | second.keys())
        + (_treated(one) != _treated(other))
    )


def _treated(patient: Json) -> tuple[Any, Any]:
    given = patient.get("prior_therapies")
    return patient.get("line_of_therapy"), None if given is None else frozenset(given)
