"""``POST /cds-services/{id}/feedback``: what became of cards, as counts of known words.

Of a piece of feedback its outcome and the code of its reason are counted, by service and day. Not
kept are the card, the comment, the time, and codes that this service did not offer: free text and
foreign identifiers may name a patient.

Source: CDS Hooks 2.0, "Feedback".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.adapters.cds_hooks.cards import OVERRIDE_REASONS, REASONS_SYSTEM
from service.api.cds.store import Feedback

Json = dict[str, Any]


def to_feedback(service: str, items: Iterable[Json]) -> Iterator[Feedback]:
    """Yield what is counted of loaded feedback."""
    for item in items:
        yield Feedback(service, item["outcome"], _reason(item["overrideReason"]))


def _reason(given: Json | None) -> str:
    reason = given["reason"] if given else None
    if reason is None:
        return "none"
    is_ours = reason.get("system", REASONS_SYSTEM) == REASONS_SYSTEM
    return reason["code"] if is_ours and reason["code"] in OVERRIDE_REASONS else "other"
