"""The total order of the answer (rule M20).

Applicability, conflict (none first), level, guideline preference that is met, tumour relation,
what is determined, guideline preference, specificity of the biomarker match, regimen name,
assertion id. Nothing depends on the order of the input or of a hash.
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
        not _holds_preferred(found),
        RELATION_ORDER.index(found.relation),
        undetermined,
        not found.entry.assertion.preferred,
        found.specificity,
        found.entry.assertion.id,
    )


def row_key(row: Row) -> tuple[object, ...]:
    """Return the sort key of a regimen, from its leading assertion."""
    first, level, _, relation, undetermined, _, specificity, id_ = match_key(row.lead)
    return (
        first,
        row.conflict is not None,
        level,
        not any(_holds_preferred(m) for m in row.matches),
        relation,
        undetermined,
        not any(m.entry.assertion.preferred and m.relation != "other" for m in row.matches),
        specificity,
        row.regimen.name,
        id_,
    )


def _holds_preferred(found: Match) -> bool:
    """Return whether a guideline prefers this, and all that it asks for is known to be met."""
    is_met = found.biomarker_criteria == "met" and found.clinical_criteria == "met"
    return is_met and found.relation != "other" and found.entry.assertion.preferred
