"""Proteins whose stains together are one marker: MLH1, PMS2, MSH2, MSH6 of mismatch repair.

Which proteins, which words say that a stain is lost or retained, and what a lost one means is data of
the marker's family (``stained``). What is plainly a variant of the gene is left to other readers.
Source: CAP template of biomarker reporting, mismatch repair proteins: "loss of nuclear expression" of
any of them is deficient; staining of a part of the cells is described, and decides nothing alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from service.engine.grading import StainedProteins
from service.engine.model import Gene
from service.engine.notation.faults import NotationError
from service.engine.notation.genes import flexible
from service.engine.notation.text.assays import kind_of
from service.engine.notation.text.context import Context

#: Words that only say that a stain of the nuclei is meant.
_OF_STAIN = re.compile(
    r"\b(?:(?:nuclear\s|protein\s)?(?:staining|stain|expression)|nuclear|proteins?|ihc|immunohistochemistry"
    r"|nukleare[rs]?|expresion|espressione|d'expression|der expression|de expresion|di espressione)\b",
    re.I,
)
_FILLER = re.compile(
    r"\b(?:by|in|of|the|is|was|are|were|status|result|all|complete|completely|total|invasive|tumou?r cells|tumou?r)\b",
    re.I,
)
#: "lost (internal control positive)": the stain of the normal cells beside the tumour.
_CONTROL = re.compile(
    r"[\s,;(]{1,3}(?:with\s)?(?:(?:positive|intact|retained|present)\s)?internal control(?:s)?"
    r"(?:\s(?:is\s)?(?:positive|intact|retained|present|\+))?\)?",
    re.I,
)
#: What a laboratory writes of a stain, or of the sequence.
_SIGN = re.compile(r"positive|negative|pos|neg|\(?[+-]{1,3}\)?|[+-]ve|[0-3]\s?\+{0,3}", re.I)
_SEQUENCED = re.compile(r"(?:not )?detected", re.I)
#: A part of the cells, or a weaker stain.
_PART = re.compile(
    r"(?:.{0,20}\b(?:focal(?:ly)?|partial(?:ly)?|patchy|weak(?:ly)?|reduced|heterogene?ous|subclonal|variable)\b.{0,20}"
    r"|[<>=\u2264\u2265~]{0,2}\s?\d{1,3}(?:\.\d)?\s?%.{0,20})",
    re.I,
)
_IS_FOUND = re.compile(r"\(?\+|pos|[1-3]|detected", re.I)


@dataclass(frozen=True, slots=True)
class Stained:
    """A result of a stain, as a text that the readers of markers know."""

    text: str
    step: str


class StainedMarkers:
    """Finds results of the stains of proteins that together are one marker."""

    def __init__(self, genes: Iterable[Gene]) -> None:
        marked = [gene for gene in genes if gene.grading.stained is not None]
        self._markers = tuple(g.grading.stained for g in marked if g.grading.stained is not None)
        names = "|".join(flexible(name) for gene in marked for name in (gene.symbol, *gene.aliases))
        self._heading = re.compile(
            rf"(?:{names or '(?!)'})\s?(?:proteins?\s?)?(?:\(?(?:by\s)?IHC\)?\s?)?:\s?(?=\S)", re.I
        )

    def read(self, text: str, context: Context) -> tuple[Stained, ...]:
        """Return what the stain of one or several proteins says; nothing when a text is about none.

        Raises:
            NotationError: ``ambiguous_result`` for a sign, a part of the cells or a percentage.
        """
        if context.assay is not None and kind_of(context.assay) != "ihc":
            return ()
        said = " ".join(word for word in (text, _word_of(text, context), context.assay) if word)
        if context.gene is not None:
            said = f"{context.gene.symbol} {said}"
        said = self._heading.sub("", said, count=1) if self._heading.match(said) else said
        for marker in self._markers:
            found = _segments(marker, said)
            if found:
                return _read_all(marker, found)
        return ()

    def is_about(self, text: str) -> bool:
        """Tell whether the name of such a protein stands in front of a text."""
        return any(_names_of(marker).match(text) for marker in self._markers)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Proteins, and what is said of them: as written, and without the words of stains.

    Args:
        is_stain: a word says that it was stained.
    """

    proteins: tuple[str, ...]
    behind: str
    core: str
    is_stain: bool


def plain(context: Context, step: str) -> Context:
    """Return the context of a text that stands for what was said."""
    return replace(
        context, gene=None, assay=None, forced=None, word="", is_carried=False,
        steps=(*context.steps, step),
    )  # fmt: skip


def _word_of(text: str, context: Context) -> str:
    return (
        "" if text or context.forced in (None, "indeterminate") else context.word.replace("_", " ")
    )


def _segments(marker: StainedProteins, text: str) -> list[_Segment]:
    """Return the proteins of a text, each with what stands behind it; none when others lead it."""
    places = list(_names_of(marker).finditer(text))
    if not places or places[0].start() > 0:
        return []
    ends = [place.start() for place in places[1:]] + [len(text)]
    return [
        _segment(marker, place[0], text[place.end() : end])
        for place, end in zip(places, ends, strict=True)
    ]


def _segment(marker: StainedProteins, names: str, behind: str) -> _Segment:
    rest = _CONTROL.sub("", behind.strip(" :,;=&"))
    core = " ".join(_FILLER.sub(" ", _OF_STAIN.sub(" ", rest)).split()).strip(" :,;=").lower()
    core = core[1:-1] if core[:1] == "(" and core[-1:] == ")" and len(core) > 3 else core
    proteins = tuple(dict.fromkeys(map(_symbol, _one_of(marker).findall(names))))
    return _Segment(proteins, behind.strip(" :,;"), core, _OF_STAIN.search(rest) is not None)


def _read_all(marker: StainedProteins, segments: list[_Segment]) -> tuple[Stained, ...]:
    """Read every protein of a text, or none: another reader may know the whole."""
    signs = [one for one in segments if _SIGN.fullmatch(one.core)]
    positive = sum(len(one.proteins) for one in signs if _IS_FOUND.match(one.core))
    named = {name for one in signs for name in one.proteins}
    # A panel of germline genes has no two of the four mutated.
    is_panel_of_stains = named == set(marker.proteins) and positive > 1
    read: list[Stained] = []
    for segment in segments:
        said = _read(marker, replace(segment, is_stain=segment.is_stain or is_panel_of_stains))
        if not said:
            return ()
        read += said
    return tuple(dict.fromkeys(read))


def _read(marker: StainedProteins, segment: _Segment) -> tuple[Stained, ...]:
    core, names = segment.core, ", ".join(segment.proteins)
    is_sign = _SIGN.fullmatch(core) is not None
    is_lost, is_kept = core in marker.lost, core in marker.retained
    if segment.is_stain and (is_sign or core == "no" or _SEQUENCED.fullmatch(core)):
        is_kept = _IS_FOUND.match(core) is not None
        is_lost = not is_kept
    if is_lost:
        return (Stained(marker.lost_means, f"stain of {names} lost"),)
    if is_kept:
        return tuple(
            Stained(f"{name} IHC retained", f"stain of {name}") for name in segment.proteins
        )
    if is_sign or _PART.fullmatch(core) is not None:
        raise NotationError(
            "ambiguous_result",
            f"{names} {segment.behind}: a stain that is lost, or the sequence? Say which",
            (f"{names} lost", f"{names} retained", f"{names} mutation"),
        )
    return ()


@lru_cache(maxsize=8)
def _one_of(marker: StainedProteins) -> re.Pattern[str]:
    symbols = "|".join(re.sub(r"(?<=[A-Z])(?=\d)", r"[\\s-]?", name) for name in marker.proteins)
    return re.compile(rf"(?<![A-Za-z0-9])h?(?:{symbols})(?![A-Za-z0-9])", re.I)


@lru_cache(maxsize=8)
def _names_of(marker: StainedProteins) -> re.Pattern[str]:
    one = _one_of(marker).pattern
    return re.compile(rf"\s?{one}(?:\s?(?:/|,|\+|&|and)\s?(?:and\s)?{one}){{0,3}}", re.I)


def _symbol(name: str) -> str:
    return re.sub(r"[\s-]", "", name).upper().removeprefix("H")
