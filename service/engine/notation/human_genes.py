"""The name table: every human gene that HGNC names, for genes about which nothing is curated.

The names of ``genes.yaml`` come first and live in ``genes``; here are all the others. The table is
loaded when a text needs it, not before.

Source: HGNC approved, previous and alias symbols (``docs/reference-data.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

#: hgnc id, approved symbol, previous symbols, aliases.
GeneRow = tuple[str, str, tuple[str, ...], tuple[str, ...]]
NamedBy = Literal["approved", "previous", "alias"]


@dataclass(frozen=True, slots=True)
class HumanGene:
    """A gene by one of its names.

    Args:
        symbol: HGNC approved symbol, ``TP53``.
        named_by: which kind of name was asked for.
        choices: approved symbols of every gene that the name can mean, those that had it as their
            symbol first; more than one when it is ambiguous, and ``symbol`` is the first.
    """

    symbol: str
    hgnc_id: str
    named_by: NamedBy
    choices: tuple[str, ...]

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether the name belongs to several genes."""
        return len(self.choices) > 1


class HumanGenes:
    """Finds a gene by an approved symbol, a previous symbol or an alias, whatever the case.

    An approved symbol wins over every other use of its letters; a name that is a previous symbol
    or an alias of several genes is ambiguous (``MLL2``: KMT2D, KMT2B).

    Args:
        load: gives the rows; called once, at the first question.
    """

    def __init__(self, load: Callable[[], Iterable[GeneRow]] = tuple) -> None:
        self._load = load
        self._by_name: dict[str, tuple[NamedBy, tuple[str, ...]]] | None = None
        self._ids: dict[str, str] = {}
        self._symbols: dict[str, str] = {}

    def find(self, name: str) -> HumanGene | None:
        """Return the gene of a name; ``None`` when no human gene is called so."""
        found = self._names().get(name.strip().upper())
        if found is None:
            return None
        named_by, choices = found
        return HumanGene(choices[0], self._ids[choices[0]], named_by, choices)

    def symbol_of(self, hgnc_id: str) -> str | None:
        """Return the approved symbol of ``HGNC:11998``; ``None`` when there is no such gene."""
        self._names()
        return self._symbols.get(hgnc_id.upper())

    def names(self) -> Iterable[str]:
        """Return every name in upper case, for suggestions."""
        return self._names().keys()

    def _names(self) -> dict[str, tuple[NamedBy, tuple[str, ...]]]:
        names = self._by_name
        if names is None:
            # Two questions at once may both read the table; they read the same.
            names = self._by_name = self._read()
        return names

    def _read(self) -> dict[str, tuple[NamedBy, tuple[str, ...]]]:
        rows = list(self._load())
        self._ids = {symbol: hgnc for hgnc, symbol, _, _ in rows}
        self._symbols = {hgnc: symbol for hgnc, symbol, _, _ in rows}
        names: dict[str, tuple[NamedBy, tuple[str, ...]]] = {}
        kinds: tuple[tuple[NamedBy, int], ...] = (("previous", 2), ("alias", 3))
        for kind, column in kinds:
            for row in rows:
                for name in row[column]:
                    first, choices = names.get(name.upper(), (kind, ()))
                    if row[1] not in choices:
                        names[name.upper()] = first, (*choices, row[1])
        return names | {symbol.upper(): ("approved", (symbol,)) for _, symbol, _, _ in rows}
