"""The case that a phenopacket holds while it is read; every biomarker keeps its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.errors import Fault

Json = dict[str, Any]


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
