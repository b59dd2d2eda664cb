"""The warnings of a v1 answer: remarks on the reading, contradictions, results that disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from service.adapters.v1.case import ReadCase
from service.adapters.v1.contradictions import discordances
from service.adapters.v1.notice import Notice
from service.engine.model import Case
from service.engine.rulebook import Rulebook
from service.errors import Fault

Json = dict[str, Any]


def to_warnings(rulebook: Rulebook, read: ReadCase, case: Case, *, echo: bool) -> list[Json]:
    """Return the warnings of an answer.

    Args:
        echo: point into the request; otherwise to the findings of the answer, sorted and without
            repeats, so that the bytes do not depend on the order of the input.
    """
    remarks = notices_of if echo else placed_notices
    return [write_notice(notice) for notice in remarks(rulebook, read, case)]


def notices_of(rulebook: Rulebook, read: ReadCase, case: Case) -> list[Notice]:
    """Return the remarks of an answer, each at its place in the request."""
    open_ = [
        Notice("discordant_results", message, "/biomarkers")
        for message, _ in discordances(rulebook, case)
    ]
    return [*read.notices, *open_]


def placed_notices(rulebook: Rulebook, read: ReadCase, case: Case) -> list[Notice]:
    """Return the remarks of an answer, each at its finding, sorted and without repeats."""
    notices = notices_of(rulebook, read, case)
    placed = {_place(notice, read, case): None for notice in notices}
    return sorted(placed, key=lambda n: (n.pointer, n.code, n.message, n.suggestions))


def refusals(faults: Iterable[Fault]) -> list[Json]:
    """Return refused inputs as warnings, for ``/v1/normalize``."""
    return [write_notice(Notice(f.code, f.message, f.pointer, f.suggestions)) for f in faults]


def write_notice(notice: Notice) -> Json:
    """Return one warning as the contract shows it."""
    return {
        "code": notice.code,
        "message": notice.message,
        "pointer": notice.pointer,
        "suggestions": list(notice.suggestions),
    }


def _place(notice: Notice, read: ReadCase, case: Case) -> Notice:
    """Return the notice with a pointer to the finding of the answer instead of the input."""
    if notice.code == "gene_not_covered":
        return replace(notice, pointer="/case/not_covered")
    findings = [
        item.finding
        for item in read.read
        if item.place == notice.pointer and item.index is not None
    ]
    if not findings:
        return notice
    position = min(case.findings.index(finding) for finding in findings)
    pointer = f"/case/findings/{position}"
    return replace(notice, pointer=pointer)
