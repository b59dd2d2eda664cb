"""Tab-separated tables of the MAF and cBioPortal formats: lines in, rows with their line numbers.

A place in a file is written ``maf:12:HGVSp_Short``: file, line (counted from 1), column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.errors import Fault, InputError

#: What stands in a cell that holds nothing.
_NOTHING = frozenset({"", ".", "na", "n/a", "nan", "null", "none"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Args:
        cells: lower-case column -> text.
        names: lower-case column -> its name as the header row has it.
    """

    file: str
    line: int
    cells: Mapping[str, str]
    names: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the text of a cell; empty when the cell or the column holds nothing."""
        text = self.cells.get(column.lower(), "")
        return "" if text.lower() in _NOTHING else text

    def place(self, column: str = "") -> str:
        """Return the address of the row, or of one of its cells."""
        return f"{self.file}:{self.line}:{column}" if column else f"{self.file}:{self.line}"


def read_table(file: str, lines: Iterable[str], required: Iterable[str]) -> tuple[Row, ...]:
    """Read a table with a header row; lines that start with ``#`` and empty lines are no rows.

    Columns are found by name, whatever their case. A row may leave its last cells out.

    Raises:
        InputError: a required column is missing, or a row has more cells than there are columns.

    Source: GDC MAF format (``#`` lines, one header row); cBioPortal file formats.
    """
    numbered = _content(lines)
    number, header = next(numbered, (1, ""))
    columns = [name.strip() for name in header.split("\t")]
    known = [name.lower() for name in columns]
    faults = [
        Fault(f"{file}:{number}:{name}", "missing_column", f"the header row has no column {name}")
        for name in required
        if name.lower() not in known
    ]
    rows = []
    names = dict(zip(known, columns, strict=True))
    for line, text in numbered:
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) > len(columns):
            message = f"the row has {len(cells)} cells, the header row {len(columns)}"
            faults.append(Fault(f"{file}:{line}", "extra_cells", message))
        else:
            rows.append(Row(file, line, dict(zip(known, cells, strict=False)), names))
    if faults:
        raise InputError(tuple(faults))
    return tuple(rows)


def _content(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix("\ufeff").rstrip("\r\n")
        if text.strip() and not text.startswith("#"):
            yield number, text
