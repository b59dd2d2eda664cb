"""Karyotypes and their names: ``t(2;5)(p23;q35)``, ``inv(2)``, ``del(17p)``, ``Philadelphia chromosome``.

Which text stands for which fusion or loss is data (``karyotypes.yaml``). Bands are compared without
their sub-bands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.model import Gene
from service.engine.notation.genes import GeneNames
from service.engine.notation.readings import ReadFusion, ReadGrade

MAX_KARYOTYPE = 80
_BANDS = re.compile(r"(?<=\d)\.\d+(?=[;)pq])")
_NOUN = re.compile(
    r"(?:\s?(?:translocation|rearrangement|fusion|inversion|deletion|positive|abnormality))+$"
)


@dataclass(frozen=True, slots=True)
class Karyotype:
    """What a text of cytogenetics stands for.

    Args:
        texts: as reports write it; one without bands is read beside the gene only.
        gene: symbol of the gene or marker that the finding is about.
        partner: the other gene of the fusion; ``None`` for a change of copies.
        is_first: whether the gene is the 5' part of the fusion.
        copy_number: value of a change of copies (``loss``).
    """

    texts: tuple[str, ...]
    gene: str
    partner: str | None = None
    is_first: bool = False
    copy_number: str | None = None


class Karyotypes:
    """Reads karyotypes with the table of one knowledge base."""

    def __init__(self, rows: Iterable[Karyotype], names: GeneNames) -> None:
        self._names = names
        self._by_text: dict[str, list[Karyotype]] = {}
        for row in rows:
            for text in row.texts:
                self._by_text.setdefault(_fold(text), []).append(row)

    def read_fusion(self, text: str, gene: Gene | None) -> ReadFusion | None:
        """Read a karyotype that stands for a fusion; ``None`` when it is none of this gene."""
        row, known = self._find(text, gene)
        if row is None or known is None or row.partner is None:
            return None
        pair = (known.symbol, row.partner) if row.is_first else (row.partner, known.symbol)
        steps = (f"karyotype {_fold(text)} -> {'::'.join(pair)}",)
        return ReadFusion(known, row.partner, steps=steps, is_first=row.is_first)

    def read_copies(self, text: str, gene: Gene | None) -> tuple[Gene, ReadGrade] | None:
        """Read a karyotype that stands for a change of copies (``del(17p)``)."""
        row, known = self._find(text, gene)
        if row is None or known is None or row.copy_number is None:
            return None
        steps = (f"karyotype {_fold(text)} -> {row.copy_number} of {known.symbol}",)
        value = (row.copy_number,)
        label = row.copy_number.replace("_", " ")
        return known, ReadGrade("copy_number", "detected", label, value, steps=steps)

    def _find(self, text: str, gene: Gene | None) -> tuple[Karyotype | None, Gene | None]:
        if len(text) > MAX_KARYOTYPE:
            return None, None
        key = _fold(text)
        rows = self._by_text.get(key, ())
        for row in rows:
            known = self._names.lookup(row.gene)
            if known is not None and gene in (None, known):
                # "t(2;5)" alone names no band: the gene must stand beside it.
                is_vague = "(" in key and re.search(r"[pq]", key) is None
                return (None, None) if is_vague and gene is None else (row, known)
        return None, None


def _fold(text: str) -> str:
    bare = _NOUN.sub("", text.lower().strip())
    return _BANDS.sub("", bare.replace(" ", "").replace("-", ""))
