"""Which assay decides a biomarker class, and whether it was done already."""

from __future__ import annotations

from service.engine.model import BiomarkerClass, Finding

SEQUENCING = "sequencing"
FUSION = "fusion assay (RNA sequencing, FISH or IHC)"
COPY_NUMBER = "copy number (sequencing or ISH)"
IHC = "IHC"
ISH = "ISH"
TYPING = "HLA typing"
#: Kind of finding -> the assay that gives it, as it is asked for.
ASSAY_OF_KIND = {
    "sequence_variant": SEQUENCING,
    "fusion": FUSION,
    "copy_number": COPY_NUMBER,
    "expression": IHC,
    "in_situ_hybridization": ISH,
}


def usual_assay(rule: BiomarkerClass) -> str:
    """Return the assay that decides a class without parts when nothing is reported."""
    return rule.assay or IHC if rule.status else _kind_and_assay(rule)[1]


def missing_assay(rule: BiomarkerClass, findings: tuple[Finding, ...]) -> str | None:
    """Return the assay that would still decide a class; ``None`` when it gave an exact result.

    Args:
        findings: those of the class's gene.
    """
    if rule.status:
        is_equivocal = any(f.kind == "expression" and f.values == ("2+",) for f in findings)
        return ISH if is_equivocal else rule.assay or IHC
    kind, assay = _kind_and_assay(rule)
    for finding in findings:
        if finding.kind == kind and _is_exact(rule, finding):
            return None
    return assay


def _is_exact(rule: BiomarkerClass, finding: Finding) -> bool:
    """Tell whether a result leaves nothing of its assay open.

    A negative that covered the class would have decided it; one of a part (an exon, a fusion
    partner) leaves the rest to be tested.
    """
    if rule.measure is not None:
        return finding.measure is not None and finding.measure[0] == rule.measure[0]
    if finding.one_of:
        return False  # it is not said of which gene
    if finding.values or finding.measure is not None:
        return finding.result != "indeterminate"
    is_open = finding.change is not None and not finding.change.is_exact
    return finding.result == "detected" and not is_open


def _kind_and_assay(rule: BiomarkerClass) -> tuple[str, str]:
    if rule.fusion:
        return "fusion", FUSION
    if rule.copy_number:
        return "copy_number", COPY_NUMBER
    if rule.ish:
        return "in_situ_hybridization", ISH
    if rule.alleles:
        return "status", TYPING
    if rule.measure is not None and rule.assay is not None:
        return "status", rule.assay
    if rule.expression or rule.measure is not None:
        return "expression", IHC
    return "sequence_variant", SEQUENCING
