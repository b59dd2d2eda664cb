"""The question that stands in the address of a page: read, checked, understood, and linked on.

The parameters are those of ``GET /v1/match``. An address has one canonical form (no empty values,
one biomarker a parameter, one order), so that the same question has the same address; a form that
was sent by a browser without scripts is led to it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from service.adapters.v1.case import ReadCase, read_case
from service.adapters.v1.query import PLACES, REPEATED, Pairs, ordered, query_fault, read_query
from service.engine.jurisdictions import JURISDICTIONS
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.reading import Unreadable
from service.engine.report import Explain
from service.errors import Fault, InputError
from service.knowledge.store import KnowledgeBase

Json = dict[str, Any]
#: Parameters of a question; which knowledge base answers is the API's to choose.
QUESTION = tuple(name for name in PLACES if name != "kb_version")
#: One value a line, as a form without scripts sends them.
_LINES = frozenset({"biomarker", "prior_therapy"})
_CHOICES: Mapping[str, tuple[str, ...]] = {
    **{fact.name: fact.words for fact in PATIENT_FACTS if fact.kind == "word"},
    "jurisdiction": tuple(JURISDICTIONS),
    "explain": get_args(Explain),
    "unreadable": get_args(Unreadable),
}
#: Parameter -> (lowest, highest, whole numbers only).
_RANGES = {
    fact.name: (fact.low, fact.high, fact.kind == "whole")
    for fact in PATIENT_FACTS
    if fact.kind != "word"
}
_LONGEST = {"tumor_type": 500, "biomarker": 500, "prior_therapy": 200, "condition": 200}
_MOST = 500
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONDITION = re.compile(r"[^:]+:(yes|no)")


@dataclass(frozen=True, slots=True)
class Address:
    """The parameters of a question, in canonical form.

    Args:
        beside: parameters of the page itself (``change``), in the order in which they came.
    """

    pairs: Pairs
    beside: Pairs = ()

    @property
    def query(self) -> str:
        """Return the question as a query string, without what belongs to the page."""
        return "&".join(map(_quoted, self.pairs))

    @property
    def full_query(self) -> str:
        """Return the whole query string, with what belongs to the page."""
        return "&".join(map(_quoted, (*self.pairs, *self.beside)))

    def values(self, name: str) -> list[str]:
        """Return the values of a parameter; empty when it is not given."""
        return [value for key, value in (*self.pairs, *self.beside) if key == name]

    def value(self, name: str) -> str:
        """Return the first value of a parameter, or nothing."""
        return next(iter(self.values(name)), "")

    def adding(self, *pairs: tuple[str, str]) -> Address:
        """Return the question with more facts; one that has a single value takes the new one."""
        given = {name for name, _ in pairs if name not in REPEATED}
        told = {value.partition(":")[0] for name, value in pairs if name == "condition"}
        kept = [
            (name, value)
            for name, value in self.pairs
            if name not in given
            and not (name == "condition" and value.partition(":")[0] in told)
            and not (name == "prior_therapy" and name in dict(pairs) and value == "none")
        ]
        return Address(ordered([*kept, *(pair for pair in pairs if pair not in kept)]))

    def replacing(self, name: str, index: int, value: str) -> Address:
        """Return the question with another value in the place of one."""
        pairs, seen = [], -1
        for key, old in self.pairs:
            seen += key == name
            pairs.append((key, value if key == name and seen == index else old))
        return Address(tuple(pairs))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks.

    Args:
        read: the understood case; ``None`` when there are faults.
        faults: all of them, each addressed as ``?parameter`` or ``?parameter/1``.
        is_canonical: whether the address that came is the canonical one.
    """

    address: Address
    read: ReadCase | None
    faults: tuple[Fault, ...]
    is_canonical: bool = True


@lru_cache(maxsize=4096)
def _quoted(pair: tuple[str, str]) -> str:
    return urlencode((pair,))


def read_address(args: MultiDict[str, str], *, beside: Iterable[str] = ()) -> tuple[Address, bool]:
    """Return the canonical address, and whether the one that came is it.

    Args:
        beside: further parameters that the page takes.
    """
    came = tuple((name, value) for name in args for value in args.getlist(name))
    own = tuple(beside)
    pairs = ordered(
        (name, part) for name, value in came if name not in own for part in _parts(name, value)
    )
    other = tuple((name, value.strip()) for name, value in came if name in own and value.strip())
    address = Address(tuple(dict.fromkeys(pairs)), other)
    return address, (*address.pairs, *address.beside) == (*ordered(_of(came, own)), *other)


def _of(came: Pairs, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return (pair for pair in came if pair[0] not in own)


def _parts(name: str, value: str) -> Iterator[str]:
    lines = value.splitlines() if name in _LINES else [value]
    return (line.strip() for line in lines if line.strip())


def understand(
    kb: KnowledgeBase,
    args: MultiDict[str, str],
    *,
    today: dt.date,
    beside: Iterable[str] = (),
) -> Asked:
    """Read and understand the question of an address.

    Args:
        today: the day that ``as_of`` defaults to.
        beside: further parameters that the page takes.

    Returns:
        The case, or every fault at once, of shape and of meaning.
    """
    address, is_canonical = read_address(args, beside=beside)
    faults = list(_shape_faults(address))
    bad = {fault.pointer.removeprefix("?").partition("/")[0] for fault in faults}
    sound = [pair for pair in address.pairs if pair[0] not in bad and pair[0] in QUESTION]
    data = read_query(lambda name: [value for key, value in sound if key == name])
    data.setdefault("biomarkers", [])
    if "as_of" in data:
        data["as_of"] = dt.date.fromisoformat(data["as_of"])
    read = None
    try:
        if "tumor_type" in data:
            read = read_case(kb, data, today=today)
        else:
            faults += _biomarker_faults(kb, data, today)
    except InputError as error:
        faults += [query_fault(fault) for fault in error.faults]
    return Asked(address, None if faults else read, tuple(faults), is_canonical)


def _biomarker_faults(kb: KnowledgeBase, data: Json, today: dt.date) -> list[Fault]:
    """Return the faults of the biomarkers of a question that names no sound tumour type."""
    try:
        read_case(kb, {**data, "tumor_type": "TISSUE"}, today=today)
    except InputError as error:
        return [query_fault(fault) for fault in error.faults]
    return []


def _shape_faults(address: Address) -> Iterator[Fault]:
    if not address.value("tumor_type"):
        yield Fault("?tumor_type", "required", "name the tumour type")
    for name in dict.fromkeys(name for name, _ in address.pairs):
        values = address.values(name)
        if name not in QUESTION:
            message = "there is no such parameter here"
            yield Fault(f"?{name[:80]}", "unknown_parameter", message, QUESTION)
        elif name not in REPEATED and len(values) > 1:
            yield Fault(f"?{name}", "repeated_parameter", "this parameter is given once")
        elif len(values) > _MOST:
            yield Fault(f"?{name}", "out_of_range", f"at most {_MOST} values")
        else:
            for index, value in enumerate(values):
                pointer = f"?{name}/{index}" if name in REPEATED else f"?{name}"
                yield from value_faults(name, value, pointer)


def value_faults(name: str, value: str, pointer: str) -> Iterator[Fault]:
    """Yield what is wrong with the shape of one value of a parameter."""
    if name in _CHOICES and value not in _CHOICES[name]:
        yield Fault(pointer, "invalid_value", f"{value[:80]!r} is none of these", _CHOICES[name])
    elif name in _RANGES and not _is_in_range(value, *_RANGES[name]):
        low, high, is_whole = _RANGES[name]
        kind = "a whole number" if is_whole else "a number"
        yield Fault(pointer, "out_of_range", f"this is {kind} from {low} to {high}")
    elif name == "as_of" and not _is_day(value):
        yield Fault(pointer, "invalid_type", "a day is written YYYY-MM-DD")
    elif name == "condition" and not _CONDITION.fullmatch(value):
        yield Fault(pointer, "invalid_value", "a condition is written name:yes or name:no")
    elif len(value) > _LONGEST.get(name, _MOST):
        yield Fault(pointer, "out_of_range", f"at most {_LONGEST[name]} characters")


def _is_in_range(text: str, low: float, high: float, is_whole: bool) -> bool:
    pattern = r"\d{1,3}" if is_whole else r"\d{1,3}(\.\d{1,3})?"
    return bool(re.fullmatch(pattern, text, re.ASCII)) and low <= float(text) <= high


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and dt.date.fromisoformat(text))
    except ValueError:
        return False


def choices(name: str) -> tuple[str, ...]:
    """Return the words that a parameter may hold; empty when it is free text."""
    return _CHOICES.get(name, ())
