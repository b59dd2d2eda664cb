"""Companion diagnostics: which devices serve a record, and which of them an answer names.

A record does not list its devices: they follow from the claims, so one drug has one list wherever
its label asks for the same. A claim serves a record of the device's jurisdiction when it is for one
of its drugs, about one of its biomarker classes, and in one of its tumour types. An answer names
those whose claim was approved by the day of the question and speaks of the tumour type asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.engine.assertion import Criteria
from service.engine.entries import walk_leaves
from service.engine.tumors import TumorTree

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServingClaim:
    """A claim of a device that serves a record.

    Attributes:
        device: the name of the device.
        tumor_types: those that the claim is approved for.
        since: day of its approval; ``None``: not known, it hides nothing.
    """

    device: str
    tumor_types: tuple[str, ...]
    since: dt.date | None

    def stands(self, day: dt.date, tumor_type: str, tumors: TumorTree) -> bool:
        """Tell whether the claim was approved by a day and may concern a tumour type.

        Args:
            tumor_type: of the case; a broader term than that of the claim may be a subtype of it.
        """
        return (self.since is None or self.since <= day) and any(
            tumors.relation(tumor_type, own) != "other" for own in self.tumor_types
        )


class ClaimIndex:
    """Finds the claims that serve a record.

    Args:
        devices: records of the diagnostics, in the order in which a record names them.
        classes: records of the biomarker classes.
        parents: code of a tumour type -> the code above it.
    """

    def __init__(
        self,
        devices: Iterable[Record],
        classes: Iterable[Record],
        parents: Mapping[str, str | None],
    ) -> None:
        self._devices = tuple(devices)
        self._classes = {row["name"]: row for row in classes}
        self._parents = parents

    def serving(
        self, assertion: Record, criteria: Criteria
    ) -> Iterator[tuple[Record, Sequence[Record]]]:
        """Yield each device that serves a record, with the claims that do.

        Args:
            assertion: the record; its regimen and jurisdiction are read.
            criteria: of the record; a class that must be absent is tested for too.
        """
        named = {leaf.value for leaf, _ in walk_leaves(criteria.biomarker)}
        classes = {part for name in named for part in self._parts(name)}
        tumors = {
            code
            for leaf, is_negated in walk_leaves(criteria.tumor)
            if not is_negated
            for code in self._lineage(leaf.value)
        }
        for device in self._devices:
            if device["jurisdiction"] == assertion["jurisdiction"]:
                claims = [
                    claim
                    for claim in device["claims"]
                    if claim["drug"] in assertion["regimen"]
                    and not tumors.isdisjoint(claim["tumor_types"])
                    and self._is_about(claim["biomarker"], classes)
                ]
                if claims:
                    yield device, claims

    def _parts(self, name: str) -> Iterator[str]:
        """Yield a class and what it is a union or intersection of."""
        yield name
        rule = self._classes[name]["rule"]
        for part in (*rule["any_of"], *rule["all_of"]):
            yield from self._parts(part)

    def _lineage(self, code: str | None) -> Iterator[str]:
        while code is not None:
            yield code
            code = self._parents.get(code)

    def _is_about(self, claimed: str, classes: Collection[str]) -> bool:
        """Tell whether a claim is about one of these classes, or about some of its codons."""
        if claimed in classes:
            return True
        own, codons = self._classes[claimed], self._codons(claimed)
        return bool(codons) and any(
            self._classes[name]["gene"] == own["gene"] and codons <= self._codons(name)
            for name in classes
        )

    def _codons(self, name: str) -> frozenset[int]:
        """Return the codons of a class that is nothing but codons, else none."""
        return frozenset(self._classes[name]["rule"]["positions"])


def names_on(
    claims: Iterable[ServingClaim], day: dt.date, tumor_type: str, tumors: TumorTree
) -> list[str]:
    """Return the names of the devices with a claim for this day and tumour type, in their order."""
    standing = (claim.device for claim in claims if claim.stands(day, tumor_type, tumors))
    return list(dict.fromkeys(standing))


def to_serving(device: Record, claims: Iterable[Record]) -> Iterator[ServingClaim]:
    """Yield what an answer needs of the claims of a compiled device."""
    for claim in claims:
        day = claim["approved_on"]
        since = None if day is None else dt.date.fromisoformat(day)
        yield ServingClaim(device["name"], tuple(claim["tumor_types"]), since)
