"""Which file of a study a table is, by its header row.

Source: GDC MAF format 1.0; cBioPortal file formats; GISTIC 2.0 (``all_thresholded.by_genes``).
"""

from __future__ import annotations

from collections.abc import Iterator

from service.adapters.files import copy_numbers, maf
from service.adapters.files.study import COLUMNS, TUMOR
from service.adapters.files.tables import Row, open_table
from service.errors import InputError

#: Bytes at the start in which the header row and the first row stand.
_START = 1 << 18
#: Columns of a MAF that no table of copy numbers has.
_OF_MAF = frozenset(name.lower() for name in maf.COLUMNS) - {"hugo_symbol"}


def kind_of(content: bytes) -> str | None:
    """Return ``maf``, ``clinical``, ``cna`` or ``sv``; ``None`` for any other text.

    Args:
        content: the file, or its beginning; not packed.
    """
    try:
        table = open_table("", _lines(content))
        first = next(table.rows, None)
    except InputError:
        return None
    header = table.header
    for kind in ("maf", "sv"):
        if header.has(*COLUMNS[kind]):
            return kind
    if header.has("SAMPLE_ID") and any(header.has(name) for name in ("PATIENT_ID", *TUMOR)):
        return "clinical"
    is_of_genes = any(header.has(name) for name in copy_numbers.GENE)
    if not is_of_genes or _OF_MAF & header.places.keys():
        return None
    is_long = header.has(*copy_numbers.LONG)
    return "cna" if is_long or (first is not None and _has_numbers(first)) else None


def _lines(content: bytes) -> Iterator[str]:
    yield from content[:_START].decode("utf-8-sig", "replace").splitlines(keepends=True)


def _has_numbers(row: Row) -> bool:
    """Tell whether each sample of a row has a copy number or nothing, and one has a number."""
    cells = [
        row.cells[index] if index < len(row.cells) else ""
        for index, _ in copy_numbers.sample_columns(row.header)
    ]
    numbers = [copy_numbers.is_number(cell) for cell in cells]
    return any(numbers) and all(
        is_number or copy_numbers.is_empty(cell)
        for is_number, cell in zip(numbers, cells, strict=True)
    )
