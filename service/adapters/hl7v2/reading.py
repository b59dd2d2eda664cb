"""HL7 v2 messages to a case for each patient: which reader reads which segment.

Every segment, and every value of an OBX, has exactly one fate; what no reader wants is settled by
``fates``. One segment that is not understood never costs another.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from service.adapters.fhir_in import read_fhir
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.outcome import FhirReading
from service.adapters.hl7v2 import fates
from service.adapters.hl7v2.orders import Order, PatientGroup, groups_of
from service.adapters.hl7v2.panels import Around, Coded, Panels, apart_items, places_of
from service.adapters.hl7v2.results import (
    DOCUMENTS,
    TEXTS,
    Result,
    concept_of,
    day_of,
    read_result,
)
from service.adapters.hl7v2.rows import RowReader, Rows, is_generic, read_texts
from service.adapters.hl7v2.segments import Segment, read_segments
from service.adapters.hl7v2.wire import RawMessage, read_wire
from service.adapters.v1.notice import Notice
from service.adapters.v1.report import Suggested
from service.engine.reading import Item
from service.errors import Fault, InputError

Json = dict[str, Any]
#: Coded results of one patient in one message.
MAX_RESULTS = 4000
#: Messages that carry results (table 0076); what others hold in OBX is no result.
_WITH_RESULTS = frozenset({"", "ORU", "OUL", "ORF", "MDM"})
_SEXES = {"F": "female", "M": "male"}
_PATIENT = "Patient/1"
_STEP = re.compile(r"Bundle\.entry\[(\d+)\]\.resource\.?(component\[\d+\])?")
#: Warnings of the FHIR reader that a report says in its own way.
_OWN_WORDS = frozenset({"no_tumor_type", "nothing_read"})


@dataclass(frozen=True, slots=True)
class PatientReading:
    """What a message says about one patient.

    Args:
        id: PID-3; ``None`` when it names none.
        items: the fate of each of its segments and values.
        tumor_types: by codes where there are some, else as its lines suggest.
    """

    id: str | None
    items: tuple[Item, ...]
    tumor_types: tuple[Any, ...]
    tumor_place: str
    patient: Json
    report_date: str | None
    specimen: str | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Hl7Reading:
    """What messages say.

    Args:
        items: of what is about no patient.
    """

    patients: tuple[PatientReading, ...]
    items: tuple[Item, ...]
    notices: tuple[Notice, ...]

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Return the fate of everything that was sent."""
        return (*self.items, *(item for one in self.patients for item in one.items))


def read_hl7(vocabulary: FhirVocabulary, content: bytes, *, today: dt.date) -> Hl7Reading:
    """Read messages as they come over the wire: one, several, a batch, framed by MLLP or not.

    Args:
        today: day on which the age of a patient is counted.

    Raises:
        InputError: there is no message, none that says how it is parted, or more than is read.
    """
    wire = read_wire(content)
    patients: list[PatientReading] = []
    items = [
        Item(f"{line[:3]}-{number}", line, "no_content")
        for number, line in enumerate(wire.outside, 1)
    ]
    faults: list[Fault] = []
    for number, message in enumerate(wire.messages, 1):
        prefix = f"{number}/" if len(wire.messages) > 1 else ""
        try:
            segments = read_segments(message, prefix)
        except InputError as error:
            faults += error.faults
            items += _unparted(message, prefix, error)
            continue
        patients += _MessageReader(vocabulary, segments, today).read()
    if not patients:
        raise InputError(tuple(faults))
    notices = tuple(Notice("unexpected_code", remark, "MSH-18") for remark in wire.remarks)
    return Hl7Reading(tuple(patients), tuple(items), notices)


def _unparted(message: RawMessage, prefix: str, error: InputError) -> Iterable[Item]:
    said = error.faults[0].message
    return (
        Item(f"{prefix}line {n}", line[:500], "set_apart", reason="unreadable", message=said)
        for n, line in enumerate(message.lines, 1)
    )


class _MessageReader:
    """Reads the patients of one message."""

    def __init__(
        self, vocabulary: FhirVocabulary, segments: tuple[Segment, ...], today: dt.date
    ) -> None:
        self._segments = segments
        self._reader = _GroupReader(vocabulary, today, segments[0].text(9).upper())

    def read(self) -> list[PatientReading]:
        """Return a reading for each patient; the header is of the first."""
        return [self._reader.read(group) for group in groups_of(self._segments)]


@dataclass(slots=True)
class _Found:
    """What was read of one patient so far."""

    coded: Coded = field(default_factory=Coded)
    rows: Rows = field(default_factory=Rows)
    texts: list[tuple[list[Result], str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


class _GroupReader:
    """Reads what a message says about one patient."""

    def __init__(self, vocabulary: FhirVocabulary, today: dt.date, kind: str) -> None:
        self._vocabulary = vocabulary
        self._today = today
        self._kind = kind
        self._genes = GeneCodes(vocabulary)
        self._panels = Panels(MarkerTests(vocabulary.marker_tests))
        self._rows = RowReader(vocabulary, self._genes)

    def read(self, group: PatientGroup) -> PatientReading:
        """Return what was understood, and the fate of everything."""
        found = _Found()
        results: list[Result] = []
        for number, order in enumerate(group.orders):
            read = [read_result(segment, order.request) for segment in order.results]
            results += read
            self._read_order(found, order, read, number)
        fhir, places = self._read_coded(found, group)
        items = [*found.items, *found.coded.items, *found.rows.items]
        items += [replace(i, place=_placed(i.place, places)) for i in fhir.all_items]
        suggested = [*found.rows.suggested, *self._read_texts(found, items)]
        findings = [finding for item in items for finding in item.findings]
        notes = fates.Notes(self._vocabulary, self._genes, findings)
        items += fates.of_segments(group, self._genes, notes)
        settled = fates.settle(group, results, items)
        tumors, place = self._tumors(fhir, places, suggested)
        return PatientReading(
            id=(group.patient.text(3)[:200] or None) if group.patient else None,
            items=tuple(settled),
            tumor_types=tumors,
            tumor_place=place,
            patient=_patient(fhir, suggested),
            report_date=_report_date(group) or _first(s.report_date for s in suggested),
            specimen=_specimen(group) or _first(s.specimen for s in suggested),
            notices=_notices(fhir, places),
        )

    def _read_order(self, found: _Found, order: Order, results: list[Result], number: int) -> None:
        asked = fates.label_of(order.request)
        if self._kind not in _WITH_RESULTS:
            apart = ("not_a_result", f"a message {self._kind[:10]} carries no results")
            results = [replace(one, apart=one.apart or apart) for one in results]
        coded = [result for result in results if self._panels.is_coded(result)]
        taken = {result.place for result in coded}
        others = [result for result in results if result.place not in taken]
        alone = [r for r in coded if r.apart is not None and not self._panels.is_part(r)]
        found.items += [item for result in alone for item in self._apart(result)]
        found.items += [i for r in others if r.apart is not None for i in self._apart(r)]
        left = {result.place for result in alone}
        around = Around(_PATIENT, _specimen_reference(order, number), fates.notes_of(order))
        used = [result for result in others if result.apart is None]
        coded = [result for result in coded if result.place not in left]
        coded, rest = self._read_named(found, coded, used)
        made = self._panels.read(coded, used, around)
        used = rest
        found.coded.observations += made.observations
        found.coded.items += made.items
        texts = self._texts(used, asked)
        in_text = {result.place for result in texts}
        left_over = [result for result in used if result.place not in in_text]
        for (_, is_lines), some in groupby(left_over, key=self._is_lines):
            if is_lines:
                self._rows.read_lines(list(some), asked, found.rows)
                continue
            for result in some:
                if result.kind in DOCUMENTS:
                    found.items += fates.of_document(result)
                else:
                    self._rows.read(result, asked, found.rows)
        if texts:
            found.texts.append((texts, asked))

    @staticmethod
    def _is_lines(result: Result) -> tuple[str, bool]:
        """Return the test of a result, and whether its value is text of one or more lines."""
        has_breaks = any("\n" in answer.words for answer in result.answers)
        is_text = bool(result.answers) and (result.kind in TEXTS or has_breaks)
        return result.label, is_text and not any(answer.is_null for answer in result.answers)

    def _read_named(
        self, found: _Found, coded: list[Result], others: list[Result]
    ) -> tuple[list[Result], list[Result]]:
        """Read results that only say "result" beside a panel with the same sub-id.

        Such a result is about the gene of the panel; beside a change it can only agree.

        Returns:
            The coded results, and the others, that are still to be read.
        """
        parts = [result for result in coded if result.group and self._panels.is_part(result)]
        taken: set[str] = set()
        for result in others:
            panel = [part for part in parts if part.group == result.group]
            if not panel or not is_generic(result):
                continue
            taken.add(result.place)
            genes = self._panels.genes_of(panel)
            if genes and not self._panels.has_change(panel):
                self._rows.read(result, genes, found.rows)
                found.items += [Item(p, words, "context") for part in panel
                                for p, words in places_of(part)]  # fmt: skip
                taken |= {part.place for part in panel}
            else:
                found.items += self._panels.agreeing(result)
        return (
            [result for result in coded if result.place not in taken],
            [result for result in others if result.place not in taken],
        )

    def _apart(self, result: Result) -> list[Item]:
        gene = min(self._genes.named_in_text(result.words), default=None)
        return [replace(item, gene=gene) for item in apart_items(result)]

    def _texts(self, results: list[Result], asked: str) -> list[Result]:
        """Return the results that are lines of a text, about no gene: several, or a long one."""
        found = []
        for index, result in enumerate(results):
            if result.kind in DOCUMENTS:
                continue
            near = results[max(index - 1, 0) : index + 2]
            is_one_of_many = any(
                other is not result and other.label == result.label and other.kind == result.kind
                for other in near
            )
            if self._rows.about(result, asked):
                continue
            is_long = any("\n" in answer.words for answer in result.answers)
            is_words = result.kind in ("ST", "") and (is_long or is_one_of_many)
            if result.kind in TEXTS or is_words:
                found.append(result)
        return found

    def _read_coded(self, found: _Found, group: PatientGroup) -> tuple[FhirReading, dict[str, str]]:
        """Read the coded results, the diagnoses and the patient as a FHIR document."""
        bodies: list[Json] = []
        places: dict[str, str] = {}
        if group.patient is not None:
            bodies.append(_patient_of(group.patient))
            places["0"] = group.patient.place
        observations = found.coded.observations
        for body, steps in observations[:MAX_RESULTS]:
            places |= {f"{len(bodies)}{step}": place for step, place in steps.items()}
            bodies.append(body)
        for _, steps in observations[MAX_RESULTS:]:
            message = f"more than {MAX_RESULTS} coded results of one patient"
            found.items += [
                Item(place, "", "set_apart", reason="too_many_parts", message=message)
                for place in steps.values()
            ]
        for body, place in _conditions(group):
            places[str(len(bodies))] = place
            bodies.append(body)
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": body} for body in bodies],
        }
        return read_fhir(self._vocabulary, bundle, today=self._today), places

    def _read_texts(self, found: _Found, items: list[Item]) -> list[Suggested]:
        """Read texts; beside results they say only what no result says, and that is set apart."""
        findings = [finding for item in items for finding in item.findings]
        notes = fates.Notes(self._vocabulary, self._genes, findings)
        suggested: list[Suggested] = []
        for results, asked in found.texts:
            read, said = read_texts(self._vocabulary, results, asked)
            suggested += said
            items += notes.beside(results, read) if findings else read
        return suggested

    def _tumors(
        self, fhir: FhirReading, places: dict[str, str], suggested: list[Suggested]
    ) -> tuple[tuple[Any, ...], str]:
        """Return the tumour types: by code where there are some, the narrowest of each line."""
        terms, tree = self._vocabulary.tumor_terms, self._vocabulary.rulebook.tumors
        found: dict[str, tuple[Any, str]] = {}
        for one in fhir.subjects:
            if "tumor_type" in one.case:
                given = one.case["tumor_type"]
                code = _code_of(terms, given)
                found.setdefault(code, (given, _placed(one.tumor_place, places)))
        for words in (words for one in suggested for words in one.tumor_types):
            found.setdefault(_code_of(terms, words), (words, ""))
        kept = [
            (given, place)
            for code, (given, place) in found.items()
            if not any(other != code and tree.is_under(other, code) for other in found)
        ]
        return tuple(given for given, _ in kept), kept[0][1] if len(kept) == 1 else ""


def _code_of(terms: Any, given: Any) -> str:
    """Return the node of a tumour type that was read."""
    try:
        if isinstance(given, dict):
            return str(terms.read_code(given["system"], given["code"], "").code)
        found = terms.find_text(given)
    except InputError:
        return ""
    return found.code if found is not None else ""


def _placed(place: str, places: dict[str, str]) -> str:
    """Return where something of the FHIR document stood in the message."""
    found = _STEP.match(place)
    if found is None:
        return place
    entry, step = found[1], found[2] or ""
    return places.get(f"{entry}{step}") or places.get(entry, place)


def _notices(fhir: FhirReading, places: dict[str, str]) -> tuple[Notice, ...]:
    warnings = (*fhir.warnings, *(w for subject in fhir.subjects for w in subject.warnings))
    said = (
        Notice(w.code, w.message, _placed(w.location, places), w.suggestions)
        for w in warnings
        if w.code not in _OWN_WORDS
    )
    return tuple(dict.fromkeys(said))


def _patient_of(segment: Segment) -> Json:
    return {
        "resourceType": "Patient",
        "id": "1",
        "gender": _SEXES.get(segment.text(8).upper(), ""),
        "birthDate": day_of(segment, 7),
    }


def _conditions(group: PatientGroup) -> Iterable[tuple[Json, str]]:
    """Yield the diagnoses, and the reasons of the orders, as FHIR has them."""
    subject = {"reference": _PATIENT}
    for segment in group.diagnoses:
        code = concept_of(segment.repetitions(3)[0]) if segment.repetitions(3) else {}
        words = segment.text(4)
        yield {
            "resourceType": "Condition", "subject": subject,
            "code": code | ({"text": words} if words else {}),
        }, segment.place  # fmt: skip
    for order in group.orders:
        reasons = order.request.repetitions(31) if order.request is not None else ()
        if reasons and order.request is not None:
            yield {
                "resourceType": "ServiceRequest", "status": "active", "intent": "order",
                "subject": subject, "reasonCode": [concept_of(one) for one in reasons],
            }, order.request.place  # fmt: skip


def _specimen_reference(order: Order, number: int) -> str:
    """Return what tells the specimen of an order from others; empty when it is not one."""
    if len(order.specimens) != 1:
        return ""
    said = order.specimens[0].text(2) or order.specimens[0].text(2, 2) or f"order-{number}"
    return f"Specimen/{said[:60]}"


def _report_date(group: PatientGroup) -> str | None:
    requests = (order.request for order in group.orders if order.request is not None)
    return next((day for request in requests if (day := day_of(request, 22))), None)


def _specimen(group: PatientGroup) -> str | None:
    for order in group.orders:
        for segment in order.specimens:
            return segment.text(4, 2) or segment.text(4) or None
        if order.request is not None and order.request.text(15):
            return order.request.text(15)
    return None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _patient(fhir: FhirReading, suggested: list[Suggested]) -> Json:
    found: Json = {}
    for one in suggested:
        found = {**one.patient, **found}
    for subject in fhir.subjects[:1]:
        found |= subject.case.get("patient", {})
    return found
