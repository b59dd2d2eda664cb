"""Three-valued criteria: the evaluator, and the table of clinical predicates.

``all``, ``any`` and ``none`` follow Kleene's strong logic (rule M1). A clinical fact that the case
does not give is unknown (rule M17).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from service.engine.assertion import Branch, Leaf
from service.engine.facts import Facts
from service.engine.model import Case, Patient, Truth
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.rulebook import Rulebook

#: Clinical leaf type -> the patient field that decides it (the word used in ``needs``).
CLINICAL_FIELDS = {
    **{fact.name: fact.name for fact in PATIENT_FACTS},
    "prior_therapy": "prior_therapies",
    "condition": "conditions",
}

#: A patient about whom nothing is said: the clinical criteria of all entries are decided once.
_SILENT = Patient()
_NOT = {Truth.TRUE: Truth.FALSE, Truth.UNKNOWN: Truth.UNKNOWN, Truth.FALSE: Truth.TRUE}


class Evaluation:
    """Decides the leaves and branches of criteria for one case."""

    def __init__(
        self, rulebook: Rulebook, case: Case, facts: Facts, *, is_known_silent: bool = True
    ) -> None:
        self.rulebook = rulebook
        self._case = case
        self.facts = facts
        self._values: list[Truth | None] = [None] * rulebook.index.slot_count
        self._missing: dict[int, tuple[str, ...]] = {}
        if is_known_silent and case.patient == _SILENT:
            values, missing = rulebook.remember(_decide_silent)
            self._values, self._missing = values.copy(), missing.copy()

    def decide_clinical(self) -> tuple[list[Truth | None], dict[int, tuple[str, ...]]]:
        """Decide every clinical tree, which depends on the patient alone."""
        for entry in self.rulebook.entries:
            tree = entry.assertion.criteria.clinical
            if self.truth(tree) is Truth.UNKNOWN:
                self.missing_fields(tree)
        return self._values.copy(), self._missing.copy()

    def truth(self, node: Branch | Leaf) -> Truth:
        """Evaluate a leaf or a tree; the same one is evaluated once a case."""
        slot = node.slot
        if slot >= 0:
            known = self._values[slot]
            if known is not None:
                return known
        value = self._decide(node) if isinstance(node, Leaf) else self._combine(node)
        if slot >= 0:
            self._values[slot] = value
        return value

    def _combine(self, branch: Branch) -> Truth:
        """Combine children: ``all`` is the minimum, ``any`` the maximum, ``none`` its negation."""
        if branch.op == "all":
            lowest = Truth.TRUE
            for child in branch.children:
                value = self.truth(child)
                if value is Truth.FALSE:
                    return value
                if value is Truth.UNKNOWN:
                    lowest = value
            return lowest
        highest = Truth.FALSE
        for child in branch.children:
            value = self.truth(child)
            if value is Truth.TRUE:
                highest = value
                break
            if value is Truth.UNKNOWN:
                highest = value
        if highest is not Truth.TRUE and self._is_covered(branch):
            highest = Truth.TRUE
        return highest if branch.op == "any" else _NOT[highest]

    def _is_covered(self, branch: Branch) -> bool:
        """Tell whether a class or group that was named lies within several children together (M28).

        What was found outweighs the negatives of all of them (M3).
        """
        if not self.facts.are_open:
            return False
        names = tuple(
            child.value
            for child in branch.children
            if isinstance(child, Leaf) and child.type == "biomarker"
        )
        return bool(names) and bool(self.facts.covering(names))

    def _decide(self, leaf: Leaf) -> Truth:
        if leaf.type == "biomarker":
            return self.facts.verdict(leaf.value).truth
        if leaf.type == "tumor_type":
            return self.rulebook.tumors.truth(self._case.tumor_type, leaf.value)
        return _CLINICAL[leaf.type](leaf.value, self._case.patient, self.rulebook)

    def missing_classes(self, tree: Branch) -> tuple[str, ...]:
        """Return the undecided classes that leave a biomarker tree unknown, sorted."""
        known = self._missing.get(tree.slot)
        if known is None:
            names = {
                name
                for leaf, _ in self.deciding_leaves(tree, Truth.UNKNOWN)
                for name in self.rulebook.members_of_class(leaf.value)
                if self.facts.verdict(name).truth is Truth.UNKNOWN
            }
            known = self._missing[tree.slot] = tuple(sorted(names))
        return known

    def missing_fields(self, tree: Branch) -> tuple[str, ...]:
        """Return the patient fields that leave a clinical tree unknown, sorted."""
        known = self._missing.get(tree.slot)
        if known is None:
            leaves = self.deciding_leaves(tree, Truth.UNKNOWN)
            known = self._missing[tree.slot] = tuple(sorted({_need(leaf) for leaf, _ in leaves}))
        return known

    def deciding_leaves(self, node: Branch | Leaf, wanted: Truth) -> Iterator[tuple[Leaf, bool]]:
        """Yield the leaves (with negation) that give a tree its value ``wanted``.

        For ``UNKNOWN`` these are the facts that are missing, for ``FALSE`` those that fail it.
        """
        yield from self._deciding(node, wanted, negated=False)

    def _deciding(
        self, node: Branch | Leaf, wanted: Truth, *, negated: bool
    ) -> Iterator[tuple[Leaf, bool]]:
        if self.truth(node) is not wanted:
            return
        if isinstance(node, Leaf):
            yield node, negated
            return
        inner = _NOT[wanted] if node.op == "none" else wanted
        for child in node.children:
            yield from self._deciding(child, inner, negated=negated != (node.op == "none"))


def _decide_silent(
    rulebook: Rulebook,
) -> tuple[list[Truth | None], dict[int, tuple[str, ...]]]:
    """Decide the clinical criteria of all entries for a patient about whom nothing is said."""
    case = Case("", (), dt.date.min)
    return Evaluation(
        rulebook, case, Facts(rulebook, case), is_known_silent=False
    ).decide_clinical()


def _need(leaf: Leaf) -> str:
    field = CLINICAL_FIELDS[leaf.type]
    return f"conditions.{leaf.value}" if leaf.type == "condition" else field


def _check_range(field: str) -> Callable[[Any, Patient, Rulebook], Truth]:
    def check(wanted: tuple[float | None, float | None], patient: Patient, _: Rulebook) -> Truth:
        value = patient.facts.get(field)
        if not isinstance(value, (int, float)):
            return Truth.UNKNOWN
        low, high = wanted
        inside = (low is None or value >= low) and (high is None or value <= high)
        return Truth.TRUE if inside else Truth.FALSE

    return check


def _check_prior(wanted: str, patient: Patient, rulebook: Rulebook) -> Truth:
    if patient.prior_therapies is None:
        return Truth.UNKNOWN
    given = patient.prior_therapies
    if any(rulebook.is_kind_of(drug, wanted) for drug in given):
        return Truth.TRUE
    # "Chemotherapy" was given: it may have been the platinum-based one that is asked for.
    if not patient.prior_therapies_complete or any(rulebook.is_kind_of(wanted, d) for d in given):
        return Truth.UNKNOWN
    return Truth.FALSE


def _check_word(field: str) -> Callable[[Any, Patient, Rulebook], Truth]:
    def check(wanted: tuple[str, ...], patient: Patient, _: Rulebook) -> Truth:
        value = patient.facts.get(field)
        if value is None:
            return Truth.UNKNOWN
        return Truth.TRUE if value in wanted else Truth.FALSE

    return check


def _check_condition(wanted: str, patient: Patient, _: Rulebook) -> Truth:
    given = patient.conditions.get(wanted)
    if given is None:
        return Truth.UNKNOWN
    return Truth.TRUE if given else Truth.FALSE


_CLINICAL: dict[str, Callable[[Any, Patient, Rulebook], Truth]] = {
    **{
        fact.name: (_check_word if fact.kind == "word" else _check_range)(fact.name)
        for fact in PATIENT_FACTS
    },
    "prior_therapy": _check_prior,
    "condition": _check_condition,
}
