"""Results without a code that is known: the test and its value, read as a line of a report.

``EGFR Mutation Analysis`` with ``Exon 19 deletion detected`` is read as a laboratory prints it.
Where the test is only called a result, the order says of what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.elements import concept
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.hl7v2.panels import null_item
from service.adapters.hl7v2.results import Answer, Result, said_of
from service.adapters.v1.report import Suggested, read_report
from service.engine.notation.report import MAX_LINES
from service.engine.reading import Item, is_placeholder

Json = dict[str, Any]
#: Characters of a line that are read.
MAX_LINE = 2000
#: What a test is called that says nothing of what it tests: the order does.
_GENERIC = frozenset({
    "", "result", "results", "test result", "test results", "final result", "finding", "findings",
    "mutation", "mutations", "mutation result", "mutation status", "mutation analysis", "variant",
    "variants", "variant result", "alteration", "status", "observation", "value", "result value",
    "interpretation", "overall result", "qualitative result", "ergebnis", "befund",
})  # fmt: skip
_POSITIVE = codes.FOUND | {"amplified"}
_NEGATIVE = codes.NOT_FOUND | {"not amplified"}
#: Kinds of findings that are there or not, without a scale.
_CHANGES = frozenset({"sequence_variant", "fusion", "copy_number"})
#: Flags of OBX-8 that are a result.
_FLAGS = {"POS": "positive", "NEG": "negative", "ND": "not detected", "DET": "detected",
          "IND": "indeterminate", "E": "equivocal"}  # fmt: skip


@dataclass(slots=True)
class Rows:
    """What lines say: their items, and what they suggest beside results."""

    items: list[Item] = field(default_factory=list)
    suggested: list[Suggested] = field(default_factory=list)


class RowReader:
    """Reads results in words."""

    def __init__(self, vocabulary: FhirVocabulary, genes: GeneCodes) -> None:
        self._vocabulary = vocabulary
        self._genes = genes
        self._read: dict[str, tuple[tuple[Item, ...], Suggested]] = {}

    def about(self, result: Result, order: str) -> str:
        """Return the gene-naming words that a result is about; empty when it names none."""
        label = self._label(result, order)
        return label if self.names_gene(label) else ""

    def read_lines(self, results: list[Result], order: str, rows: Rows) -> None:
        """Read lines about one gene: as one result where they are one, else line by line."""
        label = self._label(results[0], order)
        answers = [answer for result in results for answer in result.answers]
        line = said_of(label, " ".join(answer.words for answer in answers))
        if len(answers) > 1 and len(line) <= MAX_LINE and self._is_read(line):
            self._add(results[0], answers[0].place, line, rows)
            rows.items += [Item(a.place, a.words, "context") for a in answers[1:]]
            return
        for result in results:
            for answer in result.answers:
                whole = said_of(label, answer.words)
                is_one = len(whole) <= MAX_LINE and self._is_read(whole)
                for part in [answer.words] if is_one else answer.words.splitlines():
                    if part.strip():
                        self._add(result, answer.place, said_of(label, part), rows)

    def _is_read(self, line: str) -> bool:
        items = self._items(line)[0]
        return bool(items) and all(item.fate in ("finding", "not_covered") for item in items)

    def names_gene(self, words: str) -> bool:
        """Tell whether words name a gene or a marker, also one that is not covered."""
        cut = words[:MAX_LINE]
        reader = self._vocabulary.reader
        return bool(reader.names.all_in(cut)) or any(True for _ in reader.strangers.places_in(cut))

    def read(self, result: Result, order: str, rows: Rows) -> None:
        """Read a result; each of its values has its own items.

        Args:
            order: what was asked for (OBR-4), in words.
        """
        label = self._label(result, order)
        flagged = [_FLAGS[flag] for flag in result.flags if flag in _FLAGS]
        if not result.answers:
            if flagged:
                self._add(result, result.place, said_of(label, flagged[0]), rows)
            else:
                rows.items.append(self._without_value(result, result.place))
            return
        answers = [answer for answer in result.answers if not answer.is_null]
        rows.items += [null_item(result, answer) for answer in result.answers if answer.is_null]
        if _is_split(answers):  # "G12C", then "Not detected": one result in two values
            words = " ".join(answer.words for answer in answers)
            self._add(result, answers[0].place, said_of(label, words), rows)
            rows.items += [Item(a.place, a.words, "context") for a in answers[1:]]
            return
        for answer in answers:
            self._add_answer(result, answer, label, flagged, rows)

    def _add_answer(
        self, result: Result, answer: Answer, label: str, flagged: list[str], rows: Rows
    ) -> None:
        if is_placeholder(answer.words):
            rows.items.append(self._without_value(result, answer.place))
            return
        differs = codes.display_differs(answer.value.concept) or _other_flag(answer, result)
        if differs:
            said = said_of(label, answer.words)
            message = f"{said[:60]!r} and {differs[:40]!r} say different things"
            rows.items.append(self._apart(answer.place, said, "contradictory_result", message))
            return
        word = codes.result_word(answer.value.concept, answer.value.text)
        is_code_alone = word and not any(answer.value.concept.words) and not answer.value.text
        words = word if is_code_alone and word else answer.words
        self._add(result, answer.place, said_of(label, words), rows)

    def _label(self, result: Result, order: str) -> str:
        """Return what a result is about: the order where the test only says that it is one."""
        return order if is_generic(result) and self.names_gene(order) else result.label

    def _add(self, result: Result, place: str, line: str, rows: Rows) -> None:
        if len(line) > MAX_LINE:
            message = f"a result holds at most {MAX_LINE} characters; send its parts"
            rows.items.append(self._apart(place, line[:500], "too_long", message))
            return
        items, suggested = self._items(line)
        if self._is_other_number(result, line, items):
            message = f"{result.label[:60]!r} is no test that is known here"
            rows.items.append(
                Item(place, line, "set_apart", reason="unknown_test", message=message,
                     may_matter=False)
            )  # fmt: skip
            return
        if _is_denied(items, result):
            message = f"{line[:60]!r}, and its flag (OBX-8) says the opposite"
            rows.items.append(self._apart(place, line, "contradictory_result", message))
            return
        rows.items += [replace(item, place=place) for item in items]
        rows.suggested.append(suggested)

    def _is_other_number(self, result: Result, line: str, items: Iterable[Item]) -> bool:
        """Tell whether a number is of a test that names no gene and no marker (a blood count)."""
        is_number = result.kind in ("NM", "SN") and not is_generic(result)
        is_open = all(item.fate == "set_apart" and item.gene is None for item in items)
        return is_number and is_open and not self.names_gene(line)

    def _items(self, line: str) -> tuple[tuple[Item, ...], Suggested]:
        """Return what a line says; one that came before is not read again."""
        if line not in self._read:
            read = read_report(self._vocabulary, " ".join(line.split()))
            self._read[line] = (read.items, read.suggested)
        return self._read[line]

    def _without_value(self, result: Result, place: str) -> Item:
        gene = min(self._genes.named_in_text(result.label), default=None)
        if gene is None and not self.names_gene(result.label):
            return Item(place, result.words, "no_content")
        message = f"{result.label[:60]!r} has no value: no result"
        return Item(
            place, result.words, "set_apart", reason="no_result", message=message, gene=gene,
            may_matter=False,
        )  # fmt: skip

    def _apart(self, place: str, said: str, reason: str, message: str) -> Item:
        gene = min(self._genes.named_in_text(said), default=None)
        return Item(place, said, "set_apart", reason=reason, message=message, gene=gene)


def is_generic(result: Result) -> bool:
    """Tell whether a test only says that it is a result, and not of what."""
    return result.label.lower().strip(" .:") in _GENERIC


def _is_split(answers: Iterable[Answer]) -> bool:
    """Tell whether several values are one result: a word of a result beside what it is about."""
    words = [codes.result_word(a.value.concept, a.words) is not None for a in answers]
    return any(words) and not all(words)


def _other_flag(answer: Answer, result: Result) -> str:
    """Return a flag that denies the value beside it; empty when none does."""
    word = codes.result_word(answer.value.concept, answer.value.text)
    for flag in result.interpretation:
        said = codes.result_word(concept(flag))
        if word in _POSITIVE and said in codes.NOT_FOUND:
            return said or ""
        if word in _NEGATIVE and said in codes.FOUND:
            return said or ""
    return ""


def _is_denied(items: Iterable[Item], result: Result) -> bool:
    """Tell whether a flag says the opposite of the changes that were read."""
    flags = {codes.result_word(concept(flag)) for flag in result.interpretation}
    results = {f.result for item in items for f in item.findings if f.kind in _CHANGES}
    denied = "detected" in results and bool(flags & codes.NOT_FOUND)
    return denied or (results == {"not_detected"} and bool(flags & codes.FOUND))


def read_texts(
    vocabulary: FhirVocabulary, results: Iterable[Result], order: str
) -> tuple[list[Item], list[Suggested]]:
    """Read results that are lines of one text, each item at the result in which its line stands."""
    lines: list[str] = []
    places: list[str] = []
    label = ""
    for result in results:
        heading = order if is_generic(result) else result.label
        if heading and heading != label and result.answers:
            lines.append(f"{heading}:")
            places.append(result.answers[0].place)
        label = heading
        for answer in result.answers:
            for line in answer.words.splitlines():
                lines.append(line)
                places.append(answer.place)
    items: list[Item] = []
    suggested = []
    for start in range(0, len(lines), MAX_LINES):
        read = read_report(vocabulary, "\n".join(lines[start : start + MAX_LINES]))
        suggested.append(read.suggested)
        for item in read.items:
            number = int(item.place.removeprefix("line "))
            items.append(replace(item, place=places[start + number - 1]))
    return items, suggested
