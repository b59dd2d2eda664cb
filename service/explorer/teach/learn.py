"""``/learn``: guided lessons, step by step; how far one is stands in the address and nowhere else.

The words come from ``seed_data/lessons``, every answer from the engine at the time of asking.
"""

from __future__ import annotations

from werkzeug import Response

from service.errors import NotFoundError
from service.explorer.case.live import ask_case, excerpt
from service.explorer.case.needs import words_of
from service.explorer.frame import Explorer, blueprint, explorer, page
from service.explorer.prose import to_html
from service.knowledge.lessons import Lesson


@blueprint.get("/learn")
def learn() -> Response:
    """List the lessons in their order."""
    knowledge = explorer().knowledge
    return page(
        "learn.html",
        here="learn",
        title="Learn",
        lessons=knowledge.lessons,
        exercises=knowledge.exercises,
    )


@blueprint.get("/learn/<slug>")
def lesson(slug: str) -> Response:
    """Show what a lesson is about and its steps."""
    shared = explorer()
    found = lesson_of(shared, slug)
    before, after = _beside(shared, found)
    return page(
        "lesson.html",
        here="learn",
        title=found.title,
        lesson=found,
        before=before,
        after=after,
    )


@blueprint.get("/learn/<slug>/<int:number>")
def step(slug: str, number: int) -> Response:
    """Show one step of a lesson: its words, its case, and what the engine answers."""
    shared = explorer()
    found = lesson_of(shared, slug)
    if not 1 <= number <= len(found.steps):
        raise NotFoundError(f"{found.title!r} has {len(found.steps)} steps")
    here = found.steps[number - 1]
    live = ask_case(shared, here.case) if here.case is not None else None
    values = (
        {**live.about, "live": live, "shown": excerpt(live, here.claims)}
        if live
        else {"live": None}
    )
    return page(
        "step.html",
        here="learn",
        **{**values, "title": f"{found.title}: {here.title}"},
        lesson=found,
        step=here,
        text=to_html(here.text),
        number=number,
        after=_beside(shared, found)[1],
        pieces=shared.pieces,
        words_of=words_of,
    )


def lesson_of(shared: Explorer, slug: str) -> Lesson:
    """Return a lesson.

    Raises:
        NotFoundError: there is none of this name.
    """
    for found in shared.knowledge.lessons:
        if found.slug == slug:
            return found
    raise NotFoundError(f"there is no lesson {slug[:80]!r}")


def _beside(shared: Explorer, lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lessons before and after one."""
    lessons = shared.knowledge.lessons
    place = lessons.index(lesson)
    before = lessons[place - 1] if place else None
    return before, lessons[place + 1] if place + 1 < len(lessons) else None
