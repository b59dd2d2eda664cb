"""What is compared of an input: the findings as ``POST /v1/normalize`` gives them, or the codes of refusal.

A digest is six hexadecimal digits of what was understood; the key of an input likewise has eight.
Warnings, steps and the classes that came later are left out: they may grow without a change of meaning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml
from flask.testing import FlaskClient

FOLDER = Path(__file__).parent
DIGESTS = FOLDER / "digests.txt"
LEDGER = FOLDER / "deliberate.yaml"
#: Of a finding: what was understood. How it is shown beside that may change freely.
FIELDS = ("gene", "hgnc_id", "kind", "result", "name", "hgvs_p", "consequence", "oncogenicity")


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was understood when the digests were taken: key of an input -> digest."""

    classes: frozenset[str]
    digests: Mapping[str, str]


def key_of(given: Any) -> str:
    """Return the key of an input."""
    return hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]


def read(client: FlaskClient, given: Any, classes: frozenset[str] | None = None) -> Any:
    """Return what is understood of an input.

    Args:
        classes: the biomarker classes that are looked at; all when not given.
    """
    answer = client.post("/v1/normalize", json={"biomarkers": [given]})
    shown = answer.get_json()
    if answer.status_code != 200:
        return sorted(error["code"] for error in shown["errors"])
    if not shown["findings"]:
        return sorted(warning["code"] for warning in shown["warnings"])
    return [
        {field: finding[field] for field in FIELDS}
        | {"classes": [c for c in finding["classes"] if classes is None or c in classes]}
        for finding in shown["findings"]
    ]


def digest(reading: Any) -> str:
    """Return the digest of what was understood."""
    return hashlib.sha256(orjson.dumps(reading, option=orjson.OPT_SORT_KEYS)).hexdigest()[:6]


def in_short(reading: Any) -> str:
    """Return what was understood in a line, for a reader of the ledger."""
    return ", ".join(one if isinstance(one, str) else one["name"] for one in reading) or "nothing"


def read_digests() -> Frozen:
    """Return the digests as they were taken."""
    head, *lines = DIGESTS.read_text("utf-8").splitlines()
    return Frozen(
        frozenset(head.split("|")), dict(pair.split("=") for line in lines for pair in line.split())
    )


def write_digests(client: FlaskClient, inputs: Iterable[Any], classes: Iterable[str]) -> None:
    """Write the digests of inputs; done once, where what is understood is what must be kept."""
    known = frozenset(classes)
    pairs = sorted(f"{key_of(given)}={digest(read(client, given, known))}" for given in inputs)
    lines = (" ".join(pairs[start : start + 12]) for start in range(0, len(pairs), 12))
    DIGESTS.write_text("\n".join(("|".join(sorted(known)), *lines)) + "\n", "utf-8")


def read_ledger() -> list[dict[str, Any]]:
    """Return the deliberate changes: a reason, examples, and the new digest of each input."""
    return yaml.safe_load(LEDGER.read_text("utf-8")) or [] if LEDGER.exists() else []


def expected(frozen: Frozen) -> dict[str, str]:
    """Return what each input must give today: as it was, or as the ledger says."""
    digests = dict(frozen.digests)
    for change in read_ledger():
        digests |= dict(pair.split("=") for pair in change["digests"].split())
    return digests
