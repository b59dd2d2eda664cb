"""A case in, a report out.

``docs/semantics.md`` states the rules M1 to M33. ``question`` decides one assertion, ``weigh`` what
needs all assertions of a regimen; what is opened and not listed is dropped by a rule that the
answer names (M22). Wording lives in ``words``, ordering in ``rank``.
"""

from __future__ import annotations

from service.engine.counterfactual import find_counterfactuals
from service.engine.model import Case
from service.engine.question import Question
from service.engine.report import Counterfactual, Explain, Report
from service.engine.rulebook import Rulebook
from service.engine.suggestions import suggest_tests
from service.engine.weigh import rows_of, weigh


def match(rulebook: Rulebook, case: Case, *, explain: Explain = "brief") -> Report:
    """Answer a case.

    Args:
        rulebook: the knowledge.
        case: findings must be in canonical order (``notation.canonical_order``).
        explain: ``none`` leaves the reasons out, ``full`` adds traces, near misses and
            counterfactuals.

    Returns:
        Rows in the total order of rule M20; the same case gives the same report.
    """
    question = Question(rulebook, case, explain=explain)
    matches, drops = weigh(question, question.candidates())
    counterfactuals: tuple[Counterfactual, ...] = ()
    therapies, resistance, cautions = rows_of(rulebook, matches)
    if explain == "full":
        counterfactuals = find_counterfactuals(question, therapies)
    drops.sort(key=lambda drop: drop.entry.assertion.id)
    shown = [drop for drop in drops if explain == "full" or not drop.is_near_only]
    return Report(
        case,
        therapies,
        resistance,
        cautions,
        tuple(shown),
        suggest_tests(rulebook, case, question.facts, question.evaluation),
        tuple(drop for drop in drops if drop.is_near_only),
        counterfactuals,
    )
