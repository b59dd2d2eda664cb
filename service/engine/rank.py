"""The total order of the answer (rule M20).

Applicability, conflict (none first), level, guideline preference, tumour relation, specificity of
the biomarker match, what is determined, regimen name, assertion id. Nothing depends on the order
of the input or of a hash.
"""

from __future__ import annotations

from service.engine.levels import APPLICABILITY_ORDER
from service.engine.report import Match, Row
from service.engine.tumors import RELATION_ORDER


def match_key(found: Match) -> tuple[object, ...]:
    """Return the sort key of an assertion within its regimen."""
    undetermined = (found.biomarker_criteria != "met") + (found.clinical_criteria != "met")
    return (
        APPLICABILITY_ORDER.index(found.applicability),
        found.level.order,
        not found.entry.assertion.preferred,
        RELATION_ORDER.index(found.relation),
        found.specificity,
        undetermined,
        found.entry.assertion.id,
    )


def row_key(row: Row) -> tuple[object, ...]:
    """Return the sort key of a regimen, from its leading assertion."""
    first, *rest = match_key(row.lead)
    preferred = any(m.entry.assertion.preferred and m.relation != "other" for m in row.matches)
    return (
        first,
        row.conflict is not None,
        rest[0],
        not preferred,
        *rest[2:5],
        row.regimen.name,
        rest[5],
    )
