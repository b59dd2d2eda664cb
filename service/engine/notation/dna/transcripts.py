"""Coding sequences with their exons in both assemblies: where a base lies, and which one stands there.

Not every base is shipped; an unknown one is ``N``, and what it would decide stays open. Start with
``CodingSequence``; what a change does to the protein is said by ``translation``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Assembly = Literal["GRCh37", "GRCh38"]
ASSEMBLIES: tuple[Assembly, ...] = ("GRCh37", "GRCh38")
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
#: Letters for several bases (IUPAC) that the shipped codons use.
BASES_OF = {
    "A": "A", "C": "C", "G": "G", "T": "T", "N": "ACGT", "R": "AG", "Y": "CT", "H": "ACT",
}  # fmt: skip
#: Other accessions with the same coding positions (Ensembl, LRG), and how far they agree.
SAME_CODING = {
    "NM_033360": ("NM_004985", 450), "ENST00000256078": ("NM_004985", 450),
    "ENST00000311936": ("NM_004985", None), "LRG_344": ("NM_004985", None),
    "ENST00000275493": ("NM_005228", None), "LRG_304": ("NM_005228", None),
    "ENST00000269571": ("NM_004448", None), "LRG_724": ("NM_004448", None),
    "ENST00000389048": ("NM_004304", None), "LRG_488": ("NM_004304", None),
    "ENST00000288602": ("NM_004333", None), "ENST00000646891": ("NM_004333", None),
    "LRG_299": ("NM_004333", None), "ENST00000369535": ("NM_002524", None),
    "LRG_92": ("NM_002524", None), "ENST00000311189": ("NM_005343", None),
    "NM_001130442": ("NM_005343", None), "ENST00000397596": ("NM_005343", None),
    "ENST00000451590": ("NM_005343", None), "LRG_506": ("NM_005343", None),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodingExon:
    """The coding part of an exon: its first and last coding base, and where the first one lies."""

    first: int
    last: int
    grch37: int
    grch38: int

    def start(self, assembly: Assembly) -> int:
        """Return the chromosome position of the first coding base."""
        return self.grch37 if assembly == "GRCh37" else self.grch38


@dataclass(frozen=True, slots=True)
class CodingSequence:
    """The coding sequence of one gene.

    Args:
        strand: ``+`` or ``-``.
        bases: the coding strand from the first codon to the stop; ``N`` and other IUPAC letters
            where it is not known.
    """

    gene: str
    transcript: str
    chromosome: str
    strand: str
    exons: tuple[CodingExon, ...]
    bases: str

    def to_coding(self, position: int, assembly: Assembly) -> int | None:
        """Return the coding base at a chromosome position, ``None`` outside the coding exons."""
        for exon in self.exons:
            start = exon.start(assembly)
            step = position - start if self.strand == "+" else start - position
            if 0 <= step <= exon.last - exon.first:
                return exon.first + step
        return None

    def is_inside_exon(self, base: int, offset: int) -> bool:
        """Tell whether a base that an intron is counted from lies within an exon, not at its end."""
        exon = next((e for e in self.exons if e.first <= base <= e.last), None)
        return exon is not None and base != (exon.last if offset > 0 else exon.first)

    def spans(self, position: int, assembly: Assembly) -> bool:
        """Tell whether a chromosome position lies between the first and the last codon."""
        ends = (self.exons[0].start(assembly), self.exons[-1].start(assembly))
        return min(ends) <= position <= max(ends)

    def on_strand(self, bases: str) -> str:
        """Return bases of the plus strand as the coding strand has them, and the reverse."""
        return bases if self.strand == "+" else bases.translate(_COMPLEMENT)[::-1]

    def at(self, first: int, last: int) -> str:
        """Return the bases from one coding position to another, both included."""
        return self.bases[first - 1 : last]


def agrees(letters: str, bases: str) -> bool:
    """Tell whether bases can stand where IUPAC letters do."""
    return len(letters) == len(bases) and all(
        base in BASES_OF[letter] for letter, base in zip(letters, bases, strict=True)
    )


def readings(letters: str) -> Iterator[str]:
    """Yield every sequence of bases that IUPAC letters allow."""
    if not letters:
        yield ""
        return
    for rest in readings(letters[1:]):
        for base in BASES_OF[letters[0]]:
            yield base + rest
