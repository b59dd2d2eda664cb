"""Companion diagnostics by day: a device is not named before its claim was approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from service.knowledge.devices import dated_devices, names_on
from service.knowledge.store import KnowledgeBase


def device(*claims: tuple[str, str, str | None]) -> dict[str, Any]:
    """Return a device with claims (drug, biomarker, day)."""
    return {
        "name": "Test",
        "claims": [{"drug": d, "biomarker": b, "approved_on": day} for d, b, day in claims],
    }


def since(regimen: set[str], classes: set[str], *claims: tuple[str, str, str | None]) -> str | None:
    """Return the day from which a device with these claims serves a record."""
    ((_, day),) = dated_devices(regimen, classes, [device(*claims)])
    return day.isoformat() if day else None


def test_the_first_claim_that_serves_the_record_counts() -> None:
    claims = (
        ("a", "V600E", "2012-05-01"),
        ("a", "V600K", "2011-05-01"),
        ("b", "V600E", "2010-01-01"),
    )
    assert since({"a"}, {"V600E"}, *claims) == "2012-05-01"
    assert since({"a"}, {"V600E", "V600K"}, *claims) == "2011-05-01"
    assert since({"a", "b"}, {"V600E"}, *claims) == "2010-01-01"


def test_a_status_is_served_by_every_claim_for_its_drug() -> None:
    claims = (("a", "amplification", "2001-08-28"), ("b", "positive", "1998-09-25"))
    assert since({"a"}, {"positive"}, *claims) == "2001-08-28"


def test_a_claim_without_a_day_hides_nothing() -> None:
    assert since({"a"}, {"V600E"}, ("a", "V600E", "2012-05-01"), ("a", "V600E", None)) is None
    assert since({"a"}, {"V600E"}, ("b", "V600E", "2012-05-01")) is None
    assert names_on([("Test", None)], dt.date(1990, 1, 1)) == ["Test"]


def test_the_day_of_the_approval_counts() -> None:
    named = [("Test", dt.date(2012, 5, 1))]
    assert names_on(named, dt.date(2012, 4, 30)) == []
    assert names_on(named, dt.date(2012, 5, 1)) == ["Test"]


def test_dated_claims_of_the_knowledge_base_are_read(kb: KnowledgeBase) -> None:
    dated = [
        (id_, name, day)
        for id_, parts in kb.fragments.items()
        for name, day in parts.devices
        if day is not None
    ]
    assert len(dated) >= 20
    for id_, name, day in dated:
        parts = kb.fragments[id_]
        assert name in parts.companion_diagnostics_on(day)
        earlier = parts.companion_diagnostics_on(day - dt.timedelta(days=1))
        assert earlier.count(name) == parts.companion_diagnostics_on(day).count(name) - 1


def test_no_two_devices_have_one_name(kb: KnowledgeBase) -> None:
    """An answer names devices; two that differ by specimen or tumour say so in the name."""
    names = [row["name"] for row in kb.records["diagnostics"].values()]
    assert len(names) == len(set(names))


def test_a_device_that_a_record_names_has_a_claim_for_one_of_its_drugs(kb: KnowledgeBase) -> None:
    devices = kb.records["diagnostics"]
    idle = [
        (row["id"], id_)
        for row in kb.records["assertions"].values()
        for id_ in row["companion_diagnostics"]
        if not any(claim["drug"] in row["regimen"] for claim in devices[id_]["claims"])
    ]
    assert idle == []
