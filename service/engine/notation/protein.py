"""Protein changes: HGVS and the usual older forms to one canonical ``ProteinChange``.

Source: HGVS recommendations v21, protein (substitution, deletion, duplication, insertion,
deletion-insertion, frameshift, extension); the 3' rule is applied by computing on the shipped
reference protein, so that every spelling of one variant gives the same value. Here: one change of
one gene. Splitting, genes and words around it are read by the sibling modules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.residues import RESIDUE, one_letter, one_letters, three_letters

_POSITION = r"(\d{1,5})"
_REF = f"({RESIDUE})"
_TO = r"(?:[_\-]|\s?to\s?)"

_SUBSTITUTION = re.compile(f"{_REF}{_POSITION}(?:>|/)?{_REF}", re.I)
_SYNONYMOUS = re.compile(f"{_REF}{_POSITION}=", re.I)
_ANY_RESIDUE = re.compile(f"{_REF}{_POSITION}(?:x|xaa|\\?)?", re.I)
_RANGE_CHANGE = re.compile(
    f"{_REF}{_POSITION}{_TO}{_REF}{_POSITION}(del|dup|ins|>|delins|indel)(.{{0,120}})", re.I
)
_OLD_DELETION = re.compile(f"del{_REF}{_POSITION}(?:{_TO}{_REF}{_POSITION})?(ins.{{1,120}})?", re.I)
_SINGLE_CHANGE = re.compile(f"{_REF}{_POSITION}(delins|indel|del|dup|ins)(.{{0,120}})", re.I)
_FRAMESHIFT = re.compile(
    f"{_REF}{_POSITION}({RESIDUE})?fs(?:(?:\\*|ter|x)?(?:\\d{{1,5}}|\\?)?)?", re.I
)
_NONSENSE = re.compile(f"{_REF}{_POSITION}(?:\\*|ter|stop)", re.I)
_EXTENSION = re.compile(r"(?:\*|ter)(\d{1,5})(?:[a-z]{1,3})?ext.{0,20}|(?:m|met)1ext.{0,20}", re.I)
_START_LOST = re.compile(r"(?:m|met)1(?:\?|[a-z]|[a-z]{3})", re.I)
_OLD_PAIR = re.compile(r"([a-z])([a-z])(\d{1,5})[_\-](\d{1,5})([a-z]{1,2})", re.I)
_OPEN_RANGE = re.compile(r"(\d{1,5})[_\-](\d{1,5})(del|ins|dup|delins)", re.I)
_COUNT = re.compile(r"\d{1,3}(?:\s?(?:bp|nt|aa))?", re.I)


@dataclass(frozen=True, slots=True)
class ReadChange:
    """A protein change with how it was read."""

    change: ProteinChange
    hgvs_p: str | None
    remarks: tuple[Remark, ...] = ()


def read_protein_change(text: str, gene: Gene) -> ReadChange | None:
    """Read one protein change.

    Args:
        text: without gene and transcript; ``p.`` and parentheses allowed: ``p.(Leu858Arg)``.
        gene: its protein is used for the reference check and the 3' rule, when one is shipped.

    Returns:
        ``None`` when the text has none of the known forms.

    Raises:
        NotationError: it has a known form but cannot be true of this protein
            (``impossible_reference``, ``position_out_of_range``, ``reversed_range``).
    """
    bare = _strip(text)
    if len(bare) > 160 or not bare:
        return None
    for pattern, read in _READERS:
        found = pattern.fullmatch(bare)
        if found is not None:
            result = read(found, gene)
            if result is not None:
                return result
    return None


def _strip(text: str) -> str:
    bare = text.strip()
    if bare[:2].lower() == "p.":
        bare = bare[2:].strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    return bare.replace(" ", "")


def check_residue(gene: Gene, position: int, residue: str) -> None:
    """Check a residue against the reference protein.

    Raises:
        NotationError: the position does not exist, or another residue stands there; a residue
            that fits a known other numbering is suggested.
    """
    if not gene.protein:
        return
    if not 1 <= position <= len(gene.protein):
        raise NotationError(
            "position_out_of_range",
            f"{gene.symbol} has {len(gene.protein)} residues; there is no position {position}",
        )
    stands = gene.protein[position - 1]
    if residue in (stands, "*"):
        return
    suggestions = []
    hint = ""
    for numbering in gene.other_numberings:
        moved = position + numbering.offset
        if 1 <= moved <= len(gene.protein) and gene.protein[moved - 1] == residue:
            suggestions.append(f"{residue}{moved}")
            hint = f"; it fits {numbering.name}, where it is {residue}{moved} here"
    raise NotationError(
        "impossible_reference",
        f"{gene.symbol} position {position} is {three_letters(stands)} ({stands}), not {residue}{hint}",
        tuple(suggestions),
    )


def canonical_change(gene: Gene, start: int, removed: int, inserted: str) -> ReadChange:
    """Return the canonical form of "remove ``removed`` residues from ``start``, insert ``inserted``".

    Args:
        start: first removed residue; for a pure insertion the residue after the insertion point.
        removed: number of residues taken out.
        inserted: one-letter residues put in.

    Source: HGVS v21: trim what is equal, move as far to the C terminus as possible, prefer
    substitution over deletion-insertion and duplication over insertion.
    """
    protein = gene.protein
    gone = protein[start - 1 : start - 1 + removed] if protein else None
    if gone is not None:
        start, gone, inserted = _trim_and_shift(protein, start, gone, inserted)
        removed = len(gone)
    end = start + removed - 1
    net = len(inserted) - removed
    if removed == 0 and not inserted:
        return _named(gene, "synonymous", start, start, "", 0, "=", protein[start - 1 : start])
    if removed == 0:
        return _insertion(gene, start, inserted)
    first = gone[0] if gone else "?"
    if removed == 1 and len(inserted) == 1:
        return _named(gene, "missense", start, start, inserted, 0, inserted, first)
    last = gone[-1] if gone else "?"
    place = f"{first}{start}" if removed == 1 else f"{first}{start}_{last}{end}"
    if not inserted:
        return _exact("inframe_deletion", start, end, "", net, f"{place}del")
    if "*" in inserted and len(inserted) == 1:
        return _exact("nonsense", start, end, "*", None, f"{place}delins*")
    return _exact("delins", start, end, inserted, net, f"{place}delins{inserted}")


def _insertion(gene: Gene, start: int, inserted: str) -> ReadChange:
    protein = gene.protein
    size = len(inserted)
    before = protein[start - 1 - size : start - 1] if start - 1 >= size else ""
    if protein and before == inserted:
        first, last = start - size, start - 1
        place = f"{before[0]}{first}" if size == 1 else f"{before[0]}{first}_{before[-1]}{last}"
        return _exact("inframe_insertion", first, last, inserted, size, f"{place}dup")
    left = protein[start - 2] if protein else "?"
    right = protein[start - 1] if protein else "?"
    short = f"{left}{start - 1}_{right}{start}ins{inserted}"
    return _exact("inframe_insertion", start - 1, start, inserted, size, short)


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


def _exact(
    consequence: str, start: int, end: int, alt: str | None, net: int | None, short: str
) -> ReadChange:
    change = ProteinChange(
        consequence=consequence,  # type: ignore[arg-type]
        start=start,
        end=end,
        alt=alt,
        net=net,
        short=short,
    )
    return ReadChange(change, hgvs_of(short))


def _named(
    gene: Gene, consequence: str, start: int, end: int, alt: str, net: int, tail: str, ref: str
) -> ReadChange:
    return _exact(consequence, start, end, alt, net, f"{ref}{start}{tail}")


def hgvs_of(short: str) -> str:
    """Return the three-letter HGVS form of a canonical short form: ``L858R`` -> ``p.Leu858Arg``."""
    body = re.sub(
        r"(?<![a-z])([A-Z*])(?=\d)|(?<=ins)([A-Z*]+)$|(?<=\d)([A-Z*])(?=$|fs)",
        lambda m: three_letters(m.group(1) or m.group(2) or m.group(3)),
        short,
    )
    return f"p.{body}"


def _read_substitution(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position, alt = one_letter(found[1]), int(found[2]), one_letter(found[3])
    if alt == "*":
        return _read_nonsense(found, gene)
    if position == 1 and ref == "M" and alt != "M":
        return _read_start_lost(found, gene)
    check_residue(gene, position, ref)
    if ref == alt:
        return _exact("synonymous", position, position, alt, 0, f"{ref}{position}=")
    return _exact("missense", position, position, alt, 0, f"{ref}{position}{alt}")


def _read_synonymous(found: re.Match[str], gene: Gene) -> ReadChange:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return _exact("synonymous", position, position, ref, 0, f"{ref}{position}=")


def _read_any_residue(found: re.Match[str], gene: Gene) -> ReadChange:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    remark = Remark(
        "imprecise_alteration",
        f"{gene.symbol} {ref}{position} names the codon, not the new residue",
    )
    wants_change = found[0][-1:].lower() == "x"
    change = ProteinChange(
        consequence="missense" if wants_change else None, start=position, end=position
    )
    return ReadChange(change, None, (remark,))


def _read_range(found: re.Match[str], gene: Gene) -> ReadChange | None:
    first, start, last, end = (
        one_letter(found[1]),
        int(found[2]),
        one_letter(found[3]),
        int(found[4]),
    )
    _check_range(gene, first, start, last, end)
    return _apply(gene, start, end, found[5].lower(), found[6])


def _read_single(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return _apply(gene, position, position, found[3].lower(), found[4])


def _apply(gene: Gene, start: int, end: int, operation: str, rest: str) -> ReadChange | None:
    """Apply ``del``, ``dup``, ``ins``, ``delins`` (``>``, ``indel``) with what follows the word."""
    size = end - start + 1
    lowered = rest.lower()
    if operation == "del" and lowered.startswith("ins"):
        operation, rest = "delins", rest[3:]
    if operation in ("delins", "indel", ">"):
        put = one_letters(rest)
        return canonical_change(gene, start, size, put) if put else None
    if operation == "del":
        return canonical_change(gene, start, size, "") if _is_tail(rest, gene, start, end) else None
    if operation == "dup":
        if not gene.protein or not _is_tail(rest, gene, start, end):
            return None
        return canonical_change(gene, end + 1, 0, gene.protein[start - 1 : end])
    put = one_letters(rest)
    if end - start > 1 or not put:
        return None
    if end == start:
        # "H773insNPH" does not say on which side: HGVS wants two flanks.
        raise NotationError(
            "incomplete_insertion",
            f"an insertion names its two neighbours: {start}_{start + 1}ins{put}",
            (f"{start}_{start + 1}ins{put}",),
        )
    return canonical_change(gene, end, 0, put)


def _is_tail(rest: str, gene: Gene, start: int, end: int) -> bool:
    """Tell whether what follows ``del`` or ``dup`` only repeats it (a count, or the residues)."""
    if not rest or _COUNT.fullmatch(rest):
        return True
    return one_letters(rest) == (gene.protein[start - 1 : end] or None)


def _check_range(gene: Gene, first: str, start: int, last: str, end: int) -> None:
    if end < start:
        raise NotationError("reversed_range", f"the range {start} to {end} runs backwards")
    check_residue(gene, start, first)
    check_residue(gene, end, last)


def _read_old_deletion(found: re.Match[str], gene: Gene) -> ReadChange | None:
    first, start = one_letter(found[1]), int(found[2])
    last, end = (one_letter(found[3]), int(found[4])) if found[3] else (first, start)
    _check_range(gene, first, start, last, end)
    put = one_letters((found[5] or "")[3:]) if found[5] else ""
    return None if put is None else canonical_change(gene, start, end - start + 1, put)


def _read_old_pair(found: re.Match[str], gene: Gene) -> ReadChange | None:
    start, end = int(found[3]), int(found[4])
    if end != start + 1:
        return None
    _check_range(gene, found[1].upper(), start, found[2].upper(), end)
    put = one_letters(found[5])
    return canonical_change(gene, start, 2, put) if put else None


def _read_frameshift(found: re.Match[str], gene: Gene) -> ReadChange:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return _exact("frameshift", position, position, None, None, f"{ref}{position}fs")


def _read_nonsense(found: re.Match[str], gene: Gene) -> ReadChange:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return _exact("nonsense", position, position, "*", None, f"{ref}{position}*")


def _read_start_lost(found: re.Match[str], gene: Gene) -> ReadChange:
    return _exact("start_lost", 1, 1, None, None, "M1?")


def _read_extension(found: re.Match[str], gene: Gene) -> ReadChange:
    size = len(gene.protein) or None
    change = ProteinChange(consequence="extension", start=size, end=size)
    return ReadChange(change, None)


def _read_open_range(found: re.Match[str], gene: Gene) -> ReadChange:
    start, end = int(found[1]), int(found[2])
    if end < start:
        raise NotationError("reversed_range", f"the range {start} to {end} runs backwards")
    if gene.protein and end > len(gene.protein):
        raise NotationError(
            "position_out_of_range", f"{gene.symbol} has {len(gene.protein)} residues, not {end}"
        )
    word = found[3].lower()
    consequence = {"del": "inframe_deletion", "delins": "delins"}.get(word, "inframe_insertion")
    remark = Remark(
        "imprecise_alteration", f"some {word} between codons {start} and {end}, not one variant"
    )
    change = ProteinChange(consequence=consequence, start=start, end=end)  # type: ignore[arg-type]
    return ReadChange(change, None, (remark,))


_READERS = (
    (_START_LOST, _read_start_lost),
    (_EXTENSION, _read_extension),
    (_NONSENSE, _read_nonsense),
    (_FRAMESHIFT, _read_frameshift),
    (_SYNONYMOUS, _read_synonymous),
    (_SUBSTITUTION, _read_substitution),
    (_ANY_RESIDUE, _read_any_residue),
    (_RANGE_CHANGE, _read_range),
    (_SINGLE_CHANGE, _read_single),
    (_OLD_DELETION, _read_old_deletion),
    (_OLD_PAIR, _read_old_pair),
    (_OPEN_RANGE, _read_open_range),
)
