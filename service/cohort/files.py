"""Files of samples on disk to cases, one a sample: MAF, the files of cBioPortal, annotated VCF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from service.adapters.files.samples import Sample, Samples
from service.adapters.files.study import read_study
from service.adapters.files.tables import MAX_LINE
from service.adapters.files.unpack import unpack
from service.adapters.files.vcf import read_vcf
from service.adapters.v1.case import ReadCase, Vocabulary, read_case
from service.cohort.spool import Spool
from service.errors import Fault, InputError

_STEP = 1 << 16
_GZIP = b"\x1f\x8b"
_BCF = b"BCF\x02"


def read_files(vocabulary: Vocabulary, paths: Mapping[str, Path]) -> Samples:
    """Read the samples of files; the rows of a MAF when their sample is asked for.

    Args:
        paths: ``maf``, ``clinical``, ``cna``, ``sv``, or ``vcf`` alone -> file, plain or gzip.

    Raises:
        InputError: a file cannot be read, or has not the columns that it must have.
    """
    try:
        with ExitStack() as stack:
            files = {name: stack.enter_context(_lines(path)) for name, path in paths.items()}
            if "vcf" in files:
                name = paths["vcf"].name.split(".")[0]
                return read_vcf(vocabulary, files["vcf"], name=name)
            return read_study(vocabulary, files, sorter=Spool())
    except (OSError, ValueError) as error:
        names = ", ".join(str(path) for path in paths.values())
        raise InputError((Fault(names, "unreadable_file", str(error)),)) from error


@contextmanager
def _lines(path: Path) -> Iterator[Iterable[str]]:
    """Open a file as lines of text; memory does not grow with the file."""
    with path.open("rb") as file:
        start = file.peek(len(_GZIP))[: len(_GZIP)]
        chunks: Iterator[bytes] = iter(lambda: file.read(_STEP), b"")
        if start == _GZIP:
            chunks = unpack(str(path), chunks)
        stream = io.BufferedReader(_Chunks(chunks), _STEP)
        if stream.peek(len(_BCF))[: len(_BCF)] == _BCF:
            yield _bcf_lines(path)
            return
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline=None)
        # A line that is too long is cut, so that its reader can refuse it.
        yield iter(lambda: text.readline(MAX_LINE + 2), "")


class _Chunks(io.RawIOBase):
    """A stream of the bytes that an iterator yields."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 at the end."""
        while not self._rest:
            more = next(self._chunks, None)
            if more is None:
                return 0
            self._rest = more
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _bcf_lines(path: Path) -> Iterator[str]:
    try:
        from service.cohort.bcf_file import read_bcf
    except ImportError as error:
        message = "BCF needs one more package: pip install 'therapy-match[vcf]'"
        raise InputError((Fault(str(path), "unreadable_file", message),)) from error
    return read_bcf(path)


def read_sample(
    vocabulary: Vocabulary, sample: Sample, common: Mapping[str, Any], *, today: dt.date
) -> ReadCase:
    """Understand the case of a sample; what of it was not understood is set apart.

    Raises:
        InputError: with every fault of its tumour type, each with its place in the files.
    """
    data = sample.frame(common)
    faults = list(sample.faults)
    if not data.get("tumor_type"):
        message = f"{sample.id} has no tumour type; name one for all that have none"
        raise InputError((*faults, Fault("/tumor_type", "required", message)))
    try:
        read = read_case(vocabulary, data, today=today, items=sample.items, unreadable="set_apart")
    except InputError as error:
        located = (sample.located(fault) for fault in error.faults)
        raise InputError((*faults, *located)) from error
    if faults:
        raise InputError(tuple(faults))
    return read
