"""Vocabularies of the engine as values: status tables, assays, ESCAT, tumour types, drugs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of a status table: results observed -> the statuses that remain possible."""

    ihc: str | None
    ish: str | None
    statuses: tuple[str, ...]
    discordant: bool = False


@dataclass(frozen=True, slots=True)
class StatusTable:
    """How graded results of one gene become a status, for some tumour types.

    Args:
        applies_to: OncoTree codes; the first table that covers the case's tumour type is used.
        counts_sequencing: whether an amplification found by sequencing counts as amplified by ISH.
    """

    id: str
    gene: str
    applies_to: tuple[str, ...]
    rows: tuple[StatusRow, ...]
    source: str
    counts_sequencing: bool = False


@dataclass(frozen=True, slots=True)
class MarkerTest:
    """A laboratory test of one marker, as a code names it.

    Args:
        genes: symbols or markers; empty when a component names the gene; of several it is not
            said which.
        alteration: what the test looks for, when it looks for one thing; with ``kind`` score the
            scale.
        reason: why results of it are not used (word, sentence), with ``kind`` none.
        displays: names under which it is also recognised, lower case.
        written: (kind, scale, display) of the findings for which the code is written.
    """

    code: str
    kind: str
    genes: tuple[str, ...] = ()
    alteration: str = ""
    reason: tuple[str, str] = ("", "")
    displays: tuple[str, ...] = ()
    written: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class AssayMethod:
    """A way of measuring biomarkers.

    Args:
        scope: ``panel`` reads many genes at once, ``gene`` one.
        measures: kinds of finding that it can give.
        typical_days: from receipt of the specimen to the report, as its source says.
    """

    id: str
    name: str
    scope: str
    measures: frozenset[str]
    typical_days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class EscatTier:
    """The ESCAT tier that a source gives a biomarker class in a tumour type."""

    biomarker: str
    tumor_type: str
    tier: str
    source: str


@dataclass(frozen=True, slots=True)
class TumorType:
    """An OncoTree node (or one of the groups TISSUE, SOLID, BLOOD).

    Args:
        may_be: nodes within which a term that says no more ("glioma, NOS") may lie.
    """

    code: str
    name: str
    parent: str | None
    tissue: str | None = None
    may_be: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drug:
    """An active substance, or a drug group that a label leaves open (``kind`` is ``group``).

    Args:
        targets: genes whose product it acts on, none for cytotoxic drugs; ``None``: not curated.
    """

    name: str
    kind: Literal["drug", "group"]
    rxnorm: str | None = None
    ncit: str | None = None
    groups: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    targets: frozenset[str] | None = None
