"""What speaks against a listed regimen: resistance to it, and to a drug of it (M19, M30, M31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.engine import words
from service.engine.assertion import Regimen
from service.engine.report import Conflict, Match
from service.engine.rulebook import Rulebook


def counts_here(found: Match, sensitive: Sequence[Match]) -> bool:
    """Tell whether what speaks against a regimen belongs to this tumour type (M30).

    What is known elsewhere does where it is about exactly a variant of this case, the regimen is
    listed, and it is not by that same variant that it is listed.

    Args:
        sensitive: what speaks for the regimen in this case.
    """
    if found.relation != "other":
        return True
    is_exact = found.specificity == 0 and found.biomarker_criteria == "met"
    return (
        is_exact
        and bool(sensitive)
        and not any(set(found.findings) <= set(by.findings) for by in sensitive)
    )


def conflict_of(
    sensitive: Sequence[Match], resistant: Sequence[Match], reached: Sequence[Match]
) -> Conflict | None:
    """Return both sides when a regimen has resistance that counts in this case (M19).

    Resistance known in another tumour type counts beside an off-label suggestion only; resistance
    that hangs on a result or a subtype which is missing does not count.

    Args:
        reached: resistance to one drug of the regimen that its partners leave as it is (M31).
    """
    own = [found for found in sensitive if found.relation != "other"]
    subtype_known = any(not found.subtypes for found in own)
    against = [
        found
        for found in resistant
        if found.biomarker_criteria == "met"
        and (not own or counts_here(found, sensitive))
        and not (found.subtypes and subtype_known)
    ]
    against += [found for found in reached if not (found.subtypes and subtype_known)]
    if not against:
        return None
    return Conflict(
        words.why_conflict(against),
        tuple(found.entry.assertion.id for found in against),
        tuple(found.entry.assertion.id for found in sensitive),
    )


def reaching(
    rulebook: Rulebook, sensitive: Sequence[Match], resistant: Mapping[str, Sequence[Match]]
) -> list[Match]:
    """Return the on-target resistance to one drug of a combination that reaches it (M31).

    It does where every partner is known to act on something else: not on the altered gene, and not
    on what the drug itself acts on.
    """
    regimen = sensitive[0].entry.assertion.regimen
    if len(regimen.drugs) == 1:
        return []
    return [
        found
        for group in resistant.values()
        for found in group
        if _is_on_target(rulebook, found)
        and _leaves_it(rulebook, regimen, found)
        and counts_here(found, sensitive)
        and not any(
            by.specificity == 0 and set(found.findings) <= set(by.findings) for by in sensitive
        )
    ]


def _is_on_target(rulebook: Rulebook, found: Match) -> bool:
    """Tell whether it is resistance, that is met, to a single drug by a change of its target."""
    assertion = found.entry.assertion
    if assertion.effect != "resistance" or len(assertion.regimen.drugs) != 1:
        return False
    targets = rulebook.targets_of(assertion.regimen.drugs[0])
    return found.biomarker_criteria == "met" and not found.entry.genes.isdisjoint(targets or ())


def _leaves_it(rulebook: Rulebook, regimen: Regimen, found: Match) -> bool:
    drug = found.entry.assertion.regimen.drugs[0]
    if drug not in regimen.drugs:
        return False
    touched = {*found.entry.genes, *(rulebook.targets_of(drug) or ())}
    partners = [rulebook.targets_of(name) for name in regimen.drugs if name != drug]
    return all(targets is not None and touched.isdisjoint(targets) for targets in partners)
