"""The readers of a whole report, each to a ``Document``: text, a case, tables, VCF, FHIR, GA4GH.

Formats are read in their own rooms; here their readings are brought to one shape.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import orjson

from service.adapters.fhir_in import SubjectReading, read_fhir
from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.files.kinds import kind_of
from service.adapters.files.samples import Sample, Samples
from service.adapters.files.study import COLUMNS, read_study
from service.adapters.files.unpack import read_lines, unpacked
from service.adapters.files.vcf import read_vcf
from service.adapters.ga4gh import phenopacket
from service.adapters.hl7v2 import read_hl7
from service.adapters.intake.documents import Document, ReportCase, Sent
from service.adapters.v1.biomarkers import read_biomarker
from service.adapters.v1.case import Vocabulary
from service.adapters.v1.json_text import parse_json
from service.adapters.v1.notice import Notice
from service.adapters.v1.report import read_report
from service.engine.notation.report import MAX_LINES
from service.engine.reading import Item
from service.errors import Fault, InputError, escaped

Json = dict[str, Any]
_FIELDS = frozenset({"gene", "alteration", "result", "assay", "origin"})
_LONGEST = 500
#: Facts of a case of the v1 contract that are handed on as they are.
_ASKED = ("jurisdictions", "as_of")
#: What a case of the v1 contract may hold.
_MEMBERS = frozenset(
    {"id", "tumor_type", "patient", "biomarkers", "explain", "unreadable", *_ASKED}
)


def read_text(vocabulary: Vocabulary, sent: Sent) -> Document:
    """Read a report as a person or a laboratory writes it, line by line.

    Raises:
        InputError: it has more lines than are read.
    """
    text = "".join(_lines(sent))
    if len(text.splitlines()) > MAX_LINES:
        message = f"a text holds at most {MAX_LINES} lines; send its parts"
        raise InputError((Fault("", "too_large", message),))
    report = read_report(vocabulary, text)
    said = report.suggested
    case = ReportCase(None, report.items, said.tumor_types, patient=dict(said.patient))
    return Document(report.items, (case,), (), said.report_date, said.specimen)


def read_json_case(vocabulary: Vocabulary, sent: Sent) -> Document:
    """Read a case as ``POST /v1/match`` takes it.

    A biomarker of another shape, and a member that no case has, are set apart.

    Raises:
        InputError: it is no object, its biomarkers are no list, or its patient is no object.
    """
    data = _object(sent)
    given = data.get("biomarkers", [])
    if not isinstance(given, list):
        raise InputError((Fault("/biomarkers", "invalid_type", "biomarkers are a list"),))
    items = [
        item
        for index, one in enumerate(given)
        for item in _read_one(vocabulary, one, f"/biomarkers/{index}")
    ]
    around = [
        Item(f"/{name}", _said(data[name]), "context")
        for name in ("tumor_type", "patient")
        if data.get(name)
    ]
    unknown = [_unknown_member(name, data[name]) for name in data if name not in _MEMBERS]
    patient = data.get("patient")
    if patient is not None and not isinstance(patient, dict):
        raise InputError((Fault("/patient", "invalid_type", "the patient is a JSON object"),))
    case = ReportCase(
        data.get("id"),
        tuple(items),
        (data["tumor_type"],) if data.get("tumor_type") else (),
        patient=patient or {},
        asked={name: data[name] for name in _ASKED if data.get(name)},
    )
    return Document((*around, *items, *unknown), (case,))


def _unknown_member(name: str, value: Any) -> Item:
    message = f"a case has no member {name[:80]!r}"
    place = f"/{escaped(name[:80])}"
    return Item(place, _said(value), "set_apart", reason="unknown_field", message=message)


def _read_one(vocabulary: Vocabulary, given: Any, place: str) -> tuple[Item, ...]:
    if isinstance(given, str) and len(given) <= _LONGEST:
        return read_biomarker(vocabulary, given, place)
    if isinstance(given, dict) and _names_something(given) and _has_fields(given):
        return read_biomarker(vocabulary, given, place)
    message = "a biomarker is a text, or an object with gene, alteration, result, assay and origin"
    return (Item(place, _said(given), "set_apart", reason="invalid_value", message=message),)


def _names_something(given: Json) -> bool:
    return bool(given.get("gene") or given.get("alteration"))


def _has_fields(given: Json) -> bool:
    texts = (value for value in given.values() if value is not None)
    return given.keys() <= _FIELDS and all(
        isinstance(text, str) and len(text) <= _LONGEST for text in texts
    )


def read_tables(vocabulary: Vocabulary, sent: Sent) -> Document:
    """Read the files of a study, or one of them; which one it is, its header row says.

    Raises:
        InputError: a part is not known, or the header of one is broken.
    """
    parts = sent.parts
    if not parts.keys() <= COLUMNS.keys():
        content = unpacked("report", sent.content, sent.limit)
        parts = {kind_of(content) or "maf": content}
    files = {name: read_lines(name, content, sent.limit) for name, content in parts.items()}
    return _of_samples(read_study(vocabulary, files))


def read_vcf_file(vocabulary: Vocabulary, sent: Sent) -> Document:
    """Read an annotated VCF.

    Raises:
        InputError: the file is no VCF, or not annotated.
    """
    return _of_samples(read_vcf(vocabulary, _lines(sent, "vcf")))


def _of_samples(samples: Samples) -> Document:
    return Document(
        tuple(samples.items()),
        tuple(_case_of(sample) for sample in samples),
        unlisted=samples.unlisted,
        files=tuple(samples.records()),
    )


def _case_of(sample: Sample) -> ReportCase:
    tumor = () if sample.tumor_type is None else (sample.tumor_type,)
    return ReportCase(
        sample.id, tuple(sample.items), tumor, sample.tumor_place, faults=tuple(sample.faults)
    )


def read_phenopacket(vocabulary: FhirVocabulary, sent: Sent) -> Document:
    """Read a GA4GH Phenopacket; what has another shape than the schema is set apart.

    Raises:
        InputError: it is no JSON object.
    """
    reading = phenopacket.read_phenopacket(vocabulary, _object(sent))
    apart = (
        Item(f.pointer, "", "set_apart", reason="invalid_value", message=f.message)
        for f in reading.faults
    )
    case = ReportCase(
        reading.id,
        tuple(item for item in reading.items if item.fate != "context"),
        tuple(reading.tumor_types),
        reading.tumor_place,
        reading.patient,
    )
    return Document((*reading.items, *apart), (case,), tuple(reading.notices))


def read_fhir_document(vocabulary: FhirVocabulary, sent: Sent) -> Document:
    """Read a FHIR R4 document; a subject with several tumour types is one case.

    Raises:
        InputError: it is no document that is read.
    """
    reading = read_fhir(vocabulary, _object(sent), today=sent.today)
    by_subject = itertools.groupby(reading.subjects, key=lambda subject: subject.subject)
    cases = tuple(_of_subject(name, tuple(found)) for name, found in by_subject)
    warnings = (*reading.warnings, *(w for subject in reading.subjects for w in subject.warnings))
    notices = (Notice(w.code, w.message, w.location, w.suggestions) for w in warnings)
    return Document(reading.all_items, cases, tuple(dict.fromkeys(notices)))


def _of_subject(name: str | None, readings: tuple[SubjectReading, ...]) -> ReportCase:
    first = readings[0]
    tumors = [case.case["tumor_type"] for case in readings if "tumor_type" in case.case]
    return ReportCase(
        name,
        first.items,
        tuple(tumors),
        first.tumor_place,
        dict(first.case.get("patient", {})),
    )


def read_hl7_messages(vocabulary: FhirVocabulary, sent: Sent) -> Document:
    """Read HL7 v2 messages: a case for each patient of each message.

    Raises:
        InputError: there is no message, or none that says how it is parted.
    """
    reading = read_hl7(vocabulary, sent.content, today=sent.today)
    cases = tuple(
        ReportCase(one.id, one.items, one.tumor_types, one.tumor_place, one.patient)
        for one in reading.patients
    )
    notices = [*reading.notices, *(notice for one in reading.patients for notice in one.notices)]
    only = reading.patients[0] if len(reading.patients) == 1 else None
    return Document(
        reading.all_items,
        cases,
        tuple(dict.fromkeys(notices)),
        only.report_date if only else None,
        only.specimen if only else None,
    )


def top_level_keys(content: bytes) -> frozenset[str]:
    """Return the keys of a JSON object; none when it is no JSON object."""
    try:
        data = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return frozenset()
    return frozenset(data) if isinstance(data, dict) else frozenset()


def _object(sent: Sent) -> Json:
    data = parse_json("".join(_lines(sent)).encode())
    if not isinstance(data, dict):
        raise InputError((Fault("", "invalid_type", "the body is a JSON object"),))
    return data


def _lines(sent: Sent, name: str = "") -> Iterator[str]:
    return read_lines(name, sent.content, sent.limit)


def _said(given: Any) -> str:
    return given if isinstance(given, str) else orjson.dumps(given).decode()
