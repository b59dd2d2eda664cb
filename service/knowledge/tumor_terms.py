"""Tumour types as people and systems write them, to OncoTree codes.

A text is a name (``tumor_names``), a code (``tumor_codes``), or either with stage, course and
biomarkers beside it (``tumor_words``). Every word of it is understood, or the text is refused with
the nearest known terms; nothing is corrected or left out silently (rule M11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from service.engine.reading import is_placeholder
from service.engine.tumors import SOLID, TumorTree
from service.errors import Fault, InputError
from service.knowledge.tumor_biomarkers import BiomarkerWords
from service.knowledge.tumor_codes import SYSTEMS, TumorCodes, system_of, take_codes
from service.knowledge.tumor_lexicon import Lexicon, fold, plain
from service.knowledge.tumor_names import Named, TumorNames
from service.knowledge.tumor_words import (
    Words,
    read_context,
    set_apart,
    without_grades,
    write_out,
)

__all__ = ["MAX_TEXT", "SYSTEMS", "ReadTumor", "TumorTerms", "TumorVocabulary"]

_REMEMBERED = 2048
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
        biomarkers: biomarkers that stood beside the name or that a code's name states, as the
            biomarker reader knows them.
    """

    code: str
    resolved_by: str
    disease_stage: str | None = None
    candidates: tuple[str, ...] = ()
    treatment_setting: str | None = None
    set_aside: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TumorVocabulary:
    """What tumour types are called, as the knowledge base holds it.

    Args:
        synonyms: term -> code.
        words: word, role, language, meaning, nodes joined by ``|``.
        ambiguous: term, and one node that it may mean.
        codes: system, code, topography, node, biomarkers joined by ``|``.
        own_codes: system, code and node.
    """

    synonyms: dict[str, str]
    words: Iterable[tuple[str, str, str, str, str]] = ()
    ambiguous: Iterable[tuple[str, str]] = ()
    codes: Iterable[tuple[str, str, str, str, str]] = ()
    own_codes: Iterable[tuple[str, str, str]] = ()


class TumorTerms:
    """Resolves texts and codes of other systems; read-only after construction.

    Args:
        genes: every name of the covered genes.
        is_gene: whether a word is a name of another human gene.
        stated: statuses of markers that say all alone.
    """

    def __init__(
        self,
        tree: TumorTree,
        vocabulary: TumorVocabulary,
        *,
        genes: Iterable[str] = (),
        is_gene: Callable[[str], bool] = lambda _: False,
        stated: Iterable[str] = (),
    ) -> None:
        self._tree = tree
        self._lexicon = Lexicon(vocabulary.words)
        self._names = TumorNames(tree, self._lexicon, vocabulary.synonyms, vocabulary.ambiguous)
        self._codes = TumorCodes(vocabulary.codes, vocabulary.own_codes)
        self._biomarkers = BiomarkerWords(
            genes, is_gene, lambda word: self._names.lookup(word) is not None, stated
        )
        names = [tumor.name for tumor in tree.types.values()]
        choices = {term.lower(): term for term in (*vocabulary.synonyms, *names, *tree.types)}
        #: The same few texts are sent again and again.
        self._found = lru_cache(maxsize=_REMEMBERED)(self._find)
        self._folded, self._choices = zip(*sorted(choices.items()), strict=True)

    def read_text(self, text: str, pointer: str) -> ReadTumor:
        """Resolve a text.

        Raises:
            InputError: ``uncertain_tumor_type`` when words of doubt, denial or past stand in it,
                else ``unknown_tumor_type`` with the nearest known terms.
        """
        found = self.find_text(text)
        if found is not None:
            return found
        doubts = self._lexicon.doubts(fold(text[:MAX_TEXT]))
        if doubts and self._means_tumor(text):
            said = ", ".join(repr(word) for word in dict.fromkeys(doubts))
            message = f"{said} in {text[:80]!r}: it does not say which tumour this is"
            raise InputError((Fault(pointer, "uncertain_tumor_type", message),))
        message = f"{text[:80]!r} is no known tumour type"
        raise InputError((Fault(pointer, "unknown_tumor_type", message, self.near(text)),))

    def find_text(self, text: str) -> ReadTumor | None:
        """Resolve a text; ``None`` when it is not known (without the cost of suggestions)."""
        return self._found(text)

    def _find(self, text: str) -> ReadTumor | None:
        if len(text) > MAX_TEXT or is_placeholder(text):
            return None
        whole = self._names.lookup(text)
        if whole is not None:
            return _read_name(whole)
        written = write_out(self._lexicon.to_english_stages(plain(text)))
        codes, rest = take_codes(written)
        if codes and (found := self._read_coded(codes, rest)) is not None:
            return found
        return self._read_phrase(written, self._names.find)

    def read_code(self, system: str, code: str, pointer: str) -> ReadTumor:
        """Resolve a code of a named system; several candidates give their common ancestor.

        Raises:
            InputError: ``unknown_code_system`` or ``unknown_tumor_type``.
        """
        name = system_of(system)
        if name is None:
            fault = Fault(
                f"{pointer}/system", "unknown_code_system", f"{system!r} is not read", SYSTEMS
            )
            raise InputError((fault,))
        found = self._find_code(name, code)
        if found is not None:
            return found
        message = f"{code[:80]!r} of {name} is not known here"
        near: tuple[str, ...] = ()
        if name == "oncotree":
            message, near = f"{code[:80]!r} is no OncoTree code", self.near(code)
        raise InputError((Fault(f"{pointer}/code", "unknown_tumor_type", message, near),))

    def types_with_code(self, system: str) -> frozenset[str]:
        """Return the nodes that some code of a system may mean or is read as."""
        known = self._codes.types_with_code(system)
        read_as = {self._names.common_ancestor(codes) for codes in known}
        return frozenset(read_as.union(*known))

    def near(self, text: str, limit: int = 5) -> tuple[str, ...]:
        """Return the known terms that are nearest to a text, best first; typing errors first."""
        bare = set_apart(write_out(plain(text[:100])), self._biomarkers).rest.lower()
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

    def _find_code(self, system: str, code: str) -> ReadTumor | None:
        if system == "oncotree":
            node = code.strip().upper().removeprefix("ONCOTREE:").strip()
            return ReadTumor(node, "code") if node in self._tree.types else None
        meanings = self._codes.find(system, code)
        if meanings is None:
            return None
        several = meanings.candidates
        if len(several) == 1:
            return ReadTumor(several[0], system, biomarkers=meanings.biomarkers)
        ancestor = self._names.common_ancestor(several)
        return ReadTumor(ancestor, system, None, several, biomarkers=meanings.biomarkers)

    def _read_coded(self, codes: list[Any], rest: str) -> ReadTumor | None:
        """Read codes in a text, with the words beside them, when all are known and agree."""
        read = [self._find_code(one.system, one.code) for one in codes]
        known = [one for one in read if one is not None]
        if len(known) < len(read):
            return None
        if len(known) == 1 and not fold(rest):
            return known[0]
        named = [Named(one.code, one.resolved_by) for one in known]
        found = self._read_phrase(rest, lambda words: self._names.of_codes(named, words))
        if found is None:
            return None
        stated = (marker for one in known for marker in one.biomarkers)
        return replace(found, biomarkers=tuple(dict.fromkeys((*found.biomarkers, *stated))))

    def _read_phrase(self, text: str, find: Callable[[str], Named | None]) -> ReadTumor | None:
        """Resolve a name among words of stage, course, grade and biomarkers."""
        nothing = Words((), (), text)
        for words in (nothing, set_apart(text, None), set_apart(text, self._biomarkers)):
            if words.is_open:
                return None
            found = find(words.rest) or find(without_grades(words.rest))
            if found is not None:
                return self._with_words(_read_name(found), words)
        return None

    def _with_words(self, found: ReadTumor, words: Words) -> ReadTumor:
        organ = self._tree.lineage(found.code)[-1]
        facts = read_context(words, organ, is_solid=self._tree.side(found.code) == SOLID)
        return replace(
            found,
            disease_stage=facts.disease_stage,
            treatment_setting=facts.treatment_setting,
            set_aside=words.context,
            open_words=facts.open,
            biomarkers=words.biomarkers,
        )

    def _means_tumor(self, text: str) -> bool:
        """Tell whether a text names a tumour once its doubts are taken away."""
        scanned = self._lexicon.scan(fold(plain(text)[:MAX_TEXT]))
        rest = " ".join(" ".join(word.means) for word in scanned if word.role != "doubt")
        return self._read_phrase(rest, self._names.find) is not None


def _read_name(named: Named) -> ReadTumor:
    return ReadTumor(named.code, named.resolved_by, candidates=named.candidates)
