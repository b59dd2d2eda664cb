"""Named intragenic rearrangements: ``vIII``, kinase domain duplication, deletions of whole exons.

Which exons have a name, and how reports write it, is data of the gene (``named_changes``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError
from service.engine.notation.readings import ReadChange

_NOUN = re.compile(r"\s(?:mutation|variant|deletion|rearrangement)$", re.I)
_RATIO = r"(?:[\s,(]{1,3}(?:allelic\s|allele\s)?ratio[\s:=]{0,3}[<>]?\d{1,2}(?:[.,]\d{1,3})?\)?)?"
_ITD = re.compile(
    rf"(?:internal tandem duplications?(?:\s\(?itd\)?)?|itds?|length mutation)(?:\s(?:mutation|positive))?{_RATIO}",
    re.I,
)
_KDD = re.compile(r"(?:(?:tyrosine\s)?kinase[\s-]domain duplication|kdd)(?:\s?\(?kdd\)?)?", re.I)
_EXONS = re.compile(
    r"(?:(?:in-?frame\s)?(?:intragenic\s)?(?P<word>deletion|del|duplication|dup)\s(?:of\s)?)?(?:exons?|ex|e)\s?"
    r"(?P<first>\d{1,2})\s?(?:-|to|_|through|and|/)\s?(?:exons?\s|ex\s?|e)?(?P<last>\d{1,2})"
    r"(?:\s?(?:intragenic\s)?(?P<word_>deletion|deleted|del|duplication|dup))?",
    re.I,
)
#: What a duplication of the kinase domain is called in every gene.
_DUPLICATED_KINASE = "KDD"


def read_structural(text: str, gene: Gene) -> ReadChange | None:
    """Read a named structural variant of a gene; ``None`` when the text is none.

    Raises:
        NotationError: ``unknown_exon`` or ``reversed_range`` for exons that the gene does not have.
    """
    bare = text.strip()
    if gene.kinase_domain is not None and _KDD.fullmatch(bare):
        return _structural(_DUPLICATED_KINASE, "kinase domain duplication")
    key = _fold(_NOUN.sub("", bare)) if gene.named_changes else ""
    for known in gene.named_changes:
        if key in (_fold(word) for word in (known.name, *known.words)):
            return _structural(known.name, f"named variant {gene.symbol}{known.name}")
    if gene.itd_region is not None and _ITD.fullmatch(bare):
        start, end = gene.itd_region
        change = ProteinChange("inframe_insertion", start, end, short="ITD")
        return ReadChange(change, None, steps=("internal tandem duplication",))
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
    is_deletion = word == "del"
    named = next(
        (
            known.name
            for known in gene.named_changes
            if (first, last) in (known.deleted if is_deletion else known.duplicated)
        ),
        None,
    )
    long_word = "deletion" if is_deletion else "duplication"
    short = named or f"exon {first}-{last} {long_word}"
    return _structural(short, f"{long_word} of exons {first} to {last}")


@lru_cache(maxsize=1024)
def _fold(words: str) -> str:
    return "".join(words.split()).lower()


def _structural(short: str, step: str) -> ReadChange:
    return ReadChange(ProteinChange(consequence="structural", short=short), None, steps=(step,))
