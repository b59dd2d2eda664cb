"""The small files of the formats, and how the tests read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from service.adapters.files.samples import Sample, Samples
from service.adapters.files.study import read_study
from service.engine.reading import Item
from tests.cases import load_kb

FOLDER = Path(__file__).parent / "files"
NAMES = {
    "maf": "data_mutations.txt",
    "clinical": "data_clinical_sample.txt",
    "cna": "data_cna.txt",
    "sv": "data_sv.txt",
}
HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status"


def lines(name: str) -> list[str]:
    """Return the lines of one of the files."""
    return (FOLDER / NAMES[name]).read_text("utf-8").splitlines(keepends=True)


def maf(*rows: str) -> list[str]:
    """Return a mutation file of rows that are written with spaces between the cells."""
    return [HEADER, *("\t".join(row.split(" ")) for row in rows)]


def read(files: Mapping[str, Iterable[str]]) -> Samples:
    """Read files with the real knowledge base."""
    return read_study(load_kb(), files)


def found(sample: Sample) -> list[str]:
    """Return the names of the findings about covered genes, with a result that is not detected."""
    return [
        finding.name for item in sample.items if item.fate == "finding" for finding in item.findings
    ]


def all_found(samples: Samples) -> list[tuple[str, str]]:
    """Return (sample, finding) of every sample, sorted."""
    return sorted((sample.id, name) for sample in samples for name in found(sample))


def apart(samples: Samples) -> list[tuple[str | None, str | None, str]]:
    """Return (reason, gene, place) of what was set apart, sorted by reason and place."""
    items = (item for item in samples.items() if item.fate == "set_apart")
    return sorted(((i.reason, i.gene, i.place) for i in items), key=lambda one: (one[0], one[2]))


def strangers(samples: Samples) -> list[str]:
    """Return the names of findings about genes that are not covered."""
    return [f.name for i in samples.items() if i.fate == "not_covered" for f in i.findings]


def only(samples: Samples) -> Item:
    """Return the only item of files."""
    (item,) = samples.items()
    return item
