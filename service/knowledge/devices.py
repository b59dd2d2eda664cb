"""Companion diagnostics by day: since when a device is approved to select for a record.

A device serves several drugs, and each of its claims has a day of its own. A claim whose day is not
known hides nothing: its device is shown for every day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

Record = Mapping[str, Any]
#: The name of a device, and the day of its first claim that serves the record; ``None``: not known.
DatedDevice = tuple[str, dt.date | None]


def dated_devices(
    regimen: Collection[str], classes: Collection[str], devices: Iterable[Record]
) -> tuple[DatedDevice, ...]:
    """Return the devices of a record with the day of the first claim that serves it.

    Args:
        regimen: drugs of the record; a claim for another drug does not serve it.
        classes: biomarker classes that its criteria name, with their parts. When no claim for its
            drugs is about one of them (a status read from IHC or ISH), all its claims count.
    """
    return tuple((device["name"], _since(regimen, classes, device["claims"])) for device in devices)


def names_on(devices: Iterable[DatedDevice], day: dt.date) -> list[str]:
    """Return the names of the devices that were approved by a day, in their order."""
    return [name for name, since in devices if since is None or since <= day]


def _since(
    regimen: Collection[str], classes: Collection[str], claims: Iterable[Record]
) -> dt.date | None:
    own = [claim for claim in claims if claim["drug"] in regimen]
    serving = [claim for claim in own if claim["biomarker"] in classes] or own
    days = [claim["approved_on"] for claim in serving]
    if not days or None in days:
        return None
    return dt.date.fromisoformat(min(days))
