"""Which annotation of a VCF record is of which alternative allele.

A file that was split, joined or decomposed keeps the annotations of all alleles on every record,
so that the allele that an annotation names decides, and what it says of the DNA must fit. The
annotation of a neighbour is never taken: where none fits there is none.

Source: VCF 4.3; Ensembl VEP (Allele: the first base is left out when all alleles share it, an empty
rest is ``-``; ``--minimal``; ALLELE_NUM); SnpEff ANN 1.0 (Allele is the whole ALT); HGVS v21, DNA.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_COMPLEMENT = str.maketrans("ACGT", "TGCA")
_SUBSTITUTION = re.compile(r"([ACGT])>([ACGT])$")
_CODING = re.compile(
    r"c\.(?P<start>[*-]?\d+)(?P<in>[+-]\d+)?(?:_(?P<end>[*-]?\d+)(?P<out>[+-]\d+)?)?"
    r"(?P<op>del[ACGT]*ins|del|dup|ins|inv)(?P<bases>[ACGT]*)$"
)
_RESIDUES = re.compile(
    r"p\.\(?[A-Z][a-z]{2}(?P<start>\d+)(?:_[A-Z][a-z]{2}(?P<end>\d+))?(?P<op>delins|del|dup|ins)"
    r"(?P<put>(?:[A-Z][a-z]{2})*)\)?$"
)
#: More than this in one record is no variant of a patient; it is set apart before it costs time.
_MAX_ENTRIES = 1000
_MAX_RIVALS = 20
_MISSENSE = re.compile(r"p\.\(?(?:[A-Z][a-z]{2}\d+(?:[A-Z][a-z]{2}|\*|=))\)?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One annotation of a record: what one transcript makes of one allele.

    Args:
        allele: as the annotator names it.
        number: ALLELE_NUM, when it was written.
        flags: how the transcript was chosen, in the words of ``vcf``.
    """

    allele: str
    gene: str
    transcript: str
    consequence: str
    coding: str
    protein: str
    number: str = ""
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The annotations of one allele, or why there are none (key of ``REASONS``)."""

    entries: tuple[Entry, ...] = ()
    reason: str | None = None


class Alleles:
    """The alleles of one record and the annotations that name them."""

    def __init__(self, ref: str, alts: Sequence[str], entries: Sequence[Entry]) -> None:
        self._ref = ref
        self._alts = alts
        self._by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_name.setdefault(entry.allele, []).append(entry)
        self._names = self._as_annotated() or {alt: self._names_of(alt) for alt in alts}
        self._named: dict[str, list[str]] = {}
        for alt, names in self._names.items():
            for name in names:
                self._named.setdefault(name, []).append(alt)
        numbers = {entry.number for entry in entries}
        self._are_numbered = len(alts) > 1 and numbers == {str(at + 1) for at in range(len(alts))}

    def _as_annotated(self) -> dict[str, list[str]]:
        """Return the one name of each allele of a record that nobody touched; else nothing."""
        shorter = {alt: alt[1:] or "-" for alt in self._alts if alt[:1] == self._ref[:1]}
        for names in ({alt: alt for alt in self._alts}, shorter):
            is_whole = len(set(names.values())) == len(self._alts)
            if is_whole and set(names.values()) == set(self._by_name):
                return {alt: [name] for alt, name in names.items()}
        return {}

    def _names_of(self, alt: str) -> list[str]:
        """Return the names among the annotations that can be of an allele, the surest first."""
        names = [name for name in names_of(self._ref, alt) if name in self._by_name]
        if len(self._alts) <= _MAX_RIVALS:
            found = [name for name in self._by_name if was_longer(self._ref, alt, name)]
            names += sorted(found, key=len, reverse=True)
        return list(dict.fromkeys(names))

    def choose(self, index: int) -> Chosen:
        """Return the annotations of one alternative allele; ``index`` counts from 0."""
        alt = self._alts[index]
        for name in self._names[alt]:
            named = self._by_name[name]
            rivals = [other for other in self._named[name] if other != alt]
            if len(named) > _MAX_ENTRIES or len(rivals) > _MAX_RIVALS:
                return Chosen(reason="ambiguous_alteration")
            fitting = [entry for entry in named if fits(entry, self._ref, alt)]
            if fitting:
                return self._decide(fitting, rivals, index)
        return Chosen(reason="not_annotated")

    def _decide(self, fitting: list[Entry], rivals: list[str], index: int) -> Chosen:
        """Return what is surely of this allele and of no other one with the same name."""
        own = [e for e in fitting if not any(fits(e, self._ref, other) for other in rivals)]
        if not any(entry.coding or entry.protein for entry in fitting):
            own = fitting  # it changes nothing, whichever of the alleles it is of
        if own and not _are_two(own):
            return Chosen(tuple(own))
        numbered = [entry for entry in fitting if entry.number == str(index + 1)]
        if self._are_numbered and numbered and not _are_two(numbered):
            return Chosen(tuple(numbered))
        return Chosen(reason="ambiguous_alteration")


def names_of(ref: str, alt: str) -> tuple[str, ...]:
    """Return the names that an annotator can give an allele, the surest first."""
    names = [alt]
    if ref[:1] == alt[:1]:
        names.append(alt[1:] or "-")
    names.append(minimal(ref, alt)[1] or "-")
    names.append(minimal(ref, alt, end_first=True)[1] or "-")
    return tuple(dict.fromkeys(names))


def was_longer(ref: str, alt: str, name: str) -> bool:
    """Tell whether an allele had this name before bases that it shares with REF were put behind it.

    Joined with a longer allele ``A>CA`` becomes ``AA>CAA``, and its annotation is still ``CA``.
    """
    stems = (alt, alt[1:]) if ref[:1] == alt[:1] else (alt,)
    for stem in stems:
        behind = stem[len(name) :]
        if behind and stem.startswith(name) and ref.endswith(behind) and len(behind) < len(ref):
            return True
    return False


def minimal(ref: str, alt: str, *, end_first: bool = False) -> tuple[str, str]:
    """Return both alleles without the bases that they share at their ends."""
    if end_first:
        one, other = minimal(ref[::-1], alt[::-1])
        return one[::-1], other[::-1]
    start = _shared(ref, alt)
    ref, alt = ref[start:], alt[start:]
    end = _shared(ref[::-1], alt[::-1])
    return ref[: len(ref) - end], alt[: len(alt) - end]


def _shared(one: str, other: str) -> int:
    """Return how many letters two texts share at their start."""
    for at, (first, second) in enumerate(zip(one, other, strict=False)):
        if first != second:
            return at
    return min(len(one), len(other))


def fits(entry: Entry, ref: str, alt: str) -> bool:
    """Tell whether what an annotation says of DNA and protein can be true of an allele.

    What it does not say denies nothing. Bases are compared on both strands.
    """
    coding = entry.coding.rpartition(":")[2]
    net = len(alt) - len(ref)
    changed = _SUBSTITUTION.search(coding)
    if changed is not None:
        one, other = minimal(ref, alt)
        pair = changed[1] + changed[2]
        return one + other in (pair, pair.translate(_COMPLEMENT))
    found = _CODING.search(coding)
    if found is not None:
        said = _net_of(found)
        size = _size(found) if found["op"] not in ("ins", "dup") else 0
        is_inside = size is None or size <= len(ref)
        return is_inside and (said is None or said == net) and _bases_fit(found, ref, alt)
    return _protein_fits(entry.protein.rpartition(":")[2], entry.consequence, net)


def _net_of(found: re.Match[str]) -> int | None:
    """Return by how many bases a coding form lengthens the DNA; ``None`` when it does not say."""
    operation, put = found["op"], len(found["bases"])
    if operation == "inv":
        return 0
    if operation == "ins":
        return put or None
    size = _size(found)
    if size is None:
        return None
    return size if operation == "dup" else (put if operation.endswith("ins") else 0) - size


def _size(found: re.Match[str]) -> int | None:
    if found["end"] is None:
        return 1
    start, end = (found["start"], found["end"])
    if start == end and found["in"] and found["out"]:
        return int(found["out"]) - int(found["in"]) + 1
    if found["in"] or found["out"] or not (start.isdigit() and end.isdigit()):
        return None
    return int(end) - int(start) + 1


def _bases_fit(found: re.Match[str], ref: str, alt: str) -> bool:
    """Tell whether inserted bases are those of the allele, wherever they were shifted to."""
    if found["op"] != "ins" or not found["bases"]:
        return True
    put = minimal(ref, alt)[1]
    bases = sorted(found["bases"])
    return sorted(put) in (bases, sorted(found["bases"].translate(_COMPLEMENT)))


def _protein_fits(protein: str, consequence: str, net: int) -> bool:
    """Tell whether a protein change can come from DNA that is so much longer or shorter."""
    if "frameshift_variant" in consequence:
        return net % 3 != 0
    if _MISSENSE.fullmatch(protein):
        return net == 0
    found = _RESIDUES.fullmatch(protein)
    if found is None:
        return True
    if found["op"] == "ins":
        return net == len(found["put"])
    size = 3 * (int(found["end"] or found["start"]) - int(found["start"]) + 1)
    if found["op"] == "dup":
        return net == size
    return net == len(found["put"]) - size


def _are_two(entries: Iterable[Entry]) -> bool:
    """Tell whether one transcript has two different changes here: they are of two alleles."""
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in entries:
        change = entry.coding, entry.protein
        if said.setdefault((entry.gene, entry.transcript), change) != change:
            return True
    return False
