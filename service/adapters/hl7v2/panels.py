"""Coded results as FHIR Observations: the LOINC panels of clinical genomics, and marker tests.

Results of one order with one sub-id (OBX-4) are one variant; without sub-ids each begins with the
code of the first. A panel that names a change and holds no assessment (69548-6) is a variant that
was found; it is not where anything beside it denies or doubts.
Source: HL7 v2.5.1 LRI (clinical genomics), LOINC panels 81250-3 (discrete variant; 69548-6 is
conditional) and 55233-1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.elements import concept, value_of
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.resources import MAX_COMPONENTS
from service.adapters.hl7v2.results import TEXTS, Answer, Result
from service.engine.notation.text.conservation import has_turning_word
from service.engine.reading import Item

Json = dict[str, Any]
#: Components that say which change was found.
_CHANGES = frozenset({"protein", "coding", "genomic", "variation", "copy_number", "fusion"})
_LOINC = "http://loinc.org"
_PRESENT = {"coding": [{"system": _LOINC, "code": "LA9633-4", "display": "Present"}]}
_OPEN = frozenset({*codes.NOT_FOUND, *codes.OPEN})


@dataclass(slots=True)
class Coded:
    """Observations that stand for coded results, and where their parts stood.

    Args:
        places: step below an Observation (``value``, ``component[1]``) -> place in the message.
        items: results that are no part of an Observation.
    """

    observations: list[tuple[Json, Mapping[str, str]]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Around:
    """What an order says about each of its results: subject, specimen, notes below them."""

    subject: str
    specimen: str
    notes: Mapping[str, str]


class Panels:
    """Makes Observations of the coded results of one order."""

    def __init__(self, tests: MarkerTests) -> None:
        self._tests = tests

    def is_coded(self, result: Result) -> bool:
        """Tell whether a result has a code that the FHIR reader knows."""
        if result.kind in TEXTS and self._name(result) is None and not self._is_marker(result):
            return False
        return self._name(result) is not None or self._is_marker(result) or self._is_other(result)

    @staticmethod
    def _name(result: Result) -> str | None:
        named = codes.component_name(result.concept)
        return named.name if named is not None else None

    def _is_marker(self, result: Result) -> bool:
        code = result.concept
        by_name = any(self._tests.named(words) for words in code.words)
        return by_name or codes.code_in(code, self._tests.by_code) is not None

    def _is_assessment(self, result: Result) -> bool:
        return codes.code_in(result.concept, frozenset({codes.VARIANT})) is not None

    def _is_other(self, result: Result) -> bool:
        other = {*codes.NO_RESULTS, *codes.IMPLICATIONS, codes.VARIANT}
        is_tree = any(
            "oncotree" in coding.system.lower()
            for answer in result.answers
            for coding in answer.value.concept.codings
        )
        return codes.code_in(result.concept, frozenset(other)) is not None or is_tree

    def is_part(self, result: Result) -> bool:
        """Tell whether a result is a part of a panel, and no result of its own."""
        return (
            self._name(result) is not None
            or self._is_assessment(result)
            or self._is_generic(result)
        )

    def genes_of(self, panel: Iterable[Result]) -> str:
        """Return the gene that the results of a panel name, in words; empty when not one."""
        named = [result for result in panel if self._name(result) == "gene"]
        words = {answer.words for result in named for answer in result.answers}
        return words.pop() if len(words) == 1 else ""

    def has_change(self, panel: Iterable[Result]) -> bool:
        """Tell whether a panel says a change, or its assessment."""
        return any(
            self._is_assessment(result) or (result.answers and self._name(result) in _CHANGES)
            for result in panel
        )

    def agreeing(self, result: Result) -> list[Item]:
        """Return the items of a result beside a change: it agrees, or is set apart."""
        words = [codes.result_word(a.value.concept, a.value.text) for a in result.answers]
        if words and all(word in codes.FOUND for word in words):
            return [Item(place, said, "context") for place, said in places_of(result)]
        return _set_apart([result], "ambiguous_result", "it stands beside a change")

    def read(self, results: Iterable[Result], others: Iterable[Result], around: Around) -> Coded:
        """Make Observations of the coded results of an order.

        Args:
            results: those for which ``is_coded`` holds.
            others: the results beside them, which may deny what a panel says.
        """
        coded = Coded()
        parts: list[Result] = []
        for result in results:
            if self.is_part(result):
                parts.append(result)
            else:
                self._add_alone(coded, result, around)
        beside = list(others)
        for group in _grouped(parts):
            rest = [r for r in beside if r.group == group[0].group and r.group]
            self._add_panel(coded, group, rest, around)
        return coded

    def _is_generic(self, result: Result) -> bool:
        """Tell whether a test says no gene: a component beside it does."""
        named = codes.code_in(result.concept, self._tests.by_code)
        return named is not None and not self._tests.by_code[named.code].genes

    def _add_alone(self, coded: Coded, result: Result, around: Around) -> None:
        if not result.answers:
            body = _observation(result, result.code, around)
            coded.observations.append((body, {"": result.place}))
        for answer in result.answers:
            if answer.is_null:
                coded.items.append(null_item(result, answer))
                continue
            body = _observation(result, result.code, around) | answer.element
            coded.observations.append((body, {"": answer.place}))

    def _add_panel(
        self, coded: Coded, group: list[Result], beside: list[Result], around: Around
    ) -> None:
        """Make one Observation of the results of a variant."""
        why = _why_not_one(group, self._is_assessment)
        heads = [r for r in group if self._is_assessment(r) or self._is_generic(r)]
        if why or len(heads) > 1:
            message = why or "two assessments stand in one group"
            coded.items += _set_apart(group, "ambiguous_alteration", message)
            return
        head = heads[0] if heads else None
        if head is not None and head.apart is not None:
            reason, message = head.apart
            coded.items += _set_apart(group, reason, f"{message}: its assessment")
            return
        used = [result for result in group if result.apart is None]
        coded.items += [one for r in group if r.apart is not None for one in apart_items(r)]
        if not used:
            return
        value = self._value(used, head)
        doubt = _doubt([*used, *beside], head, around) if _is_found(value) else ""
        if doubt:
            message = f"a change is named, and {doubt!r} beside it"
            coded.items += _set_apart(used, "ambiguous_result", message)
            return
        code = {"coding": [{"system": _LOINC, "code": codes.VARIANT}]}
        body = _observation(head or used[0], head.code if head else code, around)
        places = {"": head.place if head else used[0].place}
        body |= value or {}
        components: list[Json] = []
        for result in used:
            for answer in result.answers if result is not head else ():
                if answer.is_null:
                    coded.items.append(null_item(result, answer))
                    continue
                places[f"component[{len(components)}]"] = answer.place
                components.append({"code": result.code, **answer.element})
            if not result.answers and result is not head:
                coded.items.append(Item(result.place, result.label, "no_content"))
        if components:
            body["component"] = components
        if head is not None:
            coded.items += [Item(a.place, a.words, "context") for a in head.answers[1:]]
        coded.observations.append((body, places))

    def _value(self, used: list[Result], head: Result | None) -> Json | None:
        """Return what a panel says: its assessment, or present where it names a change."""
        if head is not None:
            return dict(head.answers[0].element) if head.answers else None
        names = {self._name(result) for result in used if any(a.words for a in result.answers)}
        return {"valueCodeableConcept": _PRESENT} if names & _CHANGES else None


def _grouped(parts: list[Result]) -> Iterator[list[Result]]:
    """Yield the results of each variant, in order."""
    by_id: dict[str, list[Result]] = {}
    for part in parts:
        by_id.setdefault(part.group, []).append(part)
    for name, group in by_id.items():
        yield from [group] if name else _cut(group)


def _cut(group: list[Result]) -> Iterator[list[Result]]:
    """Yield groups without sub-ids: each begins with the code of the first."""
    first = _code(group[0])
    found: list[list[Result]] = []
    for result in group:
        if not found or _code(result) == first:
            found.append([])
        found[-1].append(result)
    yield from found


def _code(result: Result) -> str:
    return next((coding.code for coding in result.concept.codings), result.label)


def _why_not_one(group: list[Result], is_assessment: Any) -> str:
    """Return why results cannot be those of one variant; empty when they can."""
    said = [_code(result) for result in group if not is_assessment(result)]
    if len(said) != len(set(said)):
        return "a code stands twice in one group: it is not clear which result belongs to which"
    if sum(len(result.answers) for result in group) > MAX_COMPONENTS:
        return f"more than {MAX_COMPONENTS} results in one group"
    return ""


def _is_found(value: Json | None) -> bool:
    """Tell whether a panel says that its change is there."""
    if value is None:
        return False
    said = value_of(value)
    return codes.result_word(said.concept, said.text) in codes.FOUND


def _doubt(results: list[Result], head: Result | None, around: Around) -> str:
    """Return what beside a change denies it or doubts it; empty when nothing does.

    Where the laboratory assesses the change itself, only the word of a result can deny it.
    """
    for result in results:
        if result is head:
            continue
        words = [codes.result_word(a.value.concept, a.value.text) for a in result.answers]
        words += [codes.result_word(concept(one)) for one in result.interpretation]
        if any(word in _OPEN for word in words if word):
            return result.words[:80]
        is_told = codes.component_name(result.concept) is not None
        texts = [] if is_told else [answer.words for answer in result.answers]
        texts.append(around.notes.get(result.place, ""))
        said = next((text for text in texts if text and has_turning_word(text)), "")
        if said and head is None:
            return said[:80]
    return ""


def _observation(result: Result, code: Json, around: Around) -> Json:
    body: Json = {
        "resourceType": "Observation",
        "status": "final",
        "code": code,
        "subject": {"reference": around.subject},
    }
    if result.interpretation:
        body["interpretation"] = list(result.interpretation)
    if result.day:
        body["effectiveDateTime"] = result.day
    if around.specimen:
        body["specimen"] = {"reference": around.specimen}
    return body


def _set_apart(results: Iterable[Result], reason: str, message: str) -> list[Item]:
    return [
        Item(place, words, "set_apart", reason=reason, message=message)
        for result in results
        for place, words in places_of(result)
    ]


def apart_items(result: Result) -> list[Item]:
    """Return the items of a result that its laboratory says not to use."""
    reason, message = result.apart or ("not_final", "")
    return [
        Item(place, words, "set_apart", reason=reason, message=message, may_matter=False)
        for place, words in places_of(result)
    ]


def places_of(result: Result) -> list[tuple[str, str]]:
    """Return each place of a result with its words."""
    if not result.answers:
        return [(result.place, result.label)]
    return [(a.place, f"{result.label} {a.words}".strip()) for a in result.answers]


def null_item(result: Result, answer: Answer) -> Item:
    """Return the item of HL7's null: what was sent before shall be forgotten."""
    message = "its value is HL7's null: nothing is known any more"
    return Item(
        answer.place, result.label, "set_apart", reason="deleted", message=message,
        may_matter=False,
    )  # fmt: skip
