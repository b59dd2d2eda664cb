"""What the readers of each family give: a change, a fusion, a grade; and the findings made of them.

Only shapes live here; the readers are in the rooms beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.model import Finding, Gene, Kind, ProteinChange, Result
from service.engine.notation.faults import Remark


@dataclass(frozen=True, slots=True)
class ReadGrade:
    """A graded result: its kind, possible values or score, and the words for its name."""

    kind: Kind
    result: Result
    label: str
    values: tuple[str, ...] = ()
    measure: tuple[str, float, float] | None = None
    intensity: tuple[str, ...] = ()
    copies: float | None = None
    assay: str | None = None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadChange:
    """A protein change with how it was read.

    Args:
        steps: how the text was understood, for ``/v1/normalize``.
        reported: oncogenicity that the report states about an unnamed variant, if any.
    """

    change: ProteinChange
    hgvs_p: str | None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[str, ...] = ()
    reported: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFusion:
    """A fusion of ``gene`` with ``partner`` (``None`` when it was not named).

    Args:
        has_kinase: false when the product lacks the part that acts, or may lack it.
        is_first: whether the gene is the 5' part.
    """

    gene: Gene
    partner: str | None
    has_kinase: bool = True
    remarks: tuple[Remark, ...] = ()
    steps: tuple[str, ...] = ()
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Apart:
    """A part of a biomarker that decides nothing, beside parts that do: ``EGFR L858R; BRAF p.?``."""

    text: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadBiomarker:
    """The findings of one biomarker of a request, and what must be said about how it was read.

    Args:
        strangers: findings of genes and markers that nobody curated.
        apart: parts that decide nothing.
    """

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...] = ()
    strangers: tuple[Finding, ...] = ()
    apart: tuple[Apart, ...] = ()
