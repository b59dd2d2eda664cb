"""Words that name a class instead of a variant: ``BRAF class II``, ``EGFR activating mutation``.

Which words name which class is data (``reported_as`` of a biomarker class). What was found is one of
the changes of the class, not said which (rule M28). Here too: words that say what it is not
(``non-V600``, ``uncommon``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.engine.model import Gene, ProteinChange
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.protein.sequence import read_sequence
from service.engine.notation.readings import ReadChange
from service.engine.patterns import is_inside

MAX_WORDS = 120
_NOUN = r"(?:mutations?|mutated|mutants?|variants?|alterations?|mut)"
_LAST_NOUN = re.compile(rf"(?:\(s\)|\s{_NOUN}(?:\(s\))?|\s(?:type|nos|positive))+$")
_FIRST_NOUN = re.compile(rf"^(?:an? )?{_NOUN}[\s:,]+(?=\S)")
_BESIDE = re.compile(r"[\s,]*[,(][\s]*|\s-\s|:\s")
#: "non-V600 mutation", "mutation other than V600E", "mutation (non-V600)".
_OTHER_THAN = re.compile(
    rf"(?:{_NOUN}[\s,(]{{1,2}})?(?:non|other than|not|except|excluding)[\s-]{{1,2}}"
    rf"(?P<code>[A-Z]\d{{1,4}}[A-Z]?)\)?(?:\s{_NOUN})?(?:\s(?:detected|positive|found|present))?",
    re.I,
)
#: "uncommon sensitising mutation": words of a mutation that is none of the usual ones.
_UNUSUAL = re.compile(
    rf"(?P<word>[a-z\s-]{{3,20}}?)(?:\s\w+ing)?\s{_NOUN}(?:\s(?:detected|positive))?", re.I
)


@dataclass(frozen=True, slots=True)
class NamedClass:
    """A class that reports name, and the words they use for it after the gene.

    Args:
        change: one of its changes, not said which (``named``, ``among``).
        reported: oncogenicity that the words state, if any.
        opposites: words for a mutation that is none of the class.
        members: what it is then said not to be, as texts (``L858R``).
    """

    gene: str
    words: tuple[str, ...]
    change: ProteinChange
    reported: str | None = None
    opposites: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class NamedClasses:
    """Reads the words by which reports name classes."""

    def __init__(self, classes: Iterable[NamedClass]) -> None:
        known_classes = tuple(classes)
        self._by_words: Mapping[tuple[str, str], NamedClass] = {
            (known.gene, _fold(words)): known for known in known_classes for words in known.words
        }
        self._by_opposite: Mapping[tuple[str, str], NamedClass] = {
            (known.gene, _fold(word)): known for known in known_classes for word in known.opposites
        }

    def read(self, text: str, gene: Gene) -> ReadChange | None:
        """Read the name of a class, alone or beside one of its variants: ``G469A (class II)``.

        Returns:
            The class, the variant when one stands beside it, ``None`` when no class is named.

        Raises:
            NotationError: ``contradictory_notation`` when the variant is none of the class.
        """
        if not text or len(text) > MAX_WORDS:
            return None
        known = self._by_words.get((gene.symbol, _fold(text)))
        if known is not None:
            return _named(known, gene, text)
        for gap in _BESIDE.finditer(text):
            pieces = (text[: gap.start()].strip(), text[gap.end() :].strip(" )"))
            for words, beside in (pieces, pieces[::-1]):
                known = self._by_words.get((gene.symbol, _fold(words)))
                if known is not None and known.reported is None:
                    return _beside(known, beside, gene, text)
        return None

    def other_than(self, text: str, gene: Gene) -> tuple[str, ...] | None:
        """Return the texts that a mutation "other than" something stands for; else ``None``.

        It is a mutation, and what it is said not to be was not found.
        """
        unusual = _UNUSUAL.fullmatch(text)
        if unusual is not None:
            known = self._by_opposite.get((gene.symbol, _fold(unusual["word"])))
            if known is not None:
                return ("mutation", *(f"{member} not detected" for member in known.members))
        found = _OTHER_THAN.fullmatch(text)
        return ("mutation", f"{found['code']} not detected") if found else None


def _named(known: NamedClass, gene: Gene, text: str) -> ReadChange:
    change = known.change
    what = change.named or ""
    remark = Remark("imprecise_alteration", f"{what} names a class, not one variant of it")
    read = ReadChange(
        change, None, (remark,), (f"{text!r} names the class {what}",), known.reported
    )
    # A class of one pattern (BRAF class I is V600X) is that pattern.
    return replace(read, change=change.among[0]) if len(change.among) == 1 else read


def _beside(known: NamedClass, text: str, gene: Gene, whole: str) -> ReadChange | None:
    read = read_sequence(text, gene)
    if read is None:
        return None
    if not is_inside(read.change, known.change, gene):
        raise NotationError(
            "contradictory_notation",
            f"{whole!r}: {text} is not among the variants of {known.change.named}",
        )
    return replace(read, steps=(*read.steps, f"beside the name of {known.change.named}"))


def _fold(words: str) -> str:
    bare = " ".join(words.lower().replace("-", " ").split())
    bare = re.sub(r"(?<=sensiti)s(?=ing|ed|ve)", "z", bare)
    return _LAST_NOUN.sub("", _FIRST_NOUN.sub("", bare)).strip()
