"""What the query says about cases whose findings stand in the body: a batch, a FHIR document."""

from __future__ import annotations

from typing import Any

from service.api.http.queries import query_data, query_fault
from service.api.http.reading import load
from service.api.shapes.requests import CaseQuerySchema
from service.errors import InputError

Json = dict[str, Any]
_DEFAULTS = CaseQuerySchema(partial=("tumor_type",))


def query_defaults() -> Json:
    """Return what the query says about every case.

    Raises:
        InputError: it is not understood.
    """
    common = query_data()
    _, faults = load(_DEFAULTS, common)
    if faults:
        raise InputError(tuple(query_fault(fault) for fault in faults))
    return common
