"""The single changes of fact that would add, remove or change a therapy of an answer (rule M26).

They are read off the criteria trees: where exactly one leaf stands in the way, the fact behind that
leaf is the change. Each is then applied and the regimen weighed again by the one engine, so that
what is said of it is what would be answered; a change that makes no difference is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.assertion import Branch, Leaf
from service.engine.change import (
    Change,
    WithFindings,
    WithPatient,
    WithTumorType,
    apply_change,
    with_value,
)
from service.engine.compare import change_of_row
from service.engine.criteria import CLINICAL_FIELDS, Evaluation
from service.engine.entries import Entry
from service.engine.levels import level_of
from service.engine.model import Patient, Truth
from service.engine.patient_facts import NUMERIC_FACTS
from service.engine.question import Question
from service.engine.report import Counterfactual, Row, RowChange
from service.engine.rulebook import Probes, Rulebook
from service.engine.weigh import rows_of, weigh

#: Changes looked at for one case, and regimens for each: the work is bounded.
MOST_CHANGES = 4
MOST_REGIMENS = 3
#: What a change may do, in the order in which it is told.
_ADDS, _MOVES, _OPPOSES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Idea:
    order: tuple[Any, ...]
    regimen: str
    asked: Mapping[str, Any]
    change: Change


def find_counterfactuals(
    question: Question, therapies: Iterable[Row]
) -> tuple[Counterfactual, ...]:
    """Return the single changes that would alter an answer, the strongest evidence first.

    Args:
        question: the case, answered.
        therapies: the rows of the answer.
    """
    rulebook = question.rulebook
    before = {row.regimen.id: row for row in therapies}
    ideas: dict[str, dict[str, _Idea]] = {}
    on_label = {id_ for id_, row in before.items() if row.lead.applicability == "on_label"}
    for idea in sorted(_ideas(question, before.values()), key=lambda idea: idea.order):
        if idea.order[0] == _ADDS and idea.regimen in on_label:
            continue  # it is listed by another of its labels
        of_change = ideas.setdefault(str(idea.asked), {})
        if len(of_change) < MOST_REGIMENS:
            of_change.setdefault(idea.regimen, idea)
    told: list[Counterfactual] = []
    for of_change in list(ideas.values())[:MOST_CHANGES]:
        idea = next(iter(of_change.values()))
        other = Question(rulebook, apply_change(rulebook, question.case, idea.change))
        found = (_weigh_again(other, regimen, before.get(regimen)) for regimen in of_change)
        differences = tuple(difference for difference in found if difference is not None)
        if differences:
            told.append(Counterfactual(idea.asked, differences))
    return tuple(told)


def _weigh_again(question: Question, regimen: str, before: Row | None) -> RowChange | None:
    """Return how a regimen stands after the change; ``None`` when it stands as before."""
    entries = question.rulebook.index.entries_of_regimen(regimen)
    entries += question.rulebook.index.entries_beside(entries[0].assertion.regimen)
    matches, drops = weigh(question, [entry for entry in entries if question.opens(entry)])
    therapies, *_ = rows_of(question.rulebook, matches)
    after = next((row for row in therapies if row.regimen.id == regimen), None)
    if before is None and after is None:
        return None
    change = change_of_row("therapies", before, after, drops)
    # That an unknown fact becomes known is no news: ``needs`` says so.
    is_news = (
        before is None or after is None or {"applicability", "level", "conflict"} & {*change.fields}
    )
    return change if is_news else None


def _ideas(question: Question, therapies: Iterable[Row]) -> Iterator[_Idea]:
    probes = question.rulebook.probes
    for entry in question.rulebook.entries_for_tumor(question.case.tumor_type):
        if entry.assertion.effect == "sensitivity" and _counts(question, entry):
            yield from _to_add(question, entry, probes)
    for row in therapies:
        if row.lead.applicability == "other_tumor_type":
            yield from _to_move(question.rulebook, row)
        elif row.lead.applicability in ("on_label", "guideline"):
            yield from _to_oppose(question, row, probes)


def _counts(question: Question, entry: Entry) -> bool:
    """Tell whether an assertion speaks on the day of the case, in a jurisdiction that is asked."""
    assertion, case = entry.assertion, question.case
    if assertion.authority is None:
        return assertion.support in ("guideline", "well_powered_study")
    if case.jurisdictions and assertion.jurisdiction not in case.jurisdictions:
        return False
    return question.rulebook.standings(case.as_of)[assertion.id].stands


def _to_add(question: Question, entry: Entry, probes: Probes) -> Iterator[_Idea]:
    """Yield what would bring in an assertion that one fact keeps out."""
    evaluation = question.evaluation
    criteria = entry.assertion.criteria
    biomarker, clinical = evaluation.truth(criteria.biomarker), evaluation.truth(criteria.clinical)
    if clinical is Truth.FALSE:
        if biomarker is not Truth.FALSE and question.opens(entry):
            for leaf, wanted in _repairs(evaluation, criteria.clinical):
                yield from _by_patient(entry, question.case.patient, leaf, wanted)
        return
    if question.opens(entry) and biomarker is not Truth.FALSE:
        return
    if not question.facts.speaks_about(entry.genes):
        return  # what was never tested is the test planner's to tell
    if biomarker is Truth.FALSE:
        for leaf, wanted in _repairs(evaluation, criteria.biomarker):
            yield from _by_result(entry, probes, leaf.value, wanted)
    else:
        for name in entry.openers:
            yield from _by_result(entry, probes, name, Truth.TRUE)


def _to_move(rulebook: Rulebook, row: Row) -> Iterator[_Idea]:
    """Yield the tumour types in which an off-label regimen would be on label."""
    for found in row.matches:
        if found.standing.stands:
            code = found.entry.tumors[0]
            order = (
                _MOVES,
                level_of(found.entry.assertion, in_tumor_type=True).order,
                row.regimen.id,
            )
            asked = {"tumor_type": rulebook.tumors.term_of(code)}
            yield _Idea((*order, code), row.regimen.id, asked, WithTumorType(code))


def _to_oppose(question: Question, row: Row, probes: Probes) -> Iterator[_Idea]:
    """Yield the results of which resistance to a listed regimen is known."""
    for entry in question.rulebook.index.entries_of_regimen(row.regimen.id):
        assertion = entry.assertion
        relation = question.rulebook.tumors.closest(question.case.tumor_type, entry.tumors)
        if assertion.effect == "sensitivity" or relation == "other" or question.opens(entry):
            continue
        for name in entry.openers:
            probe = probes.get(name, (None, None))[0]
            if probe is not None:
                level = level_of(assertion, in_tumor_type=True).order
                order = (_OPPOSES, level, row.regimen.id, probe.text)
                asked = {"biomarker": probe.text}
                yield _Idea(order, row.regimen.id, asked, WithFindings(probe.findings))


def _by_result(entry: Entry, probes: Probes, name: str, wanted: Truth) -> Iterator[_Idea]:
    probe = probes.get(name, (None, None))[0 if wanted is Truth.TRUE else 1]
    if probe is not None:
        asked = {"biomarker": probe.text}
        order = (*_order(entry), probe.text)
        yield _Idea(order, entry.assertion.regimen.id, asked, WithFindings(probe.findings))


def _by_patient(entry: Entry, patient: Patient, leaf: Leaf, wanted: Truth) -> Iterator[_Idea]:
    """Yield the patient fact that turns a clinical leaf."""
    field = CLINICAL_FIELDS[leaf.type]
    value: Any = None
    if leaf.type == "condition":
        value = {leaf.value: wanted is Truth.TRUE}
    elif leaf.type == "prior_therapy":
        given = patient.prior_therapies or ()
        value = tuple(sorted({*given, leaf.value})) if wanted is Truth.TRUE else None
    elif wanted is Truth.TRUE and leaf.type in NUMERIC_FACTS:
        low, high = leaf.value
        value = low if low is not None else high
    elif wanted is Truth.TRUE:
        value = leaf.value[0]
    if value is None:
        return
    asked = {"patient": {field: list(value) if isinstance(value, tuple) else value}}
    changed = with_value(Patient(), field, value)
    order = (*_order(entry), str(asked))
    change = WithPatient(changed, frozenset({field}))
    yield _Idea(order, entry.assertion.regimen.id, asked, change)


def _order(entry: Entry) -> tuple[Any, ...]:
    assertion = entry.assertion
    is_label = assertion.authority is not None
    level = level_of(assertion, in_tumor_type=True).order
    return (_ADDS, not is_label, level, assertion.preferred_by is None, assertion.regimen.id)


def _repairs(evaluation: Evaluation, node: Branch | Leaf) -> Iterator[tuple[Leaf, Truth]]:
    """Yield the leaves of a false tree each of which alone, turned, makes it not false."""
    if isinstance(node, Leaf):
        yield node, Truth.TRUE
    elif node.op == "any":
        for child in node.children:
            yield from _repairs(evaluation, child)
    else:
        in_the_way = Truth.FALSE if node.op == "all" else Truth.TRUE
        against = [child for child in node.children if evaluation.truth(child) is in_the_way]
        if len(against) == 1:
            turn = _repairs if node.op == "all" else _breaks
            yield from turn(evaluation, against[0])


def _breaks(evaluation: Evaluation, node: Branch | Leaf) -> Iterator[tuple[Leaf, Truth]]:
    """Yield the leaves of a true tree each of which alone, turned, makes it not true."""
    if isinstance(node, Leaf):
        yield node, Truth.FALSE
    elif node.op == "all":
        for child in node.children:
            yield from _breaks(evaluation, child)
    elif node.op == "none":
        for child in node.children:
            yield from _repairs(evaluation, child)
    else:
        true = [child for child in node.children if evaluation.truth(child) is Truth.TRUE]
        if len(true) == 1:
            yield from _breaks(evaluation, true[0])
