"""Names of tumour types: one name, or a name with site, histology, side, grade and abbreviation.

Every word counts: a text is a name when all its words stand in the name, or are harmless beside it
(``tumor_lexicon``). Parts that stand side by side ("NSCLC, adenocarcinoma") must agree: they lie on
one line of the tree, and the narrowest is meant. Start with ``TumorNames.find``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.engine.tumors import TumorTree
from service.knowledge.tumor_lexicon import ASIDES, Lexicon, Word, fold

#: What stands between the parts of a text.
_BREAKS = re.compile(r"[,;:()\[\]|/\n]+|\s-+\s|\bwith\b|\bpresenting as\b", re.I)
_MAX_PARTS = 8
#: Tumours of these tissues arise in any organ ("GIST of the stomach", "lymphoma of the breast").
_ANYWHERE = frozenset({"SOFT_TISSUE", "HEMATOPOIETIC"})
#: ICD and pathology say "carcinoma" where the name of the organ's tumours says "cancer".
_WIDER = {"carcinoma": "cancer", "tumor": "cancer"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means.

    Args:
        code: the node, or what the candidates have in common.
        resolved_by: ``code``, ``name`` or ``synonym``.
        candidates: when the name means several.
    """

    code: str
    resolved_by: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text: what it means on its own, and its words."""

    named: Named | None
    words: tuple[Word, ...]


class TumorNames:
    """Finds the node of a name; read-only after construction.

    Args:
        synonyms: term -> code; a synonym decides before the name of a node.
        ambiguous: term or code, and one node that it may mean.
    """

    def __init__(
        self,
        tree: TumorTree,
        lexicon: Lexicon,
        synonyms: dict[str, str],
        ambiguous: Iterable[tuple[str, str]],
    ) -> None:
        self._tree = tree
        self._lexicon = lexicon
        self._names: dict[str, list[str]] = {}
        for tumor in tree.types.values():
            self._names.setdefault(fold(tumor.name), []).append(tumor.code)
        self._synonyms = {fold(term): code for term, code in synonyms.items()}
        self._ambiguous: dict[str, list[str]] = {}
        for term, code in ambiguous:
            self._ambiguous.setdefault(fold(term), []).append(code)
        self._by_words = self._index()

    def lookup(self, text: str) -> Named | None:
        """Return what a text means that is a code, a name or a synonym as a whole."""
        folded = fold(text)
        several = self._ambiguous.get(folded)
        if several is not None:
            return self._several(several, "synonym")
        code = text.strip().upper()
        if code in self._tree.types:
            return Named(code, "code")
        synonym = self._synonyms.get(folded)
        if synonym is not None:
            return Named(synonym, "synonym")
        named = self._names.get(folded)
        if named is None:
            return None
        return Named(named[0], "name") if len(named) == 1 else self._several(named, "name")

    def find(self, text: str) -> Named | None:
        """Return what a text means, with everything that stands beside the name."""
        words = self._scan(text)
        whole = self.lookup(text) or self._read(words)
        if whole is not None or _is_site(words):
            return whole
        parts = [piece for piece in _BREAKS.split(text) if fold(piece)]
        if len(parts) > _MAX_PARTS:
            return None
        return self.agree([self._part(piece) for piece in parts]) or self._peeled(text)

    def of_codes(self, found: Iterable[Named], text: str) -> Named | None:
        """Return what codes and the words beside them mean, when they agree."""
        parts = [_Part(named, ()) for named in found]
        if fold(text):
            beside = self.find(text)
            if beside is not None:
                parts.append(_Part(beside, ()))
            else:
                parts += [self._part(piece) for piece in _BREAKS.split(text) if fold(piece)]
        return self.agree(parts)

    def agree(self, parts: list[_Part]) -> Named | None:
        """Return the narrowest node of parts that lie on one line; ``None`` when they do not."""
        named = [part.named for part in parts if part.named is not None]
        if not named:
            return None
        found = self._on_one_line(named)
        for part in parts:
            if found is None:
                return None
            if part.named is None:
                found = self._narrowed(found, part)
        return found

    def common_ancestor(self, codes: Iterable[str]) -> str:
        """Return the closest node that holds all."""
        first, *others = codes
        step: str | None = first
        while step is not None and not all(self._tree.is_under(code, step) for code in others):
            step = self._tree.types[step].parent
        return step or "TISSUE"

    def _several(self, codes: Iterable[str], resolved_by: str) -> Named:
        found = tuple(sorted(set(codes)))
        return Named(self.common_ancestor(found), resolved_by, found)

    def _scan(self, text: str) -> tuple[Word, ...]:
        return tuple(self._lexicon.scan(fold(text)))

    def _part(self, text: str) -> _Part:
        words = self._scan(text)
        named = self.lookup(text) or self._read(words)
        return _Part(named, words)

    def _read(self, words: tuple[Word, ...]) -> Named | None:
        """Return the node of words, leaving out what is harmless, the least first."""
        if _is_site(words):
            return None
        for without in _left_out(words):
            found = self._by_words.get(_meaning(without))
            if found is not None:
                return Named(found, "synonym")
        for without in _left_out(words):
            bare = tuple(word for word in without if word.role != "site")
            code = self._by_words.get(_meaning(bare)) if len(bare) < len(without) else None
            if code is not None and self._is_in(code, without):
                return Named(code, "synonym")
        return self._read_wider(words)

    def _read_wider(self, words: tuple[Word, ...]) -> Named | None:
        """Read "carcinoma of the tonsil" as the cancer of its organ."""
        *_, last = _left_out(words)
        wider = {_WIDER.get(word, word) for word in _meaning(last)}
        code = self._by_words.get(tuple(sorted(wider)))
        return Named(code, "synonym") if code is not None else None

    def _is_in(self, code: str, words: Iterable[Word]) -> bool:
        """Tell whether a node lies in the organ of every site of a text."""
        return self._tree.lineage(code)[-1] in _ANYWHERE or all(
            any(self._tree.is_under(code, node) for node in word.under)
            for word in words
            if word.role == "site"
        )

    def _on_one_line(self, named: list[Named]) -> Named | None:
        """Return the narrowest of several; of an ambiguous one the candidates that agree."""
        sure = sorted((one for one in named if not one.candidates), key=lambda one: one.code)
        if not sure:
            codes = {(one.code, one.candidates) for one in named}
            return named[0] if len(codes) == 1 else None
        deepest = max(sure, key=lambda one: len(self._tree.lineage(one.code)))
        for one in named:
            choices = one.candidates or (one.code,)
            fitting = [code for code in choices if self._is_on_line(code, deepest.code)]
            if not fitting:
                return None
            if (
                one.candidates
                and len(fitting) == 1
                and self._tree.is_under(fitting[0], deepest.code)
            ):
                deepest = Named(fitting[0], one.resolved_by)
        return deepest

    def _narrowed(self, found: Named, part: _Part) -> Named | None:
        """Return the node below a known one that the words of another part name."""
        *_, bare = _left_out(part.words)
        if not bare:
            return found
        if _is_site(part.words):
            return found if self._is_in(found.code, part.words) else None
        organ = self._scan(self._tree.types[self._tree.lineage(found.code)[-1]].name)
        for words in (part.words, bare):
            for more in (organ, self._scan(self._tree.types[found.code].name)):
                code = self._by_words.get(_meaning((*words, *more)))
                if code is not None and self._tree.is_under(code, found.code):
                    return Named(code, "synonym")
        return None

    def _peeled(self, text: str) -> Named | None:
        """Read a text that begins or ends with an abbreviation ("NSCLC adenocarcinoma")."""
        words = text.split()
        if len(words) < 2:
            return None
        for short, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            named = self.lookup(short)
            if named is None:
                continue
            found = self.agree([_Part(named, ()), self._part(" ".join(rest))])
            if found is not None:
                return found
        return None

    def _is_on_line(self, first: str, second: str) -> bool:
        return self._tree.is_under(first, second) or self._tree.is_under(second, first)

    def _index(self) -> dict[tuple[str, ...], str]:
        """Return the codes by the meaning of a term's words, where they leave one code."""
        codes: dict[tuple[str, ...], set[str]] = {}
        terms = [*self._synonyms.items()]
        terms += [(name, code) for name, found in self._names.items() for code in found
                  if name not in self._synonyms and name not in self._ambiguous]  # fmt: skip
        for term, code in terms:
            codes.setdefault(_meaning(tuple(self._lexicon.scan(term))), set()).add(code)
        return {words: min(found) for words, found in codes.items() if words and len(found) == 1}


def _is_site(words: Iterable[Word]) -> bool:
    """Tell whether words say only where, or what decides nothing: they name no tumour."""
    return all(word.role in ("site", "joint", *ASIDES) for word in words)


def _meaning(words: Iterable[Word]) -> tuple[str, ...]:
    """Return what words mean, in any order and each once."""
    return tuple(sorted({one for word in words if word.role != "joint" for one in word.means}))


def _left_out(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """Yield words with more and more of what is harmless left out."""
    yield words
    left = words
    for role in ASIDES:
        fewer = tuple(word for word in left if word.role != role)
        if len(fewer) < len(left):
            left = fewer
            yield left
