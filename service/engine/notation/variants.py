"""Sequence variants of one gene: the change in a part of a text, and its findings.

Here: the curated oncogenicity of a change, a variant that stands for several. Not here: what stands
around a change (``clauses``), how one is written (``protein``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.engine.model import Gene, ProteinChange, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import joined, to_sequence_finding
from service.engine.notation.genes import GeneNames
from service.engine.notation.protein.named_classes import NamedClasses
from service.engine.notation.protein.reference import decompose
from service.engine.notation.protein.sequence import read_sequence
from service.engine.notation.readings import ReadBiomarker, ReadChange
from service.engine.notation.text.context import Context

_PERCENT = re.compile(
    r"[\s,;]{0,3}[(\[]?(?:detected at |present at |at )?[<~]?\d{1,3}(?:\.\d{1,2})?\s?%[)\]]?$", re.I
)
#: How sure or how old a finding is: says nothing about what was found.
_COMMENT = re.compile(
    r"[\s,;(]{1,3}(?:sub-?clonal|clonal|confirmed|known|previously (?:detected|reported))\)?$", re.I
)
_TRANSCRIPT = re.compile(
    r"[\s,;(\[]{0,3}\b((?:NM|NP|XM|XP)_\d{4,12}(?:\.\d{1,3})?|ENS[TP]\d{8,14}(?:\.\d{1,3})?)\b[)\]]?[\s,:;]{0,2}",
    re.I,
)


def without_comments(text: str) -> str:
    """Return a text without a bare percentage, and how sure or old a finding is, at its end."""
    return _COMMENT.sub("", _PERCENT.sub("", text)).strip(" ,;")


class VariantReader:
    """Reads sequence variants of one gene, and says what is curated of them."""

    def __init__(
        self, names: GeneNames, oncogenicity: Mapping[tuple[str, str], str], named: NamedClasses
    ) -> None:
        self._names = names
        self._oncogenicity = oncogenicity
        self._named = named

    def without_transcripts(self, text: str, gene: Gene) -> str:
        """Return a text without the reference sequences of its gene.

        Raises:
            NotationError: ``other_reference`` for one that numbers the gene otherwise.
        """
        for found in _TRANSCRIPT.finditer(text):
            taken = self._names.take_leading(f"{found[1]}:p.{text}")
            if taken is None or taken.gene != gene:
                return text
        return _TRANSCRIPT.sub(" ", text).strip()

    def read(self, bare: str, gene: Gene) -> ReadChange | None:
        """Read a sequence variant; a bare percentage or comment behind it is set aside."""
        read = self._named.read(bare, gene) or read_sequence(bare, gene)
        while read is None and bare:
            shorter = without_comments(bare)
            if shorter == bare:
                return None
            bare = shorter
            read = self._named.read(bare, gene) or read_sequence(bare, gene)
        return read

    def findings(
        self, gene: Gene, read: ReadChange, result: Result, context: Context
    ) -> ReadBiomarker:
        """Return the findings of a change: one, or its parts where it is several at once.

        Raises:
            NotationError: ``unscoped_negative`` for the absence of what has no meaning.
        """
        if result == "not_detected" and read.reported in ("inconclusive", "likely_neutral"):
            raise NotationError(
                "unscoped_negative",
                f"that no variant of uncertain significance of {gene.symbol} was found excludes nothing",
                (f"{gene.symbol} wild type",),
            )
        known = self._oncogenicity.get((gene.symbol, read.change.short or ""))
        parts = decompose(read, gene) if result == "detected" and known is None else (read,)
        return joined([self._finding(gene, part, result, context) for part in parts])

    def _finding(
        self, gene: Gene, read: ReadChange, result: Result, context: Context
    ) -> ReadBiomarker:
        known = self._oncogenicity.get((gene.symbol, read.change.short or ""))
        if result == "detected" and read.change.among and read.reported is None:
            known = self._common_oncogenicity(gene, read.change.among)
        return to_sequence_finding(gene, read, result, known, context.steps)

    def _common_oncogenicity(self, gene: Gene, among: tuple[ProteinChange, ...]) -> str | None:
        """Return what is curated of each change that can be meant, the weaker word; else ``None``."""
        words = {self._oncogenicity.get((gene.symbol, one.short or "")) for one in among}
        if words == {"oncogenic"}:
            return "oncogenic"
        return "likely_oncogenic" if words <= {"oncogenic", "likely_oncogenic"} else None
