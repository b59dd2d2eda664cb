"""Breakpoint pairs: ``chr2:42522656::chr2:29446394``, VCF breakends, STAR-Fusion's ``chr2:29223528:-``.

Each end is looked up in the genes with a coding sequence and in the recurrent partners, in GRCh37 and
GRCh38; which side of a breakpoint is kept decides whether the kinase domain is in the product.
Sources: HGVS v21 (``::``, 5' part first); VCF 4.4, section 5.4 (breakends).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from service.engine.model import Gene
from service.engine.notation.dna.dna_forms import ASSEMBLY_OF, assembly_of_accession
from service.engine.notation.dna.transcripts import ASSEMBLIES, Assembly, CodingSequence
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.fusion.orientation import is_wrong_end, oriented, turned
from service.engine.notation.fusion.partners import Span
from service.engine.notation.readings import ReadFusion

#: Which part of a gene is in the product; ``None`` when the text does not say.
_Part = Literal["5'", "3'"] | None
_ASM = r"GRCh3[78]|hg19|hg38|b37"
_PLACE = (
    r"(?:NC_0000(\d\d)\.(\d{1,2})|(?:chr)?([1-9]|1\d|2[0-2]|X|Y)):(?:g\.)?(\d{4,9})(?::([+-]))?"
)
_PAIR = re.compile(
    rf"(?<![A-Za-z0-9]){_PLACE}\s?(::|--|-|/|_|;|\||,|>|\s|to)\s?{_PLACE}(?![A-Za-z0-9:])", re.I
)
_POSITION = re.compile(r"[:\s.]\d{4,9}(?!\d)")
_BREAKEND = re.compile(
    r"(?<![A-Za-z0-9])(?:chr)?([1-9]|1\d|2[0-2]|X|Y)[:\s](\d{4,9})(?:[:\s][A-Za-z0-9_.]{1,20}){0,2}[:\s]{1,2}"
    r"(?P<before>[ACGTN.]{0,40})(?P<bracket>[\[\]])(?:chr)?([1-9]|1\d|2[0-2]|X|Y):(\d{4,9})"
    r"(?P=bracket)(?P<after>[ACGTN.]{0,40})(?![A-Za-z0-9])",
    re.I,
)
_ASSEMBLY = re.compile(rf"[\s,(]{{0,2}}(?<![A-Za-z0-9])({_ASM})(?![A-Za-z0-9])[\s:,)]{{0,2}}", re.I)
_WORDS = re.compile(
    r"(?:genomic\s)?(?:breakpoints?|break\s?points?|breakends?|bnd|junction)(?:\s(?:at|pair))?[\s:]*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _End:
    """One side of the junction: a place, and which part of the chromosome there is kept."""

    chromosome: str
    position: int
    kept: Literal["left", "right"] | None = None
    sense: str | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    first: _End
    second: _End
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """A pair of breakpoints as it was read: the fusion, or the one gene that holds both.

    Args:
        rest: the text beside the pair.
        fusion: ``None`` when both lie in one gene, which leaves open what was rearranged.
    """

    rest: str
    text: str
    gene: Gene
    fusion: ReadFusion | None = None


def may_hold_breakpoints(text: str) -> bool:
    """Tell quickly whether a text can hold a breakpoint pair: two places of a chromosome."""
    return len(_POSITION.findall(text)) > 1


class BreakpointReader:
    """Reads breakpoint pairs with the genes and partners of one knowledge base."""

    def __init__(
        self, sequences: Iterable[CodingSequence], genes: Iterable[Gene], partners: Iterable[Span]
    ) -> None:
        self._genes = {gene.symbol: gene for gene in genes if gene.kinase_domain is not None}
        self._sequences = tuple(s for s in sequences if s.gene in self._genes)
        self._partners = tuple(partners)

    def take(self, text: str) -> Breakpoints | None:
        """Take a breakpoint pair off a text; ``None`` when it holds none.

        Raises:
            NotationError: ``unknown_gene`` when neither end lies in a gene that is known,
                ``ambiguous_assembly`` when GRCh37 and GRCh38 give different fusions.
        """
        found = _BREAKEND.search(text)
        pair = _breakend(found) if found is not None else None
        if found is None:
            found = _PAIR.search(text)
            pair = _plain(found) if found is not None else None
        if found is None or pair is None:
            return None
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        stated = _ASSEMBLY.search(rest)
        assembly = ASSEMBLY_OF[stated[1].lower()] if stated else None
        rest = _WORDS.sub(" ", _ASSEMBLY.sub(" ", rest))
        rest = " ".join(re.sub(r"\(\s*\)|\[\s*\]", " ", rest).split()).strip(" ,;:/-")
        read = self._resolve(pair, assembly or _assembly_of(found), found[0].strip())
        return replace(read, rest=rest)

    def _resolve(self, pair: _Pair, assembly: Assembly | None, text: str) -> Breakpoints:
        """Return the reading of the assembly that was named, or of the one that fits better."""
        readings: dict[Assembly, tuple[int, Breakpoints]] = {}
        for name in (assembly,) if assembly else ASSEMBLIES:
            read = self._read(pair, name, text)
            if read is not None:
                readings[name] = read
        if not readings:
            raise NotationError(
                "unknown_gene", f"{text}: neither breakpoint lies in a gene that is known"
            )
        best = max(score for score, _ in readings.values())
        fitting = {name: read for name, (score, read) in readings.items() if score == best}
        answers = {
            (read.gene.symbol, read.fusion and (read.fusion.partner, read.fusion.has_kinase))
            for read in fitting.values()
        }
        if len(answers) > 1:
            raise NotationError(
                "ambiguous_assembly",
                f"{text} is something else in GRCh37 and in GRCh38: say which",
                tuple(f"{name} {text}" for name in fitting),
            )
        return next(iter(fitting.values()))

    def _read(self, pair: _Pair, assembly: Assembly, text: str) -> tuple[int, Breakpoints] | None:
        """Read a pair in one assembly: how many of its ends lie in a known gene, and the fusion."""
        ends = (pair.first, pair.second)
        own = [self._sequence_at(end, assembly) for end in ends]
        index = 1 if own[1] is not None else 0
        sequence = own[index]
        if sequence is None:
            return None
        names = [
            known.gene if known else self._partner_at(end, assembly)
            for known, end in zip(own, ends, strict=True)
        ]
        score = sum(name is not None for name in names)
        gene = self._genes[sequence.gene]
        if names[0] == names[1]:
            return score, Breakpoints("", text, gene)
        fusion = self._fusion(pair, index, sequence, names[1 - index], assembly)
        steps = (f"{assembly} {text}: {' and '.join(name or 'no known gene' for name in names)}",)
        remarks = fusion.remarks
        if fusion.partner is None:
            note = f"{text}: what is fused to {gene.symbol} is not known here; confirm it by RNA or IHC"
            remarks += (Remark("fusion_partner_unknown", note),)
        fusion = replace(fusion, steps=(*steps, *fusion.steps), remarks=remarks)
        return score, Breakpoints("", text, gene, fusion)

    def _fusion(
        self,
        pair: _Pair,
        index: int,
        sequence: CodingSequence,
        partner: str | None,
        assembly: Assembly,
    ) -> ReadFusion:
        gene = self._genes[sequence.gene]
        end, other = (pair.first, pair.second) if index == 0 else (pair.second, pair.first)
        part = _part_of(end, sequence.strand)
        partner_strand = self._strand_of(partner)
        against = _part_of(other, partner_strand) if partner_strand else None
        is_mirrored = part is not None and part == against
        is_antisense = _is_antisense(end, sequence.strand) or (
            partner_strand is not None and _is_antisense(other, partner_strand)
        )
        if is_mirrored or is_antisense:
            note = f"the parts of {gene.symbol} and {partner} that are joined give no product in frame of reading"
            remark = Remark("kinase_domain_may_be_lost", note)
            steps = ("breakpoints without a sense product",)
            return ReadFusion(gene, partner, False, (remark,), steps, is_first=True)
        is_last = part == "3'" if part is not None else index == 1
        is_open = part is None and not pair.is_ordered
        is_turned = is_open and is_wrong_end(gene, is_last=is_last)
        is_last = is_last != is_turned
        exon = _own_exon(sequence, end.position, assembly, is_last=is_last)
        if is_turned:
            read = oriented(gene, partner, exon, is_last=is_last)
            return turned(read) if read.has_kinase else read
        return oriented(gene, partner, exon, is_last=is_last)

    def _sequence_at(self, end: _End, assembly: Assembly) -> CodingSequence | None:
        for sequence in self._sequences:
            if sequence.chromosome == end.chromosome and sequence.spans(end.position, assembly):
                return sequence
        return None

    def _partner_at(self, end: _End, assembly: Assembly) -> str | None:
        for span in self._partners:
            if span.chromosome == end.chromosome and span.holds(end.position, assembly):
                return span.symbol
        return None

    def _strand_of(self, symbol: str | None) -> str | None:
        strands = {span.symbol: span.strand for span in self._partners}
        strands |= {sequence.gene: sequence.strand for sequence in self._sequences}
        return strands.get(symbol or "")


def _plain(found: re.Match[str]) -> _Pair:
    first = _End(_chromosome(found[1], found[3]), int(found[4]), sense=found[5])
    second = _End(_chromosome(found[7], found[9]), int(found[10]), sense=found[11])
    return _Pair(first, second, found[6] == "::" or bool(found[5] and found[11]))


def _breakend(found: re.Match[str]) -> _Pair | None:
    """Read a VCF breakend: bases in front of the bracket keep what is left of the place."""
    if bool(found["before"]) == bool(found["after"]):
        return None
    first = _End(found[1].upper(), int(found[2]), "left" if found["before"] else "right")
    second = _End(found[5].upper(), int(found[6]), "right" if found["bracket"] == "[" else "left")
    return _Pair(first, second, is_ordered=False)


def _chromosome(accession: str | None, name: str | None) -> str:
    if accession is None:
        return (name or "").upper()
    return {23: "X", 24: "Y"}.get(int(accession), str(int(accession)))


def _assembly_of(found: re.Match[str]) -> Assembly | None:
    """Return the assembly that the versions of both accessions mean."""
    groups = found.groups()
    if found.re is _BREAKEND or groups[0] is None or groups[1] is None:
        return None
    return assembly_of_accession(int(groups[0]), int(groups[1]))


def _part_of(end: _End, strand: str) -> _Part:
    if end.kept is None:
        return None
    return "5'" if (end.kept == "left") == (strand == "+") else "3'"


def _is_antisense(end: _End, strand: str) -> bool:
    return end.sense is not None and end.sense != strand


def _own_exon(
    sequence: CodingSequence, position: int, assembly: Assembly, *, is_last: bool
) -> int | None:
    """Return the first exon behind a breakpoint (3' part) or the last one before it (5' part)."""
    sign = 1 if sequence.strand == "+" else -1
    kept: int | None = None
    for number, exon in enumerate(sequence.exons, start=1):
        start = exon.start(assembly)
        end = start + sign * (exon.last - exon.first)
        if is_last and sign * (end - position) >= 0:
            return number
        if not is_last and sign * (position - start) >= 0:
            kept = number
    return kept
