"""The shape of an answer, before any face turns it into JSON, FHIR or a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from service.engine.assertion import Event, Regimen
from service.engine.authorisation import Standing
from service.engine.entries import Entry
from service.engine.levels import Applicability, Level
from service.engine.model import Case
from service.engine.tumors import Relation
from service.engine.vocabulary import EscatTier

Explain = Literal["none", "brief", "full"]
Section = Literal["therapies", "resistance", "cautions"]
SECTIONS: tuple[Section, ...] = ("therapies", "resistance", "cautions")
Met = Literal["met", "undetermined"]
OpenedBy = Literal["found", "undetermined", "absence"]
#: Best first; a key of the order of the answer (rule M20).
OPENED_BY_ORDER: tuple[OpenedBy, ...] = ("found", "undetermined", "absence")


class TraceLine(NamedTuple):
    """One evaluated leaf: where it stands, what it asks, what the case says, by which rule.

    Args:
        source: identifier of the document that states the criterion.
    """

    path: str
    criterion: str
    truth: Literal["true", "false", "unknown"]
    fact: str
    rule: str
    source: str | None


class Match(NamedTuple):
    """An assertion that holds, or may hold, for the case.

    Args:
        specificity: of the narrowest class that the case's findings meet (rule M18).
        line: the first line of treatment in which it may be given, while the patient's own line is
            not known; 0 when it is, since then every row that stands fits it (rule M20).
        opened_by: something found, an imprecise finding, or negatives only (rule M6).
        subtypes: of the case's tumour type that the assertion covers, where the term is too broad
            to tell (rule M29).
    """

    entry: Entry
    standing: Standing
    applicability: Applicability
    level: Level
    relation: Relation
    biomarker_criteria: Met
    clinical_criteria: Met
    needs: tuple[str, ...]
    findings: tuple[int, ...]
    escat: EscatTier | None
    specificity: int
    opened_by: OpenedBy
    subtypes: tuple[str, ...] = ()
    line: int = 0
    why: str = ""
    trace: tuple[TraceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sensitivity and resistance of one regimen in one case; both sides by assertion id."""

    reason: str
    resistance: tuple[str, ...]
    sensitivity: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstChoice:
    """The guideline that names a regimen first for this case, and where it says so."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A regimen with its matched assertions, best first; the first one leads the row."""

    regimen: Regimen
    matches: tuple[Match, ...]
    conflict: Conflict | None = None
    first_choice: FirstChoice | None = None

    @property
    def lead(self) -> Match:
        """Return the match that gives the row its applicability, level and criteria."""
        return self.matches[0]


@dataclass(frozen=True, slots=True)
class Drop:
    """A near assertion that is not in the answer, and the rule that dropped it.

    Args:
        is_near_only: shown with ``explain=full`` only.
    """

    entry: Entry
    rule: str
    reason: str
    is_near_only: bool = False


@dataclass(frozen=True, slots=True)
class SuggestedTest:
    """A result that is missing and would decide assertions."""

    gene: str
    assay: str
    would_decide: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A regimen that is not the same in two answers.

    Args:
        before: ``None`` when it was added.
        after: ``None`` when it is gone.
        fields: which of ``compare.FIELDS`` differ, when it stands on both sides.
        reason: in words.
        events: (assertion, event) of the days between, oldest first.
    """

    section: Section
    before: Row | None
    after: Row | None
    fields: tuple[str, ...]
    reason: str
    events: tuple[tuple[str, Event], ...] = ()

    @property
    def row(self) -> Row:
        """Return the row after, or the one before when it is gone."""
        row = self.after or self.before
        if row is None:
            raise ValueError("a change has a row on one side at least")
        return row


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One change of fact and what it would do to therapies, the strongest evidence first.

    Args:
        asked: the change in the shape of ``POST /v1/what-if``.
        differences: regimens before and after; a few, not all that change.
    """

    asked: Mapping[str, Any]
    differences: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer of the engine for a case.

    Args:
        resistance: known in this tumour type, or by exactly this variant for a listed regimen.
        cautions: known in other tumour types only (rule M30).
        near: what dropped out and is shown with ``explain=full`` only.
        counterfactuals: with ``explain=full`` only.
    """

    case: Case
    therapies: tuple[Row, ...]
    resistance: tuple[Row, ...]
    cautions: tuple[Row, ...]
    excluded: tuple[Drop, ...]
    suggested_tests: tuple[SuggestedTest, ...]
    near: tuple[Drop, ...] = ()
    counterfactuals: tuple[Counterfactual, ...] = ()
