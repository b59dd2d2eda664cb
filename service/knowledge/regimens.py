"""Regimen identity and name: the set of drugs, in alphabetical order."""

from __future__ import annotations

from collections.abc import Iterable


def regimen_id(drugs: Iterable[str]) -> str:
    """Return the identity of a set of drugs: ``dabrafenib+trametinib``."""
    return "+".join(drug.lower().replace(" ", "-") for drug in sorted(drugs, key=str.lower))


def regimen_name(drugs: Iterable[str]) -> str:
    """Return the name of a set of drugs as it is shown: ``Dabrafenib + trametinib``."""
    name = " + ".join(sorted(drugs, key=str.lower))
    return name[:1].upper() + name[1:]
