"""The jurisdictions whose authorisations are held, each with its regulator; one row adds one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where an authorisation holds.

    Args:
        code: in records, requests and answers.
        authority: short name of the regulator, in records.
    """

    code: str
    name: str
    authority: str


JURISDICTION_TABLE = (
    Jurisdiction("US", "United States", "FDA"),
    Jurisdiction("EU", "European Union", "EMA"),
)
JURISDICTIONS = tuple(row.code for row in JURISDICTION_TABLE)
AUTHORITIES = {row.code: row.authority for row in JURISDICTION_TABLE}
JURISDICTION_NAMES = {row.code: row.name for row in JURISDICTION_TABLE}
