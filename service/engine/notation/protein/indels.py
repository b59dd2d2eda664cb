"""Deletions, insertions, duplications and deletion-insertions as text, the older forms too.

Each reader takes the match of its form in ``protein`` and returns the canonical change, or ``None``
when the form only looks like it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein.reference import (
    canonical_change,
    check_position,
    check_range,
    check_residue,
)
from service.engine.notation.protein.residues import one_letter, one_letters
from service.engine.notation.readings import ReadChange

#: Deletions without letters (``746_750del``) name the residues up to this size, else a region.
_LARGEST_UNLETTERED = 20
_COUNT = re.compile(r"\(?(\d{1,3})(?:bp|nt|nts|aa)?\)?", re.I)
#: Letters of residues that spell a word of results, not an insertion.
_WORDS_OF_RESIDUES = frozenset({"WT", "NEG", "INS", "DEL"})
_UNKNOWN_RESIDUES = re.compile(r"\(?(?:x{1,9}|xaa|\?|(\d{1,2})(?:aa)?|x\[(\d{1,2})\])\)?", re.I)


def read_range(found: re.Match[str], gene: Gene) -> ReadChange | None:
    start, end = int(found[2]), int(found[4])
    check_range(gene, one_letter(found[1]), start, one_letter(found[3]), end)
    return _apply(gene, start, end, found[5].lower(), found[6], three=len(found[1]) > 1)


def read_single(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return _apply(gene, position, position, found[3].lower(), found[4], three=len(found[1]) > 1)


def read_short_delins(found: re.Match[str], gene: Gene) -> ReadChange | None:
    """Read ``D770GY`` and ``T599TT``: one residue replaced by several."""
    ref, position = one_letter(found[1]), int(found[2])
    put = one_letters(found[3])
    if put is None or not found[3].isupper() or put in _WORDS_OF_RESIDUES:
        return None
    check_residue(gene, position, ref)
    return canonical_change(gene, position, 1, put)


def _apply(
    gene: Gene, start: int, end: int, operation: str, rest: str, *, three: bool
) -> ReadChange | None:
    """Apply ``del``, ``dup``, ``ins``, ``delins`` (``>``, ``indel``) with what follows the word."""
    if not gene.protein:
        return None
    size = end - start + 1
    gone, word, put_text = rest.lower().partition("ins")
    if operation == "del" and word:
        if gone and not _repeats(rest[: len(gone)], gene, start, end, three=three):
            return None
        operation, rest = "delins", rest[len(rest) - len(put_text) :]
    if operation in ("delins", "indel", ">"):
        put = one_letters(rest, prefer_three=three)
        if put is None:
            return _open_delins(gene, start, end) if _is_unknown(rest) else None
        return canonical_change(gene, start, size, put)
    if operation == "ins":
        return _insert(gene, start, end, rest, three=three)
    if not _repeats(rest, gene, start, end, three=three):
        return None
    if operation == "del":
        return canonical_change(gene, start, size, "")
    return canonical_change(gene, end + 1, 0, gene.protein[start - 1 : end])


def _repeats(rest: str, gene: Gene, start: int, end: int, *, three: bool) -> bool:
    """Tell whether what follows ``del`` or ``dup`` only repeats it (a count, or the residues).

    Raises:
        NotationError: ``contradictory_notation`` when it says something else.
    """
    if not rest:
        return True
    size, stands = end - start + 1, gene.protein[start - 1 : end]
    count = _COUNT.fullmatch(rest)
    if count is not None:
        if int(count[1]) in (size, 3 * size):
            return True
        raise NotationError(
            "contradictory_notation",
            f"{start} to {end} are {size} residues ({3 * size} bases), not {count[1]}",
        )
    named = one_letters(rest, prefer_three=three)
    if named is None or named == stands:
        return named is not None
    raise NotationError(
        "contradictory_notation", f"{gene.symbol} {start} to {end} reads {stands}, not {named}"
    )


def _is_unknown(rest: str) -> bool:
    return not rest or _UNKNOWN_RESIDUES.fullmatch(rest) is not None


def _insert(gene: Gene, start: int, end: int, rest: str, *, three: bool) -> ReadChange | None:
    put = one_letters(rest, prefer_three=three)
    if put is None and not _is_unknown(rest):
        return None
    if end == start:
        # "H773insNPH" does not say on which side: HGVS wants two flanks.
        flanks = (
            f"{gene.protein[start - 1 : start]}{start}_{gene.protein[start : end + 1]}{end + 1}"
        )
        raise NotationError(
            "incomplete_insertion",
            f"an insertion names its two neighbours, as in {flanks}ins{rest.upper()}",
            (f"{flanks}ins{rest.upper()}",),
        )
    if end - start > 1:
        if put is None:
            return None
        read = canonical_change(gene, start, end - start + 1, put)
        note = f"{start} and {end} are no neighbours: read as a deletion with insertion of {put}"
        return replace(read, remarks=(Remark("read_as_delins", note),))
    if put is not None:
        return canonical_change(gene, end, 0, put)
    size = _UNKNOWN_RESIDUES.fullmatch(rest)
    known = (size[1] or size[2]) if size else None
    change = ProteinChange(
        consequence="inframe_insertion", start=start, end=end, net=int(known) if known else None
    )
    return ReadChange(change, None, (_open(f"the residues inserted at {start}_{end}"),))


def _open_delins(gene: Gene, start: int, end: int) -> ReadChange:
    change = ProteinChange(consequence="delins", start=start, end=end)
    note = f"the residues put in at {gene.symbol} {start} to {end}"
    return ReadChange(change, None, (_open(note),))


def _open(what: str) -> Remark:
    return Remark("imprecise_alteration", f"{what} are not named: no single variant")


def read_old_deletion(found: re.Match[str], gene: Gene) -> ReadChange | None:
    first, start = one_letter(found[1]), int(found[2])
    last, end = (one_letter(found[3]), int(found[4])) if found[3] else (first, start)
    check_range(gene, first, start, last, end)
    put = one_letters(found[5]) if found[5] else ""
    return None if put is None else canonical_change(gene, start, end - start + 1, put)


def read_run(found: re.Match[str], gene: Gene) -> ReadChange | None:
    """Read several reference residues in one run: ``VK600-601E``, ``SV768IL``, ``ELREA746del``."""
    run, start, tail = one_letters(found[1]), int(found[2]), found[4]
    if run is None or not found[1].isupper():
        return None
    end = int(found[3]) if found[3] else start + len(run) - 1
    if found[3] and len(found[3]) < len(found[2]):
        end = int(found[2][: -len(found[3])] + found[3])
    put = "" if tail.lower() == "del" else one_letters(re.sub("^delins", "", tail, flags=re.I))
    if end - start + 1 != len(run) or put is None:
        return None
    for offset, residue in enumerate(run):
        check_residue(gene, start + offset, residue)
    return canonical_change(gene, start, len(run), put)


def read_named_run(found: re.Match[str], gene: Gene) -> ReadChange | None:
    """Read ``delELREA`` or ``dupYVMA``: residues without a place, if they stand in one place only."""
    run = found[2]
    if not run.isupper() or run in _WORDS_OF_RESIDUES:
        return None
    at = gene.protein.find(run)
    if at < 0 or gene.protein.find(run, at + 1) >= 0:
        return None
    word = found[1].lower()
    if word == "ins":
        dup = canonical_change(gene, at + len(run) + 1, 0, run).change.short or ""
        raise NotationError("incomplete_insertion", f"ins{run} does not say where", (dup,))
    if word == "dup":
        return canonical_change(gene, at + len(run) + 1, 0, run)
    return canonical_change(gene, at + 1, len(run), "")


def read_unlettered(found: re.Match[str], gene: Gene) -> ReadChange | None:
    """Read ``746_750del`` (the residues are known) and ``729_761del`` (a region of deletions)."""
    start, end, word, rest = int(found[1]), int(found[2]), found[3].lower(), found[4]
    if end < start:
        raise NotationError("reversed_range", f"the range {start} to {end} runs backwards")
    check_position(gene, start)
    check_position(gene, end)
    is_region = (start, end) in gene.exons.values() or end - start >= _LARGEST_UNLETTERED
    if gene.protein and (not is_region or rest) and (rest or word in ("del", "dup")):
        return _apply(gene, start, end, word, rest, three=False)
    if rest:
        return None
    consequence = {"del": "inframe_deletion", "delins": "delins"}.get(word, "inframe_insertion")
    note = f"some {word} between codons {start} and {end}, not one variant"
    change = ProteinChange(consequence=consequence, start=start, end=end)  # type: ignore[arg-type]
    return ReadChange(change, None, (Remark("imprecise_alteration", note),))
