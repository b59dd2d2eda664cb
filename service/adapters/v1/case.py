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

from service.adapters.v1.biomarkers import (
    BiomarkerVocabulary,
    fault_of,
    notices_of,
    read_biomarker,
)
from service.adapters.v1.contradictions import contradictions, same_codon
from service.adapters.v1.notice import Notice
from service.adapters.v1.tumor import (
    TUMOR_POINTER,
    ReadTumor,
    TumorVocabulary,
    ambiguities,
    read_tumor,
    with_tumor_words,
)
from service.engine.model import Case, Finding, Patient
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.order import canonical_order
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.reading import Fate, Item, Unreadable, uncovered_genes
from service.engine.rulebook import Rulebook
from service.errors import Fault, InputError, escaped

Json = dict[str, Any]
#: Genes that are named in the warning about genes that are not curated.
_SHOWN_GENES = 10


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
        index: among the biomarkers, or among what a document says about biomarkers; ``None`` when
            the words stood in the tumour type.
        place: of the item that it was read from.
    """

    index: int | None
    given: Any
    finding: Finding
    place: str


@dataclass(frozen=True, slots=True)
class ReadCase:
    """An understood case with what must be said about how it was read, and each item's fate."""

    case: Case
    tumor: ReadTumor
    read: tuple[ReadFinding, ...]
    notices: tuple[Notice, ...]
    items: tuple[Item, ...] = ()


def read_case(
    vocabulary: Vocabulary,
    data: Mapping[str, Any],
    *,
    today: dt.date,
    items: Iterable[Item] | None = None,
    unreadable: Unreadable = "refuse",
) -> ReadCase:
    """Understand a case.

    Args:
        data: the v1 request, with ``as_of`` as a date or absent.
        today: the day that ``as_of`` defaults to.
        items: what a reader of another format has read; ``data["biomarkers"]`` is then not read.
        unreadable: what happens to a biomarker that is not understood, unless ``data`` says it.

    Raises:
        InputError: with every fault of the tumour type and, where they are refused, of biomarkers.
    """
    faults: list[Fault] = []
    tumor = _read_tumor(vocabulary, data["tumor_type"], faults)
    if items is None:
        items = read_biomarkers(vocabulary, data["biomarkers"])
    if (data.get("unreadable") or unreadable) == "refuse":
        faults += [fault_of(item) for item in items if item.is_not_understood]
    notices = notices_of(items)
    if tumor is not None:
        beside = _read_biomarkers_of(vocabulary, tumor)
        notices += _left_in(beside)
        items = [*items, *beside]
    read = found_in(items, "finding")
    notices += not_covered(items)
    if tumor is None or faults:
        raise InputError(tuple(faults))
    patient, more = read_patient(vocabulary, data.get("patient") or {})
    patient, said = with_tumor_words(patient, tumor)
    findings = canonical_order(item.finding for item in read)
    notices += [*ambiguities(vocabulary.rulebook.tumors, tumor), *said, *more]
    notices += [*contradictions(vocabulary.rulebook, read), *same_codon(read)]
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
    return ReadCase(case, tumor, tuple(read), tuple(notices), tuple(items))


def not_covered(items: Iterable[Item]) -> list[Notice]:
    """Say once which genes nobody curated; they decide nothing."""
    strange = [item for item in items if item.fate == "not_covered"]
    if not strange:
        return []
    genes = uncovered_genes(strange)
    shown = ", ".join(genes[:_SHOWN_GENES]) + (" \u2026" if len(genes) > _SHOWN_GENES else "")
    are = "gene is" if len(genes) == 1 else "genes are"
    message = f"{len(genes)} {are} not curated: {shown}"
    return [Notice("gene_not_covered", message, strange[0].place)]


def read_biomarkers(vocabulary: BiomarkerVocabulary, given: Iterable[Any]) -> list[Item]:
    """Read a list of biomarkers of the v1 contract."""
    return [
        item
        for index, one in enumerate(given)
        for item in read_biomarker(vocabulary, one, f"/biomarkers/{index}")
    ]


def read_tumor_alone(
    vocabulary: Vocabulary, given: Any
) -> tuple[ReadTumor | None, list[Item], list[Notice], list[Fault]]:
    """Read a tumour type on its own, for ``/v1/normalize``: faults are returned."""
    faults: list[Fault] = []
    tumor = _read_tumor(vocabulary, given, faults)
    if tumor is None:
        return None, [], [], faults
    notices = [
        *ambiguities(vocabulary.rulebook.tumors, tumor),
        *with_tumor_words(Patient(), tumor)[1],
    ]
    beside = _read_biomarkers_of(vocabulary, tumor)
    return tumor, beside, [*notices, *_left_in(beside)], faults


def _read_tumor(vocabulary: Vocabulary, given: Any, faults: list[Fault]) -> ReadTumor | None:
    try:
        return read_tumor(vocabulary.tumor_terms, given)
    except InputError as error:
        faults.extend(error.faults)
        return None


def found_in(items: Iterable[Item], *fates: Fate) -> list[ReadFinding]:
    """Return the findings of items of some fates, each with its place and what was given."""
    return [
        ReadFinding(_index_of(item.place, number), item.given, finding, item.place)
        for number, item in enumerate(item for item in items if item.fate in fates)
        for finding in item.findings
    ]


def _index_of(place: str, number: int) -> int | None:
    """Return the index of ``/biomarkers/3``; for a place in another format the running number."""
    _, _, index = place.partition("/biomarkers/")
    if index.isdecimal():
        return int(index)
    return None if place == TUMOR_POINTER else number


def _read_biomarkers_of(vocabulary: Vocabulary, tumor: ReadTumor) -> list[Item]:
    """Read the biomarkers that stood in the tumour type."""
    return [
        item
        for words in tumor.biomarkers
        for item in read_biomarker(vocabulary, words, TUMOR_POINTER)
    ]


def _left_in(items: Iterable[Item]) -> list[Notice]:
    """Return what must be said about biomarkers in the tumour type; none of it is a fault."""
    items = tuple(items)
    left = [
        Notice(
            "biomarker_not_read",
            f"{item.text!r} in the tumour type was not used: {item.message}",
            TUMOR_POINTER,
            item.suggestions,
        )
        for item in items
        if item.fate == "set_apart"
    ]
    return [*left, *notices_of(items)]


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
        facts={
            fact.name: given[fact.name]
            for fact in PATIENT_FACTS
            if given.get(fact.name) is not None
        },
        prior_therapies=None if prior is None else tuple(sorted(set(prior))),
        prior_therapies_complete=complete,
        conditions=conditions,
    )
    return patient, notices


def _unknown_condition(vocabulary: Vocabulary, name: str) -> Notice:
    near = process.extract(name[:80], vocabulary.conditions, scorer=fuzz.ratio, limit=3)
    message = f"{name[:80]!r} is no condition that a criterion asks for; it changes nothing"
    suggestions = tuple(known for known, _, _ in near)
    return Notice("unknown_condition", message, f"/patient/conditions/{escaped(name)}", suggestions)
