"""The total order of the answer (rule M20), in one key.

Applicability, conflict (none first), what opened the row, a guideline's first choice, level, line
of treatment, what another regimen replaced, tumour relation, what is determined, specificity of
the biomarker match, regimen name, assertion id. Nothing depends on the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from service.engine.levels import APPLICABILITY_ORDER
from service.engine.report import OPENED_BY_ORDER, FirstChoice, Match, Row
from service.engine.tumors import RELATION_ORDER


class RowKey(NamedTuple):
    """What decides the place of a row, the first field that differs; lower comes first."""

    applicability: int
    has_conflict: bool
    opened_by: int
    is_not_first_choice: bool
    level: int
    line: int
    replaced: int
    relation: int
    undetermined: int
    specificity: int
    name: str
    id: str


def key_of(found: Match, *, has_conflict: bool, is_first_choice: bool, replaced: int) -> RowKey:
    """Return the key of an assertion, within its row or leading one."""
    assertion = found.entry.assertion
    return RowKey(
        APPLICABILITY_ORDER.index(found.applicability),
        has_conflict,
        OPENED_BY_ORDER.index(found.opened_by),
        not is_first_choice,
        found.level.order,
        found.line,
        replaced,
        RELATION_ORDER.index(found.relation),
        _open_parts(found),
        found.specificity,
        assertion.regimen.name,
        assertion.id,
    )


def _open_parts(found: Match) -> int:
    return (found.biomarker_criteria != "met") + (found.clinical_criteria != "met")


def match_key(found: Match) -> RowKey:
    """Return the sort key of an assertion within its regimen."""
    is_first = first_choice_of(found) is not None
    return key_of(found, has_conflict=False, is_first_choice=is_first, replaced=0)


def first_choice_of(found: Match) -> FirstChoice | None:
    """Return the guideline that names this first, where it speaks about this case.

    A preference in the first line holds while nothing is known about the patient; one that comes
    after another treatment holds only where that treatment is known.
    """
    assertion = found.entry.assertion
    if assertion.preferred_by is None or found.biomarker_criteria != "met":
        return None
    if found.applicability not in ("on_label", "guideline"):
        return None
    if found.clinical_criteria != "met" and found.entry.earliest_line > 1:
        return None
    return FirstChoice(assertion.preferred_by, assertion.preferred_words)


def order_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows of one section in their order, each with its first choice."""
    told = [replace(row, first_choice=_first_choice(row)) for row in rows]
    by_regimen = {row.regimen.id: row for row in told}
    depths: dict[str, int] = {}
    for row in told:
        _mark_replaced(row, by_regimen, depths, ())
    return tuple(sorted(told, key=lambda row: _row_key(row, depths.get(row.regimen.id, 0))))


def _row_key(row: Row, replaced: int) -> RowKey:
    return key_of(
        row.lead,
        has_conflict=row.conflict is not None,
        is_first_choice=row.first_choice is not None,
        replaced=replaced,
    )


def _first_choice(row: Row) -> FirstChoice | None:
    """Return the first choice of the assertions that stand as high as the leading one."""
    highest = [m for m in row.matches if m.applicability == row.lead.applicability]
    return next(filter(None, map(first_choice_of, highest)), None)


def _mark_replaced(
    row: Row, rows: dict[str, Row], depths: dict[str, int], above: tuple[str, ...]
) -> None:
    """Note how many listed regimens stand, one after the other, in the place of others.

    A regimen takes the place of another only where it fits the case as surely: what was written for
    this very setting is not put behind what may not be meant for it.
    """
    path = (*above, row.regimen.id)
    for found in row.matches:
        if found.relation == "other":
            continue
        for id_ in found.entry.assertion.replaces:
            old = rows.get(id_)
            if old is None or _open_parts(found) > _open_parts(old.lead):
                continue
            if id_ not in path and depths.get(id_, 0) < len(path):
                depths[id_] = len(path)
                _mark_replaced(old, rows, depths, path)
