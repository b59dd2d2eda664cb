"""What changed between two knowledge bases: records added, removed and changed, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from service.knowledge.store import KnowledgeBase


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that is not the same in two knowledge bases.

    Args:
        kind: vocabulary, ``assertions`` first.
        fields: what differs in a changed record, sorted; empty for an added or removed one.
    """

    kind: str
    id: str
    change: Literal["added", "removed", "changed"]
    fields: tuple[str, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def diff_knowledge(before: KnowledgeBase, after: KnowledgeBase) -> list[RecordChange]:
    """Return every change of a record, assertions first, then by vocabulary and identifier."""
    kinds = sorted({*before.records, *after.records}, key=lambda kind: (kind != "assertions", kind))
    return [
        change
        for kind in kinds
        for change in _diff(kind, before.records.get(kind, {}), after.records.get(kind, {}))
    ]


def _diff(kind: str, before: Any, after: Any) -> Iterator[RecordChange]:
    for id_ in sorted({*before, *after}):
        old, new = before.get(id_), after.get(id_)
        if old is None:
            yield RecordChange(kind, id_, "added", (), None, new)
        elif new is None:
            yield RecordChange(kind, id_, "removed", (), old, None)
        elif old != new:
            fields = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
            yield RecordChange(kind, id_, "changed", tuple(fields), old, new)
