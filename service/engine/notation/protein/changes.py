"""Protein changes as text: HGVS and the usual older forms to one canonical ``ProteinChange``.

Source: HGVS recommendations v21, protein (substitution, deletion, duplication, insertion,
deletion-insertion, frameshift, extension). Here: one change of one gene, as a table of forms.
What is true of the protein is checked by ``reference``; genes and words are read by the siblings.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import Remark
from service.engine.notation.protein.indels import (
    read_named_run,
    read_old_deletion,
    read_range,
    read_run,
    read_short_delins,
    read_single,
    read_unlettered,
)
from service.engine.notation.protein.reference import check_position, check_residue, exact
from service.engine.notation.protein.residues import RESIDUE, one_letter
from service.engine.notation.readings import ReadChange

__all__ = ["ReadChange", "check_residue", "read_protein_change"]

MAX_CHANGE = 160
_AT = r"(\d{1,5})"
_REF = f"({RESIDUE})"
_TO = r"(?:[_\-~]|to)"
_OPERATION = r"(delins|indel|del|dup|ins|>)"
#: Idylla's E2 and cobas's Ec are codons of the same residue, written in another way.
_SAME_RESIDUE = re.compile(r"(?<=E)[c2](?=/|$)", re.I)
_ALTERNATIVE = re.compile(rf"(?<=[\d/])(?:{RESIDUE}\d{{1,5}})?({RESIDUE})(?=/|$)", re.I)
_GAPS = (
    (re.compile(r"\s*([_\->])\s*"), r"\1"),
    (re.compile(r"^((?:del\s?)?[A-Za-z]{1,3}) (?=\d)|(?<=del) (?=[A-Z]{1,3}\d)"), r"\1"),
    (re.compile(r"(?<=\d) (?=(?:delins|indel|del|ins|dup|fs|>)|[A-Z][a-z]{2}$|[A-Z*]$)"), ""),
    (re.compile(r"(?<=\ddel|\dins|\ddup) (?=[A-Z])"), ""),
)


def read_protein_change(text: str, gene: Gene) -> ReadChange | None:
    """Read one protein change.

    Args:
        text: without gene and transcript; ``p.`` and parentheses allowed: ``p.(Leu858Arg)``.
        gene: its protein is used for the reference check and the 3' rule, when one is shipped.

    Returns:
        ``None`` when the text has none of the known forms.

    Raises:
        NotationError: it has a known form but cannot be true of this protein
            (``impossible_reference``, ``position_out_of_range``, ``reversed_range``,
            ``contradictory_notation``, ``no_change``, ``incomplete_insertion``).
    """
    bare = _strip(text)
    if not bare or len(bare) > MAX_CHANGE:
        return None
    for pattern, read, step in _FORMS:
        found = pattern.fullmatch(bare)
        if found is not None:
            result = read(found, gene)
            if result is not None:
                return replace(result, steps=(step, *result.steps))
    return None


def _strip(text: str) -> str:
    bare = text.strip()
    if bare[:1] == "(" and bare[-1:] == ")":
        bare = bare[1:-1].strip()
    if bare[:2] in ("p.", "P."):
        bare = bare[2:].strip()
    for opening, closing in ("()", "[]", "()"):
        if bare[:1] == opening and bare[-1:] == closing:
            bare = bare[1:-1].strip()
    return _join(bare) if " " in bare else bare


def _join(text: str) -> str:
    """Close the gaps inside one change (``Leu 858 Arg``), never those between words."""
    for pattern, joined in _GAPS:
        text = pattern.sub(joined, text)
    return text


def _read_substitution(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position, alt = one_letter(found[1]), int(found[2]), one_letter(found[3])
    if ref == "*":
        return None
    check_residue(gene, position, ref)
    if position == 1 and alt != "M":
        return _start_lost()
    if alt == "*":
        return exact("nonsense", position, position, "*", None, f"{ref}{position}*")
    if ref == alt:
        return exact("synonymous", position, position, alt, 0, f"{ref}{position}=")
    return exact("missense", position, position, alt, 0, f"{ref}{position}{alt}")


def _read_synonymous(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return exact("synonymous", position, position, ref, 0, f"{ref}{position}=")


def _read_codon(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return codon_pattern(gene, position)


def codon_pattern(gene: Gene, position: int) -> ReadChange:
    """Return "some other residue at this codon": ``G719X``, ``V600 mutation``, ``codon 12``."""
    ref = gene.protein[position - 1 : position] or "codon "
    note = f"{gene.symbol} {ref}{position} names the codon, not the new residue"
    change = ProteinChange(consequence="missense", start=position, end=position)
    return ReadChange(change, None, (Remark("imprecise_alteration", note),))


def _read_alternatives(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    text = _SAME_RESIDUE.sub("", found[0])
    alts = sorted({one_letter(alt) for alt in _ALTERNATIVE.findall(text[len(found[1]) :])})
    changes = tuple(
        exact("missense", position, position, alt, 0, f"{ref}{position}{alt}")
        for alt in alts
        if alt not in ("*", ref)
    )
    if len(changes) != len(alts):
        return None
    if len(changes) == 1:
        return changes[0]
    note = f"{found[0]} leaves open which residue was found"
    among = tuple(read.change for read in changes)
    change = replace(codon_pattern(gene, position).change, among=among)
    return ReadChange(change, None, (Remark("imprecise_alteration", note),))


def _read_frameshift(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return exact("frameshift", position, position, None, None, f"{ref}{position}fs")


def _start_lost() -> ReadChange:
    return exact("start_lost", 1, 1, None, None, "M1?")


def _read_start_lost(found: re.Match[str], gene: Gene) -> ReadChange | None:
    check_residue(gene, 1, one_letter(found[1]))
    return _start_lost()


def _read_extension(found: re.Match[str], gene: Gene) -> ReadChange | None:
    position = int(found[1])
    check_residue(gene, position, "*")
    tail = found[3] or "?"
    alt = one_letter(found[2]) if found[2] else None
    short = f"*{position}{alt or ''}ext*{tail}"
    return exact("extension", position, position, alt, None, short)


def _read_start_extension(found: re.Match[str], gene: Gene) -> ReadChange | None:
    return exact("extension", 1, 1, None, int(found[1]), f"M1ext-{int(found[1])}")


def _read_splice(found: re.Match[str], gene: Gene) -> ReadChange | None:
    position = int(found[2])
    if one_letter(found[1]) != "X":
        check_residue(gene, position, one_letter(found[1]))
    check_position(gene, position)
    change = ProteinChange(
        consequence="splice", start=position, end=position, short=f"X{position}_splice"
    )
    return ReadChange(change, None)


def _run_behind(run: str, word: str, gene: Gene) -> ReadChange | None:
    found = re.fullmatch(r"(del|dup|ins)([A-Z]{4,12})", f"{word.lower()}{run}")
    return read_named_run(found, gene) if found is not None else None


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


#: Each form: its pattern, how it is read, and the step that ``/v1/normalize`` shows. First one wins.
_FORMS = (
    (_form(f"{_REF}{_AT}(?:>|->)?{_REF}"), _read_substitution, "protein substitution"),
    (_form(f"{_REF}{_AT}stop"), lambda f, g: _stop(f, g), "protein substitution by a stop"),
    (_form(r"(m|met)1\?"), _read_start_lost, "loss of the start codon"),
    (_form(f"{_REF}{_AT}="), _read_synonymous, "synonymous change"),
    (_form(f"{_REF}{_AT}(?:x|xaa|\\?)?"), _read_codon, "codon without the new residue"),
    (_form(f"{_REF}{_AT}{_TO}{_REF}{_AT}{_OPERATION}(.{{0,120}})"), read_range, "range of residues"),
    (_form(f"{_REF}{_AT}{_OPERATION}(.{{0,120}})"), read_single, "change of one residue"),
    (
        _form(f"{_REF}{_AT}(?:{RESIDUE})?fs(?:(?:\\*|ter|x)?(?:\\d{{1,5}}|\\?)?)?"),
        _read_frameshift, "frameshift",
    ),
    (
        _form(f"del\\(?{_REF}{_AT}(?:{_TO}{_REF}{_AT})?\\)?(?:ins(.{{1,120}}))?"),
        read_old_deletion, "old form of a deletion",
    ),
    (
        _form(rf"{_REF}{_AT}{RESIDUE}[c2]?(?:/(?:\1\2)?{RESIDUE}[c2]?){{1,4}}"),
        _read_alternatives, "codon with several possible residues",
    ),
    (_form(f"{_REF}{_AT}([a-z]{{2,12}})"), read_short_delins, "old form of a deletion-insertion"),
    (
        _form(r"([a-z]{2,12})(\d{1,5})(?:[_\-](\d{1,5}))?(?:>)?((?:delins)?[a-z*]{1,12}|del)"),
        read_run, "run of residues",
    ),
    (_form(f"(?:\\*|ter){_AT}{_REF}?ext(?:\\*|ter|x)?(\\d{{1,4}}|\\?)?"), _read_extension, "extension"),
    (_form(r"m(?:et)?1ext-(\d{1,4})"), _read_start_extension, "N-terminal extension"),
    (_form(f"({RESIDUE}|x){_AT}_?splice"), _read_splice, "splice site at a codon"),
    (
        _form(r"(\d{1,5})[_\-](\d{1,5})(delins|del|ins|dup)(.{0,40})"),
        read_unlettered, "range of codons",
    ),
    (_form(r"(del|dup|ins)([a-z]{3,12})"), read_named_run, "residues without a place"),
    (
        _form(r"([a-z]{4,12})[\s-](del|dup|ins)(?:etion|lication|ertion)?"),
        lambda f, g: _run_behind(f[1], f[2], g), "residues without a place",
    ),
)  # fmt: skip


def _stop(found: re.Match[str], gene: Gene) -> ReadChange | None:
    ref, position = one_letter(found[1]), int(found[2])
    check_residue(gene, position, ref)
    return exact("nonsense", position, position, "*", None, f"{ref}{position}*")
