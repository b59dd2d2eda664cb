"""What is curated, as values: an assertion, its regimen, population and dated events.

Here: the criteria tree as it is written down. Not here: how it is decided (``criteria``) or what an
event means on a day (``authorisation``). Start with ``Assertion``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

Effect = Literal["sensitivity", "resistance", "no_benefit"]


@dataclass(frozen=True, slots=True)
class Regimen:
    """The set of drugs given together; the set is its identity."""

    id: str
    name: str
    drugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One dated step in the life of an authorisation.

    Args:
        reason: why it ended or was limited, for the types that do so; ``""`` for the others.
        by: the assertion that follows a superseded one.
        precision: what the day is: that of the ``decision``, of its announcement …
    """

    date: dt.date
    type: str
    source: str
    note: str = ""
    by: str | None = None
    reason: str = ""
    precision: str = "decision"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One typed predicate of a criteria tree.

    Args:
        type: ``tumor_type``, ``biomarker``, or a clinical predicate (``line_of_therapy`` …).
        value: what is required: a code or class name, a tuple of words, or a (min, max) pair.
        opens: for a biomarker: whether finding it brings the assertion into the answer (rule M6).
        slot: index among the distinct criteria of a rulebook, so that each is decided once a
            case; -1 outside a rulebook.
    """

    type: str
    value: Any
    opens: bool = True
    slot: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """``all``, ``any`` or ``none`` over further criteria; ``slot`` as in ``Leaf``."""

    op: Literal["all", "any", "none"]
    children: tuple[Branch | Leaf, ...]
    slot: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Criteria:
    """The three parts of a population; each is a conjunction, an empty one is true."""

    tumor: Branch
    biomarker: Branch
    clinical: Branch


@dataclass(frozen=True, slots=True)
class Assertion:
    """One curated statement: regimen, effect, population, dated authorisation events.

    Args:
        preferred_by: the guideline that names the regimen first for this population.
        preferred_words: where in it, in words.
        replaces: regimens whose place it took, as a source of the assertion says.
        source: identifier of the document that states the population, the first one cited.
        needs_test: whether the label asks for a biomarker; without, no result decides it (M23).
        known_since: year of the first publication, for a statement without an authority.
    """

    id: str
    regimen: Regimen
    effect: Effect
    jurisdiction: str | None
    authority: str | None
    support: str | None
    statement: str
    criteria: Criteria
    events: tuple[Event, ...]
    preferred_by: str | None = None
    preferred_words: str = ""
    replaces: tuple[str, ...] = ()
    source: str | None = None
    needs_test: bool = True
    known_since: int | None = None
