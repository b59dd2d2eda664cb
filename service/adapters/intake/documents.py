"""What reading a report of any format gives: its items, its cases, and what it suggests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.adapters.v1.notice import Notice
from service.engine.reading import FATES, Fate, Item, counts_of
from service.errors import Fault

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A report as it came.

    Args:
        parts: name -> bytes; one part for all formats but the files of a study.
        limit: bytes that a part may have once it is unpacked.
        today: the day on which an age is counted.
    """

    parts: Mapping[str, bytes]
    limit: int
    today: dt.date

    @property
    def content(self) -> bytes:
        """Return the only part."""
        (content,) = self.parts.values()
        return content


@dataclass(frozen=True, slots=True)
class ReportCase:
    """One case of a report.

    Args:
        id: as the report names it; ``None`` when it names none.
        tumor_types: every tumour type that the report names for it, without repeats.
        tumor_place: where it stands; empty when that is not one place.
        patient: facts in the words of ``patient`` of the v1 contract.
        asked: what a case of the v1 contract says beside (``as_of``, ``jurisdictions`` …).
        faults: of what cannot be set apart.
    """

    id: str | int | None
    items: tuple[Item, ...]
    tumor_types: tuple[Any, ...] = ()
    tumor_place: str = ""
    patient: Json = field(default_factory=dict)
    asked: Json = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def tumor_type(self) -> Any:
        """Return the tumour type, when exactly one was named."""
        return self.tumor_types[0] if len(self.tumor_types) == 1 else None

    def frame(self) -> Json:
        """Return the case of the v1 contract without its biomarkers."""
        tumor = {} if self.tumor_type is None else {"tumor_type": self.tumor_type}
        patient = {"patient": self.patient} if self.patient else {}
        return {**self.asked, **tumor, **patient, "biomarkers": []}

    def request(self) -> Json:
        """Return the case as ``POST /v1/match`` takes it: what was understood of it."""
        given: list[Any] = []
        for item in self.items:
            is_same = bool(given) and given[-1] is item.given  # one text about two genes
            if item.fate in ("finding", "not_covered") and not is_same:
                given.append(item.given)
        return {**self.frame(), "biomarkers": given}

    def located(self, fault: Fault) -> Fault:
        """Return a fault of the tumour type with its place in the report."""
        is_of_tumor = fault.pointer.startswith("/tumor_type") and self.tumor_place
        return replace(fault, pointer=self.tumor_place) if is_of_tumor else fault


@dataclass(frozen=True, slots=True)
class Document:
    """What a report says.

    Args:
        items: the fate of each part, in the order of the report; those of the cases are among them.
        unlisted: parts that are counted by their fate and are no items (empty cells of a table).
        files: of tables and VCF, how many records of each file have each fate.
        report_date, specimen: as they stand there.
    """

    items: tuple[Item, ...]
    cases: tuple[ReportCase, ...]
    notices: tuple[Notice, ...] = ()
    report_date: str | None = None
    specimen: str | None = None
    unlisted: Mapping[Fate, int] = field(default_factory=dict)
    files: tuple[Json, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many parts there are and how many have each fate; the fates add up."""
        listed = counts_of(self.items)
        total: dict[str, int] = {f: listed[f] + self.unlisted.get(f, 0) for f in FATES}
        return {"items": sum(total.values()), **total}
