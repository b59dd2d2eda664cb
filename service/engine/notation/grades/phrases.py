"""Whole texts that speak about several genes or markers: RAS wild type, triple negative, dMMR.

Which phrases there are is data (``seed_data/vocabulary/phrases.yaml``). A phrase stands for texts
of one gene each; one that leaves open which gene is meant is a fault with its choices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.notation.faults import NotationError

_MAX_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Phrase:
    """Spellings of one phrase.

    Args:
        patterns: regular expressions of the whole text, whatever its case.
        means: texts of one gene each that it stands for; ``\\g<number>`` is a group of the pattern.
        open_genes: genes of which it does not say which; ``means`` are then the choices.
    """

    patterns: tuple[str, ...]
    means: tuple[str, ...]
    open_genes: tuple[str, ...] = ()


class Phrases:
    """Finds the phrase that a whole text is."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._forms = tuple((re.compile("|".join(p.patterns), re.I), p) for p in phrases)

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return the texts of one gene each that a text stands for; ``None``: it is no phrase.

        Raises:
            NotationError: ``ambiguous_gene`` when it does not say which gene.
        """
        if len(text) > _MAX_LENGTH:
            return None
        for pattern, phrase in self._forms:
            found = pattern.fullmatch(text)
            if found is not None:
                if phrase.open_genes:
                    *first, last = phrase.open_genes
                    message = f"{text!r} does not say which gene: {', '.join(first)} or {last}"
                    raise NotationError("ambiguous_gene", message, phrase.means)
                return tuple(found.expand(meaning) for meaning in phrase.means)
        return None

    def knows(self, text: str) -> bool:
        """Tell whether a whole text is a phrase."""
        is_short = len(text) <= _MAX_LENGTH
        return is_short and any(pattern.fullmatch(text) for pattern, _ in self._forms)
