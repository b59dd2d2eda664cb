"""Named intragenic rearrangements: EGFRvII, vIII, vIV, kinase domain duplication, exon deletions.

Source: Gan et al. 2013, FEBS J 280:5350-5370 (EGFRvII lacks exons 14 and 15, vIII exons 2 to 7, vIV
exons 25 to 27 or 25 to 28); Gallant et al. 2015, Cancer Discov 5:1155-1163 (kinase domain
duplication of exons 18 to 25).
"""

from __future__ import annotations

import re

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadChange

_MUTATION = r"(?:\s(?:mutation|variant|deletion|rearrangement))?"
_NAMED = (
    (re.compile(rf"(?:v|variant\s?)(?:iii|3){_MUTATION}|de\s?2-7", re.I), "vIII"),
    (re.compile(rf"(?:v|variant\s?)(?:ii|2){_MUTATION}", re.I), "vII"),
    (re.compile(rf"(?:v|variant\s?)(?:iv|4)[ab]?{_MUTATION}", re.I), "vIV"),
)
_KDD = re.compile(r"(?:(?:tyrosine\s)?kinase[\s-]domain duplication|kdd)(?:\s?\(?kdd\)?)?", re.I)
_EXONS = re.compile(
    r"(?:(?:in-?frame\s)?(?:intragenic\s)?(?P<word>deletion|del|duplication|dup)\s(?:of\s)?)?(?:exons?|ex|e)\s?"
    r"(?P<first>\d{1,2})\s?(?:-|to|_|through|and|/)\s?(?:exons?\s|ex\s?|e)?(?P<last>\d{1,2})"
    r"(?:\s?(?:intragenic\s)?(?P<word_>deletion|deleted|del|duplication|dup))?",
    re.I,
)
#: Deleted or duplicated exons that have a name.
_NAME_OF_EXONS = {
    ("del", 2, 7): "vIII", ("del", 14, 15): "vII", ("del", 25, 27): "vIV", ("del", 25, 28): "vIV",
    ("dup", 18, 25): "KDD", ("dup", 18, 26): "KDD",
}  # fmt: skip


def read_structural(text: str, gene: Gene) -> ReadChange | None:
    """Read a named structural variant of a gene; ``None`` when the text is none.

    Raises:
        NotationError: ``unknown_exon`` or ``reversed_range`` for exons that the gene does not have.
    """
    bare = text.strip()
    if gene.symbol == "EGFR":
        for pattern, short in _NAMED:
            if pattern.fullmatch(bare):
                return _structural(short, f"named variant EGFR{short}")
    if gene.kinase_domain is not None and _KDD.fullmatch(bare):
        return _structural("KDD", "kinase domain duplication")
    found = _EXONS.fullmatch(bare)
    if found is None or bool(found["word"]) == bool(found["word_"]):
        return None
    word = "del" if (found["word"] or found["word_"]).lower().startswith("del") else "dup"
    return _exons(gene, word, int(found["first"]), int(found["last"]))


def _exons(gene: Gene, word: str, first: int, last: int) -> ReadChange:
    if last <= first:
        raise NotationError("reversed_range", f"exons {first} to {last} run backwards")
    for exon in (first, last):
        if gene.exons and exon not in gene.exons:
            raise NotationError("unknown_exon", f"{gene.symbol} has no coding exon {exon} here")
    named = _NAME_OF_EXONS.get((word, first, last)) if gene.symbol == "EGFR" else None
    long_word = "deletion" if word == "del" else "duplication"
    short = named or f"exon {first}-{last} {long_word}"
    return _structural(short, f"{long_word} of exons {first} to {last}")


def _structural(short: str, step: str) -> ReadChange:
    return ReadChange(ProteinChange(consequence="structural", short=short), None, steps=(step,))
