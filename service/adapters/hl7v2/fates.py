"""The law of conservation for HL7 v2: each segment, and each value of an OBX, has one fate.

A note says nothing that counts unless it names what no result says; then it is set apart by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.reports import unsaid_gene
from service.adapters.hl7v2.orders import Order, PatientGroup
from service.adapters.hl7v2.panels import places_of
from service.adapters.hl7v2.results import Result, concept_of, words_of_code
from service.adapters.hl7v2.segments import Segment
from service.engine.model import Finding
from service.engine.notation.text.conservation import has_turning_word
from service.engine.reading import Item

#: Segments about people, visits, payment and software: they hold no result.
_ADMINISTRATIVE = frozenset({
    "MSH", "SFT", "UAC", "EVN", "PD1", "NK1", "PV1", "PV2", "ORC", "TQ1", "TQ2", "CTD", "FT1",
    "CTI", "DSC", "PRT", "ROL", "IN1", "IN2", "IN3", "GT1", "AL1", "ARV", "MSA", "ERR", "QRD",
    "QAK", "QPD", "DSP", "SAC", "INV", "TXA", "ACC", "UB1", "UB2", "PDA", "DRG", "PR1",
})  # fmt: skip
_LONGEST = 500
#: Fields of an OBR in which a clinician writes: clinical information, reason for the study.
_FREE = (13, 31)
_PLAIN = ("no_content", "context")


class Notes:
    """Reads words beside results: what they say that no result says is set apart."""

    def __init__(
        self, vocabulary: FhirVocabulary, genes: GeneCodes, findings: Iterable[Finding]
    ) -> None:
        self._vocabulary = vocabulary
        self._genes = genes
        self._findings = tuple(findings)

    def item(self, place: str, words: str) -> Item:
        """Return the fate of words that are not read."""
        named = self._genes.named_in_text(words)
        if not named and not has_turning_word(words[:_LONGEST]):
            return Item(place, words[:_LONGEST], "context" if words.strip() else "no_content")
        gene = unsaid_gene(self._vocabulary, self._genes, words, self._findings) if named else None
        message = "words beside results are not read"
        if gene is not None:
            message = f"{message}; they name {gene}, and may say what no result says"
        return Item(
            place, words[:_LONGEST], "set_apart", reason="text_not_read", message=message,
            gene=gene or min(named, default=None), may_matter=gene is not None,
        )  # fmt: skip

    def beside(self, results: Iterable[Result], read: list[Item]) -> Iterator[Item]:
        """Yield the items of a text that stands beside results."""
        telling = {item.place for item in read if item.fate not in _PLAIN}
        yield from (item for item in read if item.place not in telling)
        for result in results:
            for answer in result.answers:
                if answer.place in telling:
                    yield self.item(answer.place, f"{result.label}: {answer.words}")


def label_of(request: Segment | None) -> str:
    """Return what an order asks for, in words."""
    if request is None or not request.repetitions(4):
        return ""
    return words_of_code(concept_of(request.repetitions(4)[0]))


def notes_of(order: Order) -> dict[str, str]:
    """Return the words of the notes below each segment of an order, by its place."""
    return {
        place: "\n".join(_words_of(note) for note in notes) for place, notes in order.notes.items()
    }


def _words_of(note: Segment) -> str:
    return "\n".join(value.whole for value in note.repetitions(3))


def of_document(result: Result) -> list[Item]:
    """Return the items of a value that is a document: it may be all that is said."""
    message = "documents and pictures are not read"
    return [
        Item(place, result.label, "set_apart", reason="text_not_read", message=message)
        for place, _ in places_of(result)
    ]


def of_segments(group: PatientGroup, genes: GeneCodes, notes: Notes) -> Iterator[Item]:
    """Yield the items of the segments that are no results."""
    below = [note for order in group.orders for found in order.notes.values() for note in found]
    for note in (*group.notes, *below):
        yield notes.item(note.place, _words_of(note))
    for order in group.orders:
        if order.request is not None:
            yield _of_request(order.request, notes)
        yield from (Item(s.place, s.raw[:_LONGEST], "context") for s in order.specimens)
    if group.patient is not None:
        yield Item(group.patient.place, "", "context")
    yield from (Item(s.place, s.raw[:_LONGEST], "context") for s in group.diagnoses)
    for segment in group.others:
        yield _of_other(segment, genes)


def _of_request(request: Segment, notes: Notes) -> Item:
    """Return the item of an order; what a clinician wrote there of a result is set apart."""
    free = " ".join(value.whole for number in _FREE for value in request.repetitions(number))
    said = notes.item(request.place, free)
    if said.fate == "set_apart" and said.gene is not None:
        return said
    return Item(request.place, label_of(request), "context")


def _of_other(segment: Segment, genes: GeneCodes) -> Item:
    if segment.name in _ADMINISTRATIVE:
        return Item(segment.place, "", "no_content")
    named = genes.named_in_text(segment.raw)
    if not named:
        return Item(segment.place, segment.raw[:_LONGEST], "no_content")
    message = f"segments {segment.name} are not read"
    return Item(
        segment.place, segment.raw[:_LONGEST], "set_apart", reason="unknown_field",
        message=message, gene=min(named),
    )  # fmt: skip


def settle(group: PatientGroup, results: Iterable[Result], items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items in the order of the message, and a fate for what has none.

    What is only around a result (a heading, a part of a panel) is not said beside it.
    """
    words = _words_at(group, results)
    by_place: dict[str, list[Item]] = {place: [] for place in words}
    for item in items:
        said = item if item.text else replace(item, text=words.get(item.place, ""))
        by_place.setdefault(item.place, []).append(said)
    for place, found in by_place.items():
        telling = [item for item in found if item.fate not in _PLAIN]
        if telling:
            yield from _each_once(telling)
        elif found:
            yield next((item for item in found if item.fate == "context"), found[0])
        else:
            yield Item(place, words[place], "no_content")


def _each_once(items: list[Item]) -> list[Item]:
    said = ((i.fate, i.reason, i.gene, i.text, i.findings) for i in items)
    return list(dict(zip(said, items, strict=True)).values())


def _words_at(group: PatientGroup, results: Iterable[Result]) -> dict[str, str]:
    """Return every place of a patient that has a fate, in order, with the words of a result."""
    read = {result.place: places_of(result) for result in results}
    pairs = (pair for s in group.segments for pair in read.get(s.place, [(s.place, "")]))
    return dict(pairs)
