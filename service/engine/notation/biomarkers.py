"""One biomarker of a request (text or object) to its findings: the only entry to notation.

A text may hold several findings (``IHC 2+/ISH+``, ``L858R + T790M``): it is split, or refused, and
never cut to its first part. Every finding says by which steps it was understood. ``attempts`` tries
the splittings of ``text.splitting``, ``clauses`` reads one part, ``text.conservation`` proves that
every word was read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import cast, get_args

from service.engine.model import Gene, Origin
from service.engine.notation.attempts import Attempts, Readers
from service.engine.notation.clauses import ClauseReader
from service.engine.notation.dna.coding import CodingReader
from service.engine.notation.dna.transcripts import CodingSequence
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import check_consistent
from service.engine.notation.fractions import check_fractions, is_of_nothing
from service.engine.notation.fusion.breakpoints import BreakpointReader
from service.engine.notation.fusion.karyotypes import Karyotype, Karyotypes
from service.engine.notation.fusion.partners import Partners, Span
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.gene_groups import GeneGroup
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.phrases import Phrase, Phrases
from service.engine.notation.grades.stained_proteins import StainedMarkers
from service.engine.notation.human_genes import HumanGenes
from service.engine.notation.protein.named_classes import NamedClass, NamedClasses
from service.engine.notation.protein.naming import name_pattern
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.specimens import is_blood
from service.engine.notation.stranger_findings import to_named_stranger, without_result
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.common_forms import read_common, read_common_change
from service.engine.notation.text.conservation import (
    explained,
)
from service.engine.notation.text.context import Context
from service.engine.notation.text.origins import Origins, with_origin
from service.engine.notation.text.signs import without_em_dashes
from service.engine.notation.text.splitting import Splitter
from service.engine.notation.text.texts import (
    MAX_LENGTH,
    clean,
    parse_result,
)
from service.engine.reading import is_placeholder

__all__ = [
    "MAX_LENGTH", "BiomarkerReader", "ReadBiomarker", "name_pattern",
]  # fmt: skip

#: "ND" stands for "not detected" in some laboratories and for "not determined" in others.
_ND = re.compile(r"(?:^|[\s:,;(])n\.?/?d\.?\)?$", re.I)

#: "KRAS None": what a program prints for an empty cell. HER2 "null" is a score and stays one.
_NOTHING = re.compile(r"(?P<name>.{2,60}?)[\s:,;(]{1,3}(?P<word>none|nil|nan)\)?", re.I)

_ORIGINS = frozenset(get_args(Origin))


class BiomarkerReader:
    """Reads biomarkers with the vocabulary of one knowledge base; holds no state of a request.

    Args:
        oncogenicity: (gene symbol, canonical change) -> curated oncogenicity.
        coding: coding sequences, for coding and genomic forms.
        named: classes that reports name instead of a variant.
        partners: recurrent fusion partners, and where they lie on the chromosomes.
        karyotypes: which text of cytogenetics stands for what.
        listed: symbols of other genes that reports list beside each other.
        human_genes: the names of all other genes.
        phrases: whole texts that speak about several genes.
        groups: words that mean one of several genes.
        by_origin: genes of which a class asks whether a variant is germline or somatic.
    """

    def __init__(
        self,
        genes: Iterable[Gene],
        oncogenicity: Mapping[tuple[str, str], str],
        *,
        coding: Iterable[CodingSequence] = (),
        named: Iterable[NamedClass] = (),
        partners: Iterable[Span] = (),
        karyotypes: Iterable[Karyotype] = (),
        listed: Iterable[str] = (),
        human_genes: HumanGenes | None = None,
        phrases: Iterable[Phrase] = (),
        groups: Iterable[GeneGroup] = (),
        by_origin: Collection[str] = (),
    ) -> None:
        known, spans = tuple(genes), tuple(partners)
        all_phrases = Phrases(phrases)
        symbols = {gene.symbol for gene in known}
        told = [(group, not symbols.isdisjoint(group.members)) for group in groups]
        all_names = (*known, *(group.as_gene() for group, is_covered in told if is_covered))
        self.names = GeneNames(all_names)
        self.human_genes = human_genes or HumanGenes()
        self.strangers = Strangers(
            self.human_genes,
            self.names,
            [span.symbol for span in spans],
            all_phrases,
            [group for group, is_covered in told if not is_covered],
        )
        self.graded_words = frozenset(w for gene in known for w in gene.grading.words())
        self._origins = Origins(by_origin, _names_with_origin(all_names, by_origin))
        self._stained = StainedMarkers(known)
        self._oncogenicity = oncogenicity
        rows = tuple(karyotypes)
        genes_alone = GeneNames(known)  # a group is no partner of a fusion
        all_partners = Partners(spans, self.human_genes, listed)
        self._fusions = FusionReader(genes_alone, all_partners, Karyotypes(rows, genes_alone))
        recurrent = [*(s.symbol for s in spans), *(row.partner for row in rows if row.partner)]
        self._splitter = Splitter(self.names, self.strangers, recurrent, all_phrases)
        self._readers = Readers(
            names=self.names,
            strangers=self.strangers,
            splitter=self._splitter,
            clauses=self._clauses(known, tuple(coding), spans, NamedClasses(named)),
            oncogenicity=oncogenicity,
            partners=all_partners,
            phrases=all_phrases,
            origins=self._origins,
            graded_words=self.graded_words,
            stained=self._stained,
        )

    def _clauses(
        self,
        known: tuple[Gene, ...],
        sequences: tuple[CodingSequence, ...],
        spans: tuple[Span, ...],
        named: NamedClasses,
    ) -> ClauseReader:
        """Return the reader of one part of a text."""
        return ClauseReader(
            self.names,
            self._oncogenicity,
            CodingReader(sequences, known),
            named,
            BreakpointReader(sequences, known, spans),
            self._fusions,
            self.strangers,
        )

    def read_text(self, text: str) -> ReadBiomarker:
        """Read a biomarker as one line of text.

        Raises:
            NotationError: it was not understood in full.
        """
        text = self._origins.spelled_out(text)
        common = read_common(text, self.names, self._fusions, self._oncogenicity)
        if common is not None and not self._stained.is_about(text):
            return common
        return self._read(text, Context())

    def read_fields(
        self,
        *,
        gene: str | None,
        alteration: str | None,
        assay: str | None,
        result: str | None,
        origin: str | None = None,
    ) -> ReadBiomarker:
        """Read a biomarker given in fields, as in the request of ``POST /v1/match``.

        Args:
            gene: symbol or alias; a reference sequence or a fusion (``EML4-ALK``) is read too.
                ``None`` when the alteration names it.
            result: one of the words of the contract; ``None`` means what the alteration says.
            origin: ``germline``, ``somatic``, ``unknown``.

        Raises:
            NotationError: it was not understood in full.
        """
        alteration = None if is_placeholder(alteration or "") else alteration
        assay = None if is_placeholder(assay or "") else assay
        if origin in _ORIGINS:
            return self._read_with_origin(
                gene, alteration, cast(Origin, origin), assay=assay, result=result
            )
        forced = parse_result(result)
        known = self.names.lookup((gene or "").strip())
        if known is not None and known.in_blood is not None and is_blood((assay or "",)):
            gene, known = known.in_blood, self.names.lookup(known.in_blood)
        step = ""
        if known is not None:
            bare = (gene or "").strip()
            step = f"gene {bare}" if bare == known.symbol else f"gene name {bare} -> {known.symbol}"
            if alteration and assay is None and result is None:
                read = read_common_change(alteration, known, (step,), self._oncogenicity)
                if read is not None:
                    return read
        elif gene and alteration and assay is None and result is None:
            plain = self.strangers.read_plain(gene, alteration)
            if plain is not None:
                return plain
        context = Context(
            gene=known, assay=assay, forced=forced, word=(result or "").strip().lower()
        )
        text = alteration or ""
        if known is not None:
            return self._read(text, replace(context, steps=(step,)))
        return self._read_gene_field(clean(gene or ""), text, context)

    def _read_gene_field(self, named: str, text: str, context: Context) -> ReadBiomarker:
        """Read a gene field that is not just the name of a covered gene."""
        if not named or is_placeholder(named):
            return self._read(text, context)
        if self._stained.read(f"{named} {text or context.word}", context):
            return self._read(f"{named} {context.assay or ''} {text or context.word}", Context())
        stranger = self.strangers.named(named)
        if stranger is not None:
            return to_named_stranger(*stranger, clean(text), context.forced)
        if text and self.names.take(text).gene is not None and not self.names.all_in(named):
            raise NotationError("unknown_gene", f"no known gene in {named!r}")
        return self._read(f"{named} {text}".strip(), context)

    def has_origin(self, gene: str) -> bool:
        """Tell whether a class asks of variants of a gene if they are germline or somatic."""
        return self._origins.has(gene)

    def is_about_others(self, text: str, *, is_field: bool = False) -> bool:
        """Tell whether a text names a gene or marker outside the knowledge base, and none of it.

        Args:
            is_field: the text is the name of a gene: there a word of a language is a gene too.
        """
        if self._stained.is_about(text) or self.strangers.holds_phrase(text):
            return False
        first = text.split()[0].strip(",;:()") if text.split() else ""
        in_field = is_field and self.human_genes.find(first) is not None
        return in_field or self.strangers.is_about(text)

    def _read_with_origin(
        self,
        gene: str | None,
        alteration: str | None,
        origin: Origin,
        *,
        assay: str | None,
        result: str | None,
    ) -> ReadBiomarker:
        read = self.read_fields(gene=gene, alteration=alteration, assay=assay, result=result)
        if any(finding.origin not in (None, origin) for finding in read.findings):
            raise NotationError("contradictory_notation", f"{alteration!r} is not {origin}")
        genes = [gene for finding in read.findings for gene in finding.genes]
        others = [gene for gene in genes if not self._origins.has(gene)]
        if origin == "germline" and others:
            raise NotationError("germline", f"{others[0]}: germline variants decide nothing here")
        return read if others else with_origin(read, origin)

    def _read(self, text: str, context: Context) -> ReadBiomarker:
        text = without_em_dashes(text)
        whole = clean(self._splitter.in_one_line(self._origins.spelled_out(text)))
        if not whole and context.gene is None:
            raise NotationError("empty", "the text is empty")
        if _ND.search(whole):
            raise NotationError(
                "ambiguous_result", f"{whole!r}: 'ND' can mean not detected and not determined",
                (_ND.sub(" not detected", whole).strip(), _ND.sub(" not tested", whole).strip()),
            )  # fmt: skip
        nothing = _NOTHING.fullmatch(whole)
        if nothing is not None and self.names.lookup(nothing["name"]) is not None:
            raise NotationError(
                "ambiguous_result",
                f"{whole!r}: {nothing['word']!r} can be an empty cell, or say that nothing was found",
                (f"{nothing['name']} not detected", f"{nothing['name']} not tested"),
            )
        try:
            read = check_consistent(Attempts(self._readers).read_any(whole, context, 0), whole)
        except NotationError as error:
            raise explained(error, whole) from error
        check_fractions(text, read.findings)
        if is_of_nothing(text):
            read = replace(read, strangers=tuple(map(without_result, read.strangers)))
        return read


def _names_with_origin(genes: Iterable[Gene], by_origin: Collection[str]) -> list[str]:
    """Return the names of genes and groups of which a class asks for the origin of variants."""
    return [
        name
        for gene in genes
        if not set(by_origin).isdisjoint((gene.symbol, *gene.members))
        for name in (gene.symbol, *gene.aliases)
    ]
