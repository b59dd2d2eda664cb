"""The jurisdictions whose authorisations are held, each with its regulator; one row adds one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where an authorisation holds.

    Args:
        code: in records, requests and answers.
        authority: short name of the regulator, in records.
        is_announced_at_once: whether the regulator makes a decision public on its day, so that any
            report of it tells the day; otherwise firms announce it days later.
    """

    code: str
    name: str
    authority: str
    is_announced_at_once: bool


JURISDICTION_TABLE = (
    Jurisdiction("US", "United States", "FDA", is_announced_at_once=True),
    Jurisdiction("EU", "European Union", "EMA", is_announced_at_once=False),
)
JURISDICTIONS = tuple(row.code for row in JURISDICTION_TABLE)
AUTHORITIES = {row.code: row.authority for row in JURISDICTION_TABLE}
JURISDICTION_NAMES = {row.code: row.name for row in JURISDICTION_TABLE}
ANNOUNCED_AT_ONCE = {row.code: row.is_announced_at_once for row in JURISDICTION_TABLE}
