"""Findings from what was read: names, results, and the steps by which each was understood."""

from __future__ import annotations

from dataclasses import replace

from service.engine.model import Finding, Gene, ProteinChange, Result
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein.naming import name_change
from service.engine.notation.readings import ReadBiomarker, ReadChange, ReadFusion, ReadGrade

#: Curated oncogenicity -> the word of a laboratory that means the same; all others: oncogenic.
_CALLED = {
    "neutral": "likely_neutral",
    "likely_neutral": "likely_neutral",
    "inconclusive": "inconclusive",
}
NO_RESULT = Remark("no_result", "no result is reported: the finding decides nothing")


def to_sequence_finding(
    gene: Gene, read: ReadChange, result: Result, known: str | None, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the finding of a sequence variant, or of what was looked for and not found.

    Args:
        known: curated oncogenicity of an exact variant.
    """
    change = read.change
    remarks = read.remarks if result == "detected" else ()
    if result == "indeterminate":
        remarks = (NO_RESULT,)
    if change.short is not None and known is None and result == "detected":
        note = f"{gene.symbol} {change.short} is read as written but is not curated"
        remarks += (Remark("uncharacterized_variant", note),)
    said = read.reported if result == "detected" else None
    reported = said if change.short is None else None
    if change.short is not None:
        remarks += _compared(gene, change.short, said, known)
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind="sequence_variant",
        result=result,
        name=with_result(name_change(gene, change, reported), result),
        change=change,
        hgvs_p=read.hgvs_p,
        hgvs_p_short=f"p.{change.short}" if read.hgvs_p else None,
        oncogenicity=known or reported,
        understood_by=(*steps, *read.steps),
        reported_as=said if change.short is not None else None,
    )
    return ReadBiomarker((finding,), remarks)


def _compared(gene: Gene, short: str, said: str | None, known: str | None) -> tuple[Remark, ...]:
    """Hold the laboratory's word on an exact variant against what is curated.

    Raises:
        NotationError: ``contradictory_result`` for a benign variant that is curated as oncogenic.
    """
    if said is None or known is None:
        return ()
    curated = _CALLED.get(known, "oncogenic")
    if said == curated:
        return ()
    if (said, curated) == ("likely_neutral", "oncogenic"):
        raise NotationError(
            "contradictory_result",
            f"{gene.symbol} {short} is called benign, but is curated as {known.replace('_', ' ')}",
        )
    words = f"{gene.symbol} {short} is reported as {said.replace('_', ' ')}"
    note = f"{words}, but is curated as {known.replace('_', ' ')}, which counts"
    return (Remark("classification_differs", note),)


def to_unresolved_finding(
    gene: Gene, text: str, result: Result, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the finding of a coding or genomic form whose protein change is not known."""
    effect = (
        "counts only where a class names its place"
        if gene.skipped_exons or gene.last_lof_codon
        else "decides nothing"
    )
    note = f"{gene.symbol} {text} is not resolved to a protein change here: it {effect}"
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind="sequence_variant",
        result="indeterminate" if result == "not_detected" else result,
        name=with_result(f"{gene.symbol} {text}", result),
        understood_by=(*steps, "coding or genomic form, not resolved"),
    )
    return ReadBiomarker((finding,), (Remark("unresolved_variant", note),))


def to_frameshift_finding(
    gene: Gene, text: str, codon: int, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the finding of a coding form that shifts the frame, of residues that are not known."""
    note = f"{gene.symbol} {text}: the frame is shifted about codon {codon}, the residues are not known here"
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind="sequence_variant",
        result="detected",
        name=f"{gene.symbol} {text}",
        change=ProteinChange("frameshift", start=codon, end=codon),
        understood_by=(*steps, f"{text}: its length is no multiple of three, a frameshift"),
    )
    return ReadBiomarker((finding,), (Remark("imprecise_alteration", note),))


def to_graded_finding(gene: Gene, grade: ReadGrade, steps: tuple[str, ...]) -> ReadBiomarker:
    """Return the finding of an IHC, ISH, copy-number or status result."""
    name = {
        "status": _status_name(gene, grade),
        "copy_number": f"{gene.symbol} {grade.label}"
        if grade.copies is not None
        else with_result(f"{gene.symbol} {grade.label}", grade.result),
    }.get(grade.kind, f"{gene.label} {grade.label}")
    if grade.result == "indeterminate" and grade.label in ("IHC", "ISH"):
        name += " indeterminate"
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc,
        kind=grade.kind,
        result=grade.result,
        name=name,
        values=grade.values,
        measure=grade.measure,
        intensity=grade.intensity,
        copies=grade.copies,
        assay=grade.assay,
        understood_by=(*steps, *grade.steps),
    )
    return ReadBiomarker((finding,), grade.remarks)


def _status_name(gene: Gene, grade: ReadGrade) -> str:
    """Return the name of a status: a stated one bears its own, a number or allele that of the gene."""
    if grade.measure is not None:
        return f"{gene.label} {grade.label}"
    if grade.label.startswith("*"):
        return with_result(f"{gene.symbol}{grade.label}", grade.result)
    return grade.label


def to_fusion_finding(
    fusion: ReadFusion, result: Result, assay: str | None, steps: tuple[str, ...]
) -> ReadBiomarker:
    """Return the finding of a fusion; one without the part that acts decides nothing."""
    symbol = fusion.gene.symbol
    base = f"{symbol} fusion"
    if fusion.partner or not fusion.has_kinase:
        pair = (fusion.partner or "v", symbol)
        base = f"{'::'.join(pair[::-1] if fusion.is_first else pair)} fusion"
    remarks = fusion.remarks
    if not fusion.has_kinase:
        result = "indeterminate" if result == "detected" else result
    elif result == "indeterminate":
        remarks = (*remarks, NO_RESULT)
    finding = Finding(
        gene=symbol,
        hgnc_id=fusion.gene.hgnc,
        kind="fusion",
        result=result,
        name=with_result(base, result),
        partner=fusion.partner,
        assay=assay,
        understood_by=(*steps, *fusion.steps),
    )
    return ReadBiomarker((finding,), remarks)


def without_result(grade: ReadGrade) -> ReadGrade:
    """Return a graded result of which only the assay is known: no value, nothing decided."""
    return replace(grade, result="indeterminate", remarks=(*grade.remarks, NO_RESULT))


def with_result(name: str, result: Result) -> str:
    """Return a name with its result, which "detected" does not need."""
    return name if result == "detected" else f"{name} {result.replace('_', ' ')}"


def joined(parts: list[ReadBiomarker]) -> ReadBiomarker:
    """Return all findings and remarks without repeats, in the order of the text."""
    findings: dict[Finding, Finding] = {}
    for finding in (finding for part in parts for finding in part.findings):
        findings.setdefault(replace(finding, understood_by=()), finding)
    remarks = dict.fromkeys(remark for part in parts for remark in part.remarks)
    strangers = dict.fromkeys(stranger for part in parts for stranger in part.strangers)
    apart = dict.fromkeys(one for part in parts for one in part.apart)
    return ReadBiomarker(tuple(findings.values()), tuple(remarks), tuple(strangers), tuple(apart))


def check_consistent(read: ReadBiomarker, text: str) -> ReadBiomarker:
    """Refuse findings of one text that exclude each other (L858R found and not found)."""
    seen: dict[tuple[str, str, object, str | None], Result] = {}
    _check_copies(read.findings, text)
    for finding in read.findings:
        key = (finding.gene, finding.kind, finding.change, finding.partner)
        if finding.kind not in ("sequence_variant", "fusion"):
            continue
        if seen.setdefault(key, finding.result) != finding.result:
            raise NotationError("contradictory_result", f"{text!r} gives two results for one thing")
    return read


#: Kinds that say how many copies of a gene there are.
_COUNTED = frozenset({"copy_number", "in_situ_hybridization"})


def _check_copies(findings: tuple[Finding, ...], text: str) -> None:
    """Refuse a word and a number of one text that cannot both be right: "amplified, 2 copies"."""
    counted = [finding for finding in findings if finding.kind in _COUNTED]
    for one in counted:
        if one.result != "not_detected" or one.kind != "copy_number":
            continue
        denied = {"amplification"} if one.copies is None else {"amplification", "gain", "positive"}
        for other in counted:
            said = set(other.values) if other.result == "detected" else set()
            if one.gene == other.gene and said and said <= denied:
                raise NotationError(
                    "contradictory_result", f"{text!r}: {one.name} contradicts {other.name}"
                )
