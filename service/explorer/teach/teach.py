"""``/teach``: for the teacher: a plan of an hour, and a hand-out and an answer sheet a lesson.

A hand-out has the cases and the questions with space to write; the answers are on a sheet of their
own: the claims of the lesson, and what the engine answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Response

from service.explorer.case.live import Excerpt, LiveCase, ask_case, excerpt
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.explorer.prose import to_html
from service.explorer.teach.learn import lesson_of
from service.knowledge.lessons import Lesson, Step


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the hour.

    Args:
        lesson: the slug of the lesson that it uses; empty for none.
        has_exercises: whether it uses the exercises.
    """

    minutes: int
    what: str
    lesson: str = ""
    has_exercises: bool = False


#: An hour for a class that has never seen this; a test holds the sum and the lessons.
PLAN = (
    Part(5, "What a label is, and what the service is not for. Ask one case together."),
    Part(10, "Read an answer: row, standing, level, reason.", "one-mutation-one-label"),
    Part(10, "One mutation, three tumours. Each third of the class takes one.", "the-same-v600e"),
    Part(10, "Not found and not looked for. In pairs, on paper.", "three-values"),
    Part(10, "When the tumour has learnt. Why is the row still shown?", "resistance"),
    Part(10, "One exercise a pair; wrong ticks are discussed with the trace.", has_exercises=True),
    Part(5, "What would you ask before you trust such a system? What can it not know?"),
)


@dataclass(frozen=True, slots=True)
class SheetCase:
    """A numbered case of a sheet."""

    number: int
    step: Step
    live: LiveCase
    shown: Excerpt


@blueprint.get("/teach")
def teach() -> Response:
    """Show the plan of an hour, and the sheets of every lesson."""
    lessons = explorer().knowledge.lessons
    return page(
        "teach.html",
        here="learn",
        title="For teachers",
        lessons=lessons,
        plan=PLAN,
        lesson_of={lesson.slug: lesson for lesson in lessons},
    )


@blueprint.get("/teach/<slug>")
def hand_out(slug: str) -> Response:
    """Show the hand-out of a lesson: cases, questions, and space to write."""
    return _sheet("hand_out.html", slug, "hand-out")


@blueprint.get("/teach/<slug>/answers")
def answer_sheet(slug: str) -> Response:
    """Show the answers of a hand-out."""
    return _sheet("answer_sheet.html", slug, "answers")


def _sheet(template: str, slug: str, kind: str) -> Response:
    shared = explorer()
    lesson = lesson_of(shared, slug)
    return page(
        template,
        here="learn",
        title=f"{lesson.title}: {kind}",
        lesson=lesson,
        items=_items(shared, lesson),
        to_html=to_html,
        pieces=shared.pieces,
    )


def _items(shared: Explorer, lesson: Lesson) -> list[SheetCase]:
    """Return the steps that show a case, numbered."""
    items: list[SheetCase] = []
    for step in lesson.steps:
        if step.case is not None:
            live = ask_case(shared, step.case)
            items.append(SheetCase(len(items) + 1, step, live, excerpt(live, step.claims)))
    return items
