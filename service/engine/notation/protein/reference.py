"""What stands in the reference protein, and the one canonical form of a change of it.

The 3' rule is computed on the shipped protein, so that every spelling of one variant gives the same
value. Source: HGVS recommendations v21, protein. Start with ``canonical_change``.
"""

from __future__ import annotations

import re
from typing import cast

from service.engine.model import Consequence, Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein.residues import three_letters
from service.engine.notation.readings import ReadChange

_HGVS_LETTERS = re.compile(
    r"(?<![a-z])([A-Z*])(?=\d)|(?<=ins)([A-Z*]+)$|(?<=\d)([A-Z*])(?=$|ext)|(?<=ext)(\*)"
)


def check_position(gene: Gene, position: int) -> None:
    """Check that the reference protein has a position.

    Raises:
        NotationError: ``position_out_of_range``.
    """
    if gene.protein and not 1 <= position <= len(gene.protein):
        raise NotationError(
            "position_out_of_range",
            f"{gene.symbol} has {len(gene.protein)} residues; there is no position {position}",
        )


def check_residue(gene: Gene, position: int, residue: str) -> None:
    """Check a residue against the reference protein.

    Raises:
        NotationError: ``position_out_of_range``, or ``impossible_reference`` when another residue
            stands there; a residue that fits a known other numbering is suggested.
    """
    if not gene.protein or (residue == "*" and position == len(gene.protein) + 1):
        return
    fits = tuple(_fits_elsewhere(gene, position, residue))
    hint = "".join(
        f"; it fits {name}, where it is {residue}{moved} here" if moved else f"; it fits {name}"
        for name, moved in fits
    )
    suggestions = tuple(f"{residue}{moved}" for _, moved in fits if moved)
    if not 1 <= position <= len(gene.protein):
        raise NotationError(
            "position_out_of_range",
            f"{gene.symbol} has {len(gene.protein)} residues; there is no position {position}{hint}",
            suggestions,
        )
    stands = gene.protein[position - 1]
    if residue != stands:
        raise NotationError(
            "impossible_reference",
            f"{gene.symbol} position {position} is {three_letters(stands)} ({stands}), "
            f"not {residue}{hint}",
            suggestions,
        )


def _fits_elsewhere(gene: Gene, position: int, residue: str) -> list[tuple[str, int | None]]:
    """Return other numberings that have this residue there, with its position in ours."""
    found: list[tuple[str, int | None]] = []
    for numbering in gene.other_numberings:
        moved = position + numbering.offset
        if numbering.protein:
            if numbering.protein[position - 1 : position] == residue:
                found.append((numbering.name, None))
        elif 1 <= moved <= len(gene.protein) and gene.protein[moved - 1] == residue:
            found.append((numbering.name, moved))
    return found


def check_range(gene: Gene, first: str, start: int, last: str, end: int) -> None:
    """Check both ends of a range.

    Raises:
        NotationError: ``reversed_range``, or as ``check_residue``.
    """
    if end < start:
        raise NotationError("reversed_range", f"the range {start} to {end} runs backwards")
    check_residue(gene, start, first)
    check_residue(gene, end, last)


def canonical_change(gene: Gene, start: int, removed: int, inserted: str) -> ReadChange:
    """Return the canonical form of "remove ``removed`` residues from ``start``, insert ``inserted``".

    Args:
        start: first removed residue; for a pure insertion the residue after the insertion point.
        removed: number of residues taken out.
        inserted: one-letter residues put in.

    Raises:
        NotationError: ``no_change`` when what is put in is what was taken out.

    Source: HGVS v21: trim what is equal, move as far to the C terminus as possible, prefer
    substitution over deletion-insertion and duplication over insertion.
    """
    if not gene.protein:
        raise NotationError(
            "unknown_alteration",
            f"no reference protein of {gene.symbol} is shipped: only substitutions are read",
        )
    if "*" in inserted:
        return _with_stop(gene, start, removed, inserted)
    gone = gene.protein[start - 1 : start - 1 + removed]
    first_start = start
    if gene.protein:
        start, gone, inserted = _trim_and_shift(gene.protein, start, gone, inserted)
        removed = len(gone)
    if removed == 0 and not inserted:
        raise NotationError("no_change", f"what is put in at {first_start} is what stands there")
    step = ("moved by the 3' rule",) if start != first_start else ()
    if removed == 0:
        return _insertion(gene, start, inserted, step)
    end, net = start + removed - 1, len(inserted) - removed
    first, last = (gone[0], gone[-1]) if gone else ("?", "?")
    if removed == 1 and len(inserted) == 1:
        return exact("missense", start, start, inserted, 0, f"{first}{start}{inserted}", step)
    place = f"{first}{start}" if removed == 1 else f"{first}{start}_{last}{end}"
    if not inserted:
        return exact("inframe_deletion", start, end, "", net, f"{place}del", step)
    return exact("delins", start, end, inserted, net, f"{place}delins{inserted}", step)


def _with_stop(gene: Gene, start: int, removed: int, inserted: str) -> ReadChange:
    """Return a change that brings a stop: what follows the stop is never made."""
    put = inserted[: inserted.index("*") + 1]
    while len(put) > 1 and removed and gene.protein[start - 1 : start] == put[0]:
        start, removed, put = start + 1, removed - 1, put[1:]
    first = gene.protein[start - 1 : start] or "?"
    if put == "*":
        return exact("nonsense", start, start, "*", None, f"{first}{start}*")
    end = start + max(removed, 1) - 1
    last = gene.protein[end - 1 : end] or "?"
    place = f"{first}{start}" if start == end else f"{first}{start}_{last}{end}"
    return exact("nonsense", start, end, put, None, f"{place}delins{put}")


def _insertion(gene: Gene, start: int, inserted: str, step: tuple[str, ...]) -> ReadChange:
    protein, size = gene.protein, len(inserted)
    before = protein[start - 1 - size : start - 1] if start - 1 >= size else ""
    if protein and before == inserted:
        first, last = start - size, start - 1
        place = f"{before[0]}{first}" if size == 1 else f"{before[0]}{first}_{before[-1]}{last}"
        steps = (*step, "an insertion that repeats its neighbour is a duplication")
        return exact("inframe_insertion", first, last, inserted, size, f"{place}dup", steps)
    left = protein[start - 2] if protein else "?"
    right = protein[start - 1 : start] or "*" if protein else "?"
    short = f"{left}{start - 1}_{right}{start}ins{inserted}"
    return exact("inframe_insertion", start - 1, start, inserted, size, short, step)


def _trim_and_shift(protein: str, start: int, gone: str, put: str) -> tuple[int, str, str]:
    while gone and put and gone[0] == put[0]:
        start, gone, put = start + 1, gone[1:], put[1:]
    while gone and put and gone[-1] == put[-1]:
        gone, put = gone[:-1], put[:-1]
    while gone and not put and start - 1 + len(gone) < len(protein):
        following = protein[start - 1 + len(gone)]
        if following != gone[0]:
            break
        start, gone = start + 1, gone[1:] + following
    while put and not gone and start - 1 < len(protein) and protein[start - 1] == put[0]:
        start, put = start + 1, put[1:] + put[0]
    return start, gone, put


def exact(
    consequence: str,
    start: int,
    end: int,
    alt: str | None,
    net: int | None,
    short: str,
    steps: tuple[str, ...] = (),
) -> ReadChange:
    """Return one exact change with its HGVS name."""
    kind = cast("Consequence", consequence)
    change = ProteinChange(kind, start, end, alt, net, short=short)
    return ReadChange(change, hgvs_of(short), steps=steps)


def hgvs_of(short: str) -> str:
    """Return the three-letter HGVS form of a canonical short form: ``L858R`` -> ``p.Leu858Arg``."""
    return "p." + _HGVS_LETTERS.sub(lambda found: three_letters(found[0]), short)


def decompose(read: ReadChange, gene: Gene) -> tuple[ReadChange, ...]:
    """Split a same-length multi-residue substitution: S768_V769delinsIL -> S768I and V769L."""
    change = read.change
    if change.consequence != "delins" or change.net != 0 or not change.alt or not gene.protein:
        return (read,)
    start = change.start or 0
    remark = Remark("decomposed", f"{change.short} was read as its single substitutions")
    parts = []
    for offset, residue in enumerate(change.alt):
        stands = gene.protein[start - 1 + offset]
        if stands != residue:
            place = start + offset
            part = exact("missense", place, place, residue, 0, f"{stands}{place}{residue}")
            steps = (*read.steps, f"{change.short} is a row of substitutions")
            parts.append(ReadChange(part.change, part.hgvs_p, (*read.remarks, remark), steps))
    return tuple(parts)
