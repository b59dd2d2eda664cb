"""Which gene a "gene studied" value means: HGNC ids, Entrez ids and symbols, as systems write them.

The code counts; a display that names another gene is a warning. Accepted are ``HGNC:3236``,
``3236`` under an HGNC system, the symbol as the code, Entrez ids, and the display alone.
Source: HL7 Genomics Reporting, component gene-studied (LOINC 48018-6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from service.adapters.fhir_in.elements import Coding, Value, short
from service.adapters.v1.case import Vocabulary
from service.engine.vocabulary import MarkerTest

Json = dict[str, Any]
_HGNC = re.compile(r"(?:HGNC:)?(\d{1,6})", re.I | re.ASCII)
_ENTREZ = "ncbi.nlm.nih.gov/gene"
_NAME = re.compile(r"[\w\-]*")
_LONGEST_TEXT = 5000
_SYMBOL = re.compile(r"[A-Z][A-Z0-9\-]{1,14}|C\d{1,2}orf\d{1,3}", re.ASCII)


class FhirVocabulary(Vocabulary, Protocol):
    """What the reader needs of a knowledge base."""

    @property
    def records(self) -> Mapping[str, Mapping[str, Json]]: ...
    @property
    def marker_tests(self) -> Mapping[str, MarkerTest]: ...


@dataclass(frozen=True, slots=True)
class ReadGene:
    """A gene of a document.

    Args:
        symbol: the gene of the knowledge base; ``None`` when it is another one.
        label: its symbol in words, also of another gene; empty when only an id is known.
        shown: symbol of the knowledge base that the display names although the code is another.
        remark: what does not agree; empty when all does.
        is_torn: its codes are different genes.
    """

    symbol: str | None
    label: str
    shown: str | None = None
    remark: str = ""
    suggestion: str = ""
    is_torn: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether the component names no gene at all."""
        return self.symbol is None and not self.label


class GeneCodes:
    """Looks genes up by code or name."""

    def __init__(self, vocabulary: FhirVocabulary) -> None:
        self._names = vocabulary.reader.names
        self._human_genes = vocabulary.reader.human_genes
        self._hgnc = {
            gene.hgnc.upper(): gene.symbol
            for gene in vocabulary.rulebook.genes.values()
            if gene.hgnc
        }
        self._entrez = {
            row["entrez"]: symbol
            for symbol, row in vocabulary.records["genes"].items()
            if row.get("entrez")
        }

    def symbol_of(self, name: str) -> str | None:
        """Return the covered gene of a symbol, alias or HGNC id."""
        by_id = self._hgnc.get(name.strip().upper())
        if by_id is not None:
            return by_id
        gene = self._names.lookup(name) if 0 < len(name) <= 100 else None
        return gene.symbol if gene else None

    def named_in_text(self, words: str) -> set[str]:
        """Return the covered genes that a text names; two letters alone (``PR``) are no name."""
        cut = words[:_LONGEST_TEXT]
        return {
            gene.symbol
            for gene, start in self._names.places_in(cut)
            if len(_NAME.match(cut, start)[0]) > 2  # type: ignore[index]
        }

    def read(self, value: Value) -> ReadGene:
        """Read the value of a gene-studied component."""
        codings = [c for c in value.concept.codings if c.code and self._is_gene_code(c)]
        codings.sort(key=lambda coding: "genenames" not in coding.system.lower())
        if not codings:
            return self._of_words(value)
        found = [(coding, self._of_code(coding)) for coding in codings]
        coding, symbol = found[0]
        display = coding.display or value.concept.text
        others = {other for _, other in found[1:] if other} - {symbol}
        shown = self._named_in(display)
        remark = ""
        if others:
            names = " and ".join(sorted({symbol or coding.code, *others}))
            remark = f"its codes are different genes, {names}: none is read"
            return ReadGene(None, names, None, remark, is_torn=True)
        if self._disagree(coding, symbol, display):
            named = symbol or "no gene here"
            remark = f"{coding.code} is {named}, its display says {display[:60]}; the code counts"
        differs = shown is not None and shown != symbol
        hgnc = next((k for k, v in self._hgnc.items() if v == shown), "") if differs else ""
        label = symbol or self._label(coding, display if not remark else "")
        return ReadGene(symbol, label, shown if differs else None, remark, hgnc)

    def _of_words(self, value: Value) -> ReadGene:
        for words in value.strings:
            symbol = self.symbol_of(words) or self._named_in(words)
            if symbol:
                return ReadGene(symbol, symbol)
        named = next((words for words in value.strings if _SYMBOL.fullmatch(words)), "")
        return ReadGene(None, named or short(next(iter(value.strings), "")))

    @staticmethod
    def _is_gene_code(coding: Coding) -> bool:
        system = coding.system.lower()
        if "genenames" in system or "hgnc" in system or _ENTREZ in system:
            return True
        return coding.code.upper().startswith("HGNC:")

    def _of_code(self, coding: Coding) -> str | None:
        if _ENTREZ in coding.system.lower():
            return self._entrez.get(coding.code)
        number = _HGNC.fullmatch(coding.code)
        if number is not None:
            return self._hgnc.get(f"HGNC:{number[1]}")
        return self.symbol_of(coding.code)

    def _disagree(self, coding: Coding, symbol: str | None, display: str) -> bool:
        shown = self._named_in(display)
        if symbol is None:
            is_id = _HGNC.fullmatch(coding.code) is not None
            return shown is not None and (is_id or self.symbol_of(coding.code) is None)
        if shown is not None:
            return shown != symbol
        return _SYMBOL.fullmatch(display) is not None

    def _named_in(self, words: str) -> str | None:
        """Return the one covered gene that a display names."""
        direct = self.symbol_of(words)
        if direct is not None or len(words) > 200:
            return direct
        for gene in self._names.all_in(words):
            if re.match(rf"{re.escape(gene.symbol)}(?![\w\-])", words, re.I):
                return gene.symbol
        return None

    def _label(self, coding: Coding, display: str) -> str:
        number = _HGNC.fullmatch(coding.code)
        if number is not None and _ENTREZ not in coding.system.lower():
            named = self._human_genes.symbol_of(f"HGNC:{number[1]}")
            if named is not None:
                return named
        for words in (display, coding.code):
            if _SYMBOL.fullmatch(words):
                return words
        return coding.code
