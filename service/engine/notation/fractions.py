"""How much of what was tested has a change: fractions and reads that deny it, or leave it open.

A fraction itself says nothing about what was found (``text.texts`` sets it aside); here is what a fraction
of nothing, and one that has only an upper bound, say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.engine.model import Finding
from service.engine.notation.faults import NotationError
from service.engine.notation.text.texts import has_zero_fraction

_NUMBER = r"\d{1,3}(?:[.,]\d+)?\s?%"
#: "0 reads", "0/1250 reads", "supporting reads: 0".
_NO_READS = re.compile(
    r"(?<![\d.,/])0(?:\s?(?:/|of|out of)\s?[\d,.]{1,9})?\s(?:supporting\s|unique\s|fusion\s|variant\s|mutant\s|alt(?:ernate)?\s)?reads\b"
    r"|\breads\s?[:=]\s?0(?![\d.,])",
    re.I,
)
#: "VAF < 0.5 %", "allele frequency below 1 %", "<0.1 % VAF".
_UPPER = r"(?:<=?|\u2264|less than|below|under)\s?"
_BELOW = re.compile(
    rf"(?:VAF|MAF|\bAF|allele (?:fraction|frequency)|allelic (?:fraction|frequency))\s?[:=]?\s?(?:of\s|is\s)?{_UPPER}{_NUMBER}?"
    rf"|{_UPPER}{_NUMBER}\s?(?:VAF|MAF|AF|(?:variant )?allele)",
    re.I,
)
#: A bare "< 5 %" behind the change; behind a marker it is the marker's own.
_BARE_BELOW = re.compile(
    rf"(?:[A-Z*=)]|del|dup|ins|fs|mutation|variant|positive|detected|fusion)[\s,;:(]{{1,3}}{_UPPER}{_NUMBER}\)?\s*$",
    re.I,
)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,3}\s?%)")
_OF_READS = frozenset({"sequence_variant", "fusion"})


def is_of_nothing(text: str) -> bool:
    """Tell whether a text says that something makes up 0 % of what was tested."""
    return has_zero_fraction(_DECIMAL_COMMA.sub(".", text))


def check_fractions(text: str, findings: Iterable[Finding]) -> None:
    """Refuse a variant or fusion that was found in nothing, or in at most so much.

    Raises:
        NotationError: ``contradictory_result`` (0 %, no reads); ``ambiguous_result`` for an upper
            bound alone, which a laboratory writes for what it did not find.
    """
    said = tuple(findings)
    if not any(f.result == "detected" and f.kind in _OF_READS for f in said):
        return
    if is_of_nothing(text):
        raise NotationError("contradictory_result", f"{text!r} is found in 0 % of what was tested")
    if _NO_READS.search(text) is not None:
        raise NotationError("contradictory_result", f"{text!r} is found in no read")
    is_bare = all(f.kind in _OF_READS for f in said)
    if _BELOW.search(text) or (is_bare and _BARE_BELOW.search(text)):
        raise NotationError(
            "ambiguous_result",
            f"{text!r}: a fraction with an upper bound only can be the limit of the test: say the result",
        )
