"""BCF files as the lines of the VCF that they stand for; needs the extra ``vcf``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pysam


def read_bcf(path: Path) -> Iterator[str]:
    """Yield the lines of the header, then those of the records.

    Raises:
        OSError, ValueError: it cannot be read as BCF.
    """
    with pysam.VariantFile(str(path)) as file:
        yield from str(file.header).splitlines()
        for record in file:
            yield str(record).rstrip("\n")
