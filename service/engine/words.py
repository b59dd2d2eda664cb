"""The reasons in words: a plain sentence a match, the trace by leaves, why a row dropped out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from service.engine.assertion import Assertion, Branch, Event, Leaf
from service.engine.criteria import CLINICAL_FIELDS, Evaluation
from service.engine.entries import Entry
from service.engine.model import Case, Truth
from service.engine.patient_facts import NUMERIC_FACTS
from service.engine.report import Match
from service.engine.rulebook import Rulebook
from service.engine.tumors import Relation

_RELATION_WORDS: dict[Relation, str] = {
    "exact": "{own} is the tumour type of this statement",
    "descendant": "{own} is a kind of {named}",
    "tumour_agnostic": "the statement covers {named}",
    "broader": "{own} is broader than {named}: give the subtype",
    "other": "the statement is about {named}, not {own}",
}


def reason(biomarkers: str, tumor: str, needs: tuple[str, ...]) -> str:
    """Return the one sentence of a match."""
    missing = f"; not reported: {', '.join(needs)}" if needs else ""
    return f"{biomarkers}; {tumor}{missing}."


def biomarker_words(evaluation: Evaluation, case: Case, entry: Entry, used: Sequence[int]) -> str:
    """Say which findings meet which of the classes that open an entry."""
    names = " and ".join(case.findings[i].name for i in used)
    if not entry.openers:
        return f"{names}: the required wild type is reported"
    verdict = evaluation.facts.verdict
    opened = [repr_class(n) for n in entry.openers if verdict(n).truth is Truth.TRUE]
    if not opened:
        possible = [repr_class(n) for n in entry.openers if evaluation.facts.may_lie_in(n)]
        return f"{names} may be {' or '.join(possible)}"
    return f"{names} meets {' and '.join(opened)}"


def repr_class(name: str) -> str:
    """Return a class name as it stands in a sentence."""
    return f"'{name}'"


def tumor_words(rulebook: Rulebook, code: str, entry: Entry, relation: Relation) -> str:
    """Say how the tumour type of a case stands to those that an entry names."""
    types = rulebook.tumors.types
    own = types[code].name
    named = " or ".join(types[code].name for code in entry.tumors) or "any tumour"
    return _RELATION_WORDS[relation].format(own=own, named=named)


def why_biomarker_fails(evaluation: Evaluation, case: Case, entry: Entry) -> str:
    """Say which biomarker condition is false and which finding makes it so."""
    tree = entry.assertion.criteria.biomarker
    reasons = [
        _failing(evaluation, case, leaf, negated)
        for leaf, negated in evaluation.deciding_leaves(tree, Truth.FALSE)
    ]
    return "; ".join(dict.fromkeys(reasons)) or "a required biomarker is absent"


def _failing(evaluation: Evaluation, case: Case, leaf: Leaf, negated: bool) -> str:
    used = evaluation.facts.verdict(leaf.value).findings
    names = " and ".join(case.findings[i].name for i in used) or "no finding"
    verb = "must be absent, and was found" if negated else "is required, and was not found"
    return f"{repr_class(leaf.value)} {verb} ({names})"


def why_clinical_fails(evaluation: Evaluation, case: Case, entry: Entry) -> str:
    """Say which clinical condition is not met."""
    tree = entry.assertion.criteria.clinical
    parts = [
        f"{'must not: ' if negated else ''}{describe(leaf)} (the case says {fact_of(case, leaf)})"
        for leaf, negated in evaluation.deciding_leaves(tree, Truth.FALSE)
    ]
    return "not met: " + "; ".join(dict.fromkeys(parts))


def why_not_yet(assertion: Assertion, as_of: dt.date) -> str:
    """Say what was not there yet on a day: the authorisation, or the publication."""
    if assertion.authority is None:
        return f"first published in {assertion.known_since}, after {as_of.isoformat()}"
    return f"no authorisation had been given by {as_of.isoformat()}"


def why_withdrawn(assertion: Assertion, as_of: dt.date) -> str:
    """Tell the dated life of a withdrawn authorisation up to a day, and why it ended."""
    events = [event for event in assertion.events if event.date <= as_of]
    steps = [f"{event.type.replace('_', ' ')} {event.date.isoformat()}" for event in events]
    return f"withdrawn: {', '.join(steps)}{_because(events[-1:])}"


def why_superseded(event: Event) -> str:
    """Name the successor of an authorisation, the day, and what changed."""
    return f"superseded by {event.by} on {event.date.isoformat()}{_because([event])}"


def _because(events: Sequence[Event]) -> str:
    reasons = [event.reason.rstrip(".") for event in events if event.reason]
    return f" ({'; '.join(reasons)})" if reasons else ""


def why_conflict(against: Sequence[Match]) -> str:
    """Say what speaks against the regimen, the strongest first."""
    statements = [found.entry.assertion.statement.rstrip(".") for found in against]
    return "; ".join(dict.fromkeys(statements)) + "."


def describe(leaf: Leaf) -> str:
    """Return a predicate in words: ``line of therapy at least 2``."""
    label = leaf.type.replace("_", " ")
    if leaf.type in NUMERIC_FACTS:
        low, high = leaf.value
        if low == high:
            return f"{label} {low:g}"
        words = [f"at least {low:g}"] if low is not None else []
        words += [f"at most {high:g}"] if high is not None else []
        return f"{label} {' and '.join(words)}"
    if isinstance(leaf.value, tuple):
        return f"{label} {' or '.join(leaf.value)}".replace("_", " ")
    return f"{label}: {leaf.value}"


def fact_of(case: Case, leaf: Leaf) -> str:
    """Return what the case says about a clinical predicate."""
    patient = case.patient
    if leaf.type == "condition":
        given = patient.conditions.get(leaf.value)
        return "nothing" if given is None else "yes" if given else "no"
    value = patient.value(CLINICAL_FIELDS[leaf.type])
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return ", ".join(value) or "no prior therapy"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value).replace("_", " ")


def in_words(tree: Branch) -> str:
    """Return a criteria tree as one line: ``NSCLC and (EGFR L858R or EGFR exon 19 deletion)``."""
    parts = [in_words(c) if isinstance(c, Branch) else _short(c) for c in tree.children]
    joined = f" {'or' if tree.op == 'any' else 'and'} ".join(parts)
    if tree.op == "none":
        return " and ".join(f"not {part}" for part in parts)
    return f"({joined})" if tree.op == "any" and len(parts) > 1 else joined


def _short(leaf: Leaf) -> str:
    return str(leaf.value) if leaf.type in ("biomarker", "tumor_type") else describe(leaf)
