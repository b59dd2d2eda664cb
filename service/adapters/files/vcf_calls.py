"""What the columns of samples say of an allele: who carries it, and where it comes from.

Source: VCF 4.3 (GT, AD, AF; INFO SOMATIC); VarScan and SomaticSniper (SS), VarDict (STATUS),
VarScan (FREQ).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.engine.model import Origin

_FRACTIONS = ("AF", "VAF", "FA", "FREQ")
#: SS of VarScan and SomaticSniper. A loss of heterozygosity shows an allele of the germline.
_STATUS_NUMBERS: Mapping[str, Origin] = {"1": "germline", "2": "somatic", "3": "germline"}
_STATUS_WORDS: tuple[tuple[str, Origin], ...] = (
    ("germline", "germline"), ("loh", "germline"), ("somatic", "somatic"),
)  # fmt: skip
_SEPARATOR = re.compile(r"[/|]")


@dataclass(frozen=True, slots=True)
class Call:
    """What one sample says about the alleles of a record.

    Args:
        alleles: indices of those that it carries (0 is the reference), empty when it was not
            called; ``None`` when the file has no genotypes.
        never_read: indices of alternative alleles whose fraction of reads is 0.
        origin: what the caller says of the record in this sample.
    """

    alleles: frozenset[int] | None = None
    never_read: frozenset[int] = frozenset()
    origin: Origin | None = None


def read_calls(form: str, columns: Sequence[str], samples: int) -> Iterator[Call]:
    """Yield the call of each sample; one that is missing in the line was not called."""
    names = form.split(":") if form else []
    for index in range(samples):
        values = columns[index].split(":") if index < len(columns) else []
        cells = dict(zip(names, values, strict=False))
        alleles = None
        if "GT" in names:
            called = _SEPARATOR.split(cells.get("GT", "."))
            alleles = frozenset(int(allele) for allele in called if allele.isdecimal())
        yield Call(alleles, frozenset(_never_read(cells)), _STATUS_NUMBERS.get(cells.get("SS", "")))


def _never_read(cells: Mapping[str, str]) -> Iterator[int]:
    """Yield the alternative alleles that no read shows; what is not said denies nothing."""
    for name in _FRACTIONS:
        if name in cells:
            fractions = (_number(text) for text in cells[name].split(","))
            yield from (at for at, fraction in enumerate(fractions, start=1) if fraction == 0)
            return
    depths = [_number(text) for text in cells.get("AD", "").split(",")]
    if len(depths) > 1 and None not in depths and sum(depth or 0 for depth in depths) > 0:
        yield from (at for at, depth in enumerate(depths) if at and depth == 0)


def _number(text: str) -> float | None:
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        return None


def read_origin(info: Mapping[str, str]) -> Origin | None:
    """Return the origin that the INFO of a record says; ``None`` when it says none."""
    if "SOMATIC" in info:
        return "somatic"
    if "SS" in info:
        return _STATUS_NUMBERS.get(info["SS"])
    status = info.get("STATUS", "").lower()
    return next((origin for word, origin in _STATUS_WORDS if word in status), None)


def origin_of(
    said: Origin | None, index: int, tumor: Call, normals: Iterable[Call]
) -> Origin | None:
    """Return where an allele of a tumour comes from.

    The word of the caller counts; else a normal sample of the same file that carries the allele, or
    was called and does not.

    Args:
        said: of the record.
        index: of the allele; 1 is the first alternative one.
    """
    told = tumor.origin or said
    if told is not None:
        return told
    called = [call.alleles for call in normals if call.alleles]
    if any(index in alleles for alleles in called):
        return "germline"
    return "somatic" if called else None
