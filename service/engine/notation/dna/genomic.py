"""Changes of a chromosome to changes of a coding sequence, in GRCh37 and GRCh38.

Without an assembly both are tried; the reference bases tell which one is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.engine.notation.dna.dna_forms import Operation, parse_operation, trimmed, where
from service.engine.notation.dna.transcripts import ASSEMBLIES, Assembly, CodingSequence, agrees
from service.engine.notation.dna.translation import CodingChange
from service.engine.notation.faults import NotationError


@dataclass(frozen=True, slots=True)
class GenomicChange:
    """Bases of a chromosome that become others.

    Args:
        position: first base; for a pure insertion the base behind it.
        size: number of bases that go.
        copies: the bases are repeated, not replaced (``dup``).
        anchors: (position, base) of reference bases that were given and do not change.
    """

    chromosome: str
    assembly: Assembly | None
    position: int
    size: int
    said: str
    put: str
    copies: bool = False
    anchors: tuple[tuple[int, str], ...] = ()


def from_hgvs(found: re.Match[str]) -> GenomicChange | None:
    """Return the change of a ``g.`` form; ``None`` when it says nothing exact."""
    chromosome, assembly = where(found)
    operation = parse_operation(found["op"])
    start = int(found["start"])
    end = int(found["end"]) if found["end"] else start
    if operation is None or end < start:
        return None
    if operation.kind == "ins":
        if end != start + 1:
            return None
        return GenomicChange(chromosome, assembly, end, 0, "", operation.put)
    size = end - start + 1
    if operation.said and found["end"] is None:
        size = len(operation.said)
    return _sized(chromosome, assembly, start, size, operation)


def _sized(
    chromosome: str, assembly: Assembly | None, start: int, size: int, operation: Operation
) -> GenomicChange | None:
    stated = len(operation.said) if operation.said else operation.size
    if stated not in (None, size):
        raise NotationError(
            "contradictory_notation",
            f"{start} to {start + size - 1} are {size} bases, not {stated}",
        )
    is_copy = operation.kind == "dup"
    return GenomicChange(chromosome, assembly, start, size, operation.said, operation.put, is_copy)


def from_alleles(found: re.Match[str]) -> GenomicChange:
    """Return the change of VCF-like alleles; MAF (``-``) names the base before an insertion."""
    chromosome, assembly = where(found)
    ref, alt = (found[name].upper().replace("-", "") for name in ("ref", "alt"))
    start, whole = int(found["start"]), ref
    position, ref, alt = trimmed(start, ref, alt)
    if found["ref"] == "-":
        position += 1
    changed = range(position, position + len(ref))
    anchors = tuple((p, base) for p, base in enumerate(whole, start) if p not in changed)
    return GenomicChange(chromosome, assembly, position, len(ref), ref, alt, anchors=anchors)


def from_spdi(found: re.Match[str]) -> GenomicChange:
    """Return the change of an SPDI form: 0-based, deleted bases as letters or as their number."""
    chromosome, assembly = where(found)
    start, alt = int(found["start"]) + 1, found["alt"].upper()
    if found["ref"].isdigit():
        return GenomicChange(chromosome, assembly, start, int(found["ref"]), "", alt)
    position, ref, alt = trimmed(start, found["ref"].upper(), alt)
    return GenomicChange(chromosome, assembly, position, len(ref), ref, alt)


def locate(
    change: GenomicChange, sequences: tuple[CodingSequence, ...]
) -> list[tuple[Assembly, CodingSequence, CodingChange]]:
    """Return where a change lies in the coding sequences, in each assembly that it can mean.

    Raises:
        NotationError: ``impossible_reference`` when no reading has these reference bases.
    """
    read = []
    names = (change.assembly,) if change.assembly else ASSEMBLIES
    for name in names:
        for sequence in sequences:
            if change.chromosome in ("", sequence.chromosome):
                coding = _to_coding(change, sequence, name)
                if coding is not None:
                    read.append((name, sequence, coding))
    fitting = [
        item for item in read
        if (not item[2].said or agrees(item[1].at(item[2].first, item[2].last), item[2].said))
        and _wrong_anchor(change, item[1], item[0]) is None
    ]  # fmt: skip
    if read and not fitting:
        name, sequence, coding = read[0]
        wrong = _wrong_anchor(change, sequence, name)
        if wrong is not None:
            place, base, stands = wrong
            raise NotationError(
                "impossible_reference",
                f"{name} {change.chromosome}:{place} reads {stands}, not {base}",
            )
        stands = sequence.on_strand(sequence.at(coding.first, coding.last))
        raise NotationError(
            "impossible_reference",
            f"{name} {change.chromosome}:{change.position} reads {stands}, not {change.said}",
        )
    return fitting


def _wrong_anchor(
    change: GenomicChange, sequence: CodingSequence, assembly: Assembly
) -> tuple[int, str, str] | None:
    """Return the first unchanged base that is given otherwise than the sequence has it."""
    for position, base in change.anchors:
        coding = sequence.to_coding(position, assembly)
        stands = sequence.at(coding, coding) if coding is not None else "N"
        if not agrees(stands, sequence.on_strand(base)):
            return position, base, sequence.on_strand(stands)
    return None


def _to_coding(
    change: GenomicChange, sequence: CodingSequence, assembly: Assembly
) -> CodingChange | None:
    put, said = sequence.on_strand(change.put), sequence.on_strand(change.said)
    if change.size == 0:
        before = sequence.to_coding(change.position - 1, assembly)
        behind = sequence.to_coding(change.position, assembly)
        if sequence.strand == "-":
            before, behind = behind, before
        if before is None and behind is None:
            return None
        first = behind if behind is not None else (before or 0) + 1
        return CodingChange(first, first - 1, put)
    ends = [
        sequence.to_coding(change.position, assembly),
        sequence.to_coding(change.position + change.size - 1, assembly),
    ]
    if None in ends:
        return None
    first, last = sorted(end for end in ends if end is not None)
    if last - first + 1 != change.size:
        return None
    if change.copies and (not said or agrees(sequence.at(first, last), said)):
        return CodingChange(last + 1, last, sequence.at(first, last))
    return CodingChange(first, last, put, said)
