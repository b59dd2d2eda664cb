"""HLA alleles as values: ``A*02:01``, ``HLA-A*02:01:01G``, ``A*02:01 not detected``.

Source: IPD-IMGT/HLA nomenclature (gene, asterisk, fields joined by colons, a suffix letter).
"""

from __future__ import annotations

import re

from service.engine.model import Gene
from service.engine.notation.readings import ReadGrade
from service.engine.notation.text.texts import polarity_of

_ALLELE = re.compile(
    r"(?:(?:HLA-?)?(?P<gene>[A-Z]{1,3}\d?)\s?)?\*?\s?(?P<allele>\d{2,3}(?::\d{2,4}){0,3}[PGNLSCAQ]?)",
    re.I,
)


def read_allele(text: str, gene: Gene) -> ReadGrade | None:
    """Read an allele of a gene whose values are alleles; ``None`` when a text is none."""
    if not gene.grading.has_alleles:
        return None
    polarity = polarity_of(text)
    found = _ALLELE.fullmatch(polarity.bare.strip(" :()"))
    if found is None:
        return None
    own = gene.symbol.upper().removeprefix("HLA-")
    if found["gene"] is not None and found["gene"].upper() != own:
        return None
    allele = found["allele"].upper()
    result = polarity.result or "detected"
    values = () if result == "indeterminate" else (allele,)
    return ReadGrade("status", result, f"*{allele}", values, steps=("allele",))
