"""Tab-separated tables of the MAF and cBioPortal formats: lines in, rows with their line numbers.

Quoted cells (what R and pyarrow write) are read by ``csv``; a stray quote stands for itself. A
place in a file is written ``maf:12:HGVSp_Short``: file, line (counted from 1), column.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from service.engine.reading import is_placeholder
from service.errors import Fault, InputError

#: Characters of one line; a table of discrete copy numbers has one column a sample.
MAX_LINE = 1 << 22
#: Lines that one quoted cell may run over; a quote that is not closed by then stands for itself.
_MAX_QUOTED_LINES = 10
Cells = list[str]


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table.

    Args:
        columns: names in order, as written; empty for a column without a name.
        places: lower-case name -> index; columns are found by name, whatever their case.
    """

    file: str
    line: int
    columns: tuple[str, ...]
    places: dict[str, int]

    def has(self, *names: str) -> bool:
        """Tell whether the table has every one of these columns."""
        return all(name.lower() in self.places for name in names)

    def place(self, column: str) -> str:
        """Return the address of a column of the header row."""
        return f"{self.file}:{self.line}:{column}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Args:
        is_whole: whether it has no more cells than the header row has columns.
    """

    header: Header
    line: int
    cells: Sequence[str]
    is_whole: bool = True

    def raw(self, column: str) -> str:
        """Return the text of a cell as it stands; empty when there is no such cell or column."""
        index = self.header.places.get(column.lower())
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def get(self, column: str) -> str:
        """Return the text of a cell; empty when it holds nothing (a placeholder, ``-``, ``NA``)."""
        text = self.raw(column)
        return "" if is_placeholder(text) else text

    def place(self, column: str = "") -> str:
        """Return the address of the row, or of one of its cells."""
        start = f"{self.header.file}:{self.line}"
        return f"{start}:{column}" if column else start

    def is_header(self) -> bool:
        """Tell whether the header row is repeated here, as in files that were joined."""
        names = (name.lower() for name in self.header.columns)
        return [cell.lower() for cell in self.cells] == list(names)[: len(self.cells)]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is read and whose rows are read one by one."""

    header: Header
    rows: Iterator[Row]


def open_table(file: str, lines: Iterable[str], known: Collection[str] = ()) -> Table:
    """Read the header row of a table; comments (``#``) and empty lines are no rows.

    Args:
        known: columns with a meaning, whatever their case; others may differ in case alone.

    Raises:
        InputError: ``duplicate_column``, ``line_too_long``; reading the rows may raise them too.

    Source: GDC MAF format (``#`` lines, one header row); cBioPortal file formats; RFC 4180 for
    quotes; R ``read.table`` (a header row that is one cell shorter leaves out the row names).
    """
    records = _records(file, lines)
    number, cells = next(records, (1, []))
    first = next(records, None)
    columns = _without_empty_end(cells)
    if first is not None and columns and len(_without_empty_end(first[1])) == len(columns) + 1:
        columns = ["", *columns]
    header = Header(file, number, tuple(columns), _places(columns))
    faults = [
        Fault(header.place(name), "duplicate_column", f"the header row has {name} twice")
        for name in _repeated(columns, {name.lower() for name in known})
    ]
    if faults:
        raise InputError(tuple(faults))
    return Table(header, _rows(header, records if first is None else chain([first], records)))


def _places(columns: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, name in enumerate(columns):
        places.setdefault(name.lower(), index)
    return places


def _repeated(columns: Iterable[str], known: Collection[str]) -> list[str]:
    """Return names that stand twice; names of samples may differ in their case alone."""
    counted = Counter(name.lower() if name.lower() in known else name for name in columns if name)
    return sorted(name for name, count in counted.items() if count > 1)


def _rows(header: Header, records: Iterable[tuple[int, Cells]]) -> Iterator[Row]:
    width = len(header.columns)
    for number, cells in records:
        if len(cells) > width:
            cells = _without_empty_end(cells)
        yield Row(header, number, cells, len(cells) <= width)


def _without_empty_end(cells: Cells) -> Cells:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _records(file: str, lines: Iterable[str]) -> Iterator[tuple[int, Cells]]:
    """Yield line number and cells of each row, the header row first."""
    numbered = enumerate(lines, start=1)
    waiting: list[tuple[int, str]] = []
    while True:
        number, line = waiting.pop() if waiting else next(numbered, (0, ""))
        if not number:
            return
        if len(line) > MAX_LINE:
            message = f"the line is longer than {MAX_LINE} characters"
            raise InputError((Fault(f"{file}:{number}", "line_too_long", message),))
        text = line.removeprefix("\ufeff").rstrip("\r\n")
        if not text.strip() or text.startswith("#"):
            continue
        if '"' not in text:
            yield number, [cell.strip() for cell in text.split("\t")]
            continue
        taken = [text]
        while len(taken) < _MAX_QUOTED_LINES and _is_open(taken):
            more = waiting.pop() if waiting else next(numbered, (0, ""))
            if not more[0]:
                break
            taken.append(more[1].rstrip("\r\n"))
        cells = _quoted(taken)
        if cells is None:
            waiting += [(number + at, one) for at, one in enumerate(taken)][:0:-1]
            cells = text.split("\t")
        yield number, [cell.strip() for cell in cells]


def _quoted(lines: Cells) -> Cells | None:
    """Return the cells of a record with quotes; ``None`` when the quotes do not come out even."""
    try:
        rows = list(csv.reader([f"{line}\n" for line in lines], delimiter="\t", strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _is_open(lines: Cells) -> bool:
    """Tell whether a quoted cell goes on behind the last line: a closing quote would end it."""
    return _quoted(lines) is None and _quoted([*lines, '"']) is not None
