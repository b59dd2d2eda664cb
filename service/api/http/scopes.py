"""Which right a request needs, and which speak of a case: one table for keys and privacy."""

from __future__ import annotations

from flask import request

#: No key, no limit, any Host: they say nothing but "ok" and a version.
PROBES = ("/healthz", "/readyz")
#: Views whose address holds a case, or a part of one.
CASES_IN_ADDRESSES = frozenset(
    f"{module}.{view}"
    for module, views in {
        "explorer": (
            "answer ask evidence read_form suggest_tumor_types test_plan timeline understood "
            "what_if why"
        ),
        "fhir-operations": "get_find get_find_there",
        "match": "get_match",
        "test-plan": "get_test_plan",
    }.items()
    for view in views.split()
)
_OTHERS = {"cds.post_feedback": "feedback", "metrics.metrics": "admin"}
_READING = ("GET", "HEAD", "OPTIONS")


def is_about_a_case() -> bool:
    """Tell whether the request speaks of a case: what is posted does, and some addresses."""
    return request.method not in _READING or request.endpoint in CASES_IN_ADDRESSES


def scope_of_request() -> str:
    """Return the scope that the request needs."""
    return _OTHERS.get(request.endpoint or "") or ("match" if is_about_a_case() else "read")
