"""The value of a graded result; what IHC, ISH, copy number and status readers have in common."""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.model import Kind, Result
from service.engine.notation.faults import Remark


@dataclass(frozen=True, slots=True)
class ReadGrade:
    """A graded result: its kind, possible values or score, and the words for its name."""

    kind: Kind
    result: Result
    label: str
    values: tuple[str, ...] = ()
    measure: tuple[str, float, float] | None = None
    assay: str | None = None
    remarks: tuple[Remark, ...] = ()
    steps: tuple[str, ...] = ()


def unwrapped(text: str) -> str:
    """Return a value without the brackets and marks around it."""
    bare = text.strip(" :=,;.")
    if bare[:1] == "(" and bare[-1:] == ")" and bare.count("(") == 1:
        bare = bare[1:-1].strip()
    return bare
