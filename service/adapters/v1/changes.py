"""The changes of a what-if question, as sent, to changes of a case; every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.adapters.v1.biomarkers import fault_of, findings_of, notices_of
from service.adapters.v1.case import Vocabulary, not_covered, read_biomarkers, read_patient
from service.adapters.v1.notice import Notice
from service.adapters.v1.tumor import TUMOR_POINTER, read_tumor
from service.engine.change import (
    Change,
    WithFindings,
    WithoutFindings,
    WithPatient,
    WithTumorType,
)
from service.engine.reading import Item, Unreadable
from service.errors import Fault, InputError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadChanges:
    """Understood changes, what must be said about them, and the fate of their biomarkers."""

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    items: tuple[Item, ...] = ()


def read_changes(
    vocabulary: Vocabulary,
    given: Iterable[Mapping[str, Any]],
    *,
    unreadable: Unreadable = "refuse",
) -> ReadChanges:
    """Understand changes of a case.

    Args:
        given: each has exactly one of ``biomarker``, ``without``, ``tumor_type``, ``patient``.
        unreadable: what happens to a biomarker that is not understood.

    Raises:
        InputError: with every fault; pointers start with ``/changes/<index>``.
    """
    read = ReadChanges()
    faults: list[Fault] = []
    for index, item in enumerate(given):
        pointer = f"/changes/{index}"
        if len(item) != 1:
            message = "give one of biomarker, without, tumor_type, patient"
            faults.append(Fault(pointer, "one_change_only", message))
            continue
        (word, value), *_ = item.items()
        place = f"{pointer}/{word}"
        try:
            one = _READ[word](vocabulary, value)
        except InputError as error:
            faults += [replace(f, pointer=_below(place, f.pointer)) for f in error.faults]
            continue
        if unreadable == "refuse":
            refused = [fault_of(item) for item in one.items if item.is_not_understood]
            faults += [replace(f, pointer=_below(place, f.pointer)) for f in refused]
        notices = (replace(n, pointer=_below(place, n.pointer)) for n in one.notices)
        items = (replace(item, place=_below(place, item.place)) for item in one.items)
        read = ReadChanges(
            (*read.changes, *one.changes), (*read.notices, *notices), (*read.items, *items)
        )
    if faults:
        raise InputError(tuple(faults))
    return read


def _with(vocabulary: Vocabulary, given: Any) -> ReadChanges:
    items = read_biomarkers(vocabulary, [given])
    notices = (*notices_of(items), *not_covered(items))
    return ReadChanges((WithFindings(tuple(findings_of(items))),), notices, tuple(items))


def _without(vocabulary: Vocabulary, given: Any) -> ReadChanges:
    read = _with(vocabulary, given)
    found = tuple(findings_of(read.items))
    return replace(read, changes=(WithoutFindings(found),))


def _tumor_type(vocabulary: Vocabulary, given: Any) -> ReadChanges:
    tumor = read_tumor(vocabulary.tumor_terms, given)
    beside = (*tumor.set_aside, *tumor.biomarkers)
    if not beside:
        return ReadChanges((WithTumorType(tumor.code),))
    words = ", ".join(repr(word) for word in beside)
    message = f"{words} is not part of this change; ask for it as a change of its own"
    notice = Notice("words_not_used", message, TUMOR_POINTER)
    return ReadChanges((WithTumorType(tumor.code),), (notice,))


def _patient(vocabulary: Vocabulary, given: Mapping[str, Any]) -> ReadChanges:
    patient, notices = read_patient(vocabulary, given)
    fields = set(given)
    if "prior_therapies" in fields:
        fields.add("prior_therapies_complete")
    return ReadChanges((WithPatient(patient, frozenset(fields)),), tuple(notices))


_READ: dict[str, Callable[[Vocabulary, Any], ReadChanges]] = {
    "biomarker": _with,
    "without": _without,
    "tumor_type": _tumor_type,
    "patient": _patient,
}


def _below(pointer: str, said: str) -> str:
    """Return an address below ``pointer``, without the root that reading gave it."""
    for root in ("/biomarkers/0", "/tumor_type", "/patient"):
        said = said.removeprefix(root)
    return f"{pointer}{said}"
