"""What a report is cut into: passages, and what is in force from line to line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from service.engine.notation.text.labels import Role

#: ``nothing``: neither gene nor result word; ``no_result``: names genes where no result stands;
#: ``doubtful``: it is not clear whether the heading above, or the result below, speaks of it;
#: ``unread``: lines beyond those that are read.
What = Literal["biomarker", "context", "nothing", "no_result", "doubtful", "unread"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A group of words of one line, and what it is.

    Args:
        line: 1-based.
        text: the words as they stand there.
        given: the biomarker of the v1 contract that they stand for, when they are one.
        pieces: smaller passages, tried when the whole is not understood.
        role: for context: which fact; for others the heading that they were read under.
    """

    line: int
    text: str
    what: What
    given: Any = None
    role: Role | None = None
    pieces: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """What is in force for a line: the heading above it, a gene, the columns of a table."""

    role: Role | None = None
    gene: str = ""
    columns: tuple[str | None, ...] = ()
    #: Whether a line was read under the heading, and whether it may have ended since.
    is_begun: bool = False
    is_doubtful: bool = False


def after_blank(block: Block) -> Block:
    """Return what is in force behind a blank line: a heading may have ended, once it had its lines."""
    if block.role is None or not block.is_begun:
        return block
    return Block() if block.role in ("ihc", "ish", "findings") else replace(block, is_doubtful=True)
