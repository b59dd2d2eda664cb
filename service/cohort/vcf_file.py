"""VCF and BCF files, also compressed, as records of ``adapters.vcf``; needs the extra ``vcf``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysam

from service.adapters.files.vcf import Header, Record

_FIELDS = ("CSQ", "ANN")


@contextmanager
def open_vcf(path: Path) -> Iterator[tuple[Header, Iterator[Record]]]:
    """Open a file: its header, and its records one by one.

    Raises:
        OSError, ValueError: it cannot be read as VCF or BCF.
    """
    with pysam.VariantFile(str(path)) as file:
        header = file.header
        named = {r.value for r in header.records if r.key == "normal_sample" and r.value}
        names = tuple(header.samples)
        normals = named | {name for name in names if name.upper() == "NORMAL"}
        descriptions = {
            field: header.info[field].description or "" for field in _FIELDS if field in header.info
        }
        yield (
            Header(names or (path.name.split(".")[0],), frozenset(normals), descriptions),
            (_record(record) for record in file),
        )


def _record(record: pysam.VariantRecord) -> Record:
    carried = {
        str(name): frozenset(int(index) for index in call.allele_indices if index is not None)
        for name, call in record.samples.items()
        if "GT" in call and call.allele_indices
    }
    return Record(
        place=f"{record.chrom}:{record.pos}",
        ref=record.ref or "",
        alts=record.alts or (),
        filters=tuple(str(name) for name in record.filter if name != "PASS"),
        annotations={field: record.info[field] for field in _FIELDS if field in record.info},
        carried=carried,
    )
