"""A case in an address: the query of a ``GET`` as the data of a ``POST``, and faults back again.

A fault in a query is addressed as ``?parameter``; in one that may be repeated as ``?parameter/1``
(counted from 0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request

from service.errors import Fault

Json = dict[str, Any]
_PATIENT = (
    "age_years",
    "sex",
    "menopausal_status",
    "disease_stage",
    "treatment_setting",
    "line_of_therapy",
)
#: Parameter -> place of its value in the body of the ``POST``.
PLACES: Mapping[str, str] = {
    "tumor_type": "/tumor_type",
    "biomarker": "/biomarkers",
    "jurisdiction": "/jurisdictions",
    "as_of": "/as_of",
    "explain": "/explain",
    "kb_version": "/kb_version",
    "prior_therapy": "/patient/prior_therapies",
    **{name: f"/patient/{name}" for name in _PATIENT},
}
_NUMBERS = ("age_years", "line_of_therapy")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_REPEATED = ("biomarker", "jurisdiction", "prior_therapy")


def query_data() -> Json:
    """Return the query of the request as the data of a ``POST``."""
    data: Json = {}
    for name, place in PLACES.items():
        values = request.args.getlist(name)
        if values:
            *outer, key = place[1:].split("/")
            target = data
            for step in outer:
                target = target.setdefault(step, {})
            target[key] = values if name in _REPEATED else _value(name, values[0])
    return data


def _value(name: str, text: str) -> str | float:
    """Return a number where one is asked for and given; what is none is refused by the schema."""
    if name not in _NUMBERS or not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(number) if number.is_integer() else number


def query_fault(fault: Fault) -> Fault:
    """Return a fault of the data with its address in the query."""
    for name, place in PLACES.items():
        if fault.pointer == place or fault.pointer.startswith(f"{place}/"):
            return replace(fault, pointer=f"?{name}{fault.pointer[len(place) :]}")
    return fault
