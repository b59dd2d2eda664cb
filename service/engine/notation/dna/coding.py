"""Coding and genomic forms in a text, and what they do to the protein.

They are found by ``dna_forms``, placed by ``genomic``, translated by ``translation``. What the
shipped sequences do not decide stays unresolved; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from service.engine.model import CodingSpan, Gene
from service.engine.notation.dna import dna_forms, genomic
from service.engine.notation.dna.transcripts import SAME_CODING, Assembly, CodingSequence
from service.engine.notation.dna.translation import CodingChange, check_bases, translate
from service.engine.notation.faults import NotationError


@dataclass(frozen=True, slots=True)
class Resolved:
    """A coding or genomic form as it was read.

    Args:
        text: the form as it was found.
        gene: symbol of the gene it lies in, when that is known.
        protein: the canonical protein change; ``None`` when it is not resolved.
        step: how it was resolved, for ``/v1/normalize``.
        span: the bases of a coding form.
        frameshift_from: of a form that is not resolved: the codon from which the frame is shifted.
    """

    text: str
    gene: str | None = None
    protein: str | None = None
    step: str = ""
    span: CodingSpan | None = None
    frameshift_from: int | None = None


def may_hold_dna(text: str) -> bool:
    """Tell quickly whether a text can hold a coding or genomic form."""
    return ">" in text or ":" in text or "c." in text or "g." in text or _may_be_vcf(text)


def _may_be_vcf(text: str) -> bool:
    return text[:3].lower() in ("chr", "grc", "hg1", "hg3") or re.search(r"\d{4}", text) is not None


class CodingReader:
    """Reads coding and genomic forms with the coding sequences of one knowledge base."""

    def __init__(self, sequences: Iterable[CodingSequence], genes: Iterable[Gene]) -> None:
        self._sequences = tuple(sequences)
        self._by_name = {s.gene: s for s in self._sequences} | {
            s.transcript: s for s in self._sequences
        }
        self._genes = {gene.symbol: gene for gene in genes}
        self._readers: tuple[tuple[re.Pattern[str], Callable[..., Resolved]], ...] = (
            (dna_forms.SPDI, self._from_spdi),
            (dna_forms.GENOMIC, self._from_hgvs),
            (dna_forms.CODING, self._from_coding),
            (dna_forms.VCF, self._from_vcf),
        )

    def take(
        self, text: str, gene: str | None, reference: str | None
    ) -> tuple[str, tuple[Resolved, ...]]:
        """Take every coding and genomic form off a text.

        Args:
            gene: symbol of the gene that was named, if any.
            reference: accession without version that stood before the text.

        Raises:
            NotationError: ``unresolved_coding_change`` for a form that cannot be read, or that its
                reference bases deny.
        """
        found: list[Resolved] = []
        for pattern, read in self._readers:
            while (match := pattern.search(text)) is not None:
                found.append(read(match, gene, reference))
                text = f"{text[: match.start()]} {text[match.end() :]}"
        bare = dna_forms.BARE_CODING.fullmatch(text.strip())
        if bare is not None and gene is not None:
            found.append(self._from_coding(bare, gene, reference))
            text = ""
        if dna_forms.ANY_DNA.search(text):
            raise NotationError(
                "unresolved_coding_change",
                f"{text.strip()} is no coding or genomic form that is understood; "
                "give the protein change",
            )
        rest = " ".join(re.sub(r"\(\s*\)|\[\s*\]", " ", text).split()).strip(" ,;:/")
        if rest.count("(") > rest.count(")"):
            rest = rest.removesuffix("(").strip()
        return rest, tuple(found)

    def _from_coding(
        self, found: re.Match[str], gene: str | None, reference: str | None
    ) -> Resolved:
        accession = (found.groupdict().get("ref") or reference or "").upper() or None
        if accession is not None and not accession.startswith(("NM", "XM", "ENST", "LRG")):
            accession = None
        name, limit = SAME_CODING.get(accession or "", (accession, None))
        sequence = self._by_name.get(name or gene or "")
        text = f"c.{found['place']}{found['op']}".replace(" ", "")
        place, span = dna_forms.parse_place(found["place"]), dna_forms.parse_span(found["place"])
        operation = dna_forms.parse_operation(found["op"].replace(" ", ""))
        if sequence is None:
            codon = dna_forms.frameshift_from(found["place"], operation)
            return Resolved(text, gene, span=span, frameshift_from=codon)
        _check_introns(sequence, span)
        if place is None or operation is None or not place[1]:
            return Resolved(text, sequence.gene, span=span)
        (first, last), _ = place
        if last < first:
            raise NotationError("reversed_range", f"the range {first} to {last} runs backwards")
        if last > len(sequence.bases):
            raise NotationError(
                "position_out_of_range",
                f"the coding sequence of {sequence.gene} has {len(sequence.bases)} bases; "
                f"there is no position {last}",
            )
        change = _coding_change(sequence, first, last, operation)
        if change is None or (limit is not None and last > limit):
            return Resolved(text, sequence.gene, span=span)
        return replace(self._resolved(text, sequence, change, None), span=span)

    def _from_hgvs(self, found: re.Match[str], gene: str | None, _ref: str | None) -> Resolved:
        change = genomic.from_hgvs(found)
        return self._from_genomic(found[0].strip(), change, gene)

    def _from_vcf(self, found: re.Match[str], gene: str | None, _ref: str | None) -> Resolved:
        return self._from_genomic(found[0].strip(), genomic.from_alleles(found), gene)

    def _from_spdi(self, found: re.Match[str], gene: str | None, _ref: str | None) -> Resolved:
        return self._from_genomic(found[0].strip(), genomic.from_spdi(found), gene)

    def _from_genomic(
        self, text: str, change: genomic.GenomicChange | None, gene: str | None
    ) -> Resolved:
        if change is None:
            return Resolved(text, gene)
        sequences = self._sequences
        if not change.chromosome:
            sequences = tuple(s for s in self._sequences if s.gene == gene)
        places = genomic.locate(change, sequences)
        read = {self._resolved(text, sequence, coding, name) for name, sequence, coding in places}
        answers = {(item.gene, item.protein) for item in read}
        if len(answers) > 1:
            raise NotationError(
                "ambiguous_assembly",
                f"{text} is something else in GRCh37 and in GRCh38: say which",
                tuple(f"{name} {text}" for name, _, _ in places),
            )
        if read:
            return min(read, key=lambda item: item.step)
        near = [
            sequence.gene
            for sequence in self._sequences
            if sequence.chromosome == change.chromosome
            and sequence.spans(change.position, change.assembly or "GRCh37")
        ]
        return Resolved(text, near[0] if near else gene)

    def _resolved(
        self, text: str, sequence: CodingSequence, change: CodingChange, assembly: Assembly | None
    ) -> Resolved:
        gene = self._genes[sequence.gene]
        protein = translate(sequence, gene, change)
        name = f"{sequence.transcript}:{change.name}"
        step = f"{assembly} {text} -> {name}" if assembly else name
        return Resolved(text, gene.symbol, protein, f"{step} -> p.{protein}" if protein else step)


def _check_introns(sequence: CodingSequence, span: CodingSpan | None) -> None:
    """Refuse a place in an intron that is counted from a base inside an exon.

    Source: HGVS 21, numbering: an intron is counted from the last or first base of the exon beside it.
    """
    for base, offset in span or ():
        if offset and sequence.is_inside_exon(base, offset):
            raise NotationError(
                "impossible_reference",
                f"no exon of {sequence.gene} {'ends' if offset > 0 else 'begins'} at c.{base} "
                f"({sequence.transcript})",
            )


def _coding_change(
    sequence: CodingSequence, first: int, last: int, operation: dna_forms.Operation
) -> CodingChange | None:
    """Return the change of the sequence; ``None`` when it is not exact."""
    if operation.kind == "ins":
        return CodingChange(last, first, operation.put) if last == first + 1 else None
    if operation.said and last == first:
        last = first + len(operation.said) - 1
    size = last - first + 1
    stated = len(operation.said) if operation.said else operation.size
    if stated not in (None, size):
        raise NotationError(
            "contradictory_notation", f"c.{first}_{last} are {size} bases, not {stated}"
        )
    if operation.kind != "dup":
        return CodingChange(first, last, operation.put, operation.said)
    check_bases(sequence, CodingChange(first, last, "", operation.said))
    copied = operation.said or sequence.at(first, last)
    if set(copied) - set("ACGT"):
        return None
    return CodingChange(last + 1, last, copied)
