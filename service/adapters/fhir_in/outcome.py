"""What reading a FHIR document gives: a case for each subject, and the fate of what stood there.

Every entry has a FHIRPath-like location in the document
(``Bundle.entry[3].resource.component[1]``). ``Notebook`` is where the readers write about one
subject; the rest is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.engine.reading import Item

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A resource or component that did not enter the case.

    Args:
        reason: stable word, listed in ``docs/integrations/fhir.md``.
    """

    location: str
    resource_type: str
    reference: str | None
    reason: str
    message: str

    def to_json(self) -> Json:
        """Return it as the answer shows it."""
        return {
            "location": self.location,
            "resource_type": self.resource_type,
            "reference": self.reference,
            "reason": self.reason,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class FhirWarning:
    """Something that was read and must be known about how.

    Args:
        code: stable word of ``docs/errors.md``.
    """

    code: str
    message: str
    location: str
    suggestions: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Return it as the answer shows it."""
        return {
            "code": self.code,
            "message": self.message,
            "location": self.location,
            "suggestions": list(self.suggestions),
        }


@dataclass(frozen=True, slots=True)
class SubjectReading:
    """What a document says about one subject with one tumour type.

    A subject with several tumour types has one reading for each.

    Args:
        subject: its reference as it was given; ``None`` when nothing names one.
        case: request of ``POST /v1/match``; without ``tumor_type`` when none was found.
        items: the fate of each of its resources and components; what ``read_case`` takes.
        sources: place of a finding -> reference of the Observation it was read from.
        extracted: what was read, each with the keys of ``entry``.
        tumor_place: location of the tumour type; empty when the caller named it.
        patient: the Patient resource, when it is in the document.
    """

    subject: str | None
    case: Json
    items: tuple[Item, ...]
    sources: Mapping[str, str | None]
    tumor_place: str = ""
    extracted: tuple[Json, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    warnings: tuple[FhirWarning, ...] = ()
    patient: Json | None = None


@dataclass(frozen=True, slots=True)
class FhirReading:
    """What a document says: the subjects in order of appearance, and what is about none of them.

    Args:
        items: the fate of what is about no subject.
    """

    subjects: tuple[SubjectReading, ...]
    ignored: tuple[Ignored, ...] = ()
    warnings: tuple[FhirWarning, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Return the fate of everything in the document, each item once."""
        subjects = (item for subject in self.subjects for item in subject.items)
        said = ((i.place, i.fate, i.reason, i.gene, i.text) for i in (*subjects, *self.items))
        subjects = (item for subject in self.subjects for item in subject.items)
        return tuple(dict(zip(said, (*subjects, *self.items), strict=True)).values())


def entry(kind: str, location: str, **said: Any) -> Json:
    """Return an entry of what was read; it has the same keys whatever was read."""
    empty: Json = {
        "kind": kind,
        "location": location,
        "resource_type": "",
        "reference": None,
        "read_from": "",
        "biomarker_index": None,
        "biomarker": None,
        "findings": [],
        "tumor_type": None,
        "oncotree": None,
        "confidence": "high",
        "allele_frequency": None,
        "specimen": None,
        "effective": None,
        "agreeing": [],
    }
    return {**empty, **said}


@dataclass(slots=True)
class Notebook:
    """What the readers write down about one subject."""

    items: list[Item] = field(default_factory=list)
    sources: dict[str, str | None] = field(default_factory=dict)
    extracted: list[Json] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: dict[FhirWarning, None] = field(default_factory=dict)

    def account(self, item: Item) -> None:
        """Note what became of something."""
        self.items.append(item)

    def add(self, item: Item, reference: str | None) -> int:
        """Note a finding; return its number among the findings.

        Args:
            reference: of the resource that it was read from.
        """
        index = sum(1 for known in self.items if known.fate == "finding")
        self.items.append(item)
        self.sources[item.place] = reference
        return index

    def warn(self, code: str, message: str, location: str, *suggestions: str) -> None:
        """Note a warning once."""
        self.warnings[FhirWarning(code, message, location, suggestions)] = None
