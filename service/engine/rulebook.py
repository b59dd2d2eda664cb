"""Everything the engine needs to answer: the terms of a knowledge base, its index, and a memory.

The rulebook is built by ``service.knowledge.store`` from the compiled knowledge base and is
read-only. ``terms`` holds the vocabulary, ``index`` the assertions; what depends on neither a
finding nor a patient is worked out once and remembered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from service.engine.assertion import Assertion
from service.engine.authorisation import Standing, standing_on
from service.engine.entries import Entry, walk_leaves
from service.engine.index import Index
from service.engine.model import Finding
from service.engine.terms import Terms

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
#: Most answers to "what holds for this tumour type, on this day" that are kept.
MAX_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Probe:
    """A result that decides a biomarker class, as a laboratory would print it."""

    text: str
    findings: tuple[Finding, ...]


#: Class -> (a result that makes it true, one that makes it false), where there is one.
Probes = Mapping[str, tuple[Probe | None, Probe | None]]


class Rulebook(Terms):
    """The engine's read-only view of the knowledge base: its terms, with the index beside them.

    Attributes:
        index: the assertions by what opens them, by regimen and by id.
        entries: all of them, in the order of the knowledge base.
        probes: results that decide each class; the store finds them with the finished rulebook.
    """

    def __init__(self, *, assertions: Iterable[Assertion], **terms: Any) -> None:
        super().__init__(**terms)
        self.index = Index(self, assertions)
        self.entries = self.index.entries
        self.probes: Probes = {}
        self._memory: dict[tuple[object, ...], Any] = {}

    def entry(self, id_: str) -> Entry | None:
        """Return the entry of an assertion, ``None`` when there is no such assertion."""
        return self.index.entry(id_)

    def entries_for_tumor(self, code: str) -> tuple[Entry, ...]:
        """Return the entries whose tumour part covers a tumour type."""
        return self.remember(_covering, code)

    def standings(self, day: dt.date) -> Mapping[str, Standing]:
        """Return the standing of every assertion on a day, by id."""
        return self.remember(_standings, day)

    def remember(
        self,
        make: Callable[Concatenate[Rulebook, Asked], Made],
        *asked: Asked.args,
        **named: Asked.kwargs,
    ) -> Made:
        """Return what ``make`` gives for this rulebook and what is asked, made once."""
        key = (make, *asked, *sorted(named.items()))
        known: Made | None = self._memory.get(key)
        if known is None:
            if len(self._memory) >= MAX_REMEMBERED:
                self._memory.clear()
            known = self._memory[key] = make(self, *asked, **named)
        return known

    @staticmethod
    def classes_named_by(entry: Entry) -> tuple[str, ...]:
        """Return the classes that the criteria of an entry name, present or absent."""
        return tuple(leaf.value for leaf, _ in walk_leaves(entry.assertion.criteria.biomarker))


def _standings(rulebook: Rulebook, day: dt.date) -> Mapping[str, Standing]:
    return {e.assertion.id: standing_on(e.assertion, day) for e in rulebook.entries}


def _covering(rulebook: Rulebook, code: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in rulebook.entries if _covers(rulebook, entry, code))


def _covers(rulebook: Rulebook, entry: Entry, code: str) -> bool:
    is_under = rulebook.tumors.is_under
    leaves = walk_leaves(entry.assertion.criteria.tumor)
    excluded = {leaf.value for leaf, negated in leaves if negated}
    return any(is_under(code, wanted) for wanted in entry.tumors) and not any(
        is_under(code, barred) for barred in excluded
    )
