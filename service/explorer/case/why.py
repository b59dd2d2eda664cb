"""``/why/<assertion>``: the criteria of one assertion as a tree, each leaf with the fact behind it.

Any assertion can be looked at for any case: one that is listed, one that a rule dropped, and one
that nothing of the case opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug import Response

from service.engine.assertion import Event
from service.engine.entries import Entry, walk_leaves
from service.engine.match import match
from service.engine.question import Question
from service.engine.report import SECTIONS, Match, Report
from service.engine.rulebook import Rulebook
from service.errors import NotFoundError
from service.explorer.address import understand
from service.explorer.case.answer import about_case, lead_to_canonical
from service.explorer.case.ask import refused
from service.explorer.frame import Explorer, blueprint, explorer, page

Json = dict[str, Any]
#: The parts of criteria, in their order, as headings.
PARTS = {"tumor": "Tumour type", "biomarker": "Biomarkers", "clinical": "Patient"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an assertion in an answer.

    Args:
        section: ``therapies``, ``resistance``, ``excluded`` or ``not opened``.
        rule: that dropped it, or did not open it.
    """

    section: str
    match: Match | None = None
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TumorNode:
    """A tumour type in the part of the tree that a case and an assertion touch."""

    code: str
    name: str
    marks: tuple[str, ...]
    children: tuple[TumorNode, ...]


@blueprint.get("/why/<id_>")
def why(id_: str) -> Response:
    """Show why an assertion is, or is not, in the answer to the question of the address."""
    shared = explorer()
    kb = shared.knowledge
    record = kb.records["assertions"].get(id_)
    if record is None:
        raise NotFoundError(f"there is no assertion {id_[:80]!r}")
    asked = understand(kb, request.args, today=shared.today())
    led = lead_to_canonical(asked)
    if led is not None:
        return led
    if asked.read is None:
        return refused(asked)
    case = asked.read.case
    entry = next(e for e in kb.rulebook.entries if e.assertion.id == id_)
    question = Question(kb.rulebook, case)
    about = about_case(shared, asked)
    return page(
        "why.html",
        **{**about, "title": f"Why {id_}: {about['title']}"},
        case_title=about["title"],
        assertion=entry.assertion,
        verdict=verdict_of(match(kb.rulebook, case, explain="full"), id_),
        parts_of_tree=[(PARTS[name], tree) for name, tree in question.tracer.trees(entry).items()],
        types_of=kb.rulebook.tumors.types,
        tumor_tree=tumor_tree(kb.rulebook, case.tumor_type, entry),
        named=frozenset(kb.rulebook.classes_named_by(entry)),
        events=list(_events(shared, entry, case.as_of)),
        documents=shared.pieces.documents_of(id_),
    )


def verdict_of(report: Report, assertion_id: str) -> Outcome:
    """Return what became of an assertion in a full report."""
    for section in SECTIONS:
        for row in getattr(report, section):
            for found in row.matches:
                if found.entry.assertion.id == assertion_id:
                    return Outcome(section, found)
    for drop in report.excluded:
        if drop.entry.assertion.id == assertion_id:
            return Outcome("excluded", None, drop.rule, drop.reason)
    return Outcome("not opened", None, "M6", "nothing that was found in this case opens it")


def tumor_tree(rulebook: Rulebook, code: str, entry: Entry) -> TumorNode:
    """Return the tree down to the case's tumour type and to those that an assertion names."""
    tumors = rulebook.tumors
    marks: dict[str, list[str]] = {code: ["this case"]}
    for leaf, negated in walk_leaves(entry.assertion.criteria.tumor):
        marks.setdefault(str(leaf.value), []).append("excluded" if negated else "named")
    shown = {above for name in marks for above in _up(rulebook, name)}

    def node(name: str) -> TumorNode:
        below = sorted(other for other in shown if tumors.types[other].parent == name)
        return TumorNode(
            name,
            tumors.types[name].name,
            tuple(dict.fromkeys(marks.get(name, ()))),
            tuple(node(child) for child in below),
        )

    return node(next(name for name in shown if tumors.types[name].parent is None))


def _up(rulebook: Rulebook, code: str | None) -> Iterator[str]:
    while code is not None:
        yield code
        code = rulebook.tumors.types[code].parent


def _events(shared: Explorer, entry: Entry, day: Any) -> Iterator[tuple[Event, Json | None]]:
    """Yield the dated events up to a day, each with its document; later ones do not exist (M14)."""
    sources = shared.knowledge.records["sources"]
    for event in entry.assertion.events:
        if event.date <= day:
            yield event, sources.get(event.source)
