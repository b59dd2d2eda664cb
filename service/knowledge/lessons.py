"""Lessons and exercises as the knowledge base holds them: words, cases, claims.

A lesson changes no answer: it is no part of the content hash, and nothing here is matched. The
answer to a case is always the engine's, asked when it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about an answer, and what it expects of it.

    Args:
        expect: in the shape of the test cases, which hold it against the engine.
    """

    says: str
    expect: Json


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a lesson.

    Args:
        text: paragraphs with an empty line between them; ``*`` marks stress, a backtick code.
        case: a v1 request; ``None`` in a step of words only.
        look_at: assertions whose criteria are worth a look for this case.
    """

    title: str
    text: str
    case: Json | None
    ask: str
    claims: tuple[Claim, ...]
    look_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A guided lesson.

    Args:
        slug: its place in the address, for ever.
        learn: what one can do after it.
    """

    number: int
    slug: str
    title: str
    question: str
    minutes: int
    learn: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A case of which one asks: which regimens are on label here?"""

    id: str
    title: str
    case: Json


def build_lesson(record: Json) -> Lesson:
    """Return a lesson from its record."""
    steps = tuple(
        Step(
            step["title"],
            step["text"],
            step["case"],
            step["ask"] or "",
            tuple(Claim(claim["says"], claim["expect"]) for claim in step["claims"]),
            tuple(step["look_at"]),
        )
        for step in record["steps"]
    )
    return Lesson(
        record["number"],
        record["slug"],
        record["title"],
        record["question"],
        record["minutes"],
        tuple(record["learn"]),
        steps,
    )


def build_exercise(record: Json) -> Exercise:
    """Return an exercise from its record."""
    return Exercise(record["id"], record["title"], record["case"])
