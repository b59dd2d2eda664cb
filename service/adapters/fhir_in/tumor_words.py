"""A coded concept to tumour types: codes first, words refine them, histology narrows the organ.

A code that may mean several types (ICD-10 C34: lung) stays with its common ancestor, and is said so.
Words below the code's node narrow it; words elsewhere are a warning, and the code counts.
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
        extra = [coding for one in (*sites, *histologies) for coding in one.codings]
        coded = self._lines([*self._pairs(code.codings, extra), *self._coded(code.codings)])
        worded = [c for words in code.words for c in self.read_words(words)]
        if not coded:
            return self._lines(worded)[:1]
        found = tuple(self._refined(candidate, worded) for candidate in coded)
        strange = [
            w for w in worded if not any(self._on_one_line(w.node, c.node) for c in found)
        ]
        if strange:
            message = f"its words mean {strange[0].node}, its code {found[0].node}; the code counts"
            self._notebook.warn("code_display_mismatch", message, location)
        for candidate in found:
            if candidate.several:
                message = f"the code may mean {len(candidate.several)} tumour types; matched as {candidate.node}"
                self._notebook.warn("ambiguous_tumor_type", message, location, *candidate.several)
        return found

    def read_words(self, words: str) -> tuple[Candidate, ...]:
        """Return the tumour type that words mean; none when they are not known."""
        bare = _TAG.sub("", words).strip()
        if not bare or len(bare) > 300:
            return ()
        try:
            read = self._terms.read_text(bare, _POINTER)
        except InputError:
            return ()
        return (Candidate(read.code, bare, read.candidates),)

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
                    if found.node != candidate.node and self._tree.is_under(found.node, candidate.node):
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
    is_icd = any(re.match(r"C\d{2}|D[0-4]\d", c.code) for c in code.codings if "icd" in c.system.lower())
    return is_icd or any(_NEOPLASM.search(words) for words in code.words)
