"""What a report is cut into: passages, and what is in force from line to line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from service.engine.notation.text.labels import Role

#: ``nothing``: neither gene nor result word; ``lone``: a result or a value apart from its test, or a
#: sentence that takes one back; ``no_result``: names genes where no result stands;
#: ``doubtful``: it is not clear whether the heading above, or the result below, speaks of it;
#: ``unread``: lines beyond those that are read; ``heading``: one that the table of labels does not
#: know, which ends as ``nothing`` or ``lone``.
What = Literal[
    "biomarker", "context", "nothing", "heading", "lone", "no_result", "doubtful", "unread"
]


@dataclass(frozen=True, slots=True)
class Passage:
    """A group of words of one line, and what it is.

    Args:
        line: 1-based.
        text: the words as they stand there.
        given: the biomarker of the v1 contract that they stand for, when they are one.
        pieces: smaller passages, tried when the whole is not understood.
        role: for context: which fact; for others the heading that they were read under.
        is_unnamed: whether no gene is named, and no marker: "No mutation detected".
    """

    line: int
    text: str
    what: What
    given: Any = None
    role: Role | None = None
    pieces: tuple[Passage, ...] = ()
    is_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What is in force for a line: the heading above it, a gene, the columns of a table."""

    role: Role | None = None
    gene: str = ""
    columns: tuple[str | None, ...] = ()
    #: Cells of the row above that ended with its result, in a table without headings.
    width: int = 0
    #: Whether a line was read under the heading, and whether it may have ended since, or is not known.
    is_begun: bool = False
    is_doubtful: bool = False
    #: Whether it speaks of another time, sample or person: no result below it counts.
    is_elsewhere: bool = False


def after_blank(block: Block) -> Block:
    """Return what is in force behind a blank line: a heading may have ended, once it had its lines."""
    if not block.is_begun:
        return block
    if block.role is None:
        return replace(block, is_doubtful=False, is_elsewhere=False, is_begun=False)
    return Block() if block.role in ("ihc", "ish", "findings") else replace(block, is_doubtful=True)
