"""The written forms of coding and genomic changes: patterns, operations, assemblies.

Sources: HGVS recommendations v21 (DNA), VCF 4.4, SPDI (Holmes et al. 2020, Bioinformatics 36:1902).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from service.engine.model import CodingSpan
from service.engine.notation.dna.transcripts import Assembly

_BASES = r"[ACGT]"
_OPERATION = (
    rf"(?:{_BASES}{{0,60}}\d{{0,2}}?(?:>|->|/){_BASES}{{1,60}}"
    rf"|(?:del|dup|ins|inv)(?:\d{{1,3}}(?:bp|nt)?|{_BASES}{{0,60}})"
    rf"(?:ins{_BASES}{{1,60}}|>{_BASES}{{1,60}})?|=)"
)
_C_PLACE = r"[*-]?\d{1,5}(?:[+-]\d{1,5})?"
_ASM = r"GRCh3[78]|hg19|hg38|b37"
_CHROMOSOME = r"(?P<chrom>[1-9]|1\d|2[0-2]|X|Y)"
_ACCESSION = r"(?P<acc>NC_0000\d\d)\.(?P<version>\d{1,2})"
CODING = re.compile(
    r"(?:(?P<ref>(?:NM|XM|LRG|ENST)_?\d{1,12})(?:\.\d{1,3})?(?:t\d)?"
    r"(?:\([A-Za-z0-9]{1,12}\))?\s?:\s?)?"
    rf"\bc\.\(?(?P<place>{_C_PLACE}(?:[_-]{_C_PLACE})?)\s?(?P<op>{_OPERATION})\)?",
    re.I,
)
BARE_CODING = re.compile(r"(?P<place>\d{1,5})(?P<op>[ACGT]>[ACGT])")
GENOMIC = re.compile(
    rf"(?:(?:{_ACCESSION}|(?P<asm>{_ASM})?[\s:(]{{0,2}}(?:chr(?:omosome)?)?\s?{_CHROMOSOME})"
    rf"(?:\((?P<asm_>{_ASM}))?\)?\s?:\s?)?\bg\.(?P<start>\d{{4,9}})(?:_(?P<end>\d{{4,9}}))?(?P<op>{_OPERATION})",
    re.I,
)
VCF = re.compile(
    rf"(?:(?P<asm>{_ASM})[\s:)\-]{{0,2}})?\b(?:chr)?{_CHROMOSOME}"
    r"[\s:\-_]{1,2}(?:g\.)?(?P<start>\d{4,9})(?:\s?-\s?\d{4,9})?[\s:\-_]{0,2}"
    r"(?P<ref>[ACGT]{1,60}|-)\s?(?:>|/|:|-|_|\s)\s?(?P<alt>[ACGT]{1,60}|-)(?![A-Za-z0-9*])"
    rf"(?:[\s,(]{{0,2}}(?P<asm_>{_ASM})\)?)?",
    re.I,
)
SPDI = re.compile(
    rf"{_ACCESSION}:(?P<start>\d{{4,9}}):(?P<ref>[ACGT]{{0,60}}|\d{{1,2}}):(?P<alt>[ACGT]{{0,60}})"
    r"(?![A-Za-z0-9])",
    re.I,
)
ANY_DNA = re.compile(
    rf"\b[cgn]\.[*(\[\d-]|\bNC_0000\d\d|\bchr[\dXY]{{1,2}}[:\s]|\b(?:{_ASM})\b|\br\.\(?\d+", re.I
)
_PLACE = re.compile(r"([*-]?)(\d+)([+-]\d+)?(?:[_-]([*-]?)(\d+)([+-]\d+)?)?")
_COUNT = r"\d{1,3}(?:bp|nt)?"
_PARTS = re.compile(
    rf"(?P<ref>{_BASES}*)\d*(?:->|>|/)(?P<alt>{_BASES}+)"
    rf"|del(?:(?P<gone>{_BASES}*)|(?P<count>{_COUNT}))(?:(?:ins|>)(?P<put>{_BASES}+))?"
    rf"|dup(?:(?P<copied>{_BASES}*)|(?P<copies>{_COUNT}))"
    rf"|ins(?P<inserted>{_BASES}+)",
    re.I,
)
#: Version of NC_0000nn that is GRCh37; the next one is GRCh38 (NCBI assembly reports).
_GRCH37_VERSIONS = {
    1: 10, 2: 11, 3: 11, 4: 11, 5: 9, 6: 11, 7: 13, 8: 10, 9: 11, 10: 10, 11: 9, 12: 11, 13: 10,
    14: 8, 15: 9, 16: 9, 17: 10, 18: 9, 19: 9, 20: 10, 21: 8, 22: 10, 23: 10, 24: 9,
}  # fmt: skip
ASSEMBLY_OF: dict[str, Assembly] = {
    "grch37": "GRCh37", "hg19": "GRCh37", "b37": "GRCh37", "grch38": "GRCh38", "hg38": "GRCh38",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done to a range of bases.

    Args:
        said: the reference bases, when the report gives them; ``size`` their number, when it does.
        put: the new bases of ``delins`` (a substitution too) and ``ins``.
    """

    kind: Literal["delins", "del", "dup", "ins"]
    put: str = ""
    said: str = ""
    size: int | None = None


def parse_operation(text: str) -> Operation | None:
    """Return the operation of a change; ``None`` for those that say nothing exact (``inv``, ``=``)."""
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return None
    groups = {name: (value or "").upper() for name, value in found.groupdict().items()}
    count = re.sub(r"\D", "", groups["count"] or groups["copies"])
    size = int(count) if count else None
    lowered = text.lower()
    if groups["alt"]:
        return Operation("delins", groups["alt"], groups["ref"])
    if groups["inserted"]:
        return Operation("ins", groups["inserted"])
    if lowered.startswith("dup"):
        return Operation("dup", said=groups["copied"], size=size)
    if groups["put"]:
        return Operation("delins", groups["put"], groups["gone"], size)
    return Operation("del", said=groups["gone"], size=size)


def parse_place(text: str) -> tuple[tuple[int, int], bool] | None:
    """Return (first, last) of a coding place, and whether both lie in the coding exons."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    first = int(found[2])
    last = int(found[5]) if found[5] else first
    is_inside = not (found[1] or found[3] or found[4] or found[6])
    return (first, last), is_inside


def parse_span(text: str) -> CodingSpan | None:
    """Return the coding bases of a place, introns included: ``2888-35_2888``; ``None`` outside."""
    found = _PLACE.fullmatch(text)
    if found is None or found[1] or found[4]:
        return None
    first = int(found[2]), int(found[3] or 0)
    return (first, (int(found[5]), int(found[6] or 0))) if found[5] else (first, first)


def frameshift_from(place: str, operation: Operation | None) -> int | None:
    """Return the codon at which a change shifts the frame, which its lengths alone tell.

    Returns:
        The codon of the first base that changes; ``None`` when the frame is kept, when a length is
        not known, or when the change reaches beyond the coding bases.

    Source: HGVS 21, frameshift variants (the protein may begin to differ some codons later).
    """
    found = parse_place(place)
    if found is None or operation is None or not found[1]:
        return None
    (first, last), _ = found
    size = last - first + 1
    stated = len(operation.said) or operation.size
    if last == first and stated:
        size = stated  # the old form "c.68delAG"
    if operation.kind == "ins":
        net, first = len(operation.put), last
    elif operation.kind == "dup":
        net, first = size, first + size
    else:
        net = len(operation.put) - size
    return (first + 2) // 3 if net % 3 else None


def assembly_of_accession(number: int, version: int) -> Assembly | None:
    """Return the assembly that a version of ``NC_0000nn`` belongs to; ``None`` for another one."""
    first = _GRCH37_VERSIONS.get(number, 0)
    return {first: "GRCh37", first + 1: "GRCh38"}.get(version)  # type: ignore[return-value]


def where(found: re.Match[str]) -> tuple[str, Assembly | None]:
    """Return the chromosome and the assembly; an accession's version tells the assembly.

    The chromosome is empty when the form does not name it (``EGFR g.55259515T>G``).
    """
    groups = found.groupdict()
    if groups.get("acc"):
        number, version = int(groups["acc"][-2:]), int(groups["version"])
        chromosome = {23: "X", 24: "Y"}.get(number, str(number))
        assembly = assembly_of_accession(number, version)
        return (chromosome if assembly else "?"), assembly or "GRCh38"
    stated = groups.get("asm") or groups.get("asm_")
    return (groups["chrom"] or "").upper(), ASSEMBLY_OF[stated.lower()] if stated else None


def trimmed(position: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Return alleles without the bases that both share: last ones first, as VCF does."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, position = ref[1:], alt[1:], position + 1
    return position, ref, alt
