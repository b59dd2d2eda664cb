"""The cells that hold a protein change (``HGVSp_Short``, ``HGVSp``): a form of HGVS or nothing.

A cell is never read as a sentence: a word (``wt``, ``Negative``) is no result of a row that says a
variant was called. Start with ``read_change`` and ``agreed``.

Source: HGVS recommendations v21, protein; vcf2maf for ``X600_splice``; VCF 4.3 for ``%3D``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Origin
from service.engine.reading import Item, is_placeholder

_MAX = 200
#: One change at one place: letters, a number, and what becomes of it; it ends in no sign.
_FORM = re.compile(
    r"(?:p\.)?[(\[]{0,2}[A-Za-z*?]{0,160}\d{1,5}(?:[A-Za-z0-9*?_>.()\[\]-]{0,160}[A-Za-z0-9*?)\]])?"
)
#: An effect that is not known, or no protein at all: nothing to look up.
_NO_CHANGE = frozenset({"p.?", "?", "p.(?)", "p.0", "p.0?", "p.(0)", "p.(0?)", "0", "0?"})
_SILENT = re.compile(r"(?:=|\(=\))\)?$")


def bare_change(text: str) -> str:
    """Return a protein change without its sequence (``ENSP…2:``) and escapes (``%3D``)."""
    return (unquote(text) if "%" in text else text).rpartition(":")[2].strip()


def read_change(
    vocabulary: BiomarkerVocabulary,
    gene: str,
    text: str,
    place: str,
    *,
    reference: str = "",
    origin: Origin | None = None,
) -> tuple[Item, ...]:
    """Read the cell of a protein change of a covered gene.

    Args:
        text: what stands in the cell; not empty.
        reference: transcript that the gene's own record names, or nothing.
        origin: where the variant comes from, when the file says it.

    Returns:
        A detected finding, or one item that was set apart; never a negative.
    """
    bare = bare_change(text)
    said = f"{gene} {text}"
    if bare in _NO_CHANGE or is_placeholder(bare):
        return (set_apart("no_protein_change", gene, said, place),)
    if _SILENT.search(bare):
        return (set_apart("silent", gene, said, place),)
    if len(bare) > _MAX or _FORM.fullmatch(bare) is None:
        message = f"{text[:80]!r} is no protein change"
        return (set_apart("unknown_alteration", gene, said, place, message),)
    given = of_origin(vocabulary, gene, f"{reference}:{bare}" if reference else bare, origin)
    items = read_biomarker(vocabulary, given, place, text=said)
    findings = [finding for item in items for finding in item.findings]
    if any(finding.result != "detected" for finding in findings):
        message = f"{text[:80]!r} is no protein change"
        return (set_apart("unknown_alteration", gene, said, place, message),)
    if findings and all(f.change and f.change.consequence == "synonymous" for f in findings):
        return (set_apart("silent", gene, said, place),)
    return items


def of_origin(
    vocabulary: BiomarkerVocabulary, gene: str, alteration: str, origin: Origin | None
) -> dict[str, str]:
    """Return a biomarker of the v1 contract, with its origin where variants of the gene have one.

    A germline variant of another gene keeps it too, so that it is set apart as such.
    """
    given = {"gene": gene, "alteration": alteration}
    is_asked = origin == "germline" or vocabulary.reader.has_origin(gene)
    return {**given, "origin": origin} if origin is not None and is_asked else given


def agreed(short: tuple[Item, ...], long: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return what two cells for one change say together.

    A cell with an effect that is not known adds nothing; one that says something else, or holds a
    word that is no change, contradicts.
    """
    first, second = short[0], long[0]
    if second.reason == "no_protein_change" or _names(short) == _names(long):
        return short
    if first.reason == "no_protein_change":
        return long
    is_same_fate = first.fate == second.fate == "set_apart" and first.reason == second.reason
    if is_same_fate:
        return short
    message = f"{first.text!r} and {second.text!r} are two different changes"
    return (
        replace(
            first,
            fate="set_apart",
            findings=(),
            remarks=(),
            given=None,
            reason="contradictory_notation",
            message=message,
        ),
    )


def set_apart(reason: str, gene: str | None, text: str, place: str, message: str = "") -> Item:
    """Return an item of a covered gene, or of none, that was not used."""
    return Item(place, text, "set_apart", reason=reason, message=message or reason, gene=gene)


def _names(items: tuple[Item, ...]) -> list[str] | None:
    names = sorted(finding.name for item in items for finding in item.findings)
    return names or None
