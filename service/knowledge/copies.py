"""Sentences taken over from a document: runs of words that our texts share with it.

The documents that statements rest on are other people's works, so a fact is said in our own words.
A curator who still has the text of a document checks them against it; the text is never kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.knowledge.corpus import Corpus

#: Words in a row that make a copy: the criteria of a label are shorter, its sentences are longer.
WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_OWN_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "biomarker_classes": ("name", ("description",)),
    "conditions": ("name", ("description",)),
    "drugs": ("name", ("notes",)),
    "studies": ("id", ("design", "result")),
    "variants": ("variant", ("notes",)),
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A run of words that one of our texts shares with a document."""

    place: str
    document: str
    words: str


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation, accents and line ends."""
    plain = unicodedata.normalize("NFKD", text.replace("\N{SOFT HYPHEN}", "")).casefold()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def own_texts(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Yield every text written by a curator with its place, such as ``A0042#statement``."""
    for data in corpus.assertions:
        yield from _fields(data["id"], data, ("statement", "notes"))
        for number, event in enumerate(data["events"]):
            yield from _fields(data["id"], event, ("note", "reason"), f"events/{number}/")
    for vocabulary, (key, names) in _OWN_FIELDS.items():
        for data in corpus.vocabularies[vocabulary]:
            yield from _fields(data[key], data, names)
    for drug in corpus.vocabularies["drugs"]:
        for number, fact in enumerate((drug["boxed_warning"] or {}).get("facts", ())):
            yield f"{drug['name']}#boxed_warning/facts/{number}", fact


def find_copies(corpus: Corpus, documents: Mapping[str, str]) -> Iterator[Copy]:
    """Yield every run of :data:`WORDS` words or more that a text of ours shares with a document.

    Args:
        corpus: the seed data after lint.
        documents: name of a document -> its text, however long.
    """
    known = {name: _shingles(words_of(text)) for name, text in documents.items()}
    for place, text in own_texts(corpus):
        words = words_of(text)
        for name, shingles in known.items():
            for start, end in _runs(words, shingles):
                yield Copy(place, name, " ".join(words[start:end]))


def _fields(
    owner: str, data: Mapping[str, Any], names: tuple[str, ...], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    for name in names:
        if text := data.get(name):
            yield f"{owner}#{prefix}{name}", text


def _shingles(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1))


def _runs(words: list[str], shingles: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Yield start and end of every run of words all of whose shingles are in a document."""
    start: int | None = None
    for i in range(len(words) - WORDS + 2):
        is_shared = i <= len(words) - WORDS and tuple(words[i : i + WORDS]) in shingles
        if is_shared and start is None:
            start = i
        elif not is_shared and start is not None:
            yield start, i - 1 + WORDS
            start = None
