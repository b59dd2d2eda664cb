"""A whole report to passages: which words are results, which are context, which hold nothing.

Every word of every line is in exactly one passage, in order. A line is read under its heading
(``Pertinent negatives``), its label (``Diagnosis:``) or the columns of its table; the readers of one
biomarker decide what it means. Cutting is here; the words of headings are in ``text.labels``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from service.engine.notation.genes import GeneNames
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.cells import cells_passage, columns_of, row_passage
from service.engine.notation.text.doubts import (
    heading_of,
    is_denial_of_above,
    is_lone_value,
    is_none,
    is_row_of_signs,
    says_poor,
    with_doubts,
    without_boxes,
)
from service.engine.notation.text.labels import CONTEXT, Role, column_of, role_of
from service.engine.notation.text.layout import (
    BULLET,
    CELLS,
    LABEL,
    LineKinds,
    has_share,
    is_double_spaced,
    is_result,
    results_below,
)
from service.engine.notation.text.passages import Block, Passage, after_blank
from service.engine.notation.text.report_words import ReportWords, Told, result_of

MAX_LINES = 2_000
_SENTENCE = re.compile(r"(?<=[\w)%+\]])[.;]\s+(?=[A-Z\u00c4\u00d6\u00dc0-9(])|;\s*")
#: Words of a line that can be a heading without a colon.
_LONGEST_TITLE = 10
_RULE = re.compile(r"[\s=\-_*~#.+|:]*")


def passages_of(
    text: str, names: GeneNames, strangers: Strangers, tell: Callable[[str], Told]
) -> tuple[Passage, ...]:
    """Cut a report into passages.

    Args:
        tell: whether words without a gene's name are a tumour type, or are read as a finding all
            the same: ``dMMR``, ``chr7:140453136A>T``, ``BRAFV600E``. What a reader takes is never
            ``nothing``.
    """
    words = ReportWords(names, strangers, tell)
    kinds = LineKinds(names, strangers)
    return tuple(with_doubts(list(_Cutter(words, kinds).cut(text))))


class _Cutter:
    """Cuts one report; holds what is in force from line to line."""

    def __init__(self, words: ReportWords, kinds: LineKinds) -> None:
        self._told = words
        self._kinds = kinds
        self._block = Block()
        self._is_headed = False
        self._record: tuple[int, list[str], dict[str, str]] | None = None

    def cut(self, text: str) -> Iterator[Passage]:
        lines = text.splitlines()
        below = results_below(lines[:MAX_LINES], self._kinds.kind_of)
        is_spaced = is_double_spaced(lines)
        joined = 0
        for number, line in enumerate(lines[:MAX_LINES], start=1):
            if not line.strip():
                self._block = self._block if is_spaced else after_blank(self._block)
                continue
            record = self._field_of(line)
            if record is not None:
                yield from self._add(number, line, *record)
                continue
            yield from self._close()
            if number == joined:
                continue
            if number - 1 in below and self._block.role in (None, "findings"):
                is_joined = below[number - 1] == "joined"
                joined = number + 1 if is_joined else 0
                yield self._stacked(number, line, lines[number] if is_joined else "")
                continue
            for passage in self._line(number, line):
                self._is_headed = passage.what in ("heading", "nothing")
                yield passage
        yield from self._close()
        rest = "\n".join(lines[MAX_LINES:]).strip()
        if rest:
            yield Passage(MAX_LINES + 1, rest, "unread")

    def _stacked(self, number: int, line: str, below: str) -> Passage:
        """Return a test with the result in the line below it; without one it is in doubt."""
        name = BULLET.sub("", line).strip().rstrip(": ")
        if not below:
            return Passage(number, line.strip(), "doubtful", name)
        value = BULLET.sub("", below).strip()
        return Passage(number, f"{line.strip()}\n{below.strip()}", "biomarker", f"{name} {value}")

    def _field_of(self, line: str) -> tuple[str, str] | None:
        """Return (column, value) of a line of a record: ``Gene: EGFR`` and what stands below it."""
        found = LABEL.match(line.strip())
        column = column_of(found["label"]) if found else None
        if found is None or column is None or not found["value"].strip():
            return None
        is_gene = column == "gene" and self._told.is_gene(found["value"].strip())
        is_other = column not in ("gene", "other") and self._record is not None
        return (column, found["value"].strip()) if is_gene or is_other else None

    def _add(self, number: int, line: str, column: str, value: str) -> Iterator[Passage]:
        if column == "gene" or (self._record and column in self._record[2]):
            yield from self._close()
        if self._record is None:
            self._record = number, [], {}
        self._record[1].append(line.strip())
        self._record[2][column] = value

    def _close(self) -> Iterator[Passage]:
        """Give the record that ends here as one passage, like a row of a table."""
        if self._record is not None:
            number, lines, fields = self._record
            self._record = None
            yield cells_passage(number, "\n".join(lines), fields, self._block)

    def _line(self, number: int, line: str) -> Iterator[Passage]:
        bare = BULLET.sub("", line).strip()
        if not bare or _RULE.fullmatch(bare):
            yield Passage(number, line.strip(), "nothing")
            return
        cells = [cell.strip() for cell in CELLS.split(bare.strip("|").strip())]
        if len(cells) > 1 or (self._block.width and bare.endswith("|")):
            row = self._row(number, line.strip(), cells)
            if row is not None:
                yield row
                return
            if all(_is_labelled(cell) for cell in cells):
                for cell in cells:
                    yield from self._labelled(number, cell, cell)
                return
        # A bar between two results ends the first one; between the cells of one it is a blank.
        is_split = len(cells) > 1 and self._told.tell(bare) != "finding"
        yield from self._labelled(number, line.strip(), " ".join(cells) if is_split else bare)

    def _row(self, number: int, line: str, cells: list[str]) -> Passage | None:
        """Return a row of a table; ``None`` where its cells are read like words."""
        bare = " | ".join(cells)
        columns = columns_of(cells)
        is_empty = not any(map(str.isdigit, bare)) and not self._told.names_covered_gene(bare)
        if "gene" in columns or (columns and is_empty):
            if "gene" in columns:
                self._block = replace(self._block, columns=columns, gene="")
            return Passage(number, line, "nothing", role="method")
        if self._block.columns and len(cells) <= len(self._block.columns):
            return row_passage(number, line, cells, self._block)
        if is_row_of_signs(cells):
            return Passage(number, line, "lone", bare)
        missing = [""] * (self._block.width - len(cells))
        if self._told.has_empty_result([*cells, *missing]):
            return Passage(number, line, "doubtful", bare)
        if is_result(cells[-1]):
            self._block = replace(self._block, width=len(cells))
        return None

    def _labelled(self, number: int, line: str, bare: str) -> Iterator[Passage]:
        """Read a line with a label or a heading in front."""
        found = LABEL.match(bare)
        label, value = (found["label"], found["value"].strip()) if found else (bare, "")
        role = role_of(label)
        if self._is_headed and not value and is_none(label):
            # Of the heading above, or a heading of its own? What stands below it is in doubt.
            self._block = Block(is_doubtful=True, is_begun=True)
            yield Passage(number, line, "nothing")
        elif role is None and found is None:
            yield self._untitled(number, line, bare)
        elif role is None:
            subject = None if value else self._told.subject_of(label)
            if subject is not None:
                self._block = replace(self._block, gene=subject, columns=(), is_begun=False)
                yield Passage(number, line, "nothing", role="findings")
            elif not value and not self._told.names_gene(label):
                yield self._heading(number, line, label)
            else:
                yield self._words(number, line, bare)
        elif role in CONTEXT:
            yield self._context(number, line, value, role)
        elif not value:
            self._block = Block(role)
            yield Passage(number, line, "nothing", role=role)
        elif self._block.gene and role in ("ihc", "ish"):
            yield self._plain(number, line, bare)
        elif role in ("person", "method"):
            yield self._quiet(number, line, role)
        elif role == "findings":
            self._block = Block(gene="" if self._block.is_begun else self._block.gene)
            yield self._words(number, line, value)
        else:
            yield self._under(role, number, line, value)

    def _context(self, number: int, line: str, value: str, role: Role) -> Passage:
        if not value:
            # "Ordered:" above a list of tests is a heading, above a day a label.
            is_elsewhere = heading_of(line, has_colon=True) == "elsewhere"
            self._block = Block(role, is_doubtful=is_elsewhere, is_elsewhere=is_elsewhere)
            return Passage(number, line, "nothing", role=role)
        if role != "tumor_type" and self._told.names_change(value):
            return self._words(number, line, value)
        return Passage(number, line, "context", value, role)

    def _heading(self, number: int, line: str, label: str, *, has_colon: bool = True) -> Passage:
        """Read a heading without a known label: what stands below it may be no finding."""
        said = heading_of(label, has_colon=has_colon)
        self._block = Block(
            is_doubtful=said != "title",
            is_elsewhere=said == "elsewhere",
            is_begun=not has_colon,  # without one a blank line below it ends it
        )
        return Passage(number, line, "heading")

    def _quiet(self, number: int, line: str, role: Role) -> Passage:
        """Read a line about a person or a method: a change with a result of its own is in doubt."""
        if not self._told.names_covered_gene(line):
            return Passage(number, line, "lone" if says_poor(line) else "nothing", line, role)
        is_open = self._told.is_measured_result(line)
        if role == "person" and heading_of(line, has_colon=True) != "elsewhere":
            is_open = is_open or self._told.names_change(line)
        if is_open:
            return Passage(number, line, "doubtful", line)
        return Passage(number, line, "no_result", role=role)

    def _untitled(self, number: int, line: str, words: str) -> Passage:
        """Read a line without a label: it may be a heading of the lines below it."""
        is_free = self._block.role in (None, "findings") and _is_title(words)
        is_free = is_free and not is_result(words) and not self._told.holds_result(words)
        is_free = is_free and self._told.tell(words) is None
        if is_free and heading_of(words, has_colon=False) != "title":
            return self._heading(number, line, words, has_colon=False)
        return self._words(number, line, words)

    def _words(self, number: int, line: str, words: str) -> Passage:
        """Read words under the heading that is in force."""
        role = self._block.role
        if role in CONTEXT:
            self._block = replace(self._block, role=None)
            return self._context(number, line, words, role)
        self._block = replace(self._block, is_begun=True)
        if role in ("person", "method"):
            quiet = self._quiet(number, line, role)
            is_open = self._block.is_doubtful and quiet.what == "no_result"
            return replace(quiet, what="doubtful", given=words) if is_open else quiet
        if role is not None and role != "findings":
            return self._under(role, number, line, words)
        plain = self._plain(number, line, words)
        if plain.what == "biomarker" and self._is_in_doubt(words):
            return Passage(number, line, "doubtful", words)
        return plain

    def _is_in_doubt(self, words: str) -> bool:
        """Tell whether a heading that is not known, or of an earlier time, reaches the words."""
        if self._block.role is not None or not self._block.is_doubtful:
            return False
        return self._block.is_elsewhere or result_of(words) is None

    def _plain(self, number: int, line: str, words: str) -> Passage:
        if without_boxes(words) != words and self._told.holds_result(without_boxes(words)):
            return Passage(number, line, "doubtful", words)
        if is_denial_of_above(words) and self._told.is_lone(words) and not self._block.gene:
            return Passage(number, line, "lone", words)
        if not self._told.holds_result(words):
            return Passage(number, line, "lone" if self._told.is_lone(words) else "nothing", words)
        if self._block.gene and not self._told.names_gene(words):
            words = f"{self._block.gene}: {words}"
        pieces = [piece.strip() for piece in _SENTENCE.split(words) if piece.strip()]
        inner: tuple[Passage, ...] = ()
        if len(pieces) > 1:
            inner = tuple(self._plain(number, piece, piece) for piece in pieces)
        is_unnamed = not self._told.names_gene(words) and self._told.tell(words) is None
        return Passage(number, line, "biomarker", words, pieces=inner, is_unnamed=is_unnamed)

    def _under(self, role: Role, number: int, line: str, words: str) -> Passage:
        """Return words with what their heading says written out."""
        if not self._told.holds_result(words) and not self._told.names_covered_gene(words):
            return Passage(number, line, "lone" if is_lone_value(words) else "nothing", role=role)
        if role in ("ihc", "ish"):
            plain = self._plain(number, line, words)
            return Passage(
                number, line, "biomarker", self._told.written_out(role, words), role, (plain,)
            )
        own = result_of(words)
        is_denial = role in ("negative", "untested")
        if is_denial and own is None and has_share(words):
            self._block = replace(self._block, is_doubtful=True)
        if self._block.is_doubtful and own is None:
            return Passage(number, line, "doubtful", words, role)
        if is_denial and own == "detected":
            self._block = replace(self._block, is_doubtful=True)
        return Passage(number, line, "biomarker", self._told.written_out(role, words), role)


def _is_title(words: str) -> bool:
    return len(words.split()) <= _LONGEST_TITLE and not words.endswith((".", "!"))


def _is_labelled(cell: str) -> bool:
    found = LABEL.match(cell)
    return found is not None and role_of(found["label"]) is not None
