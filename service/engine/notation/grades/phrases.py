"""Whole texts that speak about several genes or markers: RAS wild type, triple negative, dMMR.

Which phrases there are is data (``seed_data/vocabulary/phrases.yaml``). A phrase stands for texts
of one gene each. A word that means one of several genes is a group (``gene_groups``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MAX_LENGTH = 80
#: How a status was found: "MSS by PCR", "dMMR (IHC)".
_METHOD = re.compile(
    r"\s\(?(?:(?:by|on|via|using|per)\s)?(?:IHC|immunohistochemi(?:stry|cal)|PCR|NGS|sequencing|next[\s-]generation sequencing"
    r"|fragment analysis)(?:\s(?:testing|analysis|test))?\)?$",
    re.I,
)


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
        bare = _METHOD.sub("", text)
        for said in dict.fromkeys((text, bare)):
            for pattern, phrase in self._forms:
                found = pattern.fullmatch(said)
                if found is not None:
                    parts = {name: words or "" for name, words in found.groupdict().items()}
                    means = phrase.means
                    return tuple(meant.format_map(parts) for meant in means) if parts else means
        return None

    def knows(self, text: str) -> bool:
        """Tell whether a whole text is a phrase."""
        if len(text) > _MAX_LENGTH:
            return False
        bare = _METHOD.sub("", text)
        return any(p.fullmatch(said) for said in {text, bare} for p, _ in self._forms)
