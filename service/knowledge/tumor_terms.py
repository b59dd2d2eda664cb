"""Tumour types as people and systems write them, to OncoTree codes.

Names, codes and synonyms are compared without case, punctuation, British spelling and, at last, the
order of words; what stands beside the name is told apart in ``tumor_words``. A text that is not
known is an error with the nearest known terms; it is never corrected silently (rule M11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from service.engine.tumors import SOLID, TumorTree
from service.errors import Fault, InputError
from service.knowledge.tumor_words import read_context, rest_of, set_apart, write_out

SYSTEMS = ("oncotree", "ncit", "icd-o-3", "icd-10", "icd-10-cm", "snomed", "mondo", "doid", "umls")
_PUNCTUATION = re.compile(r"[\s\-_/,.;:()\[\]'\u2019\"&]+")
_PREFIX = re.compile(
    r"^(?:mondo|doid|ncit|umls|sctid|snomed|icd-?10-?cm|icd-?10|icd-?o-?3|oncotree)\s*:\s*", re.I
)
#: British spelling, and plurals of the heads of names.
_SPELLINGS = (
    (re.compile(r"tumour"), "tumor"),
    (re.compile(r"oesophag"), "esophag"),
    (re.compile(r"leukaem"), "leukem"),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"paediatr"), "pediatr"),
    (re.compile(r"(?<=[a-z])(oma|tumor|cancer|neoplasm|leukemia)s\b"), r"\1"),
    (re.compile(r"\b(tumor|cancer)s\b"), r"\1"),
)
#: What is taken away before the rest is looked up, least first: (context, biomarkers, filler).
_TRIES = (
    (False, False, False),
    (True, False, False),
    (True, False, True),
    (True, True, False),
    (True, True, True),
)
_JOINTS = frozenset({"of", "the", "in"})
MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class ReadTumor:
    """An understood tumour type.

    Args:
        resolved_by: ``code``, ``name``, ``synonym`` or the code system.
        disease_stage, treatment_setting: facts that stood in the text, for the clinical context.
        candidates: when the input means several; ``code`` is then their closest common ancestor.
        set_aside: words of stage and course that stood beside the name, lower case.
        open_words: those of them that state no fact here ("advanced").
        biomarkers: biomarkers that stood beside the name, as the biomarker reader knows them.
    """

    code: str
    resolved_by: str
    disease_stage: str | None = None
    candidates: tuple[str, ...] = ()
    treatment_setting: str | None = None
    set_aside: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()


class TumorTerms:
    """Resolves texts and codes of other systems; read-only after construction."""

    def __init__(
        self,
        tree: TumorTree,
        synonyms: dict[str, str],
        codes: Iterable[tuple[str, str, str, str]],
        own_codes: Iterable[tuple[str, str, str]],
    ) -> None:
        self._tree = tree
        self._names: dict[str, list[str]] = {}
        for tumor in tree.types.values():
            self._names.setdefault(_fold(tumor.name), []).append(tumor.code)
        self._synonyms = {_fold(term): code for term, code in synonyms.items()}
        self._any_order = self._by_words()
        self._codes: dict[tuple[str, str], dict[str, list[str]]] = {}
        for system, code, topography, tumor_type in codes:
            by_site = self._codes.setdefault((system.lower(), _bare(code)), {})
            by_site.setdefault(topography or "", []).append(tumor_type)
        # A curated row about the code of a node decides alone: nodes share codes by mistake.
        for key, tumor_types in _by_code(own_codes).items():
            self._codes.setdefault(key, {"": tumor_types})
        names = [tumor.name for tumor in tree.types.values()]
        choices = {term.lower(): term for term in (*synonyms, *names, *tree.types)}
        self._folded, self._choices = zip(*sorted(choices.items()), strict=True)

    def read_text(self, text: str, pointer: str) -> ReadTumor:
        """Resolve a text.

        Raises:
            InputError: with the fault ``unknown_tumor_type`` and the nearest known terms.
        """
        found = self.find_text(text)
        if found is not None:
            return found
        fault = Fault(
            pointer, "unknown_tumor_type", f"{text[:80]!r} is no known tumour type", self.near(text)
        )
        raise InputError((fault,))

    def find_text(self, text: str) -> ReadTumor | None:
        """Resolve a text; ``None`` when it is not known (without the cost of suggestions)."""
        if len(text) > MAX_TEXT:
            return None
        return self._lookup(text) or self._read_phrase(write_out(text))

    def read_code(self, system: str, code: str, pointer: str) -> ReadTumor:
        """Resolve a code of a named system; several candidates give their common ancestor.

        Raises:
            InputError: ``unknown_code_system`` or ``unknown_tumor_type``.
        """
        name = system.strip().lower()
        if name == "oncotree":
            return self._oncotree(code, pointer)
        if name not in SYSTEMS:
            fault = Fault(
                f"{pointer}/system", "unknown_code_system", f"{system!r} is not read", SYSTEMS
            )
            raise InputError((fault,))
        bare = _bare(code)
        candidates = list(dict.fromkeys(self._candidates(name, bare)))
        if not candidates:
            fault = Fault(
                f"{pointer}/code", "unknown_tumor_type", f"{code!r} of {name} is not known here"
            )
            raise InputError((fault,))
        if len(candidates) == 1:
            return ReadTumor(candidates[0], name)
        return ReadTumor(self._common_ancestor(candidates), name, None, tuple(candidates))

    def types_with_code(self, system: str) -> frozenset[str]:
        """Return the nodes that some code of a system may mean or is read as."""
        names = _vocabularies(system)
        known = [
            codes
            for (name, _), by_site in self._codes.items()
            if name in names
            for codes in by_site.values()
        ]
        read_as = {self._common_ancestor(codes) for codes in known}
        return frozenset(read_as.union(*known))

    def near(self, text: str, limit: int = 5) -> tuple[str, ...]:
        """Return the known terms that are nearest to a text, best first; typing errors first."""
        bare = rest_of(write_out(text[:100]), context=True, biomarkers=True, filler=False).lower()
        found: dict[str, str] = {}
        scorers: tuple[tuple[Any, float], ...] = (
            (OSA.normalized_similarity, 0.7),
            (fuzz.WRatio, 70),
        )
        for scorer, cutoff in scorers:
            hits = process.extract(
                bare, self._folded, scorer=scorer, limit=limit, score_cutoff=cutoff
            )
            found |= {self._folded[index]: self._choices[index] for _, _, index in hits}
        return tuple(found.values())[:limit]

    def _read_phrase(self, text: str) -> ReadTumor | None:
        """Resolve a name among words of stage, course and biomarkers."""
        for context, biomarkers, filler in _TRIES:
            rest = rest_of(text, context=context, biomarkers=biomarkers, filler=filler)
            found = self._lookup(rest) or self._lookup_any_order(rest)
            if found is None:
                continue
            words = set_apart(text)
            organ = self._tree.lineage(found.code)[-1]
            facts = read_context(words, organ, is_solid=self._tree.side(found.code) == SOLID)
            return replace(
                found,
                disease_stage=facts.disease_stage,
                treatment_setting=facts.treatment_setting,
                set_aside=words.context,
                open_words=facts.open,
                biomarkers=words.biomarkers if biomarkers else (),
            )
        return None

    def _lookup_any_order(self, text: str) -> ReadTumor | None:
        code = self._any_order.get(_words(text))
        return ReadTumor(code, "synonym") if code else None

    def _by_words(self) -> dict[tuple[str, ...], str]:
        """Return the codes by the words of a term in any order, where they leave one code."""
        codes: dict[tuple[str, ...], set[str]] = {}
        for term, found in self._names.items():
            codes.setdefault(_words(term), set()).update(found)
        for term, code in self._synonyms.items():
            codes.setdefault(_words(term), set()).add(code)
        return {words: min(found) for words, found in codes.items() if words and len(found) == 1}

    def _oncotree(self, code: str, pointer: str) -> ReadTumor:
        if code.strip().upper() in self._tree.types:
            return ReadTumor(code.strip().upper(), "code")
        fault = Fault(
            f"{pointer}/code",
            "unknown_tumor_type",
            f"{code!r} is no OncoTree code",
            self.near(code),
        )
        raise InputError((fault,))

    def _lookup(self, text: str) -> ReadTumor | None:
        code = text.strip().upper()
        if code in self._tree.types:
            return ReadTumor(code, "code")
        folded = _fold(text)
        named = self._names.get(folded)
        if named is not None:
            if len(named) == 1:
                return ReadTumor(named[0], "name")
            return ReadTumor(self._common_ancestor(named), "name", None, tuple(sorted(named)))
        synonym = self._synonyms.get(folded)
        return ReadTumor(synonym, "synonym") if synonym else None

    def _candidates(self, system: str, code: str) -> list[str]:
        """Return the candidates of a code; ICD-10 codes fall back to their shorter forms."""
        morphology, topography, *_ = [*re.split(r"[\s|+,;]+", code), ""]
        if system == "icd-o-3" and "/" in topography:
            morphology, topography = topography, morphology
        for name in _vocabularies(system):
            for size in range(
                len(morphology), 2 if system.startswith("icd-10") else len(morphology) - 1, -1
            ):
                by_site = self._codes.get((name, morphology[:size].rstrip(".")))
                if by_site:
                    return self._of_site(by_site, topography)
        return []

    @staticmethod
    def _of_site(by_site: dict[str, list[str]], topography: str) -> list[str]:
        for size in range(len(topography), 2, -1):
            if topography[:size] in by_site:
                return by_site[topography[:size]]
        if "" in by_site and topography == "":
            return by_site[""]
        return by_site.get("") or [code for codes in by_site.values() for code in codes]

    def _common_ancestor(self, codes: list[str]) -> str:
        first, *others = codes
        step: str | None = first
        while step is not None and not all(self._tree.is_under(code, step) for code in others):
            step = self._tree.types[step].parent
        return step or "TISSUE"


def _vocabularies(system: str) -> tuple[str, ...]:
    """Return where the codes of a system stand: ICD-10-CM adds to ICD-10."""
    return (system, "icd-10") if system == "icd-10-cm" else (system,)


def _by_code(codes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    nodes: dict[tuple[str, str], list[str]] = {}
    for system, code, tumor_type in codes:
        nodes.setdefault((system, _bare(code)), []).append(tumor_type)
    return nodes


def _bare(code: str) -> str:
    return _PREFIX.sub("", code.strip()).upper()


def _fold(text: str) -> str:
    folded = _PUNCTUATION.sub(" ", text.lower()).strip()
    for pattern, spelling in _SPELLINGS:
        folded = pattern.sub(spelling, folded)
    return folded


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in _fold(text).split(" ") if word and word not in _JOINTS))
