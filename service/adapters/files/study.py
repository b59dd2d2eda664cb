"""MAF and the clinical, copy-number and structural-variant files of cBioPortal to samples.

Lines in, items of samples out: every row and every cell that can hold a result has one fate, and
nothing that a file leaves out is read as negative. Start with ``read_study``.

Sources: GDC MAF format 1.0; cBioPortal file formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from service.adapters.files import copy_numbers, maf
from service.adapters.files.changes import set_apart
from service.adapters.files.fusions import read_sites
from service.adapters.files.genes import GeneColumn
from service.adapters.files.samples import LateRows, RowSorter, Samples
from service.adapters.files.tables import Header, Row, Table, open_table
from service.adapters.v1.biomarkers import BiomarkerVocabulary
from service.engine.reading import Item
from service.errors import Fault, InputError

#: File -> the columns that it must have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "clinical": ("SAMPLE_ID",),
    "maf": ("Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short"),
    "cna": ("Hugo_Symbol",),
    "sv": ("Sample_Id", "Site1_Hugo_Symbol", "Site2_Hugo_Symbol"),
}
#: Columns of the clinical file that say the tumour type, the most precise first; one must be there.
TUMOR = ("ONCOTREE_CODE", "CANCER_TYPE_DETAILED", "CANCER_TYPE")
_SV = (
    "SV_Status", "Class", "Site2_Effect_On_Frame", "Event_Info", "Annotation", "Frame",
)  # fmt: skip
#: File -> columns with a meaning beside the required ones.
_MORE: Mapping[str, tuple[str, ...]] = {
    "clinical": TUMOR,
    "maf": maf.COLUMNS,
    "cna": (*copy_numbers.LONG, *copy_numbers.NOT_A_SAMPLE),
    "sv": _SV,
}
Reader = Callable[[Row, Samples], None]


def read_study(
    vocabulary: BiomarkerVocabulary,
    files: Mapping[str, Iterable[str]],
    *,
    sorter: RowSorter | None = None,
) -> Samples:
    """Read the files of one study.

    Args:
        files: ``maf``, ``clinical``, ``cna``, ``sv`` -> its lines; each may be absent.
        sorter: keeps the rows of the MAF until their sample is asked for; what became of them is
            known when all samples were. Without it all is read at once.

    Raises:
        InputError: with every fault of every header row; ``other_header`` for a second header row
            that differs from the first.
    """
    tables: list[Table] = []
    faults: list[Fault] = []
    for name in COLUMNS:
        if name not in files:
            continue
        try:
            table = open_table(name, files[name], (*COLUMNS[name], *_MORE[name]))
        except InputError as error:
            faults.extend(error.faults)
            continue
        tables.append(table)
        place = table.header.place
        faults.extend(
            Fault(place(column), "missing_column", f"the header row has no column {column}")
            for column in _missing(table.header)
        )
    if faults:
        raise InputError(tuple(faults))
    samples, reader = Samples(), StudyReader(vocabulary, sorter)
    for table in tables:
        reader.read(table, samples)
    if samples.late is None:
        samples.check()
    return samples


def _missing(header: Header) -> list[str]:
    if header.file != "cna":
        missing = [name for name in COLUMNS[header.file] if not header.has(name)]
        has_tumor = header.file != "clinical" or any(header.has(name) for name in TUMOR)
        return missing if has_tumor else [*missing, TUMOR[0]]
    missing = [] if any(header.has(name) for name in copy_numbers.GENE) else [copy_numbers.GENE[0]]
    if any(header.has(name) for name in copy_numbers.LONG):
        missing += [name for name in copy_numbers.LONG if not header.has(name)]
    return missing


class StudyReader:
    """Reads the rows of the files of one study."""

    def __init__(self, vocabulary: BiomarkerVocabulary, sorter: RowSorter | None = None) -> None:
        self._vocabulary = vocabulary
        self._sorter = sorter
        self._genes = GeneColumn(vocabulary)

    def read(self, table: Table, samples: Samples) -> None:
        """Read the rows of one file."""
        header = table.header
        readers: Mapping[str, Reader] = {
            "clinical": self._clinical,
            "maf": self._mutation,
            "cna": self._copy_number_row if header.has(*copy_numbers.LONG) else self._copy_numbers,
            "sv": self._rearrangement,
        }
        read_row = readers[header.file]
        samples.meet(header.file, 0)
        first = COLUMNS[header.file][0]
        columns = copy_numbers.sample_columns(header) if header.file == "cna" else []
        if columns and not header.has(*copy_numbers.LONG):
            for _, name in columns:
                samples.sample(name)
        if header.file == "maf" and self._sorter is not None:
            samples.late = LateRows(
                "maf",
                self._sorter,
                lambda line, cells: maf.read_mutation(
                    self._vocabulary, self._genes, Row(header, line, cells)
                ),
            )
        for row in table.rows:
            if row.raw(first).lower() == first.lower():
                _repeated_header(row, samples)
            elif not row.is_whole:
                samples.meet(header.file)
                message = (
                    f"the row has {len(row.cells)} cells, the header row {len(header.columns)}"
                )
                text = " ".join(row.cells)[:200]
                item = set_apart("extra_cells", None, text, row.place(), message)
                samples.put(header.file, None, (item,))
            else:
                read_row(row, samples)

    def _clinical(self, row: Row, samples: Samples) -> None:
        samples.meet("clinical")
        identifier = row.get("SAMPLE_ID")
        column = next((name for name in TUMOR if row.get(name)), TUMOR[0])
        code, place = row.get(column), row.place(column)
        if not identifier:
            samples.put("clinical", None, (_no_sample(row, "SAMPLE_ID", code),))
            return
        samples.put("clinical", identifier, (Item(place, code, "context"),))
        sample = samples.sample(identifier)
        if code and sample.tumor_type not in (None, code):
            message = f"{identifier} has another tumour type at {sample.tumor_place}"
            sample.faults.append(Fault(place, "two_tumor_types", message))
        elif code:
            sample.tumor_type, sample.tumor_place = code, place

    def _mutation(self, row: Row, samples: Samples) -> None:
        samples.meet("maf")
        identifier = row.get("Tumor_Sample_Barcode")
        if self._sorter is not None and identifier:
            number = samples.sample(identifier).number
            self._sorter.put((number, row.line, list(row.cells)))
            return
        items = maf.read_mutation(self._vocabulary, self._genes, row)
        self._put(row, samples, "Tumor_Sample_Barcode", items)

    def _rearrangement(self, row: Row, samples: Samples) -> None:
        samples.meet("sv")
        names = row.get("Site1_Hugo_Symbol"), row.get("Site2_Hugo_Symbol")
        said = " ".join(row.get(name) for name in _SV[2:])
        item = read_sites(
            self._genes,
            names,
            place=row.place("Site1_Hugo_Symbol"),
            kind=row.get("Class"),
            said=said,
        )
        reason = maf.read_status(row.raw("SV_Status"))
        if reason is not None and item.fate != "not_covered":
            item = set_apart(reason, item.gene, item.text, row.place("SV_Status"))
        self._put(row, samples, "Sample_Id", (item,))

    def _put(self, row: Row, samples: Samples, column: str, items: tuple[Item, ...]) -> None:
        identifier = row.get(column)
        if not identifier:
            items = (_no_sample(row, column, items[0].text, items[0].gene),)
        samples.put(row.header.file, identifier or None, items)

    def _copy_number_row(self, row: Row, samples: Samples) -> None:
        samples.meet("cna")
        text, place = row.raw("Value"), row.place("Value")
        identifier = row.get("Sample_Id")
        if copy_numbers.is_empty(text):
            if identifier:
                samples.sample(identifier)
            samples.count("cna", "no_content")
            return
        gene = self._genes.find(copy_numbers.gene_of(row))
        if gene.stranger is not None and identifier and not copy_numbers.is_high_level(text):
            samples.sample(identifier)
            samples.count("cna", "not_covered")
            return
        items = copy_numbers.read_cell(self._vocabulary, self._genes, gene, text, place)
        self._put(row, samples, "Sample_Id", items)

    def _copy_numbers(self, row: Row, samples: Samples) -> None:
        """Read the cells of one gene; cells that hold nothing are counted and not kept."""
        gene = self._genes.find(copy_numbers.gene_of(row))
        columns = copy_numbers.sample_columns(row.header)
        samples.meet("cna", len(columns))
        for index, name in columns:
            text = row.cells[index] if index < len(row.cells) else ""
            if copy_numbers.is_empty(text):
                samples.count("cna", "no_content")
            elif gene.stranger is not None and not copy_numbers.is_high_level(text):
                samples.count("cna", "not_covered")
            else:
                place = row.place(name)
                samples.put(
                    "cna",
                    name,
                    copy_numbers.read_cell(self._vocabulary, self._genes, gene, text, place),
                )


def _no_sample(row: Row, column: str, text: str, gene: str | None = None) -> Item:
    return set_apart("no_sample", gene, text, row.place(column))


def _repeated_header(row: Row, samples: Samples) -> None:
    """Count a header row that stands in the middle, as in files that were joined.

    Raises:
        InputError: it has other columns; what follows would be read wrongly.
    """
    if not row.is_header():
        message = "a second header row names other columns than the first one"
        raise InputError((Fault(row.place(), "other_header", message),))
    samples.meet(row.header.file)
    samples.count(row.header.file, "no_content")
