"""Drugs in the words and codes of an order: RxNorm and NCIt codes, INN, brands, in running text.

Order systems name products ("osimertinib 80 MG Oral Tablet [Tagrisso]"): the longest name that is
known counts, so that trastuzumab deruxtecan is no trastuzumab. Codes of products are not known
here; their display is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from service.engine.rulebook import Rulebook

Json = dict[str, Any]
_SYSTEMS = {
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": "ncit",
}
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]*(?:\.\d+)?")
#: Most words of a drug name ("hyaluronidase" ones and suffixes included).
_LONGEST = 5
_LONGEST_TEXT = 400
#: The second word of an antibody-drug conjugate (INN): another drug than the antibody alone.
_PAYLOAD = re.compile(
    r"(tecan|tansine?|dotin|mazine|micin|tesirine|talirine|talocan|tiuxetan|mertansine)(-[a-z]{4})?$"
)
#: Prefixes by which US names tell one conjugate from another; no part of the INN.
_PREFIX = re.compile(r"^(?:fam|ado)-")


#: Brands of several substances in one product.
_PRODUCTS = {"phesgo": ("pertuzumab", "trastuzumab")}


class DrugNames(Protocol):
    """Resolves a drug name; ``None`` when it is not known."""

    def find(self, name: str) -> str | None: ...


class DrugFinder:
    """Finds the drugs of the knowledge base in orders."""

    def __init__(self, rulebook: Rulebook, names: DrugNames) -> None:
        self._names = names
        drugs = rulebook.drugs.values()
        self._codes = {("rxnorm", drug.rxnorm): drug.name for drug in drugs if drug.rxnorm}
        self._codes |= {("ncit", drug.ncit): drug.name for drug in drugs if drug.ncit}

    def in_concept(self, concept: Any) -> frozenset[str]:
        """Return the drugs of a CodeableConcept; empty when none is known.

        A code of an antibody beside the text of its conjugate means the conjugate.
        """
        if not isinstance(concept, dict):
            return frozenset()
        codings = concept.get("coding")
        codings = [c for c in codings if isinstance(c, dict)] if isinstance(codings, list) else []
        coded = {self._of_code(coding) for coding in codings} - {None}
        texts = [concept.get("text"), *(coding.get("display") for coding in codings)]
        said = {name for text in texts if isinstance(text, str) for name in self.in_text(text)}
        plain = {
            name for name in coded if name and not any(name in longer.split() for longer in said)
        }
        return frozenset(said | plain)

    def in_text(self, text: str) -> Iterator[str]:
        """Yield the drugs and drug groups that a text names, the longest name at each place."""
        words = [_PREFIX.sub("", word) for word in _WORD.findall(text[:_LONGEST_TEXT].lower())]
        at = 0
        while at < len(words):
            for end in range(min(at + _LONGEST, len(words)), at, -1):
                name = self._names.find(" ".join(words[at:end]))
                if name is not None and not _is_conjugate(words, end):
                    yield name
                    at = end
                    break
            else:
                yield from _PRODUCTS.get(words[at], ())
                at += 1

    def _of_code(self, coding: Json) -> str | None:
        system = _SYSTEMS.get(str(coding.get("system")))
        return self._codes.get((system, str(coding.get("code")))) if system else None


def _is_conjugate(words: list[str], end: int) -> bool:
    """Tell whether the word after an antibody makes it another drug, which is not known here."""
    if not words[end - 1].partition("-")[0].endswith("mab") or end == len(words):
        return False
    return _PAYLOAD.search(words[end]) is not None
