"""Which segments belong together: a patient, its orders, their results, and the notes below them.

Source: HL7 v2.5.1 chapter 7, ORU^R01 (PATIENT_RESULT and ORDER_OBSERVATION groups).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from service.adapters.hl7v2.segments import Segment


@dataclass(slots=True)
class Order:
    """An OBR with the results below it; without one for results that stand before the first.

    Args:
        notes: place of a segment -> the notes below it.
    """

    request: Segment | None = None
    results: list[Segment] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)
    notes: dict[str, list[Segment]] = field(default_factory=dict)


@dataclass(slots=True)
class PatientGroup:
    """What a message says about one patient.

    Args:
        segments: all of it, in order.
        others: segments that hold no result.
    """

    patient: Segment | None = None
    orders: list[Order] = field(default_factory=list)
    diagnoses: list[Segment] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    others: list[Segment] = field(default_factory=list)


def groups_of(segments: Iterable[Segment]) -> list[PatientGroup]:
    """Return the patients of a message; a message without PID has one nameless patient."""
    groups = [PatientGroup()]
    above: Segment | None = None
    for segment in segments:
        is_next = groups[-1].patient is not None or groups[-1].orders
        if segment.name == "PID" and is_next:
            groups.append(PatientGroup())
        group = groups[-1]
        group.segments.append(segment)
        if segment.name == "NTE":
            _put_note(group, segment, above)
        else:
            _put(group, segment)
            above = segment
    return groups


def _put(group: PatientGroup, segment: Segment) -> None:
    if segment.name == "PID":
        group.patient = segment
    elif segment.name == "OBR":
        group.orders.append(Order(segment))
    elif segment.name == "OBX":
        if not group.orders:
            group.orders.append(Order())
        group.orders[-1].results.append(segment)
    elif segment.name == "SPM" and group.orders:
        group.orders[-1].specimens.append(segment)
    elif segment.name == "DG1":
        group.diagnoses.append(segment)
    else:
        group.others.append(segment)


def _put_note(group: PatientGroup, note: Segment, above: Segment | None) -> None:
    is_below = above is not None and above.name in ("OBR", "OBX", "SPM") and group.orders
    if is_below and above is not None:
        group.orders[-1].notes.setdefault(above.place, []).append(note)
    else:
        group.notes.append(note)
