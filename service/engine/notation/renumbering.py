"""Changes in the numbering of another transcript, brought to ours: ``NM_001374258.1:p.V640E``.

Tried only for what our reference refuses, and taken only where the moved change fits it and the
change as written does not: a place in front of an insertion has one number in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.model import Gene, Numbering
from service.engine.notation.genes import GeneNames

#: Faults of a text whose places another numbering may explain.
REFUSED = frozenset({"other_reference", "impossible_reference", "position_out_of_range"})
_ACCESSION = re.compile(
    r"\(?\b((?:NM|NP|ENST|ENSP)_?\d{4,14})(?:\.\d{1,3})?\b\)?\s?(?:\([A-Za-z0-9]{2,12}\))?\s?:?\s?"
)
#: A residue with its place; ``Ter12`` behind a frameshift counts from there.
_RESIDUE = re.compile(r"(?<![A-Za-z])([A-Z][a-z]{2}|[A-Z])(\d{1,4})(?![\d.])")
_CODING = re.compile(r"\bc\.[^\s,;()]+")
#: A base of an intron: the exon that ends or begins there can be held against ours.
_INTRON = re.compile(r"\d[+-]\d")
_PLACE = re.compile(r"(?<=[._])(\d{1,5})(?=[ACGT_+\-]|d|i)")
#: Bases or residues that can be held against our reference.
_CHECKED = re.compile(r"\d[ACGT]>[ACGT]")


@dataclass(frozen=True, slots=True)
class Moved:
    """A text in our numbering.

    Args:
        as_written: the same text in the numbers that stand there, which must not fit.
        is_named: whether an accession says so, or an exon that ends there; else only a curated
            change is surely meant.
    """

    text: str
    as_written: str
    numbering: Numbering
    is_named: bool


def moved_texts(text: str, names: GeneNames, gene: Gene | None) -> Iterator[Moved]:
    """Yield a text in our numbering, for each other numbering of its one gene that it may be in.

    Args:
        gene: the gene in force; the text need not name it.
    """
    for found in _ACCESSION.finditer(text):
        named = names.numbering_of(found[1])
        if named is None:
            continue
        known, numbering = named
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        if gene is None and not names.all_in(rest):
            rest = f"{known.symbol} {rest}"
        yield from _moved(" ".join(rest.split()), numbering, is_named=True)
        return
    genes = {one.symbol: one for one in (*names.all_in(text), *((gene,) if gene else ()))}
    coding = _CODING.search(text)
    if len(genes) != 1 or (coding is not None and _INTRON.search(coding[0]) is None):
        return
    for numbering in next(iter(genes.values())).other_numberings:
        yield from _moved(text, numbering, is_named=False)


def _moved(text: str, numbering: Numbering, *, is_named: bool) -> Iterator[Moved]:
    offset = numbering.offset
    coding = _CODING.search(text) if is_named else None
    is_checked = coding is not None and (_CHECKED.search(coding[0]) or _INTRON.search(coding[0]))
    if coding is not None and not (is_checked or "p." in text):
        return  # nothing of it could be held against our reference
    moved = _CODING.sub(lambda c: _PLACE.sub(lambda n: str(int(n[1]) + 3 * offset), c[0]), text)
    moved = _RESIDUE.sub(lambda found: f"{found[1]}{int(found[2]) + offset}", moved)
    if offset and moved != text:
        is_intron = _INTRON.search(text) is not None and _CODING.search(text) is not None
        yield Moved(moved, text, numbering, is_named or is_intron)
