"""The cases that files hold, one a sample, and what of the files was set apart, with the reason.

Every finding keeps its place in the file, so that a fault names file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.errors import Fault

Json = dict[str, Any]
#: Places that are listed for one reason; the count is of all.
MAX_PLACES = 100


@dataclass(slots=True)
class Sample:
    """What the files say about one sample, while they are read."""

    id: str
    tumor_type: Any = None
    tumor_place: str = ""
    biomarkers: list[Any] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, biomarker: Any, place: str) -> None:
        """Add a biomarker of the v1 contract that stands at a place of a file."""
        self.biomarkers.append(biomarker)
        self.places.append(place)

    def case(self, common: Mapping[str, Any]) -> Json:
        """Return the case of the v1 contract.

        Args:
            common: what the caller says about every case; its tumour type is for samples that
                have none of their own.
        """
        own = {} if self.tumor_type is None else {"tumor_type": self.tumor_type}
        return {**common, **own, "id": self.id, "biomarkers": self.biomarkers}

    def located(self, fault: Fault) -> Fault:
        """Return a fault of the case with its place in the files."""
        steps = fault.pointer.split("/")
        if steps[1:2] == ["biomarkers"] and len(steps) > 2:
            return replace(fault, pointer=self.places[int(steps[2])])
        if steps[1:2] == ["tumor_type"] and self.tumor_place:
            return replace(fault, pointer=self.tumor_place)
        return fault


@dataclass(slots=True)
class Samples:
    """The samples of the files in the order in which they are named, and what was set apart."""

    found: dict[str, Sample] = field(default_factory=dict)
    _apart: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.found.values())

    def __len__(self) -> int:
        return len(self.found)

    def sample(self, identifier: str) -> Sample:
        """Return a sample; a new one when it was not named before."""
        return self.found.setdefault(identifier, Sample(identifier))

    def set_apart(self, reason: str, place: str, gene: str | None = None) -> None:
        """Keep that something of the files was not used."""
        self._apart.setdefault((reason, gene), []).append(place)

    def apart(self) -> list[Json]:
        """Return what was set apart: reason, gene, count and the first places, sorted."""
        ordered = sorted(self._apart.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        return [
            {"reason": reason, "gene": gene, "count": len(places), "places": places[:MAX_PLACES]}
            for (reason, gene), places in ordered
        ]
