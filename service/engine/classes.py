"""Biomarker classes by rule: does what was found belong to a class?

``contains`` asks, in three values, whether a detected finding lies inside a class; whether
negatives cover it whole is in ``negatives``, a status table in ``status``, a case in ``facts``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from service.engine.measures import contains_allele, contains_measure
from service.engine.model import (
    BiomarkerClass,
    Finding,
    Gene,
    ProteinChange,
    SequenceRule,
    Truth,
)
from service.engine.patterns import is_inside, place_of

#: Curated oncogenicity that takes a variant out of every class that does not name it (rule M9).
OUTSIDE_CLASSES = frozenset({"neutral", "likely_neutral", "inconclusive"})
_ONCOGENIC = frozenset({"oncogenic", "likely_oncogenic"})

#: "Any mutation" of a gene.
ANY_MUTATION = SequenceRule()
#: Consequences that cut a protein short or keep it from being made: in no class that does not ask
#: for them. Source: Horak et al. 2022, Genet Med 24:986 (null variants in tumour suppressors).
TRUNCATING = frozenset({"frameshift", "nonsense", "splice", "start_lost"})
#: Consequences that a report means when it says "mutation" and no more (rule M32).
_PLAIN = frozenset({None, "missense"})


def contains(rule: BiomarkerClass, finding: Finding, gene: Gene) -> Truth:
    """Tell whether a detected finding belongs to a class that is no union and no status.

    A class that asks for an origin stays open for a finding that does not say it.
    """
    truth = _contains(rule, finding, gene)
    if rule.origin in (None, finding.origin):
        return truth
    return min(truth, Truth.UNKNOWN) if finding.origin is None else Truth.FALSE


def _contains(rule: BiomarkerClass, finding: Finding, gene: Gene) -> Truth:
    """Tell whether a detected finding belongs to a class that is no union and no status.

    Args:
        rule: a class with a sequence, fusion, copy number, expression or ISH rule.
        finding: a detected finding of the same gene.
        gene: reference of that gene (exon ranges).

    Returns:
        ``UNKNOWN`` when the finding is too imprecise, ``FALSE`` for another kind of alteration.
    """
    if rule.sequence is not None:
        if finding.kind != "sequence_variant":
            return Truth.FALSE
        if rule.sequence.windows and _is_in_window(rule.sequence, finding):
            return Truth.TRUE
        if rule.sequence.deleterious and _is_splice_site(finding, gene):
            return Truth.TRUE
        if finding.change is None:
            return Truth.FALSE
        if finding.change.named == rule.name:
            return Truth.TRUE
        if finding.change.among:
            return meet([_contains(rule, one, gene) for one in each_of(finding)])
        return _contains_change(rule.sequence, finding, finding.change, gene)
    if rule.fusion:
        return Truth.TRUE if finding.kind == "fusion" else Truth.FALSE
    if rule.copy_number and finding.kind == "copy_number":
        return _contains_values(rule.copy_number, finding, "copy_number")
    if rule.expression:
        return _contains_values(rule.expression, finding, "expression")
    if rule.ish:
        return _contains_values(rule.ish, finding, "in_situ_hybridization")
    if rule.alleles:
        return contains_allele(rule, finding)
    return contains_measure(rule, finding)


def each_of(finding: Finding) -> tuple[Finding, ...]:
    """Return the findings one of which a finding stands for: of a class or a gene group (M28)."""
    if finding.one_of:
        return tuple(part for one in finding.one_of for part in each_of(one) or (one,))
    among = finding.change.among if finding.change is not None else ()
    return tuple(replace(finding, change=change) for change in among)


def meet(truths: list[Truth]) -> Truth:
    """Return what all possibilities agree on, unknown when they do not."""
    return truths[0] if len(set(truths)) == 1 else Truth.UNKNOWN


def changes_of(rule: SequenceRule) -> tuple[ProteinChange, ...]:
    """Return the changes of a class as patterns, so that each of them lies in the class.

    The word "deletion" stands for deletion-insertions that shorten the protein too.
    """
    skipping = skipping_of(rule)
    if rule.variants or skipping:
        return (*skipping, *rule.variants)
    words = {"loss": ("inframe_deletion",), "gain": ("inframe_insertion",)}.get(rule.net or "")
    spans = rule.ranges or tuple((p, p) for p in sorted(rule.positions))
    return tuple(
        ProteinChange(consequence=consequence, start=low, end=high)  # type: ignore[arg-type]
        for low, high in spans
        for consequence in words or sorted(rule.consequences) or ("missense",)
    )


def skipping_of(rule: SequenceRule) -> tuple[ProteinChange, ...]:
    """Return the skipping of the exon that a class names, when it names one."""
    if rule.skips_exon is None:
        return ()
    return (ProteinChange(consequence="exon_skipping", exon=rule.skips_exon),)


def _contains_values(wanted: frozenset[str], finding: Finding, kind: str) -> Truth:
    if finding.kind != kind or not finding.values:
        return Truth.FALSE
    inside = sum(value in wanted for value in finding.values)
    if inside == len(finding.values):
        return Truth.TRUE
    return Truth.UNKNOWN if inside else Truth.FALSE


def _contains_change(
    rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene
) -> Truth:
    if change.short is not None and change.short in rule.excluded:
        return Truth.FALSE
    if change.short is not None and change.short in rule.included:
        return Truth.TRUE
    if rule.skips_exon is not None and change.consequence == "exon_skipping":
        return Truth.TRUE if change.exon == rule.skips_exon else Truth.FALSE
    if rule.skips_exon is not None and change.short is None and _may_skip(rule, change):
        return Truth.UNKNOWN
    if rule.variants or rule.skips_exon is not None:
        return max(
            (_same_variant(variant, change, gene) for variant in rule.variants), default=Truth.FALSE
        )
    if finding.oncogenicity in OUTSIDE_CLASSES or change.consequence == "synonymous":
        return Truth.FALSE
    if rule.counts_unspecified and _is_unspecified(rule, change, gene):
        return Truth.TRUE
    # An open change ("codon 12") may be one of the variants that the rule leaves out, and "any
    # mutation" of a gene means one with an effect, which nobody knows of an uncurated variant (M9).
    is_open = rule.excluded and change.short is None
    is_open = is_open or (rule == ANY_MUTATION and change.is_exact and not finding.oncogenicity)
    truth = Truth.UNKNOWN if is_open else Truth.TRUE
    for check in _CHECKS:
        truth = min(truth, check(rule, finding, change, gene))
        if truth is Truth.FALSE:
            return truth
    return truth


def _is_in_window(rule: SequenceRule, finding: Finding) -> bool:
    """Tell whether a coding change touches bases that a class names, introns included."""
    span = finding.coding
    if span is None or finding.oncogenicity in OUTSIDE_CLASSES:
        return False
    return any(span[0] <= last and first <= span[1] for first, last in rule.windows)


def _may_skip(rule: SequenceRule, change: ProteinChange) -> bool:
    """Tell whether an open change may be the skipping: "mutation", "splice", one of the exon."""
    is_near = change.exon in (None, rule.skips_exon) and change.start is None
    return is_near and change.consequence in (None, "splice", "inframe_deletion")


def _is_unspecified(rule: SequenceRule, change: ProteinChange, gene: Gene) -> bool:
    """Tell whether a report says "mutation", or no more than an exon that holds a codon of a rule.

    Source: US prescribing information of cetuximab and panitumumab, section 1, which speak of RAS
    mutations in exons 2, 3 and 4.
    """
    if change.is_exact or change.named or change.consequence not in _PLAIN or change.start:
        return False
    if change.exon is None:
        return True
    span = gene.exons.get(change.exon)
    return span is not None and any(span[0] <= codon <= span[1] for codon in rule.positions)


def is_kind(rule: BiomarkerClass) -> bool:
    """Tell whether a kind of change at a place makes a class, so that it is a mutation (M33)."""
    if rule.sequence is None or rule.sequence.variants:
        return rule.sequence is not None
    is_named = (
        rule.sequence.skips_exon is not None
        or rule.sequence.deleterious
        or rule.sequence.net is not None
    )
    return is_named or bool(rule.sequence.positions)


def _same_variant(variant: ProteinChange, change: ProteinChange, gene: Gene) -> Truth:
    """Tell whether a change is this variant; a neighbour on the same codon is not (rule M8)."""
    if change.short is not None:
        return Truth.TRUE if change.short == variant.short else Truth.FALSE
    return Truth.UNKNOWN if is_inside(variant, change, gene) else Truth.FALSE


def _check_place(rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene) -> Truth:
    if not rule.positions and not rule.ranges:
        return Truth.TRUE
    spans = rule.ranges or tuple((p, p) for p in sorted(rule.positions))
    place = place_of(change, gene)
    if place is None:
        return Truth.UNKNOWN
    start, end = place
    if not any(start <= high and end >= low for low, high in spans):
        return Truth.FALSE
    if change.is_exact or any(low <= start and end <= high for low, high in spans):
        return Truth.TRUE
    return Truth.UNKNOWN


def _check_consequence(
    rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene
) -> Truth:
    if rule.deleterious and not rule.consequences:
        return Truth.TRUE
    if not rule.consequences:
        is_cut = change.consequence in TRUNCATING and not rule.oncogenicity
        is_curated = change.is_exact and finding.oncogenicity in _ONCOGENIC
        return Truth.FALSE if is_cut and not is_curated else Truth.TRUE
    if change.consequence is None:
        return Truth.UNKNOWN
    return Truth.TRUE if change.consequence in rule.consequences else Truth.FALSE


def _check_alt(rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene) -> Truth:
    if not rule.alts:
        return Truth.TRUE
    if change.alt is None:
        return Truth.UNKNOWN
    return Truth.TRUE if change.alt in rule.alts else Truth.FALSE


def _check_net(rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene) -> Truth:
    if rule.net is None:
        return Truth.TRUE
    if change.net is None:
        # "Exon 19 deletion" and "exon 20 insertion" state the direction, if not the length.
        known = {"inframe_deletion": "loss", "inframe_insertion": "gain"}
        stated = known.get(change.consequence or "")
        if stated is None:
            return Truth.UNKNOWN
        return Truth.TRUE if stated == rule.net else Truth.FALSE
    return Truth.TRUE if (change.net > 0) == (rule.net == "gain") and change.net else Truth.FALSE


def _check_oncogenicity(
    rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene
) -> Truth:
    if not rule.oncogenicity:
        return Truth.TRUE
    if finding.oncogenicity is None:
        return Truth.UNKNOWN
    return Truth.TRUE if finding.oncogenicity in rule.oncogenicity else Truth.FALSE


def _check_deleterious(
    rule: SequenceRule, finding: Finding, change: ProteinChange, gene: Gene
) -> Truth:
    """Decide by the laboratory's word, what is curated, and a truncation before the last codon."""
    if not rule.deleterious:
        return Truth.TRUE
    if finding.reported_as in OUTSIDE_CLASSES:
        return Truth.FALSE
    if _ONCOGENIC & {finding.reported_as, finding.oncogenicity}:
        return Truth.TRUE
    if change.consequence not in TRUNCATING:
        return Truth.UNKNOWN
    return _is_before_last(change.start, gene)


def _is_before_last(codon: int | None, gene: Gene) -> Truth:
    last = gene.last_lof_codon
    is_before = last is None or (codon is not None and codon <= last)
    return Truth.TRUE if is_before else Truth.UNKNOWN


def _is_splice_site(finding: Finding, gene: Gene) -> bool:
    """Tell whether a coding change hits one of the two bases of an intron beside an exon.

    Source: Abou Tayoun et al. 2018, Hum Mutat 39:1517 (PVS1: canonical splice sites).
    """
    if finding.coding is None or {finding.reported_as, finding.oncogenicity} & OUTSIDE_CLASSES:
        return False
    return any(
        0 < abs(offset) <= 2 and _is_before_last((base + 2) // 3, gene) is Truth.TRUE
        for base, offset in finding.coding
    )


_Check = Callable[[SequenceRule, Finding, ProteinChange, Gene], Truth]
_CHECKS: tuple[_Check, ...] = (
    _check_place,
    _check_consequence,
    _check_alt,
    _check_net,
    _check_oncogenicity,
    _check_deleterious,
)
