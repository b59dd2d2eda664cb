"""Tumour types as people and systems write them, to OncoTree codes.

Names, codes and synonyms are compared without case, punctuation and double blanks. A text that is
not known is an error with the nearest known terms; it is never corrected silently (rule M11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from service.engine.tumors import TumorTree
from service.errors import Fault, InputError

SYSTEMS = ("oncotree", "ncit", "icd-o-3", "icd-10", "icd-10-cm", "snomed", "mondo", "doid", "umls")
_PUNCTUATION = re.compile(r"[\s\-_/,.()'\u2019]+")
_PREFIX = re.compile(r"^(?:mondo|doid|ncit|umls|sctid|snomed|icd10cm|icd10|oncotree)\s*:\s*", re.I)
_CONTEXT = re.compile(
    r"\b(?:stage\s+(?:i{1,3}v?|iv|[0-4])[abc]?|metastatic|advanced|unresectable|recurrent|relapsed|refractory"
    r"|locally advanced|early(?:[\s-]stage)?|primary|resected|newly diagnosed"
    r"|previously treated)\b",
    re.I,
)
_STAGE_OF = (
    (re.compile(r"\b(?:metastatic|stage\s+(?:iv|4)[abc]?)\b", re.I), "metastatic"),
    (re.compile(r"\blocally advanced\b", re.I), "locally_advanced"),
    (re.compile(r"\bunresectable\b", re.I), "unresectable"),
    (re.compile(r"\b(?:recurrent|relapsed)\b", re.I), "recurrent"),
    (re.compile(r"\b(?:resected|early(?:[\s-]stage)?)\b", re.I), "early"),
)


@dataclass(frozen=True, slots=True)
class ReadTumor:
    """An understood tumour type.

    Args:
        resolved_by: ``code``, ``name``, ``synonym``, ``context_removed`` or the code system.
        disease_stage: a stage word that stood in the text, for the clinical context.
        candidates: when a code of another system means several; ``code`` is then their closest
            common ancestor.
    """

    code: str
    resolved_by: str
    disease_stage: str | None = None
    candidates: tuple[str, ...] = ()


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
        self._codes: dict[tuple[str, str], dict[str, list[str]]] = {}
        for system, code, topography, tumor_type in codes:
            by_site = self._codes.setdefault((system.lower(), code.upper()), {})
            by_site.setdefault(topography or "", []).append(tumor_type)
        for system, code, tumor_type in own_codes:
            known = self._codes.setdefault((system, code.upper()), {}).setdefault("", [])
            if tumor_type not in known:
                known.append(tumor_type)
        self._choices = sorted(
            {tumor.name for tumor in tree.types.values()} | set(synonyms) | set(tree.types)
        )

    def read_text(self, text: str, pointer: str) -> ReadTumor:
        """Resolve a text.

        Raises:
            InputError: with the fault ``unknown_tumor_type`` and the nearest known terms.
        """
        if len(text) <= 300:
            found = self._lookup(text)
            if found is not None:
                return found
            bare = re.sub(r"\s+", " ", _CONTEXT.sub(" ", text)).strip(" ,;-")
            stage = next((word for pattern, word in _STAGE_OF if pattern.search(text)), None)
            found = self._lookup(bare) if bare and bare != text.strip() else None
            if found is not None:
                return ReadTumor(found.code, "context_removed", stage, found.candidates)
        fault = Fault(
            pointer, "unknown_tumor_type", f"{text[:80]!r} is no known tumour type", self.near(text)
        )
        raise InputError((fault,))

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
        bare = _PREFIX.sub("", code.strip()).upper()
        candidates = self._candidates(name, bare)
        if not candidates:
            fault = Fault(
                f"{pointer}/code", "unknown_tumor_type", f"{code!r} of {name} is not known here"
            )
            raise InputError((fault,))
        if len(candidates) == 1:
            return ReadTumor(candidates[0], name)
        return ReadTumor(self._common_ancestor(candidates), name, None, tuple(candidates))

    def near(self, text: str, limit: int = 5) -> tuple[str, ...]:
        """Return the known terms that are nearest to a text, best first."""
        found = process.extract(
            text[:100].lower(),
            self._choices,
            scorer=fuzz.WRatio,
            processor=str.lower,
            limit=limit,
            score_cutoff=70,
        )
        return tuple(choice for choice, _, _ in found)

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
        morphology, _, topography = code.replace("|", " ").partition(" ")
        if system == "icd-o-3" and "/" in topography:
            morphology, topography = topography, morphology
        names = [system] + (["icd-10"] if system == "icd-10-cm" else [])
        for name in names:
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


def _fold(text: str) -> str:
    return _PUNCTUATION.sub(" ", text.lower()).strip()
