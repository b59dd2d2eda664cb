"""What an OBX says: its test, its values, whether it may be used, and of which day it is.

The words are those of FHIR, so that coded results can be read by ``fhir_in``.
Source: HL7 v2.5.1 chapter 7.4.2 (OBX), tables 0085 (OBX-11), 0123 (OBR-25), 0125 (OBX-2), 0396
(coding systems); HL7 v2-to-FHIR for OBX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from service.adapters.fhir_in.elements import Concept, Value, concept, value_of
from service.adapters.hl7v2.segments import Repetition, Segment

Json = dict[str, Any]
Apart = tuple[str, str]
#: Letter of table 0085 -> why a result is not used; letters of ``_USED`` are.
_APART: dict[str, Apart] = {
    "P": ("not_final", "it is preliminary"),
    "R": ("not_final", "it is entered and not verified"),
    "S": ("not_final", "it is partial"),
    "I": ("not_final", "its specimen is still in the laboratory"),
    "X": ("cancelled", "it cannot be obtained"),
    "D": ("deleted", "the laboratory deletes it"),
    "W": ("entered_in_error", "it was sent for the wrong patient"),
    "N": ("not_a_result", "it was not asked for"),
    "O": ("not_a_result", "it describes the order"),
}
_USED = frozenset("FCUAB")
#: Name of table 0396 -> address of the code system.
_SYSTEMS = {
    "LN": "http://loinc.org", "LOINC": "http://loinc.org", "SCT": "http://snomed.info/sct",
    "SNM": "http://snomed.info/sct", "HGNC": "http://www.genenames.org",
    "HGNC-SYMB": "http://www.genenames.org", "NCBI": "http://www.ncbi.nlm.nih.gov/gene",
    "NCBI-GENE": "http://www.ncbi.nlm.nih.gov/gene", "I10": "http://hl7.org/fhir/sid/icd-10",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm", "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm", "ICDO3": "http://hl7.org/fhir/sid/icd-o-3",
    "ICDO": "http://hl7.org/fhir/sid/icd-o-3", "ICDO2": "http://hl7.org/fhir/sid/icd-o-3",
    "ONCOTREE": "http://oncotree.mskcc.org", "NCIT": "http://ncithesaurus.nci.nih.gov",
    "HL70078": "http://terminology.hl7.org/CodeSystem/v2-0078",
    "SO": "http://www.sequenceontology.org",
}  # fmt: skip
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_CODED = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID", "CX"})
#: Types whose value is a document, a picture or a pointer.
DOCUMENTS = frozenset({"ED", "RP", "ES", "MA", "NA"})
TEXTS = frozenset({"TX", "FT"})
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_COMPARATORS = frozenset({"<", "<=", ">", ">="})
_DAY = re.compile(r"(\d{4})(?:(\d{2})(?:(\d{2}))?)?")
#: What a LOINC name says behind the component: ``[Presence] in Blood or Tissue by …``.
_LOINC_TAIL = re.compile(r"\s+\[|\s+in (?:Blood|Tissue|Tumou?r|Specimen)", re.I)
_LOINC = re.compile(r"\d{2,6}-\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of OBX-5.

    Args:
        element: ``valueString``, ``valueQuantity`` … of FHIR with its value.
        words: as a person reads it, with its unit.
        value: the element as the FHIR reader has it.
    """

    place: str
    element: Json
    words: str
    value: Value = field(default_factory=Value)
    is_null: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """An OBX.

    Args:
        code: CodeableConcept of OBX-3; ``concept`` as the FHIR reader has it.
        label: what is measured, in words.
        apart: why it is not used; ``None`` when it is.
        interpretation: of OBX-8, as FHIR has it.
        day: ISO date, or less; empty when it has none.
    """

    segment: Segment
    code: Json
    concept: Concept
    label: str
    group: str
    kind: str
    answers: tuple[Answer, ...]
    apart: Apart | None
    interpretation: tuple[Json, ...]
    flags: tuple[str, ...]
    day: str

    @property
    def place(self) -> str:
        """Return where it stands."""
        return self.segment.place

    @property
    def is_loinc(self) -> bool:
        """Tell whether its test has a LOINC code."""
        return any(_LOINC.fullmatch(coding.code) for coding in self.concept.codings)

    @property
    def words(self) -> str:
        """Return the test and its values as one line."""
        return said_of(self.label, " ".join(answer.words for answer in self.answers))


def said_of(label: str, words: str) -> str:
    """Return a test and its value as a laboratory writes them."""
    return f"{label}: {words}" if label and words else label or words


def read_result(segment: Segment, request: Segment | None) -> Result:
    """Read an OBX below its OBR."""
    code = _concept_of(segment, 3)
    kind = segment.text(2).upper()
    values = segment.repetitions(5)
    several = len(values) > 1
    unit = segment.text(6) or segment.text(6, 2)
    answers = tuple(
        _answer(kind, value, unit, f"{segment.place}[{n}]" if several else segment.place)
        for n, value in enumerate(values, 1)
    )
    answers = tuple(replace(one, value=value_of(one.element)) for one in answers)
    flags = tuple(flag.text().upper() for flag in segment.repetitions(8) if flag.text())
    return Result(
        segment=segment,
        code=code,
        concept=concept(code),
        label=words_of_code(code),
        group=_group(segment),
        kind=kind,
        answers=answers,
        apart=_why_apart(segment, request),
        interpretation=tuple(
            {"coding": [{"system": _INTERPRETATION, "code": flag}]} for flag in flags
        ),
        flags=flags,
        day=day_of(segment, 14) or (day_of(request, 7) if request else ""),
    )


def day_of(segment: Segment, field: int) -> str:
    """Return the day of a time stamp as ISO date, or less; empty when there is none."""
    found = _DAY.match(segment.text(field))
    return "-".join(part for part in found.groups() if part) if found else ""


def concept_of(value: Repetition) -> Json:
    """Return a CWE, CE or CNE as a CodeableConcept."""
    codings = []
    for first in (1, 4):
        code, display, system = (value.text(first + step) for step in range(3))
        if code or display:
            codings.append({
                "system": _SYSTEMS.get(system.upper(), system), "code": code, "display": display,
            })  # fmt: skip
    return {"coding": codings, "text": value.text(9)}


def _concept_of(segment: Segment, field: int) -> Json:
    found = segment.repetitions(field)
    return concept_of(found[0]) if found else {}


def words_of_code(code: Json) -> str:
    """Return what is measured or asked for; of a LOINC name the component."""
    said = concept(code)
    words = next(iter(said.words), "") or next((c.code for c in said.codings), "")
    is_loinc = any(_LOINC.fullmatch(coding.code) for coding in said.codings)
    return (_LOINC_TAIL.split(words)[0] if is_loinc else words).strip().rstrip(":").strip()


def _group(segment: Segment) -> str:
    """Return OBX-4; its components too, where it has some (v2.8.2)."""
    found = segment.repetitions(4)
    return found[0].whole if found else ""


def _why_apart(segment: Segment, request: Segment | None) -> Apart | None:
    order = request.text(25).upper() if request is not None else ""
    if order == "X":
        return "cancelled", "its order was cancelled"
    said = segment.text(11).upper() or ("" if order in ("", "A") else order)
    if not said or said in _USED:
        return None
    return _APART.get(said, ("not_final", f"its status is {said[:10]!r}"))


def _answer(kind: str, value: Repetition, unit: str, place: str) -> Answer:
    if value.is_null:
        return Answer(place, {}, "", is_null=True)
    is_coded = kind in _CODED or (not kind and len(value.components) > 1)
    if is_coded:
        return _coded(value, place)
    if kind == "SN":
        return _structured(value, unit, place)
    whole = value.whole
    words = f"{whole} {unit}".strip() if whole and unit and kind not in TEXTS else whole
    if kind == "NM" and _NUMBER.fullmatch(whole):
        return Answer(place, {"valueQuantity": {"value": whole, "code": unit}}, words)
    return Answer(place, {"valueString": whole} if whole else {}, words)


def _coded(value: Repetition, place: str) -> Answer:
    said = concept_of(value)
    read = concept(said)
    words = next(iter(read.words), "") or next((c.code for c in read.codings), "")
    return Answer(place, {"valueCodeableConcept": said} if read else {}, words)


def _structured(value: Repetition, unit: str, place: str) -> Answer:
    """Read a structured numeric: comparator, number, separator or suffix, number."""
    comparator, first, mark, second = (value.text(number) for number in range(1, 5))
    words = f"{comparator}{first}{mark}{second}"
    element: Json = {"valueString": words} if words else {}
    if _NUMBER.fullmatch(first) and (not comparator or comparator in _COMPARATORS):
        number: Json = {"value": first, "code": unit}
        if comparator:
            number["comparator"] = comparator
        if not mark and not second:
            element = {"valueQuantity": number}
        elif mark == "-" and _NUMBER.fullmatch(second) and not comparator:
            element = {"valueRange": {"low": {"value": first}, "high": {"value": second}}}
        elif mark in ("/", ":") and _NUMBER.fullmatch(second) and not comparator:
            ratio = {"numerator": {"value": first}, "denominator": {"value": second}}
            element = {"valueRatio": ratio}
    return Answer(place, element, f"{words} {unit}".strip() if words else "")
