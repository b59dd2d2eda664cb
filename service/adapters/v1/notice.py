"""The remark on an input that was understood; a warning of the answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of the answer: the input was understood, and the reader must know this about it."""

    code: str
    message: str
    pointer: str
    suggestions: tuple[str, ...] = ()
