"""What a request says of a variant beside its protein change: bases, and the laboratory's class.

The change of the coding strand is the one that the notation held against the protein change, on our
transcript; else as it was written. A class is written in the word that was sent, where it is one of
the list; else in the word that it was understood as.

Source: LOINC answer list LL4034-6 (clinical significance); HGVS nomenclature 21.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.adapters.fhir_out.codes import LOINC, Code
from service.engine.model import Finding

_END = r"[^\s,;()\[\]\"']+"
_CODING = re.compile(rf"(?:(?:N[MR]|ENST|LRG)_?[\d.]+(?:t\d+)?:)?c\.[*\-]?\d{_END}")
_GENOMIC = re.compile(rf"NC_\d{{6}}\.\d+:g\.\d{_END}")
#: What a laboratory calls a variant, the longer words first -> answer of LL4034-6, if it has one.
CLASSES: Mapping[str, Code | None] = {
    "likely pathogenic": (LOINC, "LA26332-9", "Likely pathogenic"),
    "pathogenic": (LOINC, "LA6668-3", "Pathogenic"),
    "likely oncogenic": None,
    "oncogenic": None,
    "uncertain significance": (LOINC, "LA26333-7", "Uncertain significance"),
    "VUS": (LOINC, "LA26333-7", "Uncertain significance"),
    "likely benign": (LOINC, "LA26334-5", "Likely benign"),
    "benign": (LOINC, "LA6675-8", "Benign"),
}
#: What the notation understood -> the words for it, the one that is written otherwise first.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "oncogenic": ("oncogenic", "likely pathogenic", "pathogenic", "likely oncogenic"),
    "inconclusive": ("VUS", "uncertain significance"),
    "likely_neutral": ("likely benign", "benign"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What is said of a variant.

    Args:
        coding, genomic: in HGVS; empty when nothing is said.
        called: key of ``CLASSES``; empty when nothing is said.
    """

    coding: str = ""
    genomic: str = ""
    called: str = ""


def reported_of(finding: Finding, texts: Iterable[str] = ()) -> Reported:
    """Return what is said of a variant.

    Args:
        texts: what the request says of this variant and no other.
    """
    if finding.kind != "sequence_variant" or finding.one_of:
        return Reported()
    said = list(texts)
    places = (*finding.understood_by, *said, finding.name)
    coding, genomic = (
        next((found[0] for text in places if (found := pattern.search(text))), "")
        for pattern in (_CODING, _GENOMIC)
    )
    return Reported(coding, genomic, _called(finding, said))


def _called(finding: Finding, texts: Iterable[str]) -> str:
    is_inexact = finding.change is not None and finding.change.short is None
    understood = finding.reported_as
    if is_inexact and finding.coding is not None:  # what the bases are called is its only name
        understood = finding.oncogenicity
    words = _WORDS.get(understood or "", ())
    said = " ".join(texts).lower()
    found = (word for word in CLASSES if re.search(rf"\b{word.lower()}\b", said))
    return next((word for word in found if word in words), "") or next(iter(words), "")
