"""Numbers and alleles against what a class asks for: thresholds, shares of cells, HLA fields.

A share of cells is counted at certain intensities; against a class that counts others it gives
bounds, never a value. A status without a number leaves every threshold open.
"""

from __future__ import annotations

from service.engine.model import BiomarkerClass, Finding, Truth

_SCORES = ("1+", "2+", "3+")


def contains_measure(rule: BiomarkerClass, finding: Finding) -> Truth:
    """Tell whether a number lies in the range of a class.

    Returns:
        ``UNKNOWN`` when only a part of the possible numbers does, or when a status ("high") was
        reported without the number; ``FALSE`` for another scale.
    """
    if rule.measure is None:
        return Truth.FALSE
    scale, least, most = rule.measure
    if finding.measure is None:
        is_status = finding.kind == "status" and bool(finding.values)
        return Truth.UNKNOWN if is_status else Truth.FALSE
    if finding.measure[0] != scale:
        return Truth.FALSE
    low, high = _share(rule.at_least, finding)
    if least <= low and high <= most:
        return Truth.TRUE
    return Truth.FALSE if high < least or low > most else Truth.UNKNOWN


def _share(at_least: str | None, finding: Finding) -> tuple[float, float]:
    """Return between which percentages the cells of at least an intensity lie."""
    _, low, high = finding.measure or ("", 0.0, 100.0)
    if at_least is None and not finding.intensity:
        return low, high
    wanted = {score for score in _SCORES if score >= (at_least or "1+")}
    counted = set(finding.intensity or _SCORES)
    if counted == wanted:
        return low, high
    if counted < wanted:
        return low, 100.0
    if counted > wanted:
        return 0.0, high
    return 0.0, 100.0 if counted & wanted else 100.0 - low


def contains_allele(rule: BiomarkerClass, finding: Finding) -> Truth:
    """Tell whether an HLA allele is one of a class: the fields that the class names agree.

    Returns:
        ``UNKNOWN`` for an allele that was typed to fewer fields; another allele says nothing about
        the second copy of the gene, so that it is ``UNKNOWN`` too, never ``FALSE``.
    """
    if not finding.values or finding.result != "detected":
        return Truth.FALSE
    return max(_compare(wanted, have) for wanted in rule.alleles for have in finding.values)


def is_allele_excluded(rule: BiomarkerClass, negatives: tuple[Finding, ...]) -> bool:
    """Tell whether alleles that were looked for and not found cover those of a class."""
    absent = [value for finding in negatives for value in finding.values]
    return all(any(_compare(a, wanted) is Truth.TRUE for a in absent) for wanted in rule.alleles)


def _compare(wanted: str, have: str) -> Truth:
    ours, theirs = _fields(wanted), _fields(have)
    length = min(len(ours), len(theirs))
    if ours[:length] != theirs[:length]:
        return Truth.FALSE
    return Truth.TRUE if len(theirs) >= len(ours) else Truth.UNKNOWN


def _fields(allele: str) -> list[str]:
    """Return the fields of an allele; the letter of a P or G group and of expression is no field.

    Source: IPD-IMGT/HLA nomenclature: fields are joined by colons, a suffix letter may follow.
    """
    return allele.rstrip("PGNLSCAQ").split(":")
