"""What is understood of mixed biomarkers stays what it was, but for the changes in the ledger."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.engine.notation.frozen.inputs import all_inputs
from tests.engine.notation.frozen.readings import (
    digest,
    expected,
    in_short,
    key_of,
    read,
    read_digests,
    read_ledger,
)

LEAST = 5000


def test_what_is_understood_changes_only_on_purpose(client: FlaskClient) -> None:
    """At least 5,000 inputs are understood as when the digests were taken, or as the ledger says.

    When this fails on purpose: ``python -m tests.engine.notation.frozen.rewrite "why"``.
    """
    frozen = read_digests()
    wanted = expected(frozen)
    changed, compared = [], 0
    for given in all_inputs():
        key = key_of(given)
        if key in wanted:
            compared += 1
            now = read(client, given, frozen.classes)
            if digest(now) != wanted[key]:
                changed.append(f"{given} -> {in_short(now)}")
    assert changed == []
    assert compared >= LEAST


def test_each_deliberate_change_has_a_reason_and_is_a_change() -> None:
    """An entry says why, names inputs that were frozen, and gives each another digest than before."""
    frozen = read_digests()
    before = dict(frozen.digests)
    for change in read_ledger():
        assert len(change["why"]) >= 20
        new = dict(pair.split("=") for pair in change["digests"].split())
        assert len(new) == change["inputs"]
        assert [key for key, value in new.items() if before.get(key) == value] == []
        assert new.keys() <= before.keys()
        before |= new


def test_the_comparison_notices_a_change(client: FlaskClient) -> None:
    """Another result, another gene, another refusal: each has another digest."""
    texts = ("EGFR L858R", "EGFR L858R not detected", "KRAS G12C", "EGFR L858Q", "EGFR A858R", "?")
    digests = {digest(read(client, text)) for text in texts}
    assert len(digests) == len(texts)
