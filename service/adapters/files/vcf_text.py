"""The text of a VCF to a header and records; a file, a body and BCF are read alike.

Only what a case needs is read: alleles, filters, annotations, genotypes. A line that is no record
is given as it stands. Source: VCF 4.3, sections 1.4 and 1.6.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.adapters.files.vcf_calls import Call, read_calls, read_origin
from service.engine.model import Origin
from service.errors import Fault, InputError

#: INFO fields of annotations: Ensembl VEP, SnpEff.
ANNOTATIONS = ("CSQ", "ANN")
#: Characters of one line.
MAX_LINE = 1 << 22
_FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_INFO = re.compile(r"##INFO=<.*?\bID=(?P<id>[^,>]+).*?\bDescription=\"(?P<text>(?:[^\"\\]|\\.)*)\"")
_NORMAL = re.compile(r"##normal_sample=(.+)", re.I)
_NO_FILTER = frozenset({"", ".", "PASS", "0"})


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a file says.

    Args:
        samples: names of the columns; empty when the file has none.
        normals: the samples that are no tumour.
        descriptions: INFO field -> its description.
    """

    samples: tuple[str, ...]
    normals: frozenset[str]
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file.

    Args:
        place: ``7:55259515``.
        alts: alternative alleles; empty where the line says that there is none.
        filters: what it failed; empty for ``PASS`` and for no filter applied.
        annotations: INFO field -> its entries, as written, without the empty ones.
        calls: one for each sample.
        origin: what the caller says of the record.
        id, mate: names of this breakend and of the one at its other side.
    """

    place: str
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    annotations: Mapping[str, tuple[str, ...]]
    calls: tuple[Call, ...] = ()
    origin: Origin | None = None
    id: str = ""
    mate: str = ""


def open_vcf(lines: Iterable[str]) -> tuple[Header, Iterator[Record | str]]:
    """Read the header; the records are read one by one. A line that is no record is its number.

    Raises:
        InputError: there is no header line, or it names a sample twice; a line is too long.
    """
    numbered = _bounded(lines)
    normals: set[str] = set()
    descriptions: dict[str, str] = {}
    for number, line in numbered:
        if line.startswith("##"):
            found = _INFO.match(line)
            if found is not None and found["id"] in ANNOTATIONS:
                descriptions[found["id"]] = found["text"]
            named = _NORMAL.match(line)
            if named is not None:
                normals.add(named[1].strip())
        elif line.startswith("#CHROM"):
            samples = _samples(line, number)
            normals |= {name for name in samples if name.upper() == "NORMAL"}
            header = Header(samples, frozenset(normals), descriptions)
            return header, (
                _record(number, text, len(samples)) for number, text in numbered if text
            )
        elif line.strip():
            break
    message = "this is no VCF: the header line #CHROM is missing"
    raise InputError((Fault("vcf", "missing_column", message),))


def _bounded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            message = f"the line is longer than {MAX_LINE} characters"
            raise InputError((Fault(f"vcf:{number}", "line_too_long", message),))
        yield number, line.removeprefix("\ufeff").rstrip("\r\n")


def _samples(line: str, number: int) -> tuple[str, ...]:
    columns = line.split("\t")
    faults = [
        Fault(f"vcf:{number}:{name}", "missing_column", f"the header line has no column {name}")
        for name in _FIXED
        if name not in columns[: len(_FIXED)]
    ]
    samples = tuple(name.strip() for name in columns[len(_FIXED) + 1 :])
    faults += [
        Fault(f"vcf:{number}:{name}", "duplicate_column", f"the sample {name} is named twice")
        for name, count in sorted(Counter(samples).items())
        if count > 1
    ]
    if faults:
        raise InputError(tuple(faults))
    return samples


def _record(number: int, line: str, samples: int) -> Record | str:
    cells = line.split("\t")
    if len(cells) < len(_FIXED) or not cells[3]:
        return f"{number}"
    info = dict(_pairs(cells[7]))
    alts = tuple(alt for alt in cells[4].split(",") if alt not in ("", "."))
    return Record(
        place=f"{cells[0]}:{cells[1]}",
        ref=cells[3].upper(),
        alts=tuple(_allele(alt) for alt in alts),
        filters=tuple(name for name in cells[6].split(";") if name not in _NO_FILTER),
        annotations={
            field: tuple(entry for entry in info[field].split(",") if entry.strip(" .|"))
            for field in ANNOTATIONS
            if field in info
        },
        calls=tuple(read_calls(cells[8] if len(cells) > 8 else "", cells[9:], samples)),
        origin=read_origin(info),
        id="" if cells[2] == "." else cells[2],
        mate=info.get("MATEID", "").partition(",")[0],
    )


def _pairs(info: str) -> Iterator[tuple[str, str]]:
    for part in info.split(";"):
        name, _, value = part.partition("=")
        yield name, value


def _allele(text: str) -> str:
    return text if text[:1] == "<" or "[" in text or "]" in text else text.upper()
