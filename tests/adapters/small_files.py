"""The small files of the formats, and how the tests read them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "files"
NAMES = {
    "maf": "data_mutations.txt",
    "clinical": "data_clinical_sample.txt",
    "cna": "data_cna.txt",
    "sv": "data_sv.txt",
}
COVERED = frozenset({"ALK", "BRAF", "EGFR", "ERBB2", "KRAS"})
HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status"


def is_covered(symbol: str) -> bool:
    """Stand for a knowledge base of five genes."""
    return symbol in COVERED


def lines(name: str) -> list[str]:
    """Return the lines of one of the files."""
    return (FOLDER / NAMES[name]).read_text("utf-8").splitlines(keepends=True)


def maf(*rows: str) -> list[str]:
    """Return a mutation file of rows that are written with spaces between the cells."""
    return [HEADER, *("\t".join(row.split(" ")) for row in rows)]
