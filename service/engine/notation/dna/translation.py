"""What a change of the coding sequence does to the protein.

A codon of which not every base is shipped is thought through in all its readings that give the
reference residue; only when each of them gives the same new protein is there an answer.
Source: HGVS recommendations v21, protein; the standard genetic code (NCBI table 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from service.engine.model import Gene
from service.engine.notation.dna.transcripts import CodingSequence, agrees, readings
from service.engine.notation.faults import NotationError
from service.engine.notation.protein.reference import canonical_change

_ORDER = "TCAG"
_RESIDUES = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODE = dict(zip(map("".join, product(_ORDER, repeat=3)), _RESIDUES, strict=True))


@dataclass(frozen=True, slots=True)
class CodingChange:
    """Bases ``first`` to ``last`` of a coding sequence become ``put``.

    Args:
        first, last: coding positions; for a pure insertion ``last`` is ``first - 1``.
        said: the reference bases as the report gave them, if it did.
    """

    first: int
    last: int
    put: str
    said: str = ""

    @property
    def name(self) -> str:
        """Return the change in HGVS form, without moving it."""
        if self.last < self.first:
            return f"c.{self.last}_{self.first}ins{self.put}"
        if self.first == self.last and len(self.put) == 1 and self.said:
            return f"c.{self.first}{self.said}>{self.put}"
        place = f"c.{self.first}" if self.first == self.last else f"c.{self.first}_{self.last}"
        return f"{place}delins{self.put}" if self.put else f"{place}del"


def check_bases(sequence: CodingSequence, change: CodingChange) -> None:
    """Check the reference bases that the report gives.

    Raises:
        NotationError: ``impossible_reference`` when other bases stand there.
    """
    stands = sequence.at(change.first, change.last)
    if change.said and not agrees(stands, change.said):
        place = f"c.{change.first}"
        if change.last > change.first:
            place += f"_{change.last}"
        raise NotationError(
            "impossible_reference",
            f"{sequence.gene} {sequence.transcript}:{place} reads {stands}, not {change.said}",
        )


def translate(sequence: CodingSequence, gene: Gene, change: CodingChange) -> str | None:
    """Return the canonical protein change; ``None`` when the shipped bases do not decide it.

    Raises:
        NotationError: ``impossible_reference``, ``no_change``.
    """
    check_bases(sequence, change)
    if change.first <= 3:
        return "M1?"
    if (len(change.put) - (change.last - change.first + 1)) % 3:
        return _frameshift(sequence, gene, change)
    first_codon = (change.first - 1) // 3
    last_codon = max(
        (change.last - 1) // 3, first_codon - 1 if _is_between(change) else first_codon
    )
    before = sequence.at(first_codon * 3 + 1, change.first - 1)
    after = sequence.at(change.last + 1, (last_codon + 1) * 3)
    old = gene.protein[first_codon : last_codon + 1]
    found = set()
    for left, right in _flanks(sequence, gene, change, before, after):
        new = "".join(CODE[codon] for codon in _codons(left + change.put + right))
        found.add(new)
    if len(found) != 1:
        return None
    new = found.pop()
    if new == old:
        return f"{old[0]}{first_codon + 1}=" if len(old) == 1 else None
    return canonical_change(gene, first_codon + 1, len(old), new).change.short


def _is_between(change: CodingChange) -> bool:
    """Tell whether an insertion stands between two codons, so that no codon is cut."""
    return change.last < change.first and change.last % 3 == 0


def _codons(bases: str) -> Iterator[str]:
    return (bases[i : i + 3] for i in range(0, len(bases) - 2, 3))


def _flanks(
    sequence: CodingSequence, gene: Gene, change: CodingChange, before: str, after: str
) -> Iterator[tuple[str, str]]:
    """Yield the readings of what is left of the first and the last codon that was cut."""
    middle = sequence.at(change.first, change.last)
    if change.said:
        middle = change.said
    whole = before + middle + after
    inner = slice(len(before), len(whole) - len(after))
    is_short = len(whole) <= 6
    if is_short:
        start = (change.first - 1) // 3
        for reading in readings(whole):
            residues = "".join(CODE[codon] for codon in _codons(reading))
            if residues == gene.protein[start : start + len(residues)]:
                yield reading[: inner.start], reading[inner.stop :]
        return
    for left in readings(before):
        for right in readings(after):
            yield left, right


def _frameshift(sequence: CodingSequence, gene: Gene, change: CodingChange) -> str | None:
    """Return the first residue that a shifted frame changes, as ``A763fs`` or as a new stop."""
    start = (change.first - 1) // 3
    tail = sequence.at(start * 3 + 1, change.first - 1) + change.put
    tail += sequence.at(change.last + 1, change.last + 240)
    for index, codon in enumerate(_codons(tail)):
        position = start + index + 1
        stands = gene.protein[position - 1 : position]
        residues = {CODE[reading] for reading in readings(codon)}
        if not stands or (len(residues) > 1 and stands in residues):
            return None
        if residues == {"*"}:
            return f"{stands}{position}*"
        if stands not in residues:
            return None if "*" in residues else f"{stands}{position}fs"
    return None
