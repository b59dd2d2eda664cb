"""Why a text was refused, and remarks about a text that was accepted."""

from __future__ import annotations

from dataclasses import dataclass


class NotationError(Exception):
    """A text that cannot be understood as a finding.

    Args:
        code: stable word of ``docs/errors.md``.
        message: one plain sentence that names what stands there.
        suggestions: what may have been meant, best first.
    """

    def __init__(self, code: str, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader must know about an accepted text; becomes a warning of the answer."""

    code: str
    message: str
    suggestions: tuple[str, ...] = ()
