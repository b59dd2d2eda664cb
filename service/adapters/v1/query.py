"""A case in an address: parameters to the data of a v1 request and back, and where faults lie.

``GET /v1/match`` and the web pages read the same parameters. Values come as text and are taken at
their word here; whoever reads the data checks it. A fault in a parameter is addressed as
``?parameter``; in one that may be repeated as ``?parameter/1`` (counted from 0).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.engine.patient_facts import PATIENT_FACTS
from service.errors import Fault

Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]
_PATIENT = tuple(fact.name for fact in PATIENT_FACTS)
#: Parameter -> place of its value in the body of the ``POST``, in the order of an address.
PLACES: Mapping[str, str] = {
    "tumor_type": "/tumor_type",
    "biomarker": "/biomarkers",
    **{name: f"/patient/{name}" for name in _PATIENT},
    "prior_therapy": "/patient/prior_therapies",
    "condition": "/patient/conditions",
    "jurisdiction": "/jurisdictions",
    "as_of": "/as_of",
    "explain": "/explain",
    "unreadable": "/unreadable",
    "kb_version": "/kb_version",
}
REPEATED = frozenset({"biomarker", "jurisdiction", "prior_therapy", "condition"})
_NUMBERS = frozenset(fact.name for fact in PATIENT_FACTS if fact.kind != "word")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
#: A prior therapy that says: there was none. Without the parameter it is not known.
NO_THERAPY = "none"
_YES_NO = {"yes": True, "no": False}


def read_query(values_of: Callable[[str], list[str]]) -> Json:
    """Return parameters as the data of a ``POST``.

    Args:
        values_of: a parameter's values in their order; empty when it is not given.
    """
    data: Json = {}
    for name, place in PLACES.items():
        values = values_of(name)
        if values:
            *outer, key = place[1:].split("/")
            target = data
            for step in outer:
                target = target.setdefault(step, {})
            target[key] = _many(name, values) if name in REPEATED else _one(name, values[0])
    return data


def write_patient(patient: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield facts about a patient, as a v1 request holds them, as parameters."""
    for name in (*_PATIENT, "prior_therapies", "conditions"):
        value = patient.get(name)
        if value is None:
            continue
        if name == "prior_therapies":
            yield from (("prior_therapy", drug) for drug in value or (NO_THERAPY,))
        elif name == "conditions":
            yield from (("condition", _yes_no(key, holds)) for key, holds in sorted(value.items()))
        else:
            yield name, f"{value:g}" if isinstance(value, float) else str(value)


def query_fault(fault: Fault) -> Fault:
    """Return a fault of the data with its address in the query."""
    for name, place in PLACES.items():
        if fault.pointer == place or fault.pointer.startswith(f"{place}/"):
            return replace(fault, pointer=f"?{name}{fault.pointer[len(place) :]}")
    return fault


def _many(name: str, values: list[str]) -> Any:
    if name == "condition":
        return dict(_condition(value) for value in values)
    return [] if name == "prior_therapy" and values == [NO_THERAPY] else values


def _condition(text: str) -> tuple[str, Any]:
    """Read ``complete_resection:yes``; what is neither yes nor no is refused by the reader."""
    name, _, word = text.partition(":")
    return name, _YES_NO.get(word, word)


def _yes_no(name: str, holds: bool) -> str:
    return f"{name}:{'yes' if holds else 'no'}"


def _one(name: str, text: str) -> str | float:
    """Return a number where one is asked for and given; what is none is refused by the reader."""
    if name not in _NUMBERS or not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(number) if number.is_integer() else number


def ordered(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return parameters in the one order of an address; values of one parameter keep theirs."""
    rank = {name: number for number, name in enumerate(PLACES)}
    return tuple(sorted(pairs, key=lambda pair: rank.get(pair[0], len(rank))))


def write_query(data: Mapping[str, Any]) -> Pairs:
    """Return the data of a ``POST`` as the parameters of an address; biomarkers are texts."""
    pairs = [
        ("tumor_type", str(data["tumor_type"])),
        *(("biomarker", str(text)) for text in data.get("biomarkers") or ()),
        *write_patient(data.get("patient") or {}),
        *(("jurisdiction", str(name)) for name in data.get("jurisdictions") or ()),
        *((name, str(data[name])) for name in ("as_of", "explain", "unreadable") if data.get(name)),
    ]
    return ordered(pairs)
