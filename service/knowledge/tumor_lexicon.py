"""The words that tumour texts are made of: in which language, what each does, and its English.

The words are data (``tumor_words.yaml``). Nothing is guessed: a word that does not stand there
stays as it is, and the text is known only when a name holds it. Start with ``Lexicon.scan``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LANGUAGES = ("en", "de", "fr", "es", "it")
#: Harmless beside a name, in the order in which they are left out.
ASIDES = ("side", "part", "specimen", "pattern", "grade")
WORD_ROLES = ("name", "site", "compound", "stage", *ASIDES, "joint", "doubt")
#: Endings of German adjectives and nouns.
_ENDINGS = ("en", "em", "er", "es", "e", "s")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_JOINTS_OF_WORDS = re.compile(r"[\s\-_/,.;:()\[\]'\u2019\"&]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
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


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase of a text.

    Args:
        role: one of ``WORD_ROLES``; ``""`` when it stands in no list.
        means: in English, one word each; the words themselves when they stand in no list.
        under: nodes of the organ, for a site.
    """

    role: str
    means: tuple[str, ...]
    under: tuple[str, ...] = ()


class Lexicon:
    """Finds the words of a text, the longest phrase first.

    Args:
        rows: word, role, language, English meaning, nodes joined by ``|``.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
        self._phrases: dict[str, Word] = {}
        self._compounds: dict[str, tuple[str, ...]] = {}
        self._german: set[str] = set()
        stages: dict[str, str] = {}
        for word, role, language, means, under in rows:
            for spelled in _spellings_of(word, language):
                key = fold(spelled)
                if role == "compound":
                    self._compounds[key] = tuple(means.split())
                elif role == "stage":
                    stages[spelled] = means
                else:
                    meaning = tuple(fold(means).split()) or tuple(key.split())
                    nodes = tuple(filter(None, under.split("|")))
                    self._phrases.setdefault(key, Word(role, meaning, nodes))
                    if language == "de":
                        self._german.add(key)
        self._longest = max((key.count(" ") + 1 for key in self._phrases), default=1)
        self._stages = {fold(word): means for word, means in stages.items()}
        self._stage_words = _any_of(stages)

    def to_english_stages(self, text: str) -> str:
        """Return a text with its foreign words of stage and course in English."""
        return self._stage_words.sub(lambda found: self._stages[fold(found[0])], text)

    def scan(self, folded: str) -> Iterator[Word]:
        """Yield the words of a folded text, in order; none is left out."""
        words = folded.split()
        at = 0
        while at < len(words):
            shortest = 1 if words[at] == "non" and at + 1 < len(words) else 0
            for size in range(min(self._longest, len(words) - at), shortest, -1):
                found = self._find(" ".join(words[at : at + size]))
                if found is not None:
                    yield found
                    break
            else:
                # "non" belongs to the word behind it, whatever the order of the others.
                size = 1 + shortest
                yield Word("", ("".join(words[at : at + size]),))
            at += size

    def doubts(self, folded: str) -> tuple[str, ...]:
        """Return the words of doubt, denial and past in a folded text."""
        return tuple(" ".join(word.means) for word in self.scan(folded) if word.role == "doubt")

    def _find(self, phrase: str) -> Word | None:
        found = self._phrases.get(phrase)
        if found is not None:
            return found
        for ending in _ENDINGS:
            stem = phrase.removesuffix(ending)
            if stem != phrase and stem in self._german:
                return self._phrases[stem]
        return self._compound(phrase) if " " not in phrase else None

    def _compound(self, word: str) -> Word | None:
        """Read a German compound: a first part that is listed, and a word that is."""
        for size in range(len(word) - 4, 3, -1):
            first = self._compounds.get(word[:size])
            if first is None:
                continue
            head = self._find(word[size:])
            if head is not None and head.role == "name":
                return Word("name", (*first, *head.means))
        return None


def fold(text: str) -> str:
    """Return a text in lower case, American spelling, without accents and punctuation."""
    folded = _JOINTS_OF_WORDS.sub(" ", plain(text).lower()).strip()
    for pattern, spelling in _SPELLINGS:
        folded = pattern.sub(spelling, folded)
    return folded


def plain(text: str) -> str:
    """Return a text with one kind of hyphen and without accents."""
    if text.isascii():
        return text
    text = _DASHES.sub("-", text.replace("ß", "ss").replace("œ", "oe").replace("Œ", "Oe"))
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if unicodedata.category(letter) != "Mn")


def _spellings_of(word: str, language: str) -> set[str]:
    """Return a word as it is written, and for German without umlauts."""
    return {word, word.translate(_UMLAUTS)} if language == "de" else {word}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    spelled = sorted({plain(word).lower() for word in words}, key=lambda w: (-len(w), w))
    joined = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in spelled)
    return re.compile(rf"(?<![^\W_])(?:{joined or '(?!)'})(?![^\W_])", re.I)
