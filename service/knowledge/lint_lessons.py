"""Lint of the lessons and exercises: file names, numbers, and that what they name exists.

Whether a claim is true is a matter of the engine: ``tests/explorer/test_lessons.py`` holds each
one against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from service.knowledge.lesson_schemas import EXERCISE, LESSON
from service.knowledge.lint_ledger import Ledger
from service.knowledge.read import Path_, Record

Json = dict[str, Any]
_FILE_NAME = re.compile(r"lessons/(?P<number>\d\d)-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.yaml")
#: Not free as the address of a lesson: ``/learn/exercises`` is a page of its own.
TAKEN = frozenset({"exercises"})
#: (vocabulary, value) of everything that one expectation names.
_Named = Iterator[tuple[str, str]]


def check_lessons(ledger: Ledger) -> None:
    """Check the lessons in the order of their numbers, then the exercises."""
    ledger.known["assertions"] = {row["id"] for row in ledger.corpus.assertions}
    slugs: set[str] = set()
    for expected, record in enumerate(ledger.seed.lessons, start=1):
        data = ledger.load(record, LESSON)
        named = _FILE_NAME.fullmatch(record.file)
        if named is None or named["slug"] in TAKEN | slugs or int(named["number"]) != expected:
            message = (
                f"this is lesson {expected:02d}: the name is {expected:02d}-words-of-its-own.yaml"
            )
            ledger.fault(record, (), "bad_file_name", message)
        elif data is not None:
            slugs.add(named["slug"])
            _check_steps(ledger, record, data)
            ledger.corpus.lessons.append({"number": expected, "slug": named["slug"], **data})
    _check_exercises(ledger)


def _check_exercises(ledger: Ledger) -> None:
    seen: set[str] = set()
    for record in ledger.seed.exercises:
        data = ledger.load(record, EXERCISE)
        if data is None:
            continue
        if data["id"] in seen:
            ledger.fault(record, ("id",), "duplicate_record", f"{data['id']} stands twice")
            continue
        seen.add(data["id"])
        _check_case(ledger, record, ("case",), data["case"])
        ledger.corpus.exercises.append(data)


def _check_steps(ledger: Ledger, record: Record, data: Json) -> None:
    for number, step in enumerate(data["steps"]):
        path: Path_ = ("steps", number)
        ledger.link(record, (*path, "look_at"), "assertions", step["look_at"])
        if step["case"] is not None:
            _check_case(ledger, record, (*path, "case"), step["case"])
        for index, claim in enumerate(step["claims"]):
            for key, value in claim["expect"].items():
                place = (*path, "claims", index, "expect", key)
                for vocabulary, name in _NAMED.get(key, _nothing)(value):
                    ledger.link(record, place, vocabulary, [name])


def _check_case(ledger: Ledger, record: Record, path: Path_, case: Json) -> None:
    conditions = case.get("patient", {}).get("conditions", {})
    ledger.link(record, (*path, "patient", "conditions"), "conditions", conditions)


def _of_rows(rows: list[Json]) -> _Named:
    for row in rows:
        yield from (("drugs", drug) for drug in row["regimen"])
        if "assertion" in row:
            yield "assertions", row["assertion"]


def _of_statements(items: list[Json]) -> _Named:
    yield from (("assertions", item["assertion"]) for item in items)


def _of_regimens(regimens: list[list[str]]) -> _Named:
    yield from (("drugs", drug) for regimen in regimens for drug in regimen)


def _of_findings(findings: list[Json]) -> _Named:
    for item in findings:
        yield from (("biomarker_classes", name) for name in item.get("classes", ()))


def _nothing(_: Any) -> _Named:
    yield from ()


#: Expectation -> what of it must exist in the knowledge.
_NAMED: dict[str, Callable[[Any], _Named]] = {
    "therapies": _of_rows,
    "resistance": _of_rows,
    "cautions": _of_rows,
    "first_therapy": lambda drugs: _of_regimens([drugs]),
    "not_therapies": _of_regimens,
    "conflict": _of_regimens,
    "absent": lambda ids: (("assertions", id_) for id_ in ids),
    "excluded": _of_statements,
    "trace": _of_statements,
    "findings": _of_findings,
}
