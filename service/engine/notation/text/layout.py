"""How the lines of a report hang together: blank lines, and results that stand below their test.

``KRAS`` above ``not detected`` is one result in two lines, and ``NOT DETECTED`` above ``KRAS`` a
heading; where both are possible the line is in doubt.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Literal

from service.engine.notation.faults import NotationError
from service.engine.notation.genes import GeneNames
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.labels import role_of
from service.engine.notation.text.languages import to_english
from service.engine.notation.text.texts import has_zero_fraction, polarity_of

#: A test without a result (a gene alone is ``name``), a result alone, a value alone, a blank line.
LineKind = Literal["test", "name", "result", "value", "blank", "other"]
#: What a line has to do with the one below: its result stands there, or perhaps.
Below = Literal["joined", "doubtful"]

BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u25aa\u2013>]+|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")
LABEL = re.compile(r"^(?P<label>[^:|\t]{1,70}?)\s*:\s*(?P<value>.*)$")
CELLS = re.compile(r"\s*\|\s*|\t+|\s{3,}|\s{2,}(?=[A-Z][\w ]{1,24}:)")
#: What an alteration looks like, whoever's it is.
ALTERATION = re.compile(
    r"\b[A-Z]\d{1,4}(?:[A-Z*]|fs|del|dup|ins|_)|\b[cpg]\.[\[(?=*A-Z0-9-]|\b(?:exon|codon|intron)\s?\d"
    r"|::|\b(?:fusion|rearrange|translocation|instab|\bstable\b|amplif|mutat|mutier|mute|deletion|insertion|wild[ -]?type|wildtyp)"
    r"|\b[0-3]\+|\b(?:positiv|negativ|negatif|positif|detected|nachgewiesen|detecte|pending|equivocal)|%\s*$|\bVUS\b|\b(?:loss|lost|intact|retained|gain|promoter|alterations?|skipping|copies|copy number|express|not tested|not performed)|\d\s?mut/mb",
    re.I,
)
_LONGEST_VALUE = 40
#: A share of alleles above nothing: what has one was found.
_SHARE = re.compile(
    r"\b(?:VAF|MAF|AF|allel\w*[\s-](?:fre|fra)\w*)\b[\s:=(]{0,3}\d|\d\s?%\s?(?:VAF|MAF|AF)\b"
    r"|\(\s?\d{1,2}(?:[.,]\d+)?\s?%\s?\)|[,;]\s?\d{1,2}(?:[.,]\d+)?\s?%$",
    re.I,
)


def is_double_spaced(lines: Sequence[str]) -> bool:
    """Tell whether a blank line stands between all lines, so that it says nothing."""
    told = [bool(line.strip()) for line in lines]
    has_several = sum(told) > 2
    return has_several and not any(a and b for a, b in itertools.pairwise(told))


def is_result(line: str) -> bool:
    """Tell whether a line is a result word and nothing else."""
    try:
        polarity = polarity_of(to_english(line))
    except NotationError:
        return False
    return polarity.result is not None and not polarity.bare


def has_share(words: str) -> bool:
    """Tell whether words give a share of alleles above nothing."""
    return _SHARE.search(words) is not None and not has_zero_fraction(words)


def results_below(lines: Sequence[str], kind_of: Callable[[str], LineKind]) -> dict[int, Below]:
    """Return the lines whose result stands in the line below, or may stand there.

    Args:
        kind_of: tells what a line is.

    Returns:
        Index of the upper line -> ``joined``; ``doubtful`` where the result may be a heading of the
        lines below it too.
    """
    kinds = [kind_of(line) for line in lines]
    pairs = list(itertools.pairwise(kinds))
    is_headed = (
        any(
            below == "result" and above not in ("test", "name")
            for above, below in [("blank", kinds[0]), *pairs]
        )
        if kinds
        else False
    )
    found: dict[int, Below] = {}
    for index, (above, below) in enumerate(pairs):
        if above == "name" and below == "value":
            found[index] = "joined"
        elif above in ("test", "name") and below == "result" and not is_headed:
            found[index] = "joined" if _is_closed(kinds, index + 2) else "doubtful"
    return found


def _is_closed(kinds: Sequence[LineKind], start: int) -> bool:
    """Tell whether what follows a result is no list under it: nothing, or the next test with its own."""
    following = next((at for at in range(start, len(kinds)) if kinds[at] != "blank"), None)
    if following is None or kinds[following] not in ("test", "name"):
        return True
    return kinds[following + 1 : following + 2] in (["result"], ["value"])


class LineKinds:
    """Tells what a line is by the genes and results in it."""

    def __init__(self, names: GeneNames, strangers: Strangers) -> None:
        self._names = names
        self._strangers = strangers

    def kind_of(self, line: str) -> LineKind:
        """Return what a line is, beside what stands around it."""
        bare = BULLET.sub("", line).strip()
        if not bare:
            return "blank"
        if is_result(bare):
            return "result"
        is_label = LABEL.match(bare.rstrip(":")) is not None or len(CELLS.split(bare)) > 1
        if is_label or role_of(bare) is not None:
            return "other"
        name = bare.rstrip(": ")
        if self._names.lookup(name) is not None or self._strangers.named(name) is not None:
            return "name"
        if self._names.all_in(name) or self._strangers.is_about(name):
            try:
                return "test" if polarity_of(to_english(name)).result is None else "other"
            except NotationError:
                return "other"
        is_value = len(bare) <= _LONGEST_VALUE and ALTERATION.search(to_english(bare)) is not None
        return "value" if is_value else "other"
