"""Files of samples on disk to cases, one a sample: MAF, the files of cBioPortal, annotated VCF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from service.adapters.files import maf, vcf
from service.adapters.files.samples import Sample, Samples
from service.adapters.v1.case import ReadCase, Vocabulary, read_case
from service.errors import Fault, InputError


def read_files(vocabulary: Vocabulary, paths: Mapping[str, Path]) -> Samples:
    """Read the samples of files.

    Args:
        paths: ``maf``, ``clinical``, ``cna``, ``sv``, or ``vcf`` alone -> file.

    Raises:
        InputError: a file cannot be read, or has not the columns that it must have.
    """

    def is_covered(symbol: str) -> bool:
        return vocabulary.reader.names.lookup(symbol) is not None

    try:
        if "vcf" in paths:
            return _read_vcf(paths["vcf"], is_covered)
        with ExitStack() as stack:
            tables = {
                name: stack.enter_context(path.open(encoding="utf-8-sig"))
                for name, path in paths.items()
            }
            return maf.read_samples(tables, is_covered)
    except (OSError, ValueError) as error:
        names = ", ".join(str(path) for path in paths.values())
        raise InputError((Fault(names, "unreadable_file", str(error)),)) from error


def _read_vcf(path: Path, is_covered: maf.IsCovered) -> Samples:
    try:
        from service.cohort.vcf_file import open_vcf
    except ImportError as error:
        message = "VCF needs one more package: pip install 'therapy-match[vcf]'"
        raise InputError((Fault(str(path), "unreadable_file", message),)) from error
    with open_vcf(path) as (header, records):
        return vcf.read_samples(header, records, is_covered)


def read_sample(
    vocabulary: Vocabulary, sample: Sample, common: Mapping[str, Any], *, today: dt.date
) -> ReadCase:
    """Understand the case of a sample.

    Raises:
        InputError: with every fault, each with its place in the files.
    """
    data = sample.case(common)
    faults = list(sample.faults)
    if not data.get("tumor_type"):
        message = f"{sample.id} has no tumour type; name one for all that have none"
        raise InputError((*faults, Fault("/tumor_type", "required", message)))
    try:
        read = read_case(vocabulary, data, today=today)
    except InputError as error:
        located = (sample.located(fault) for fault in error.faults)
        raise InputError((*faults, *located)) from error
    if faults:
        raise InputError(tuple(faults))
    return read
