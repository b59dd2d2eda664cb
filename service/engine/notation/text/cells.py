"""The cells of one result, from a row of a table or the lines of a record, as a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.engine.notation.text.labels import column_of
from service.engine.notation.text.layout import ALTERATION
from service.engine.notation.text.passages import Block, Passage
from service.engine.reading import is_placeholder

#: Columns in the order in which their words are read behind the gene.
_SAID = ("transcript", "exon", "dna", "protein", "alteration", "result", "significance")


def columns_of(cells: Sequence[str]) -> tuple[str | None, ...]:
    """Return what the columns below these headings hold; nothing unless two of them are known."""
    columns = tuple(column_of(cell) for cell in cells)
    return columns if sum(column is not None for column in columns) > 1 else ()


def row_passage(number: int, line: str, cells: Sequence[str], block: Block) -> Passage:
    """Return the passage of a row of a table whose columns are known."""
    parts: dict[str, str] = {}
    for name, cell in zip(block.columns, cells, strict=False):
        if name is not None and not is_placeholder(cell):
            # Two columns may hold a result ("Result", "Interpretation"): neither is dropped.
            parts[name] = f"{parts[name]}, {cell}" if parts.get(name) else cell
    return cells_passage(number, line, parts, block)


def cells_passage(number: int, line: str, cells: Mapping[str, str], block: Block) -> Passage:
    """Return the passage of the cells of one result, each under the name of its column.

    An empty cell says nothing; where the result itself is empty, the change is in doubt: it may be
    what was looked for.
    """
    parts = {name: cell for name, cell in cells.items() if not is_placeholder(cell)}
    gene = parts.get("gene", "")
    said = [parts[name] for name in _SAID if name in parts]
    is_open = "result" in block.columns and not {"result", "fraction"} & parts.keys()
    if is_open and (said or ALTERATION.search(gene)):
        return Passage(number, line, "doubtful", " ".join((gene, *said)), block.role)
    if "exon" in parts and parts["exon"].isdecimal():
        said[said.index(parts["exon"])] = f"exon {parts['exon']}"
    fraction = parts.get("fraction", "")
    if fraction and said:
        said.append(f"VAF {fraction}" + ("" if "%" in fraction else "%"))
    if not gene or not said:
        return Passage(number, line, "no_result" if gene else "nothing", role=block.role)
    given = {"gene": gene, "alteration": ", ".join(said)}
    if "assay" in parts:
        given["assay"] = parts["assay"]
    return Passage(number, line, "biomarker", given, block.role)
