"""The JSON case of the v1 contract to the engine's ``Case``, with every fault at once.

The shape (types, unknown keys) has been checked by the caller; here the words are understood:
tumour type, biomarkers, prior therapies. What was understood but needs a remark is a ``Notice``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from service.adapters.v1.notice import Notice
from service.adapters.v1.tumor import (
    TUMOR_POINTER,
    ReadTumor,
    TumorVocabulary,
    ambiguities,
    read_tumor,
    with_tumor_words,
)
from service.engine.classes import contradicts
from service.engine.model import Case, Finding, Patient
from service.engine.notation.biomarkers import BiomarkerReader, canonical_order
from service.engine.notation.faults import NotationError, Remark
from service.engine.rulebook import Rulebook
from service.errors import Fault, InputError

Json = dict[str, Any]


class DrugVocabulary(Protocol):
    """Resolves drug names: INN, brand, alias or group; ``None`` when unknown."""

    def find(self, name: str) -> str | None: ...
    def near(self, name: str) -> tuple[str, ...]: ...


class Vocabulary(Protocol):
    """The part of a knowledge base that reading a case needs."""

    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def reader(self) -> BiomarkerReader: ...
    @property
    def tumor_terms(self) -> TumorVocabulary: ...
    @property
    def drug_names(self) -> DrugVocabulary: ...
    @property
    def conditions(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """A finding with the place and text of the input that it came from.

    Args:
        index: among the biomarkers; ``None`` when the words stood in the tumour type.
    """

    index: int | None
    given: Any
    finding: Finding


@dataclass(frozen=True, slots=True)
class ReadCase:
    """An understood case with what must be said about how it was read."""

    case: Case
    tumor: ReadTumor
    read: tuple[ReadFinding, ...]
    notices: tuple[Notice, ...]


def read_case(vocabulary: Vocabulary, data: Mapping[str, Any], *, today: dt.date) -> ReadCase:
    """Understand a case.

    Args:
        data: the v1 request, with ``as_of`` as a date or absent.
        today: the day that ``as_of`` defaults to.

    Raises:
        InputError: with every fault of tumour type and biomarkers.
    """
    faults: list[Fault] = []
    tumor = _read_tumor(vocabulary, data["tumor_type"], faults)
    read, notices = _read_biomarkers(vocabulary, data["biomarkers"], faults)
    if tumor is not None:
        read += _read_biomarkers_of(vocabulary, tumor, notices)
    if tumor is None or faults:
        raise InputError(tuple(faults))
    patient, more = read_patient(vocabulary, data.get("patient") or {})
    patient, said = with_tumor_words(patient, tumor)
    findings = canonical_order(item.finding for item in read)
    notices += [*ambiguities(vocabulary.rulebook.tumors, tumor), *said, *more]
    notices += _contradictions(vocabulary, read)
    as_of = data.get("as_of") or today
    if as_of > today:
        message = f"{as_of.isoformat()} is later than today; only known events are counted"
        notices.append(Notice("as_of_in_future", message, "/as_of"))
    case = Case(
        tumor_type=tumor.code,
        findings=findings,
        as_of=as_of,
        patient=patient,
        jurisdictions=frozenset(data.get("jurisdictions") or ()),
    )
    return ReadCase(case, tumor, tuple(read), tuple(notices))


def read_biomarkers(
    vocabulary: Vocabulary, items: Iterable[Any]
) -> tuple[list[ReadFinding], list[Notice], list[Fault]]:
    """Read a list of biomarkers on their own, for ``/v1/normalize``: faults are returned."""
    faults: list[Fault] = []
    read, notices = _read_biomarkers(vocabulary, items, faults)
    return read, notices, faults


def read_tumor_alone(
    vocabulary: Vocabulary, given: Any
) -> tuple[ReadTumor | None, list[ReadFinding], list[Notice], list[Fault]]:
    """Read a tumour type on its own, for ``/v1/normalize``: faults are returned."""
    faults: list[Fault] = []
    tumor = _read_tumor(vocabulary, given, faults)
    if tumor is None:
        return None, [], [], faults
    notices = [
        *ambiguities(vocabulary.rulebook.tumors, tumor),
        *with_tumor_words(Patient(), tumor)[1],
    ]
    return tumor, _read_biomarkers_of(vocabulary, tumor, notices), notices, faults


def _read_tumor(vocabulary: Vocabulary, given: Any, faults: list[Fault]) -> ReadTumor | None:
    try:
        return read_tumor(vocabulary.tumor_terms, given)
    except InputError as error:
        faults.extend(error.faults)
        return None


def _read_biomarkers(
    vocabulary: Vocabulary, items: Iterable[Any], faults: list[Fault]
) -> tuple[list[ReadFinding], list[Notice]]:
    read: list[ReadFinding] = []
    notices: list[Notice] = []
    for index, given in enumerate(items):
        pointer = f"/biomarkers/{index}"
        try:
            if isinstance(given, str):
                found = vocabulary.reader.read_text(given)
            else:
                found = vocabulary.reader.read_fields(
                    gene=given["gene"],
                    alteration=given.get("alteration"),
                    assay=given.get("assay"),
                    result=given.get("result"),
                )
        except NotationError as error:
            faults.append(_fault_of(vocabulary, error, pointer, given))
            continue
        read.extend(ReadFinding(index, given, finding) for finding in found.findings)
        notices.extend(_notice_of(remark, pointer) for remark in found.remarks)
    return read, notices


def _read_biomarkers_of(
    vocabulary: Vocabulary, tumor: ReadTumor, notices: list[Notice]
) -> list[ReadFinding]:
    """Read the biomarkers that stood in the tumour type; what cannot be read is a notice."""
    read: list[ReadFinding] = []
    for words in tumor.biomarkers:
        try:
            found = vocabulary.reader.read_text(words)
        except NotationError as error:
            message = f"{words!r} in the tumour type was not used: {error.message}"
            notices.append(Notice("biomarker_not_read", message, TUMOR_POINTER, error.suggestions))
            continue
        read.extend(ReadFinding(None, words, finding) for finding in found.findings)
        notices.extend(_notice_of(remark, TUMOR_POINTER) for remark in found.remarks)
    return read


def _notice_of(remark: Remark, pointer: str) -> Notice:
    return Notice(remark.code, remark.message, pointer, remark.suggestions)


def _fault_of(vocabulary: Vocabulary, error: NotationError, pointer: str, given: Any) -> Fault:
    suggestions = error.suggestions
    if error.code == "unknown_gene" and not suggestions:
        text = given if isinstance(given, str) else str(given.get("gene"))
        suggestions = _near_genes(vocabulary, text)
        if not isinstance(given, str):
            pointer = f"{pointer}/gene"
    elif error.code == "unknown_result":
        pointer = f"{pointer}/result"
    elif not isinstance(given, str) and given.get("alteration"):
        pointer = f"{pointer}/alteration"
    return Fault(pointer, error.code, error.message, suggestions)


def _near_genes(vocabulary: Vocabulary, text: str) -> tuple[str, ...]:
    first = text.strip().split(" ")[0][:40].upper()
    found = process.extract(
        first, vocabulary.reader.names.names(), scorer=fuzz.ratio, limit=3, score_cutoff=50
    )
    return tuple(name for name, _, _ in found)


def read_patient(vocabulary: Vocabulary, given: Mapping[str, Any]) -> tuple[Patient, list[Notice]]:
    """Read the clinical context; a therapy that is not known is a notice, and leaves it open."""
    notices: list[Notice] = []
    prior: list[str] | None = None
    complete = True
    if given.get("prior_therapies") is not None:
        prior = []
        for index, name in enumerate(given["prior_therapies"]):
            known = vocabulary.drug_names.find(name)
            if known is not None:
                prior.append(known)
                continue
            complete = False
            notices.append(
                Notice(
                    "unknown_therapy",
                    f"{name[:80]!r} is no known drug or drug group; prior therapy stays open",
                    f"/patient/prior_therapies/{index}",
                    vocabulary.drug_names.near(name),
                )
            )
    conditions = dict(given.get("conditions") or {})
    notices += [
        _unknown_condition(vocabulary, name)
        for name in sorted(set(conditions) - set(vocabulary.conditions))
    ]
    patient = Patient(
        age_years=given.get("age_years"),
        sex=given.get("sex"),
        menopausal_status=given.get("menopausal_status"),
        disease_stage=given.get("disease_stage"),
        treatment_setting=given.get("treatment_setting"),
        line_of_therapy=given.get("line_of_therapy"),
        prior_therapies=None if prior is None else tuple(sorted(set(prior))),
        prior_therapies_complete=complete,
        conditions=conditions,
    )
    return patient, notices


def _unknown_condition(vocabulary: Vocabulary, name: str) -> Notice:
    near = process.extract(name[:80], vocabulary.conditions, scorer=fuzz.ratio, limit=3)
    message = f"{name[:80]!r} is no condition that a criterion asks for; it changes nothing"
    pointer = name.replace("~", "~0").replace("/", "~1")
    suggestions = tuple(known for known, _, _ in near)
    return Notice("unknown_condition", message, f"/patient/conditions/{pointer}", suggestions)


def _contradictions(vocabulary: Vocabulary, read: list[ReadFinding]) -> list[Notice]:
    """Say where one finding says detected and another not detected of the same thing (rule M3)."""
    notices = []
    for item in read:
        if item.finding.result != "not_detected":
            continue
        for other in read:
            if other.finding.result == "detected" and contradicts(
                item.finding, other.finding, vocabulary.rulebook.genes[item.finding.gene]
            ):
                message = f"{other.finding.name} contradicts {item.finding.name}; detected counts"
                notices.append(Notice("contradictory_findings", message, _pointer(item)))
    return notices


def _pointer(item: ReadFinding) -> str:
    return TUMOR_POINTER if item.index is None else f"/biomarkers/{item.index}"
