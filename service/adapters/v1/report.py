"""A whole report to items: what became of each line, and what was lifted out of it.

The engine cuts the lines (``notation.report``); a passage that is a biomarker is read as one of a
request is. The tumour type and the facts of the patient are suggested, never taken in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.adapters.v1.biomarkers import read_biomarker, refused
from service.adapters.v1.specimens import read_in_blood
from service.adapters.v1.tumor import TumorVocabulary
from service.engine.notation.biomarkers import BiomarkerReader
from service.engine.notation.faults import NotationError
from service.engine.notation.report import MAX_LINES, passages_of
from service.engine.notation.specimens import is_blood
from service.engine.notation.text.passages import Passage
from service.engine.notation.text.report_words import Told
from service.engine.reading import Fate, Item

#: Faults of a passage that its sentences may not have.
_OPEN = frozenset(
    {"unknown_alteration", "unknown_gene", "missing_alteration", "two_genes", "too_many_parts"}
)
_MAX_TUMOR_WORDS = 100
_AGE = re.compile(r"\b(\d{1,3})(?:\s?(?:y(?:ears?|rs?)?(?:\s?old)?|jahre?|ans|anos))?\b", re.I)
#: "64-year-old woman": the age, and the sex behind it.
_YEARS_OLD = re.compile(
    r"\b(\d{1,3})[\s-]?(?:years?|yrs?|yo|y/o)[\s-]?(?:old|of age)?"
    r"(?:\s(?P<sex>woman|female|man|male))?\b",
    re.I,
)
_SEX_OF = {"woman": "female", "female": "female", "man": "male", "male": "male"}
_STAGE = (
    (re.compile(r"\b(?:iv|4)[abc]?\b|metasta|\bm1", re.I), "metastatic"),
    (re.compile(r"locally advanced|\b(?:iii|3)[abc]?\b", re.I), "locally_advanced"),
    (re.compile(r"unresectable", re.I), "unresectable"),
    (re.compile(r"recurr|rezidiv", re.I), "recurrent"),
    (re.compile(r"\b(?:i{1,2}|1|2)[abc]?\b|\bearly\b", re.I), "early"),
)  # fmt: skip
_SEX = {"f": "female", "w": "female", "m": "male", "h": "male"}


class ReportVocabulary(Protocol):
    """The part of a knowledge base that reading a report needs."""

    @property
    def reader(self) -> BiomarkerReader: ...
    @property
    def tumor_terms(self) -> TumorVocabulary: ...


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a report says beside its results; a person confirms it.

    Args:
        tumor_types: every tumour type that was named, as text, without repeats; the first is the
            one that a label names, if any does.
        patient: facts in the words of ``patient`` of the v1 contract.
        report_date: as it stands there.
    """

    tumor_types: tuple[str, ...] = ()
    patient: dict[str, Any] = field(default_factory=dict)
    report_date: str | None = None
    specimen: str | None = None

    @property
    def tumor_type(self) -> str | None:
        """Return the tumour type, when exactly one was named."""
        return self.tumor_types[0] if len(self.tumor_types) == 1 else None


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The items of a report in the order of its lines, and what was lifted out of it."""

    items: tuple[Item, ...]
    suggested: Suggested


def read_report(vocabulary: ReportVocabulary, text: str) -> ReadReport:
    """Read a report of any number of lines; nothing of it is refused as a whole.

    Returns:
        Items with the place ``line 4``; every word of the text is in exactly one. The ``given`` of
        a finding is the biomarker that ``POST /v1/match`` takes for it.
    """
    reader = vocabulary.reader
    passages = passages_of(
        text, reader.names, reader.strangers, lambda words: _told(vocabulary, words)
    )
    items: list[Item] = []
    lifted: list[tuple[str, str]] = []
    for passage in passages:
        for item, role in _items_of(vocabulary, passage):
            items.append(item)
            if role is not None:
                lifted.append((role, item.text if item.given is None else str(item.given)))
    if is_blood(text for role, text in lifted if role == "specimen"):
        items = list(read_in_blood(vocabulary, items))
    return ReadReport(tuple(items), _suggested(vocabulary, lifted))


def _told(vocabulary: ReportVocabulary, words: str) -> Told:
    """Return what words are when they name no gene: a tumour type, a finding, or neither."""
    if len(words) > _MAX_TUMOR_WORDS:
        return None
    if vocabulary.tumor_terms.find_text(words) is not None:
        return "tumor"
    try:
        read = vocabulary.reader.read_text(words)
    except NotationError:
        return None
    return "finding" if read.findings else None


def _items_of(vocabulary: ReportVocabulary, passage: Passage) -> Iterator[tuple[Item, str | None]]:
    """Yield the items of a passage, each with the fact that it is, if it is context."""
    place = f"line {passage.line}"
    if passage.what == "context":
        is_tumor = passage.role == "tumor_type"
        found = vocabulary.tumor_terms.find_text(passage.given) if is_tumor else None
        if is_tumor and found is None and vocabulary.reader.names.all_in(passage.given):
            for item in read_biomarker(vocabulary, passage.given, place, text=passage.text):
                yield item, None
            return
        yield Item(place, passage.text, "context", passage.given), passage.role
        if is_tumor:
            for words in found.biomarkers if found is not None else ():
                for item in read_biomarker(vocabulary, words, place):
                    yield item, None
        return
    if passage.what == "unread":
        message = f"a text holds at most {MAX_LINES} lines; send its parts"
        yield Item(place, passage.text, "set_apart", reason="too_long", message=message), None
        return
    if passage.what == "lone":
        yield _lone(passage, place), None
        return
    if passage.what == "doubtful":
        yield _in_doubt(vocabulary, passage, place), None
        return
    if passage.what == "no_result":
        yield _without_result(passage, place), None
        return
    if passage.what == "nothing":
        is_tumor = (
            passage.role is None
            and len(passage.text) <= _MAX_TUMOR_WORDS
            and vocabulary.tumor_terms.find_text(passage.text) is not None
        )
        if passage.role == "person" and _YEARS_OLD.search(passage.text):
            yield Item(place, passage.text, "context"), "person"
            return
        fate: Fate = "context" if is_tumor else "no_content"
        yield Item(place, passage.text, fate), "named_tumor" if is_tumor else None
        return
    whole = read_biomarker(vocabulary, passage.given, place, text=passage.text)
    if passage.pieces and any(item.reason in _OPEN for item in whole):
        for piece in passage.pieces:
            yield from _items_of(vocabulary, piece)
        return
    if any(item.reason in _OPEN for item in whole):
        tumor = vocabulary.tumor_terms.find_text(passage.text)
        if tumor is not None:  # "Breast cancer, HER2 positive"
            yield Item(place, passage.text, "context"), "named_tumor"
            for words in tumor.biomarkers:
                for item in read_biomarker(vocabulary, words, place):
                    yield item, None
            return
    for item in whole:
        yield item, None


def _lone(passage: Passage, place: str) -> Item:
    message = "no gene is named: it is not clear what this says of the lines around it"
    return Item(place, passage.text, "set_apart", reason="ambiguous_result", message=message)


def _without_result(passage: Passage, place: str) -> Item:
    message = "genes are named, but no result stands here"
    return Item(place, passage.text, "set_apart", reason="no_result", message=message)


def _in_doubt(vocabulary: ReportVocabulary, passage: Passage, place: str) -> Item:
    """Return the item of a line of which it is not clear what the lines around it say.

    Below a heading of methods or references only a variant can be a result.
    """
    if passage.role in ("person", "method"):
        read = read_biomarker(vocabulary, passage.given, place)
        found = [f for item in read for f in item.findings if f.result == "detected"]
        if not any(f.change is None or f.change.is_exact for f in found):
            return _without_result(passage, place)
    message = f"{passage.given!r}: it is not clear what the lines around it say of it"
    error = NotationError("ambiguous_result", message)
    return refused(vocabulary, error, passage.given, place, passage.text)


def _suggested(vocabulary: ReportVocabulary, lifted: list[tuple[str, str]]) -> Suggested:
    values: dict[str, list[str]] = {}
    for role, value in lifted:
        values.setdefault(role, []).append(value)
    terms = vocabulary.tumor_terms
    named = [text for text in values.get("tumor_type", ()) if terms.find_text(text) is not None]
    named = named or values.get("named_tumor", [])
    by_code: dict[str, str] = {}
    for text in named:
        found = terms.find_text(text)
        by_code.setdefault(found.code if found else "", text)
    stages = [found.disease_stage for text in named if (found := terms.find_text(text)) is not None]
    patient = _patient(values)
    if "disease_stage" not in patient and len(set(stages)) == 1 and stages[0] is not None:
        patient["disease_stage"] = stages[0]
    return Suggested(
        tuple(by_code.values()),
        patient,
        next(iter(values.get("report_date", ())), None),
        next(iter(values.get("specimen", ())), None),
    )


def _patient(values: dict[str, list[str]]) -> dict[str, Any]:
    """Return the facts of the patient that are plainly stated."""
    patient: dict[str, Any] = {}
    for text in values.get("person", ())[:1]:
        said = _YEARS_OLD.search(text)
        if said is not None:
            patient["age_years"] = int(said[1])
        if said is not None and said["sex"]:
            patient["sex"] = _SEX_OF[said["sex"].lower()]
    for text in values.get("age_years", ())[:1]:
        found = _AGE.search(text)
        if found is not None:
            patient["age_years"] = int(found[1])
    for text in values.get("sex", ())[:1]:
        sex = _SEX.get(text.strip()[:1].lower())
        if sex is not None:
            patient["sex"] = sex
    for text in values.get("disease_stage", ())[:1]:
        stage = next((word for form, word in _STAGE if form.search(text)), None)
        if stage is not None:
            patient["disease_stage"] = stage
    for text in values.get("line_of_therapy", ())[:1]:
        if text[:1].isdecimal():
            patient["line_of_therapy"] = int(text[:1])
    return patient
