"""Which gene a text speaks about: symbols, aliases, reference sequences, in front or behind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.engine.model import Gene

_REFERENCE = re.compile(
    r"\s*([A-Z]{2,4}_?\d{4,12}(?:\.\d{1,3})?)\s*(?:\(([^()]{1,20})\))?\s*:\s*", re.I
)
_SEPARATORS = re.compile(r"[\s_\-/]+")
_EDGE = r"(?![A-Za-z0-9])"


class GeneNames:
    """Finds gene names in text; longest name first, so that ``HER2/neu`` is not cut to ``HER2``."""

    def __init__(self, genes: Iterable[Gene]) -> None:
        self._by_name: dict[str, Gene] = {}
        self._by_reference: dict[str, Gene] = {}
        names: list[str] = []
        for gene in genes:
            for name in (gene.symbol, *gene.aliases):
                self._by_name[_fold(name)] = gene
                names.append(name)
            for reference in gene.references:
                self._by_reference[reference.split(".")[0].upper()] = gene
        patterns = sorted({_flexible(name) for name in names}, key=len, reverse=True)
        joined = "|".join(patterns)
        self._leading = re.compile(rf"\s*(?:the\s)?({joined}){_EDGE}[\s:,\-]*", re.I)
        self._anywhere = re.compile(rf"(?<![A-Za-z0-9])({joined}){_EDGE}", re.I)

    def lookup(self, name: str) -> Gene | None:
        """Return the gene of a name, whatever its case and separators."""
        return self._by_name.get(_fold(name))

    def names(self) -> tuple[str, ...]:
        """Return every symbol, sorted; the choices for suggestions."""
        return tuple(sorted({gene.symbol for gene in self._by_name.values()}))

    def take(self, text: str) -> tuple[Gene | None, str]:
        """Take a gene name off a text: a reference sequence, the first words, or anywhere else.

        Returns:
            The gene (``None`` when no name stands there) and the rest of the text.
        """
        reference = _REFERENCE.match(text)
        if reference is not None:
            gene = self._by_reference.get(reference[1].split(".")[0].upper())
            named = self.lookup(reference[2]) if reference[2] else None
            if gene or named:
                return gene or named, text[reference.end() :]
        leading = self._leading.match(text)
        if leading is not None:
            gene = self.lookup(leading[1])
            after = text[leading.end() :]
            inner, rest = self.take(after) if _REFERENCE.match(after) else (gene, after)
            return (gene if inner in (None, gene) else None), rest
        found = self._anywhere.search(text)
        if found is not None:
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return self.lookup(found[1]), rest.strip(" :-")
        return None, text

    def all_in(self, text: str) -> tuple[Gene, ...]:
        """Return the genes named in a text, in order, without repeats."""
        found = (self.lookup(match[1]) for match in self._anywhere.finditer(text))
        return tuple(dict.fromkeys(gene for gene in found if gene is not None))


def _fold(name: str) -> str:
    return _SEPARATORS.sub("", name).upper()


def _flexible(name: str) -> str:
    return r"[\s_\-/]?".join(re.escape(part) for part in _SEPARATORS.split(name))
