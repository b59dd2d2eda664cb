"""A sequence variant of one gene in any form: by name, as HGVS, in words, or in two of them at once.

Two descriptions beside each other (``exon 19 deletion (p.E746_A750del)``) must agree; the exact one
is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.protein.skipping import read_glued_exon, read_skipping
from service.engine.notation.protein.structural import read_structural
from service.engine.notation.protein.words import (
    read_sequence_words,
    take_significance,
    without_decoration,
)
from service.engine.notation.readings import ReadChange

MAX_SEQUENCE = 240
_EXON_BEFORE = re.compile(
    r"(?:exon|ex)\.?\s?(\d{1,2})(?:\s(?:mutation|variant))?[\s:,(]{1,3}(?=\S)", re.I
)
_EXON_BEHIND = re.compile(
    r"[\s,;(]{1,3}(?:(?:in|of)\s(?:the\s)?)?(?:exon|ex)\.?\s?(\d{1,2})\)?$", re.I
)
_SHORT_EXON = re.compile(r"e(\d{1,2})\s?(?:del|ins)", re.I)
_BRACKET = re.compile(r"([^()]{1,120}?)[\s,]*\(\s*((?:p\.)?\(?[^()]{1,120}\)?)\s*\)")
_GAP = re.compile(r"[\s,:/=]+(?=p\.)|,\s*|\s*=\s*|\s+-\s+")


def read_sequence(text: str, gene: Gene) -> ReadChange | None:
    """Read one sequence variant, or a description of several that fit it.

    Returns:
        ``None`` when the text is none; ``reported`` holds what the report says of its significance.

    Raises:
        NotationError: it cannot be true of this gene, or two descriptions do not agree.
    """
    is_marker = gene.hgnc is None and not gene.protein
    if not text or is_marker or len(text) > MAX_SEQUENCE:
        return None
    read = read_skipping(text, gene) or read_glued_exon(text, gene)
    read = read or read_structural(text, gene) or _read_short_exon(text, gene)
    read = read or read_protein_change(text, gene)
    if read is not None:
        return read
    rest, said = take_significance(text)
    if len(set(said)) > 1:
        raise NotationError("contradictory_notation", f"{text!r} gives two significances")
    read = _read_once(rest, gene) or _read_with_exon(rest, gene) or _read_twice(rest, gene)
    if read is None or not said:
        return read
    return replace(read, reported=said[0], steps=(*read.steps, f"reported as {said[0]}"))


def _read_short_exon(text: str, gene: Gene) -> ReadChange | None:
    """Read ``E19del`` as an exon where the protein has no glutamate at that position."""
    found = _SHORT_EXON.fullmatch(text)
    if found is None or gene.protein[int(found[1]) - 1 : int(found[1])] in ("", "E"):
        return None
    return read_sequence_words(text, gene)


def _read_once(text: str, gene: Gene) -> ReadChange | None:
    bare = without_decoration(text)
    return (
        read_skipping(bare, gene)
        or read_structural(bare, gene)
        or read_protein_change(bare, gene)
        or read_sequence_words(text, gene)
    )


def _read_with_exon(text: str, gene: Gene) -> ReadChange | None:
    """Read a change of one codon, or an exact one, with its exon beside it: ``G719X (exon 18)``."""
    beside = _EXON_BEFORE.match(text) or _EXON_BEHIND.search(text)
    if beside is None:
        return None
    inner = text[: beside.start()] + text[beside.end() :]
    read = _read_once(inner, gene)
    if read is None:
        return None
    _check_exon(read.change, int(beside[1]), gene)
    is_one_codon = read.change.start is not None and read.change.start == read.change.end
    if read.change.short is None and not is_one_codon:
        return None
    return replace(read, steps=(*read.steps, f"in exon {beside[1]}"))


def _read_twice(text: str, gene: Gene) -> ReadChange | None:
    """Read two descriptions of one variant: ``Leu858Arg (L858R)``, ``exon 19 deletion, p.E746_A750del``."""
    bracket = _BRACKET.fullmatch(text)
    gap = _GAP.search(text)
    splits = [(bracket[1], bracket[2])] if bracket is not None else []
    splits += [(text[: gap.start()], text[gap.end() :])] if gap is not None else []
    for left, right in splits:
        first, second = _read_once(left.strip(), gene), _read_once(right.strip(), gene)
        if first is not None and second is not None:
            return _agreed(
                first, second, gene, text, is_list=(left, right) != splits[0] or not bracket
            )
    return None


def _agreed(
    first: ReadChange, second: ReadChange, gene: Gene, text: str, *, is_list: bool
) -> ReadChange | None:
    """Return the exact one of two descriptions that agree; ``None`` for two different variants."""
    exact, other = (first, second) if first.change.short is not None else (second, first)
    is_list = is_list and None not in (first.change.short, second.change.short)
    if exact.change.short is None or (is_list and first.change.short != second.change.short):
        return None
    check_agreement(exact, other, gene, text)
    if other.change.consequence == "exon_skipping":
        # What the change does says more than the change.
        return replace(other, steps=(*other.steps, f"by {exact.change.short}"))
    return replace(exact, steps=(*exact.steps, "two descriptions that agree"))


def check_agreement(exact: ReadChange, other: ReadChange, gene: Gene, text: str) -> None:
    """Check that a description fits an exact change.

    Raises:
        NotationError: ``contradictory_notation``, or ``exon_mismatch`` for another exon.
    """
    change, pattern = exact.change, other.change
    if pattern.exon is not None:
        _check_exon(change, pattern.exon, gene)
    is_same = pattern.short is None or pattern.short == change.short
    is_same_kind = pattern.consequence in (None, "exon_skipping", change.consequence) or (
        change.consequence == "delins" and pattern.consequence != "missense"
    )
    is_near = pattern.start is None or (
        change.start is not None
        and change.end is not None
        and change.start <= (pattern.end or pattern.start)
        and change.end >= pattern.start
    )
    if not (is_same and is_same_kind and is_near):
        raise NotationError(
            "contradictory_notation", f"{text!r} gives two descriptions that do not agree"
        )


def _check_exon(change: ProteinChange, exon: int, gene: Gene) -> None:
    span = gene.exons.get(exon)
    if gene.exons and span is None:
        raise NotationError("unknown_exon", f"{gene.symbol} has no coding exon {exon} here")
    if span is None or change.start is None or change.end is None:
        return
    if change.end < span[0] or change.start > span[1]:
        name = change.short or f"codon {change.start}"
        raise NotationError(
            "exon_mismatch",
            f"{name} does not lie in exon {exon} of {gene.symbol} (codons {span[0]} to {span[1]})",
        )
