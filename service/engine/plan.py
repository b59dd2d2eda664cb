"""The test planner: which missing results would decide most, and the smallest panel (rule M27).

A need is a gene and an assay whose result is missing. A decision is an authorisation that hangs on
needs. The panel is an exact minimum set cover of the needs of every decision: the fewest tests,
then the fewest days, then by name. Where one of two assays of a gene is enough, one is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.engine.assays import ASSAY_OF_KIND
from service.engine.entries import Entry
from service.engine.levels import SUPPORT_APPLICABILITY
from service.engine.model import Case
from service.engine.question import Question
from service.engine.rulebook import Rulebook
from service.engine.suggestions import Assay, OneOf, open_entries
from service.engine.vocabulary import AssayMethod


@dataclass(frozen=True, slots=True)
class Need:
    """A missing result and the entries that it would help to decide, labels first.

    Args:
        methods: by which it can be had.
    """

    gene: str
    assay: str
    on_label: tuple[Entry, ...]
    others: tuple[Entry, ...]
    methods: tuple[AssayMethod, ...]


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """One test to order: a method, for one gene or for a panel of them.

    Args:
        gene: ``None`` for a panel.
        gives: the needs that it answers.
    """

    method: AssayMethod
    gene: str | None
    gives: tuple[Assay, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test next.

    Args:
        panel: the smallest set of tests after which every on-label decision can be taken.
        decisions: assertion ids of these decisions.
    """

    case: Case
    needs: tuple[Need, ...]
    panel: tuple[PlannedTest, ...]
    decisions: tuple[str, ...]


def plan_tests(rulebook: Rulebook, case: Case) -> Plan:
    """Return the results that would decide the most, and the smallest panel for every label."""
    question = Question(rulebook, case)
    on_label: dict[Assay, list[Entry]] = {}
    others: dict[Assay, list[Entry]] = {}
    wanted: set[OneOf] = set()
    decisions: set[str] = set()
    for entry, needs in open_entries(rulebook, case, question.facts, question.evaluation):
        support = entry.assertion.support or ""
        if entry.assertion.authority is not None:
            decisions.add(entry.assertion.id)
            wanted |= needs
            asked = on_label
        elif SUPPORT_APPLICABILITY.get(support) == "guideline":
            asked = others
        else:
            continue
        for assay in {assay for one_of in needs for assay in one_of}:
            asked.setdefault(assay, []).append(entry)
    listed = [
        Need(
            *assay,
            tuple(on_label.get(assay, ())),
            tuple(others.get(assay, ())),
            tuple(method for method in rulebook.methods if _gives(method, assay)),
        )
        for assay in {*on_label, *others}
    ]
    listed.sort(key=lambda need: (-len(need.on_label), -len(need.others), need.gene, need.assay))
    panel = cover(wanted, list(_tests(rulebook.methods, sorted(on_label))))
    return Plan(case, tuple(listed), panel, tuple(sorted(decisions)))


def _gives(method: AssayMethod, assay: Assay) -> bool:
    return any(ASSAY_OF_KIND[kind] == assay[1] for kind in method.measures)


def _tests(methods: Sequence[AssayMethod], needs: Sequence[Assay]) -> Iterator[PlannedTest]:
    """Yield every test that answers some need: a panel once, other methods once a gene."""
    for method in methods:
        given = tuple(need for need in needs if _gives(method, need))
        if method.scope == "panel" and given:
            yield PlannedTest(method, None, given)
        elif method.scope == "gene":
            for gene in sorted({gene for gene, _ in given}):
                yield PlannedTest(method, gene, tuple(n for n in given if n[0] == gene))


def cover(wanted: Iterable[OneOf], tests: Sequence[PlannedTest]) -> tuple[PlannedTest, ...]:
    """Return a smallest set of tests that gives one of each wanted group of assays.

    Exact: it branches over the tests that answer the group which the fewest tests answer, and stops
    where the best set so far cannot be beaten. A group that no test answers is left out.
    """
    answers = {test: frozenset(o for o in wanted if o.intersection(test.gives)) for test in tests}
    answerable = frozenset(one_of for given in answers.values() for one_of in given)
    best: list[tuple[PlannedTest, ...]] = []

    def search(left: frozenset[OneOf], chosen: tuple[PlannedTest, ...]) -> None:
        if not left:
            if not best or _cost(chosen) < _cost(best[0]):
                best[:] = [chosen]
            return
        if best and len(chosen) + 1 > len(best[0]):
            return
        options = {one_of: [t for t in tests if one_of in answers[t]] for one_of in left}
        rarest = min(options, key=lambda one_of: (len(options[one_of]), sorted(one_of)))
        for test in sorted(options[rarest], key=lambda t: (-len(left & answers[t]), _name(t))):
            search(left - answers[test], (*chosen, test))

    search(answerable, ())
    found = best[0] if best else ()
    return tuple(sorted(found, key=_name))


def _name(test: PlannedTest) -> tuple[str, str]:
    return (test.gene or "", test.method.name)


def _cost(chosen: tuple[PlannedTest, ...]) -> tuple[object, ...]:
    """Return what is least in the best panel: tests, then days in sum, then names."""
    days = sum(test.method.typical_days[1] for test in chosen)
    return (len(chosen), days, sorted(_name(test) for test in chosen))
