"""The changes of a what-if question, as sent, to changes of a case; every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
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
from service.errors import Fault, InputError

Json = dict[str, Any]


def read_changes(
    vocabulary: Vocabulary, items: Iterable[Mapping[str, Any]]
) -> tuple[list[Change], list[Notice]]:
    """Understand changes of a case.

    Args:
        items: each has exactly one of ``biomarker``, ``without``, ``tumor_type``, ``patient``.

    Raises:
        InputError: with every fault; pointers start with ``/changes/<index>``.
    """
    changes: list[Change] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    for index, item in enumerate(items):
        pointer = f"/changes/{index}"
        if len(item) != 1:
            message = "give one of biomarker, without, tumor_type, patient"
            faults.append(Fault(pointer, "one_change_only", message))
            continue
        (word, given), *_ = item.items()
        try:
            change, more = _READ[word](vocabulary, given)
        except InputError as error:
            faults += [
                replace(f, pointer=_below(f"{pointer}/{word}", f.pointer)) for f in error.faults
            ]
            continue
        changes.append(change)
        notices += [replace(n, pointer=_below(f"{pointer}/{word}", n.pointer)) for n in more]
    if faults:
        raise InputError(tuple(faults))
    return changes, notices


def _with(vocabulary: Vocabulary, given: Any) -> tuple[WithFindings, list[Notice]]:
    items = read_biomarkers(vocabulary, [given])
    faults = [fault_of(item) for item in items if item.is_not_understood]
    if faults:
        raise InputError(tuple(faults))
    return WithFindings(tuple(findings_of(items))), [*notices_of(items), *not_covered(items)]


def _without(vocabulary: Vocabulary, given: Any) -> tuple[Change, list[Notice]]:
    change, notices = _with(vocabulary, given)
    return WithoutFindings(change.findings), notices


def _tumor_type(vocabulary: Vocabulary, given: Any) -> tuple[Change, list[Notice]]:
    tumor = read_tumor(vocabulary.tumor_terms, given)
    beside = (*tumor.set_aside, *tumor.biomarkers)
    if not beside:
        return WithTumorType(tumor.code), []
    words = ", ".join(repr(word) for word in beside)
    message = f"{words} is not part of this change; ask for it as a change of its own"
    return WithTumorType(tumor.code), [Notice("words_not_used", message, TUMOR_POINTER)]


def _patient(vocabulary: Vocabulary, given: Mapping[str, Any]) -> tuple[Change, list[Notice]]:
    patient, notices = read_patient(vocabulary, given)
    fields = set(given)
    if "prior_therapies" in fields:
        fields.add("prior_therapies_complete")
    return WithPatient(patient, frozenset(fields)), notices


_READ: dict[str, Callable[[Vocabulary, Any], tuple[Change, list[Notice]]]] = {
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
