"""Findings of genes and markers that nobody curated, by the general form of what is said of them.

Only the form of an alteration is read (fusion, copy number, stain, sequence): no reference is known. ``strangers`` says which part of a
text is about one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Finding, Kind, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import with_result
from service.engine.notation.human_genes import HumanGene
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.text.conservation import has_turning_word
from service.engine.notation.text.signs import ends_in_empty_cell
from service.engine.notation.text.texts import INNER_NO, polarity_of

#: A word at the end that led to the name.
_LINK = re.compile(r"(?:^|\s)(?:in|of|on|with)$")

#: Kind of alteration -> how it is written.
FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("fusion", re.compile(r"fusion|fused|re-?arrang|translocat|::|break-?apart", re.I)),
    ("copy_number", re.compile(
        r"amplif|cop(?:y|ies)|\bgain\b|\bloss\b|(?:deep|homozygous) (?:deletion|loss)|\bCN[VA]?\b", re.I)),
    ("in_situ_hybridization", re.compile(r"\b(?:F?ISH|[CS]ISH)\b", re.I)),
    ("expression", re.compile(r"\bIHC\b|immuno|express|stain|\b[0-3]\s?\+(?!\w)|h-score|\bretained\b|\blost\b", re.I)),
)  # fmt: skip

#: What an alteration of any gene looks like.
_CHANGE = re.compile(
    r"[A-Z][a-z]{0,2}\d{1,5}(?:[A-Z*=_]|fs|del|dup|ins|[A-Z][a-z]{2})|\b[cpgnr]\.\S|\b(?:exon|codon|intron|ex)\s?\d|IVS"
    r"|mutat|variant|alteration|delet|insert|duplicat|frameshift|nonsense|missense|splic|skipping|truncat|\bITD\b|\bTKD\b"
    r"|pathogenic|oncogenic|\bVUS\b|methylat|mut/mb|\bhigh\b|\blow\b|inactivat|activating|germline|somatic|\bLOH\b"
    r"|\d{1,3}(?:\.\d+)?\s?%|\bscore\b",
    re.I,
)


def to_stranger(gene: HumanGene, text: str, result: Result | None) -> ReadBiomarker:
    """Return the finding of a gene outside the knowledge base, named in a field of its own."""
    return to_named_stranger(gene.symbol, gene.hgnc_id, step_of(gene, ""), text, result)


def to_named_stranger(
    symbol: str, hgnc_id: str | None, step: str, text: str, result: Result | None
) -> ReadBiomarker:
    """Return the finding of a gene or marker outside the knowledge base.

    Args:
        text: the alteration as it was sent; it is not checked, no reference protein is known.
    """
    bare, said = polarity_in(text)
    kind: Kind = "sequence_variant" if hgnc_id is not None else "status"
    return read_form(symbol, hgnc_id, bare, result or said, step, kind)


def to_plain_stranger(gene: HumanGene, change: str) -> ReadBiomarker:
    """Return the finding of a plain substitution of a gene that is named by its symbol."""
    finding = Finding(
        gene=gene.symbol,
        hgnc_id=gene.hgnc_id,
        kind="sequence_variant",
        result="detected",
        name=f"{gene.symbol} {change}",
        understood_by=(step_of(gene, ""),),
    )
    return ReadBiomarker((), strangers=(finding,))


def without_result(stranger: Finding) -> Finding:
    """Return what was looked for in 0 % of what was tested: no result."""
    if stranger.result != "detected":
        return stranger
    name = with_result(stranger.name, "indeterminate")
    return replace(stranger, result="indeterminate", name=name)


def read_form(
    symbol: str, hgnc_id: str | None, text: str, result: Result | None, step: str, kind: Kind
) -> ReadBiomarker:
    """Return the finding of what a text says of a gene or marker; ``kind`` where no form tells it."""
    bare, said = polarity_in(_trimmed(text))
    if said == "not_detected" and result == "detected":
        said = result = "indeterminate"
    bare, result = _trimmed(bare), result or said
    found = next((known for known, form in FORMS if form.search(bare)), kind)
    known = result or ("detected" if bare else "indeterminate")
    if known == "detected" and has_turning_word(bare):
        known = "indeterminate"
    finding = Finding(
        gene=symbol,
        hgnc_id=hgnc_id,
        kind=found,
        result=known,
        name=with_result(f"{symbol} {bare}".strip(), known),
        understood_by=(step,),
    )
    return ReadBiomarker((), strangers=(finding,))


def _trimmed(text: str) -> str:
    """Return a text without the marks and links at its ends, and without half a bracket."""
    bare = _LINK.sub("", " ".join(text.split()).strip(" :,;-_="))
    if bare.count("(") > bare.count(")"):
        bare = f"{bare})" if bare.rfind("(") > 0 else bare.lstrip("(")
    if bare.count(")") > bare.count("("):
        bare = bare.rstrip(")")
    return bare.strip()


def polarity_in(text: str) -> tuple[str, Result | None]:
    """Return the text without its result words; two results of a stranger decide nothing either."""
    if ends_in_empty_cell(text):
        return text[:-1].rstrip(" :="), "indeterminate"
    try:
        polarity = polarity_of(text)
    except NotationError:
        return text, "indeterminate"
    denial = INNER_NO.search(polarity.bare) if polarity.result == "detected" else None
    if denial is not None:  # "TP53: no hotspot mutation detected"
        kept = polarity.bare[: denial.start("tail")] + denial["said"]
        return kept, "not_detected"
    return polarity.bare, polarity.result


def step_of(gene: HumanGene, name: str) -> str:
    """Return the step by which a name was understood as a gene that is not curated."""
    if gene.is_ambiguous:
        return f"gene name {name} can mean {' or '.join(gene.choices)}, none of them curated"
    if gene.named_by == "approved" or not name:
        return f"gene {gene.symbol}, not curated"
    kind = "previous symbol" if gene.named_by == "previous" else "alias"
    return f"gene name {name} -> {gene.symbol} ({kind}), not curated"


def is_change(text: str) -> bool:
    """Tell whether a text starts with what an alteration of any gene looks like."""
    return _CHANGE.search(text[:40]) is not None or any(
        form.search(text[:40]) is not None for _, form in FORMS
    )
