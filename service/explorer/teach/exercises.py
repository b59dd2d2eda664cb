"""``/learn/exercises``: which of these regimens are on label here? Marked by the engine.

An exercise is a case and nothing else. The candidates are computed from the knowledge base: some
that are on label, and others that come near (evidence against, another standing, another tumour
type, dropped by a rule). An answer stands in the address: ``mark=yes`` and each ticked ``regimen``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import request
from werkzeug import Response

from service.engine.question import Question
from service.engine.report import Drop, Match, Report, Row
from service.engine.rulebook import Rulebook
from service.engine.tumors import TumorTree
from service.errors import Fault, NotFoundError
from service.explorer.case.answer import is_barred
from service.explorer.case.live import LiveCase, ask_case
from service.explorer.case.why import PARTS
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.knowledge.lessons import Exercise

Json = dict[str, Any]
MOST_RIGHT = 5
MOST_OTHERS = 5
_PARAMETERS = ("mark", "regimen")
_MARK = "yes"
#: Rules that drop a statement, the one that tells a learner most first: the label's own exception,
#: a withdrawal, an exact variant, the patient, the regulator, the day; then the others.
_TELLING = ("M12", "M16", "M18", "M17", "M15", "M14")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regimen of which one is asked whether it is on label.

    Args:
        kind: why it stands here: ``on_label``, ``against``, ``other`` or ``dropped``.
        row: of the answer; ``None`` for one that is not listed.
        drop: the statement that a rule dropped; ``None`` for one that is listed.
    """

    id: str
    name: str
    kind: str
    row: Row | None = None
    drop: Drop | None = None

    @property
    def is_on_label(self) -> bool:
        """Tell whether the engine holds it for on label."""
        return self.kind == "on_label"

    @property
    def lead(self) -> Match | None:
        """Return the statement that decides, of a listed regimen."""
        return self.row.lead if self.row else None

    @property
    def assertion(self) -> str:
        """Return the identifier of the statement that decides."""
        if self.row is not None:
            return self.row.lead.entry.assertion.id
        if self.drop is None:
            raise ValueError(f"the candidate {self.id} has neither row nor drop")
        return self.drop.entry.assertion.id


@dataclass(frozen=True, slots=True)
class Marked:
    """A candidate with what was said of it, and the criteria of the statement that decides."""

    candidate: Candidate
    is_ticked: bool
    trees: tuple[tuple[str, Any], ...]

    @property
    def is_right(self) -> bool:
        """Tell whether it was judged as the engine judges it."""
        return self.is_ticked == self.candidate.is_on_label


@blueprint.get("/learn/exercises")
def exercises() -> Response:
    """List the exercises."""
    found = explorer().knowledge.exercises
    return page("exercises.html", here="learn", title="Exercises", exercises=found)


@blueprint.get("/learn/exercises/<name>")
def exercise(name: str) -> Response:
    """Ask which regimens are on label, and mark the answer that stands in the address."""
    shared = explorer()
    all_of_them = shared.knowledge.exercises
    found = _exercise_of(shared, name)
    live = ask_case(shared, found.case, explain="full")
    choices = candidates(shared.knowledge.rulebook.tumors, live.report)
    faults = tuple(_faults(choices))
    ticked = frozenset(request.args.getlist("regimen"))
    is_marked = request.args.get("mark") == _MARK and not faults
    marked = _mark(shared, live, choices, ticked) if is_marked else []
    place = all_of_them.index(found)
    return page(
        "exercise.html",
        status=422 if faults else 200,
        here="learn",
        **{**live.about, "title": found.title},
        exercise=found,
        candidates=choices,
        ticked=ticked,
        marked=marked,
        right=sum(item.is_right for item in marked),
        faults=faults,
        place=place + 1,
        count=len(all_of_them),
        after=all_of_them[place + 1] if place + 1 < len(all_of_them) else None,
        pieces=shared.pieces,
        types_of=shared.knowledge.rulebook.tumors.types,
    )


def candidates(tumors: TumorTree, report: Report) -> list[Candidate]:
    """Return the regimens of an exercise by name: some on label, and some that come near.

    A regimen on label that hangs on an open fact is none: whether it is on label *here* is open.

    Args:
        report: under ``explain=full``, so that near misses are in it.
    """
    on_label = [row for row in report.therapies if row.lead.applicability == "on_label"]
    taken = {row.regimen.id for row in on_label}
    right = [
        Candidate(row.regimen.id, row.regimen.name, "on_label", row=row)
        for row in on_label
        if not row.lead.needs
    ]
    chosen = {item.id: item for item in right[:MOST_RIGHT]}
    for item in _others(tumors, report, taken):
        if len(chosen) == min(len(right), MOST_RIGHT) + MOST_OTHERS:
            break
        chosen.setdefault(item.id, item)
    return sorted(chosen.values(), key=lambda item: item.name.lower())


def _others(tumors: TumorTree, report: Report, taken: set[str]) -> Iterator[Candidate]:
    """Yield what is not on label, one of each kind in turn, the nearest of a kind first."""
    kinds: tuple[Iterable[Candidate], ...] = (
        _near(tumors, report, taken),
        _listed(report.resistance, "against", taken),
        _listed(report.therapies, "other", taken),
    )
    for turn in zip_longest(*kinds):
        yield from (item for item in turn if item is not None)


def _listed(rows: Iterable[Row], kind: str, taken: set[str]) -> Iterator[Candidate]:
    for row in rows:
        if row.regimen.id not in taken:
            yield Candidate(row.regimen.id, row.regimen.name, kind, row=row)


def _near(tumors: TumorTree, report: Report, taken: set[str]) -> Iterator[Candidate]:
    """Yield a regimen for each dropped statement: of this tumour type first, then by rule."""
    rank = {rule: number for number, rule in enumerate(_TELLING)}
    told = [drop for drop in (*report.excluded, *report.near) if _is_told(tumors, report, drop)]

    def order(drop: Drop) -> tuple[bool, int]:
        is_own = any(tumors.is_under(report.case.tumor_type, code) for code in drop.entry.tumors)
        return not is_own, rank.get(drop.rule, len(rank))

    for drop in sorted(told, key=order):
        regimen = drop.entry.assertion.regimen
        if regimen.id not in taken:
            yield Candidate(regimen.id, regimen.name, "dropped", drop=drop)


def _is_told(tumors: TumorTree, report: Report, drop: Drop) -> bool:
    """Tell whether a drop is the best reason why a regimen is not on label.

    A statement with a successor is none, nor is one whose regimen is listed otherwise; but a label
    that rules the tumour type out says more than the evidence against.
    """
    assertion = drop.entry.assertion
    is_replaced = any(
        event.type == "superseded" and event.date <= report.case.as_of for event in assertion.events
    )
    if assertion.effect != "sensitivity" or is_replaced:
        return False
    if assertion.regimen.id in {row.regimen.id for row in report.therapies}:
        return False
    against = {row.regimen.id for row in report.resistance}
    return assertion.regimen.id not in against or is_barred(tumors, report, drop)


def _mark(
    shared: Explorer, live: LiveCase, choices: list[Candidate], ticked: frozenset[str]
) -> list[Marked]:
    rulebook = shared.knowledge.rulebook
    question = Question(rulebook, live.report.case)
    return [
        Marked(item, item.id in ticked, tuple(_trees(rulebook, question, item.assertion)))
        for item in choices
    ]


def _trees(rulebook: Rulebook, question: Question, assertion: str) -> Iterator[tuple[str, Any]]:
    entry = next(entry for entry in rulebook.entries if entry.assertion.id == assertion)
    for name, tree in question.tracer.trees(entry).items():
        yield PARTS[name], tree


def _faults(choices: list[Candidate]) -> Iterator[Fault]:
    for name in request.args:
        if name not in _PARAMETERS:
            yield Fault(f"?{name[:80]}", "unknown_parameter", "there is no such parameter here")
    known = {item.id for item in choices}
    for value in request.args.getlist("regimen"):
        if value not in known:
            yield Fault("?regimen", "invalid_value", f"{value[:80]!r} is none of the regimens here")


def _exercise_of(shared: Explorer, name: str) -> Exercise:
    for found in shared.knowledge.exercises:
        if found.id == name:
            return found
    raise NotFoundError(f"there is no exercise {name[:80]!r}")
