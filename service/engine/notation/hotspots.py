"""The table of coding and genomic forms: every spelling of a curated row to one key.

A key is what ``coding`` makes of a text; its value is (gene symbol, protein change). Without coding
sequences nothing else is computed: a form that is not in the table is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: Other accessions with the same coding numbering over the curated codons (MANE v1.3, Ensembl, LRG).
SAME_CODING = {
    "NM_033360": "NM_004985", "ENST00000311936": "NM_004985", "ENST00000256078": "NM_004985",
    "ENST00000275493": "NM_005228", "ENST00000269571": "NM_004448", "ENST00000389048": "NM_004304",
    "ENST00000288602": "NM_004333", "ENST00000646891": "NM_004333", "ENST00000311189": "NM_005343",
    "NM_001130442": "NM_005343", "ENST00000451590": "NM_005343", "ENST00000397596": "NM_005343",
    "ENST00000369535": "NM_002524", "LRG_488": "NM_004304", "LRG_299": "NM_004333",
    "LRG_304": "NM_005228", "LRG_724": "NM_004448", "LRG_506": "NM_005343", "LRG_344": "NM_004985",
    "LRG_92": "NM_002524",
}  # fmt: skip
_ASSEMBLIES = (("grch37", "GRCh37"), ("grch38", "GRCh38"))
_C_RANGE = re.compile(r"c\.(\d+)(?:_(\d+))?(del|dup)?$")
_C_SUBSTITUTION = re.compile(r"c\.(\d+)[ACGT]>[ACGT]$")

Hotspots = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A change of a chromosome without shared bases: ``ref`` at ``position`` becomes ``alt``."""

    chromosome: str
    position: int
    ref: str
    alt: str

    def key(self, assembly: str) -> str:
        """Return the key of the table."""
        return f"{assembly}:{self.chromosome}:{self.position}:{self.ref}>{self.alt}"


def trimmed(chromosome: str, position: int, ref: str, alt: str) -> Place:
    """Return a place without the bases that both alleles share: last ones first, as VCF does."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, position = ref[1:], alt[1:], position + 1
    return Place(chromosome, position, ref, alt)


def build_hotspots(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """Build the table from the rows of ``hotspot_codes.yaml``.

    Args:
        rows: ``gene``, ``c`` (``c.2573T>G``), ``transcript``, ``grch37`` and ``grch38``
            (``7-55259515-T-G``), ``p`` (``L858R``).
    """
    table: dict[str, tuple[str, str]] = {}
    kept = list(rows)
    offsets = _offsets(kept)
    for row in kept:
        value = (row["gene"], row["p"])
        for key in _keys(row, offsets):
            table.setdefault(key, value)
    return table


def _keys(
    row: Mapping[str, str], offsets: Mapping[tuple[str, str], list[tuple[int, int]]]
) -> Iterator[str]:
    yield f"{row['gene']}:{row['c']}"
    yield f"{row['transcript']}:{row['c']}"
    for column, assembly in _ASSEMBLIES:
        if not row.get(column):
            continue
        chromosome, position, ref, alt = row[column].split("-")
        place = trimmed(chromosome, int(position), ref, alt)
        yield place.key(assembly)
        yield from _shifted(place, row["c"], assembly)
        yield from _unlettered(place, row, assembly, offsets.get((row["gene"], assembly), []))


def _shifted(place: Place, coding: str, assembly: str) -> Iterator[str]:
    """Yield the other alignments that the alleles themselves prove to be the same.

    A deletion moved by d bases deletes the rotation of the same bases; a duplication stands before
    a copy of what it inserts, so that it may be moved along that copy.
    """
    moves_ref, moves_alt = not place.alt, not place.ref and coding.endswith("dup")
    run = place.ref or place.alt
    if not (moves_ref or moves_alt):
        return
    for d in range(1, len(run) + (1 if moves_alt else 0)):
        rotated = run[d % len(run) :] + run[: d % len(run)]
        moved = Place(
            place.chromosome,
            place.position + d,
            rotated if moves_ref else "",
            rotated if moves_alt else "",
        )
        yield moved.key(assembly)


def _unlettered(
    place: Place, row: Mapping[str, str], assembly: str, offsets: list[tuple[int, int]]
) -> Iterator[str]:
    """Yield ``del`` and ``dup`` ranges: the left-most one, and the 3' one of genes on the plus strand."""
    run = place.ref if not place.alt else place.alt if row["c"].endswith("dup") else ""
    if not run or (place.ref and place.alt):
        return
    word = "del" if place.ref else "dup"
    starts = [place.position]
    found = _C_RANGE.match(row["c"])
    if found is not None and offsets:
        c_start = int(found[1])
        nearest = min(offsets, key=lambda pair: abs(pair[0] - c_start))
        mapped = c_start + nearest[1]
        if 0 <= mapped - place.position <= len(run):
            starts.append(mapped)
    for start in dict.fromkeys(starts):
        yield f"{assembly}:{place.chromosome}:{start}_{start + len(run) - 1}{word}"


def _offsets(rows: list[Mapping[str, str]]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return (coding position, genomic minus coding) of the plus-strand substitutions of each gene."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in rows:
        coding = _C_SUBSTITUTION.match(row["c"])
        if coding is None:
            continue
        for column, assembly in _ASSEMBLIES:
            if not row.get(column):
                continue
            _, position, ref, alt = row[column].split("-")
            if row["c"].endswith(f"{ref}>{alt}"):
                pair = (int(coding[1]), int(position) - int(coding[1]))
                found.setdefault((row["gene"], assembly), []).append(pair)
    return found
