"""Named intragenic rearrangements of EGFR: vII, vIII, vIV and the kinase domain duplication.

Source: Gan et al. 2013, FEBS J 280:5350-5370 (EGFRvIII: exons 2 to 7); Gallant et al. 2015, Cancer
Discov 5:1155-1163 (kinase domain duplication: exons 18 to 25).
"""

from __future__ import annotations

import re

from service.engine.model import Gene, ProteinChange
from service.engine.notation.protein import ReadChange

_NAMED = {
    "EGFR": (
        (re.compile(r"v(?:ariant)?\s?(?:iii|3)", re.I), "vIII"),
        (re.compile(r"v(?:ariant)?\s?ii|v2", re.I), "vII"),
        (re.compile(r"v(?:ariant)?\s?(?:iv|4)[ab]?", re.I), "vIV"),
        (re.compile(r"kdd|kinase domain duplication|exon 18-25 duplication", re.I), "KDD"),
    ),
}


def read_structural(text: str, gene: Gene) -> ReadChange | None:
    """Read a named structural variant of a gene; ``None`` when the text is none."""
    for pattern, short in _NAMED.get(gene.symbol, ()):
        if pattern.fullmatch(text.strip()):
            return ReadChange(ProteinChange(consequence="structural", short=short), None)
    return None
