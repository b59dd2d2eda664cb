"""Whole texts that speak about several genes or markers: RAS wild type, triple negative, dMMR.

Which phrases there are is data (``seed_data/vocabulary/phrases.yaml``). A phrase stands for texts
of one gene each. A word that means one of several genes is a group (``gene_groups``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MAX_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Phrase:
    """Spellings of one phrase.

    Args:
        patterns: regular expressions of the whole text, whatever its case.
        means: texts of one gene each that it stands for; ``{name}`` repeats the named group of a pattern.
    """

    patterns: tuple[str, ...]
    means: tuple[str, ...]


class Phrases:
    """Finds the phrase that a whole text is."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._forms = tuple((re.compile("|".join(p.patterns), re.I), p) for p in phrases)

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return the texts of one gene each that a text stands for; ``None``: it is no phrase."""
        if len(text) > _MAX_LENGTH:
            return None
        for pattern, phrase in self._forms:
            found = pattern.fullmatch(text)
            if found is not None:
                said = {name: words or "" for name, words in found.groupdict().items()}
                means = phrase.means
                return tuple(meant.format_map(said) for meant in means) if said else means
        return None

    def knows(self, text: str) -> bool:
        """Tell whether a whole text is a phrase."""
        is_short = len(text) <= _MAX_LENGTH
        return is_short and any(pattern.fullmatch(text) for pattern, _ in self._forms)
