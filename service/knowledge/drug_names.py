"""Drug names as callers write them (INN, brand, alias, group) to those of the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from service.engine.vocabulary import Drug

_FOLD = re.compile(r"[\s\-_]+")
#: Four-letter biologic suffixes of US names (``-nxki``) and salts are no part of the INN.
_SUFFIX = re.compile(r"-[a-z]{4}$")
_PLURALS = (("inhibitors", "inhibitor"), ("tkis", "tki"), ("taxanes", "taxane"))


class DrugNames:
    """Finds drugs and groups by any of their names; read-only."""

    def __init__(self, drugs: Iterable[Drug]) -> None:
        self._names: dict[str, str] = {}
        for drug in drugs:
            for name in (drug.name, *drug.names):
                self._names.setdefault(_fold(name), drug.name)
        self._choices = sorted(set(self._names))

    def find(self, name: str) -> str | None:
        """Return the name of the knowledge base, ``None`` when it is not known."""
        folded = _fold(name)
        for plural, singular in _PLURALS:
            folded = folded.replace(plural, singular)
        return self._names.get(folded) or self._names.get(
            _fold(_SUFFIX.sub("", name.strip().lower()))
        )

    def near(self, name: str) -> tuple[str, ...]:
        """Return the nearest known names, best first."""
        found = process.extract(
            _fold(name)[:80], self._choices, scorer=fuzz.WRatio, limit=3, score_cutoff=75
        )
        return tuple(dict.fromkeys(self._names[choice] for choice, _, _ in found))


def _fold(name: str) -> str:
    return _FOLD.sub(" ", name.strip().lower())
