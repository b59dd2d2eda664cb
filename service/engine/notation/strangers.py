"""Genes and markers that nobody curated, found in texts: kept by name, so that nothing is lost.

They decide nothing: they never open, bar or settle anything. What is said of them becomes a finding
in ``stranger_findings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from service.engine.model import Finding, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import with_result
from service.engine.notation.gene_groups import GeneGroup
from service.engine.notation.genes import GeneNames, flexible
from service.engine.notation.grades.phrases import Phrases
from service.engine.notation.human_genes import HumanGene, HumanGenes
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.stranger_findings import (
    FORMS,
    is_change,
    polarity_in,
    read_form,
    step_of,
    to_named_stranger,
    to_plain_stranger,
)
from service.engine.notation.text.gene_words import WORDS

#: Markers that are no gene, by the names of reports -> the name in the answer.
_MARKERS = (
    ("1p/19q", re.compile(r"1p\s?/\s?19q(?![A-Za-z0-9])", re.I)),
    ("LOH", re.compile(r"LOH(?![A-Za-z0-9])", re.I)),
    ("Ki-67", re.compile(r"Ki[\s-]?67(?![A-Za-z0-9])", re.I)),
    ("EBV", re.compile(r"(?:EBV|EBER)(?![A-Za-z0-9])", re.I)),
    ("HPV", re.compile(r"HPV(?:[\s-]?\d{2})?(?![A-Za-z0-9])", re.I)),
)  # fmt: skip
#: A substitution that no word of a result can stand in.
_PLAIN_CHANGE = re.compile(r"[A-Z]\d{2,5}[A-Z]")
_LEAD = re.compile(r"(?:no|not|negative for|without|absence of)\s(?:evidence of\s)?", re.I)
#: What stands between two results.
_SEVERAL = re.compile(r"[;|&]|\s(?:and|but|plus|or)\s")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_PAIR = re.compile(
    r"(?P<first>[A-Za-z][A-Za-z0-9]*)\s?(?P<joint>::|--|-|/)\s?(?P<second>[A-Za-z][A-Za-z0-9]*)"
)
#: A change of the gene itself, not the exon or transcript at which it is fused.
_OWN_CHANGE = re.compile(
    r"[A-Z][a-z]{0,2}\d{1,5}(?:[A-Z*=_]|fs|del|dup|ins|[A-Z][a-z]{2})|\b[cpg]\.\S|mutat|variant|amplif|\bIHC\b|delet|loss",
    re.I,
)
#: Names made of letters alone that are no gene as alias are too often something else.
_LEAST_ALIAS = 4
#: Texts of which the names found are kept.
_REMEMBERED = 4096


def _form_of(group: GeneGroup) -> re.Pattern[str]:
    """Return a pattern of the names of a group, the longest first."""
    words = sorted({group.name, *group.words}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?:{'|'.join(map(flexible, words))})(?![A-Za-z0-9])", re.I)


class Strangers:
    """Reads a part of a text about a gene outside the knowledge base.

    Args:
        names: the genes of the knowledge base, which are never strangers.
        partners: recurrent fusion partners; one without a change of its own belongs to a fusion.
        phrases: texts about several covered genes, which are never strangers either. A marker of the
            table above that the knowledge base has is none.
        groups: words for several genes of which none is covered.
    """

    def __init__(
        self,
        human_genes: HumanGenes,
        names: GeneNames,
        partners: Iterable[str] = (),
        phrases: Phrases | None = None,
        groups: Iterable[GeneGroup] = (),
    ) -> None:
        own = (row for row in _MARKERS if names.lookup(row[0]) is None)
        self._markers = (*own, *((group.name, _form_of(group)) for group in groups))
        self._phrases = phrases or Phrases(())
        self._genes = human_genes
        self._names = names
        self._partners = frozenset(partners)
        self.find = lru_cache(_REMEMBERED)(self._find)
        self.starts_with = lru_cache(_REMEMBERED)(self._starts_with)

    def _find(self, word: str) -> HumanGene | None:
        """Return the gene that a word of a text names; ``None`` for a word that is more often another.

        A symbol that is a word of a language or an assay is no gene here, see ``starts_with``.
        """
        if word.upper() in WORDS or len(word) < 2:
            return None
        gene = self._genes.find(word) or self._genes.find(word.replace("-", ""))
        if gene is None or self._names.lookup(word) is not None:
            return None
        if not gene.is_ambiguous and self._names.lookup(gene.symbol) is not None:
            return None
        is_loose = gene.named_by == "alias" and word.isalpha()
        if is_loose and not word.isupper():
            return None  # "Dear colleague": an alias of letters alone is one in capitals
        least = _LEAST_ALIAS if is_loose else _LEAST_ALIAS - 1
        return None if gene.named_by != "approved" and len(word) < least else gene

    def _starts_with(self, text: str) -> tuple[str, HumanGene] | None:
        """Return the name and gene that stand in front of a text, longest name first.

        A symbol that is also a word is one in capitals and beside an alteration only.
        """
        found = _NAME.match(text)
        if found is None:
            return None
        word = found[0]
        while word:
            gene = self.find(word)
            rest = text[len(word) :]
            if rest[:1] == "_":
                return None
            if gene is not None and gene.symbol in self._partners and not _OWN_CHANGE.search(rest):
                return None
            if gene is not None:
                return word, gene
            if word.isupper() and word in WORDS and self._names.lookup(word) is None:
                gene = self._genes.find(word)
                if gene is not None and gene.named_by != "alias" and is_change(rest):
                    return word, gene
            word = word.rpartition("-")[0]
        return None

    def symbol_of(self, name: str) -> str | None:
        """Return the symbol of a gene of its own field, covered or not."""
        gene = self._genes.find(name)
        return gene.symbol if gene is not None else None

    def named(self, name: str) -> tuple[str, str | None, str] | None:
        """Return (symbol, HGNC id, step) of a gene or marker field that is not covered.

        In its own field a symbol that is also a word is a gene.
        """
        bare = name.strip()
        for marker, form in self._markers:
            if form.fullmatch(bare):
                return marker, None, f"marker {marker}, not curated"
        gene = self._genes.find(bare)
        if gene is None or self._names.lookup(bare) is not None:
            return None
        if self._covered(gene):
            if gene.is_ambiguous:
                self._check_covered(bare, gene)
            return None
        return gene.symbol, gene.hgnc_id, step_of(gene, bare)

    def read_plain(self, name: str, change: str) -> ReadBiomarker | None:
        """Read a plain substitution of a gene in its own field that is not covered, by a short way.

        It gives exactly what ``named`` and ``to_named_stranger`` give; ``None`` leaves it to them.
        """
        if _PLAIN_CHANGE.fullmatch(change) is None:
            return None
        gene = self._genes.find(name)
        if gene is None or gene.symbol != name or gene.named_by != "approved":
            return None
        return to_plain_stranger(gene, change)

    def _covered(self, gene: HumanGene) -> list[str]:
        return [symbol for symbol in gene.choices if self._names.lookup(symbol) is not None]

    def is_name(self, word: str) -> bool:
        """Tell whether a word is the name of some human gene (a fusion partner, for example)."""
        return word[:1].isupper() and self._genes.find(word) is not None

    def is_about(self, text: str) -> bool:
        """Tell whether a part is about a gene or marker outside the knowledge base."""
        bare = _LEAD.sub("", text)
        return self.starts_with(bare) is not None or any(f.match(bare) for _, f in self._markers)

    def holds_phrase(self, text: str) -> bool:
        """Tell whether a word of a text stands for results of covered markers: "not dMMR"."""
        return any(self._phrases.knows(word.strip(",;:()")) for word in text.split())

    def content_of(self, text: str) -> str | None:
        """Return what is said about the gene or marker in front; ``None`` when there is none."""
        named = self.starts_with(text)
        if named is not None:
            return text[len(named[0]) :]
        found = next((f for f in (form.match(text) for _, form in self._markers) if f), None)
        return text[found.end() :] if found else None

    def places_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the names of genes outside the knowledge base stand: (start, end)."""
        for found in _NAME.finditer(text):
            named = self.starts_with(text[found.start() :])
            if named is not None and not _is_code(text, found.start()):
                yield found.start(), found.start() + len(named[0])

    def read(self, text: str, forced: Result | None = None) -> ReadBiomarker | None:
        """Read a part about one gene or marker outside the knowledge base; ``None`` for another."""
        if self._names.all_in(text):
            return None
        bare, result = polarity_in(text)
        for marker, form in self._markers:
            at = form.search(bare)
            if at is not None and self._names.lookup(marker) is None:
                rest = f"{bare[: at.start()]} {bare[at.end() :]}"
                return read_form(
                    marker, None, rest, forced or result, f"marker {marker}, not curated", "status"
                )
        pair = _PAIR.search(bare)
        if pair is not None:
            fusion = self._read_pair(pair, bare, forced or result)
            if fusion is not None:
                return fusion
        # "SET: no alteration detected": the result word says that a gene stands in front.
        named = self.starts_with(bare) or (self.starts_with(text) if bare else None)
        start = 0
        if named is None:
            for start, end in self.places_in(bare):
                named = self.starts_with(bare[start:end])
                if named is not None:
                    break
        if named is None:
            return None
        word, gene = named
        self._check_covered(word, gene)
        rest = f"{bare[:start]} {bare[start + len(word) :]}".strip(" :,;-_")
        if _SEVERAL.search(rest) or any(self.places_in(rest)):
            return None
        if any(self._phrases.knows(piece) for piece in rest.split()):
            return None
        if word.isalpha() and not rest and result is None and forced is None:
            return None
        return to_named_stranger(
            gene.symbol, gene.hgnc_id, step_of(gene, word), rest, forced or result
        )

    def _check_covered(self, word: str, gene: HumanGene) -> None:
        """Refuse a name that can mean a gene of the knowledge base and others (``ALK1``)."""
        covered = self._covered(gene)
        if covered:
            meanings = " or ".join(gene.choices)
            raise NotationError("ambiguous_gene", f"{word!r} can mean {meanings}", tuple(covered))

    def _read_pair(
        self, pair: re.Match[str], text: str, result: Result | None
    ) -> ReadBiomarker | None:
        first, second = self._genes.find(pair["first"]), self._genes.find(pair["second"])
        if first is None or second is None:
            return None
        has_noun = FORMS[0][1].search(text) is not None
        are_known = self.find(pair["first"]) is not None and self.find(pair["second"]) is not None
        if pair["joint"] == "/" or not (has_noun or are_known):
            return None
        name = f"{first.symbol}::{second.symbol} fusion"
        finding = Finding(
            gene=second.symbol,
            hgnc_id=second.hgnc_id,
            kind="fusion",
            result=result or "detected",
            name=with_result(name, result or "detected"),
            partner=first.symbol,
            understood_by=(step_of(second, pair["second"]),),
        )
        return ReadBiomarker((), strangers=(finding,))


def _is_code(text: str, start: int) -> bool:
    """Tell whether what stands here is the rest of a code: ``c.2573T>G``, ``del15``."""
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in "._>*=+")
