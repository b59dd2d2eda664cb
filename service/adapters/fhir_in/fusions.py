"""Fusions of a Variant: two genes studied, one gene and its change type, or a fusion transcript.

Genes studied fix no order of the partners, so it is left open (a hyphen); a five-prime and a
three-prime gene fix it, and so does ``A::B`` in the transcript or in words.
Source: HL7 Genomics Reporting and mCODE (two gene-studied components); MII Molekulargenetik (LOINC
95123-6 with ``HGNC:3689::HGNC:2697``); MII Molekulares Tumorboard 2026.0.1 (profiles DNA and RNA
fusion); HGNC fusion nomenclature (Bruford 2021).
"""

from __future__ import annotations

import re

from service.adapters.fhir_in.attempts import Attempt, attempt
from service.adapters.fhir_in.forms import Judged
from service.adapters.fhir_in.variant import Variant

_SIDES = frozenset({"fusion", "five_prime", "three_prime"})
_FUSION_WORDS = re.compile(r"fusion|rearrang|transloc|::|inv\(|t\(", re.I)


def is_fusion(variant: Variant, verdict: Judged) -> bool:
    """Tell whether a Variant is a fusion: it says so, or two genes stand there and no other change.

    A sequence change that reads in one of the genes (neighbours that overlap) is no fusion.
    """
    if _SIDES & set(variant.components):
        return True
    if variant.change_type == "fusion":
        return True
    if verdict.best is not None and verdict.best.tried.is_decided:
        return False
    has_copies = "copy_number" in variant.components
    if has_copies or variant.change_type or variant.result == "not_detected":
        return False
    names = {gene.label or part.location for gene, part in variant.genes}
    return len(names) == 2 and not _has_forms(variant)


def _has_forms(variant: Variant) -> bool:
    return any(variant.components.get(name) for name in ("protein", "coding"))


def read_fusion(variant: Variant) -> None:
    """Read the partners; the words of the source come first, because they may fix the order."""
    if "five_prime" in variant.components and "three_prime" not in variant.components:
        message = "the fusion names its five-prime gene only: what it drives is not known"
        variant.refuse("missing_alteration", message)
        return
    tried, location, read_from = _best(variant)
    if tried is None:
        labels = [gene.label for gene, _ in variant.genes if gene.label]
        labels += [part.value.concept.label for part in variant.components.get("fusion", ())]
        if not labels:
            variant.refuse("no_gene", "the fusion names no gene")
            return
        _leave_not_covered(variant)
        return
    if variant.result is None and any(gene.is_empty for gene, _ in variant.genes):
        message = "a second gene was studied and is not named: read as a fusion with any partner"
        variant.notebook.warn("partner_not_named", message, variant.resource.location)
    variant.keep_or_refuse(tried, location, read_from)


def _leave_not_covered(variant: Variant) -> None:
    """Keep a fusion by its genes, none of which is covered."""
    for gene, part in variant.genes:
        if gene.label:
            variant.leave_not_covered(gene.label, part.location)
    if not any(gene.label for gene, _ in variant.genes):
        for part in variant.components.get("fusion", ()):
            variant.leave_not_covered(part.value.concept.label, part.location, "fusion")


def _best(variant: Variant) -> tuple[Attempt | None, str, str]:
    refused: tuple[Attempt | None, str, str] = (None, "", "")
    for text, location, read_from in _candidates(variant):
        for symbol in variant.symbols or _named(variant, text):
            tried = attempt(variant.tools, symbol, text, result=variant.result)
            is_one = tried.error is None and all(f.kind == "fusion" for f in tried.findings)
            if is_one:
                return tried, location, read_from
            if tried.error is not None and refused[0] is None:
                refused = (tried, location, read_from)
    return refused


def _named(variant: Variant, text: str) -> tuple[str, ...]:
    found = (variant.tools.genes.symbol_of(name) for name in re.split(r"::|-", text.split(" ")[0]))
    return tuple(symbol for symbol in found if symbol)


def _candidates(variant: Variant) -> list[tuple[str, str, str]]:
    """Return (text, location, source) of everything that may say which fusion it is."""
    found = [*_by_sides(variant)]
    for part in variant.components.get("fusion", ()):
        displays = [text for text in part.value.strings if not text.startswith("HGNC:")]
        for text in (*_from_ids(variant, part.value.strings), *displays):
            words = text if _FUSION_WORDS.search(text.replace("::", "")) else f"{text} fusion"
            found.append((words, part.location, "fusion"))
    for part in variant.components.get("variation", ()):
        found += [
            (text, part.location, "variation")
            for text in part.value.strings
            if _FUSION_WORDS.search(text)
        ]
    labels = list(dict.fromkeys(gene.label for gene, _ in variant.genes if gene.label))
    place = variant.covered[0][1] if variant.covered else variant.resource.location
    if len(labels) == 2:
        if all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", label) for label in labels):
            found.append((f"{labels[0]}-{labels[1]} fusion", place, "gene"))
        found.append(("fusion", place, "gene"))
    elif len(labels) == 1:
        found.append(("fusion", place, "gene"))
    return found


def _by_sides(variant: Variant) -> list[tuple[str, str, str]]:
    """Return the fusion that a five-prime and a three-prime gene make."""
    first, last = (
        next(iter(variant.components.get(side, ())), None) for side in ("five_prime", "three_prime")
    )
    if first is None or last is None:
        return []
    names = [variant.tools.genes.read(part.value).label for part in (first, last)]
    return [("::".join(names) + " fusion", first.location, "fusion")] if all(names) else []


def _from_ids(variant: Variant, texts: tuple[str, ...]) -> list[str]:
    """Return ``HGNC:1::HGNC:2`` in symbols, when both are covered genes."""
    found = []
    for text in texts:
        names = [variant.tools.genes.symbol_of(part) for part in text.split("::")]
        if text.startswith("HGNC:") and len(names) == 2 and all(names):
            found.append(f"{names[0]}::{names[1]}")
    return found
