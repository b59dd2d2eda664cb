"""Changes of a case: the facts of a "what if", applied one by one (rule M24).

A finding is added, or takes the place of what it contradicts: a graded result (IHC, ISH, copy
number, score, status) that of the same gene and assay, a negative what it says is absent, a
detected one the negatives that speak against it. ``Without`` takes a finding away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from service.engine.contradictions import contradicts, denies_all
from service.engine.model import Case, Finding, Patient
from service.engine.notation.order import canonical_order
from service.engine.patient_facts import FACT_BY_NAME
from service.engine.rulebook import Rulebook

_GRADED = frozenset({"expression", "in_situ_hybridization", "copy_number", "status"})


@dataclass(frozen=True, slots=True)
class WithFindings:
    """These findings are reported too."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class WithoutFindings:
    """These findings are not reported."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class WithTumorType:
    """The tumour type is another one."""

    code: str


@dataclass(frozen=True, slots=True)
class WithPatient:
    """These facts about the patient take the place of what was said.

    Args:
        fields: names of ``Patient`` that the change gives a value; the others stay.
    """

    patient: Patient
    fields: frozenset[str]


Change = WithFindings | WithoutFindings | WithTumorType | WithPatient


def apply_changes(rulebook: Rulebook, case: Case, changes: Iterable[Change]) -> Case:
    """Return the case after all changes, one after the other."""
    for change in changes:
        case = apply_change(rulebook, case, change)
    return case


def apply_change(rulebook: Rulebook, case: Case, change: Change) -> Case:
    """Return the case after one change."""
    if isinstance(change, WithTumorType):
        return replace(case, tumor_type=change.code)
    if isinstance(change, WithPatient):
        patient = case.patient
        for name in sorted(change.fields):
            value = change.patient.value(name)
            if name == "conditions":
                value = {**case.patient.conditions, **change.patient.conditions}
            patient = with_value(patient, name, value)
        return replace(case, patient=patient)
    if isinstance(change, WithoutFindings):
        away = {_identity(finding) for finding in change.findings}
        kept = [finding for finding in case.findings if _identity(finding) not in away]
        return replace(case, findings=tuple(kept))
    kept = [
        finding
        for finding in case.findings
        if not any(_gives_way(rulebook, finding, new) for new in change.findings)
        and not denies_all(_negatives(change.findings), finding, rulebook.genes)
    ]
    for group in (finding for finding in change.findings if finding.one_of):
        if denies_all(_negatives(kept), group, rulebook.genes):
            kept = [finding for finding in kept if not _denies_one(rulebook, finding, group)]
    return replace(case, findings=canonical_order([*kept, *change.findings]))


def with_value(patient: Patient, name: str, value: Any) -> Patient:
    """Return the patient with another value of a field; ``None`` makes a plain fact unknown."""
    if name not in FACT_BY_NAME:
        changed: Patient = replace(patient, **{name: value})
        return changed
    facts = {key: known for key, known in patient.facts.items() if key != name}
    return replace(patient, facts=facts if value is None else {**facts, name: value})


def _identity(finding: Finding) -> tuple[object, ...]:
    return (finding.gene, finding.kind, finding.name)


def _negatives(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.result == "not_detected"]


def _denies_one(rulebook: Rulebook, old: Finding, group: Finding) -> bool:
    """Tell whether a negative speaks against a gene of a group that is now reported as found."""
    return old.result == "not_detected" and any(
        contradicts(old, one, rulebook.genes[one.gene])
        for one in group.one_of
        if one.gene == old.gene
    )


def _gives_way(rulebook: Rulebook, old: Finding, new: Finding) -> bool:
    """Tell whether a finding of the case gives way to a new one."""
    if old.gene != new.gene:
        return False
    if new.one_of:
        return old.name == new.name
    if old.result == "indeterminate" and old.kind == new.kind:
        return True
    if old.kind in _GRADED or new.kind in _GRADED:
        is_same_scale = (old.measure or ("",))[0] == (new.measure or ("",))[0]
        return old.kind == new.kind and is_same_scale
    gene = rulebook.genes[new.gene]
    if new.result == "not_detected" and old.result != "not_detected":
        return contradicts(new, old, gene)
    if old.result == "not_detected" and new.result != "not_detected":
        return contradicts(old, new, gene)
    return False
