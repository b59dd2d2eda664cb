"""A coded concept to tumour types: codes first, words refine them, histology narrows the organ.

A code that may mean several types (ICD-10 C34: lung) stays with its common ancestor, and is said
so. Words below the code's node narrow it; words elsewhere are a warning, and the code counts.
Source: mCODE STU4 (code with histology-morphology-behavior extension), ICD-O-3 (topography and
morphology, also as two codings or as one code ``C34.9 8140/3``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from service.adapters.fhir_in.codes import tumor_system
from service.adapters.fhir_in.elements import Coding, Concept, Json, concept, objects, text
from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.fhir_in.outcome import Notebook
from service.errors import InputError

_MORPHOLOGY = re.compile(r"\d{4}/\d")
_TOPOGRAPHY = re.compile(r"C\d{2}(?:\.\d{1,2})?", re.I)
_TAG = re.compile(r"\s*\((?:disorder|morphologic abnormality|finding|diagnosis)\)$", re.I)
#: Words of SNOMED names that do not change the type: which side, which sex, which of several.
_SIDE = re.compile(
    r"\b(?:left|right|bilateral|female|male|primary|unspecified part of|overlapping sites of)\b",
    re.I,
)
_SITE = re.compile(
    r"\b(?:left|right|bilateral|structure|entire|part|of|the|female|male)\b|\(body structure\)",
    re.I,
)
#: An abbreviation behind the name: "Polycythemia vera (PV)".
_SHORT = re.compile(r"\s*\([A-Z]{2,8}\)$")
_NEOPLASM = re.compile(
    r"cancer|carcinoma|neoplas|tumou?r|sarcoma|melanoma|lymphoma|leuk|blastoma|glioma|malignan"
    r"|mesothelioma|myeloma|karzinom|krebs",
    re.I,
)
_POINTER = "/tumor_type"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tumour type that a concept means.

    Args:
        node: OncoTree code.
        given: what to put in the case: text, OncoTree code, or system and code.
        several: types that the code may mean, when the node is their common ancestor.
    """

    node: str
    given: Any
    several: tuple[str, ...] = ()


class TumorReader:
    """Reads concepts with the tumour terms of a knowledge base; remarks go to the notebook."""

    def __init__(self, vocabulary: FhirVocabulary, notebook: Notebook) -> None:
        self._terms = vocabulary.tumor_terms
        self._tree = vocabulary.rulebook.tumors
        self._notebook = notebook

    def read_condition(self, condition: Json, location: str) -> tuple[Candidate, ...]:
        """Read the code of a Condition, narrowed by its histology extension."""
        histologies = [
            concept(item.get("valueCodeableConcept"))
            for item, _ in objects(condition, "extension")
            if text(item, "url").endswith("histology-morphology-behavior")
        ]
        given = condition.get("bodySite")
        sites = [concept(item) for item in (given if isinstance(given, list) else [given])]
        code = concept(condition.get("code"))
        found = self.read_concept(code, location, sites=sites, histologies=histologies)
        return tuple(self._narrowed(candidate, histologies) for candidate in found)

    def read_concept(
        self,
        code: Concept,
        location: str,
        *,
        sites: Iterable[Concept] = (),
        histologies: Iterable[Concept] = (),
    ) -> tuple[Candidate, ...]:
        """Return the tumour types that a concept means; several when its codes do not agree."""
        places = tuple(sites)
        extra = [coding for one in (*places, *histologies) for coding in one.codings]
        pairs = self._pairs(code.codings, extra)
        coded = self._lines([*pairs, *self._coded(code.codings)])
        worded = [c for words in self._words_of(code, pairs) for c in self.read_words(words)]
        if not coded:
            return self._lines(worded) or self._of_site(code, places)
        found = tuple(self._refined(candidate, worded) for candidate in coded)
        strange = [w for w in worded if not any(self._on_one_line(w.node, c.node) for c in found)]
        if strange:
            message = f"its words mean {strange[0].node}, its code {found[0].node}; the code counts"
            self._notebook.warn("code_display_mismatch", message, location)
        for candidate in found:
            if candidate.several:
                count, node = len(candidate.several), candidate.node
                message = f"the code may mean {count} tumour types; matched as {node}"
                self._notebook.warn("ambiguous_tumor_type", message, location, *candidate.several)
        return found

    def read_words(self, words: str) -> tuple[Candidate, ...]:
        """Return the tumour type that words mean; none when they are not known."""
        bare = _TAG.sub("", words).strip()
        plain = " ".join(_SIDE.sub(" ", bare).split())
        for phrase in dict.fromkeys((bare, plain, _SHORT.sub("", bare))):
            if not phrase or len(phrase) > 300:
                continue
            read = self._terms.find_text(phrase)
            if read is not None:
                return (Candidate(read.code, phrase, read.candidates),)
        return ()

    @staticmethod
    def _words_of(code: Concept, pairs: list[Candidate]) -> Iterable[str]:
        """Return the words of a concept; a morphology that has its site does not speak alone."""
        parts = {c.display for c in code.codings if pairs and _MORPHOLOGY.fullmatch(c.code)}
        return (words for words in code.words if words not in parts)

    def _of_site(self, code: Concept, sites: Iterable[Concept]) -> tuple[Candidate, ...]:
        """Read a tumour that is only called malignant by the site that stands beside it."""
        if not is_neoplasm(code):
            return ()
        for words in (words for one in sites for words in one.words):
            organ = _SITE.sub(" ", _TAG.sub("", words))
            found = self.read_words(f"malignant neoplasm of {' '.join(organ.split()).lower()}")
            if found:
                return (Candidate(found[0].node, found[0].node, found[0].several),)
        return ()

    def _coded(self, codings: Iterable[Coding]) -> list[Candidate]:
        found = []
        for coding in codings:
            system = tumor_system(coding.system, coding.code)
            if system:
                found += self._read_code(system, coding.code)
        return found

    def _read_code(self, system: str, code: str) -> list[Candidate]:
        if len(code) > 100:
            return []
        try:
            read = self._terms.read_code(system, code, _POINTER)
        except InputError:
            return []
        given = {"system": system, "code": code}
        return [Candidate(read.code, given, read.candidates)]

    def _pairs(self, codings: Iterable[Coding], extra: list[Coding]) -> list[Candidate]:
        """Return what morphology and topography mean that stand in two codings."""
        given = [*codings, *extra]
        morphologies = [c.code for c in given if _MORPHOLOGY.fullmatch(c.code)]
        topographies = [c.code for c in given if _TOPOGRAPHY.fullmatch(c.code)]
        return [
            candidate
            for morphology in morphologies
            for site in topographies
            for candidate in self._read_code("icd-o-3", f"{morphology} {site.upper()}")
            if not candidate.several
        ]

    def _narrowed(self, candidate: Candidate, histologies: list[Concept]) -> Candidate:
        """Return the type below a node that a histology names: lung + adenocarcinoma."""
        organ = self._tree.lineage(candidate.node)[-1]
        for words in (words for one in histologies for words in one.words):
            bare = _TAG.sub("", words).strip()
            named = self._tree.types[organ].name
            for phrase in (bare, f"{named} {bare}", f"{bare} of {named}"):
                for found in self.read_words(phrase):
                    if found.node != candidate.node and self._tree.is_under(
                        found.node, candidate.node
                    ):
                        return Candidate(found.node, found.node)
        return candidate

    def _refined(self, candidate: Candidate, worded: Iterable[Candidate]) -> Candidate:
        """Return the narrower type that the words of a concept name, with its code as witness."""
        for item in worded:
            if item.node != candidate.node and self._tree.is_under(item.node, candidate.node):
                return Candidate(item.node, item.given, item.several)
        return candidate

    def _lines(self, found: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """Return the narrowest of each line of descent, in order."""
        kept: list[Candidate] = []
        for item in found:
            if any(self._tree.is_under(other.node, item.node) for other in kept):
                continue
            kept = [other for other in kept if not self._tree.is_under(item.node, other.node)]
            kept.append(item)
        return tuple(kept)

    def _on_one_line(self, first: str, second: str) -> bool:
        return self._tree.is_under(first, second) or self._tree.is_under(second, first)


def is_neoplasm(code: Concept) -> bool:
    """Tell whether a concept that was not understood looks like a tumour."""
    is_icd = any(
        re.match(r"C\d{2}|D[0-4]\d", c.code) for c in code.codings if "icd" in c.system.lower()
    )
    return is_icd or any(_NEOPLASM.search(words) for words in code.words)
