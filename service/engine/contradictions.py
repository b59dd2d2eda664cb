"""When two results cannot both be right: one place for every kind of finding (rule M3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.engine.model import Finding, Gene
from service.engine.patterns import is_inside

#: Kinds whose results are values of a scale.
GRADED = frozenset({"expression", "in_situ_hybridization", "status"})
#: Words that stand for several values of a scale: 3+ is positive too.
_UMBRELLAS = frozenset({"positive", "negative"})


def disagree(one: Finding, other: Finding, gene: Gene) -> bool:
    """Tell whether two results of one gene and kind cannot both be right.

    One says detected and the other not detected of the same thing, or they give two values of one
    scale. A result that decides nothing disagrees with none.
    """
    if (one.gene, one.kind) != (other.gene, other.kind):
        return False
    if "indeterminate" in (one.result, other.result):
        return False
    if one.kind in GRADED:
        return _are_two_values(one, other)
    if one.result != other.result:
        negative, detected = (one, other) if one.result == "not_detected" else (other, one)
        return contradicts(negative, detected, gene)
    is_counted = one.kind == "copy_number" and one.result == "detected"
    return is_counted and _are_apart(one.values, other.values)


def denies_all(negatives: Iterable[Finding], group: Finding, genes: Mapping[str, Gene]) -> bool:
    """Tell whether negatives deny every gene of a finding about a gene group (``one_of``)."""
    denied = [
        any(contradicts(n, one, genes[one.gene]) for n in negatives if n.gene == one.gene)
        for one in group.one_of
    ]
    return bool(denied) and all(denied)


def contradicts(negative: Finding, detected: Finding, gene: Gene) -> bool:
    """Tell whether a not-detected finding denies what a detected one of the same kind says."""
    if (negative.gene, negative.kind) != (detected.gene, detected.kind):
        return False
    if negative.origin not in (None, detected.origin):
        return False  # a test of the germline says nothing about the tumour
    if negative.kind in GRADED:
        return _are_two_values(negative, detected)
    if negative.change is None or detected.change is None:
        is_same_partner = negative.partner in (None, detected.partner)
        return negative.kind in ("fusion", "copy_number") and is_same_partner
    return is_inside(detected.change, negative.change, gene)


def _are_two_values(one: Finding, other: Finding) -> bool:
    """Tell whether two graded results are different values of one scale."""
    if one.measure is not None and other.measure is not None:
        is_same = (one.measure[0], one.intensity) == (other.measure[0], other.intensity)
        return is_same and (one.measure[2] < other.measure[1] or other.measure[2] < one.measure[1])
    if one.measure is None and other.measure is None and not (_is_word(one) or _is_word(other)):
        return _are_apart(one.values, other.values)
    # Beside a number or a score a word tells no more than the result that it stands for.
    return one.result != other.result and (_is_word(one) or _is_word(other))


def _is_word(finding: Finding) -> bool:
    """Tell whether a result is no more than positive or negative; a status names its value."""
    return finding.kind != "status" and set(finding.values) <= _UMBRELLAS


def _are_apart(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return bool(first) and bool(second) and not set(first) & set(second)
