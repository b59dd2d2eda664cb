"""One biomarker of a request (text or object) to its findings: the only entry to notation.

A text may hold several findings (``IHC 2+/ISH+``, ``L858R + T790M``): it is split, or refused, and
never cut to its first part. Every finding says by which steps it was understood. ``text.splitting``
says where a text falls apart, ``clauses`` reads one part, ``text.conservation`` proves that every
word was read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import cast, get_args

from service.engine.model import Finding, Gene, Origin, ProteinChange
from service.engine.notation.clauses import ClauseReader
from service.engine.notation.dna.coding import CodingReader
from service.engine.notation.dna.transcripts import CodingSequence
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import check_consistent, joined
from service.engine.notation.fusion.breakpoints import BreakpointReader
from service.engine.notation.fusion.karyotypes import Karyotype, Karyotypes
from service.engine.notation.fusion.partners import Partners, Span
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.gene_groups import GeneGroup, group_in, read_group, said_better
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.phrases import Phrase, Phrases
from service.engine.notation.grades.status_words import is_unscoped_negative
from service.engine.notation.human_genes import HumanGenes
from service.engine.notation.protein.named_classes import NamedClass, NamedClasses
from service.engine.notation.protein.naming import name_pattern
from service.engine.notation.readings import Apart, ReadBiomarker
from service.engine.notation.renumbering import REFUSED, moved_texts
from service.engine.notation.strangers import Strangers, to_named_stranger, without_result
from service.engine.notation.text.common_forms import read_common, read_common_change
from service.engine.notation.text.conservation import (
    check_turning_words,
    explained,
    unread_words,
)
from service.engine.notation.text.context import Context
from service.engine.notation.text.origins import Origins, with_origin
from service.engine.notation.text.signs import ends_in_empty_cell, without_em_dashes
from service.engine.notation.text.splitting import Splitter
from service.engine.notation.text.texts import (
    LEVELS,
    MAX_LENGTH,
    clean,
    expand_alleles,
    has_zero_fraction,
    parse_result,
    polarity_of,
    split_level,
)
from service.engine.notation.text.together import share_result
from service.engine.reading import REASONS, is_placeholder

__all__ = [
    "MAX_LENGTH", "BiomarkerReader", "ReadBiomarker", "canonical_order", "name_pattern",
]  # fmt: skip

_ORDER_OF_KIND = (
    "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status",
)  # fmt: skip
#: Errors that another way of splitting may mend; every other error is about what stands there.
_OPEN_ERRORS = frozenset({"unknown_alteration", "unknown_gene", "missing_alteration", "two_genes"})
_MAX_PARTS = 24
#: Attempts at one text; a text of sense needs a few, so that nonsense is refused in linear time.
_MAX_ATTEMPTS = 120
#: "ND" stands for "not detected" in some laboratories and for "not determined" in others.
_ND = re.compile(r"(?:^|[\s:,;(])n\.?/?d\.?\)?$", re.I)

#: "KRAS None": what a program prints for an empty cell. HER2 "null" is a score and stays one.
_NOTHING = re.compile(r"(?P<name>.{2,60}?)[\s:,;(]{1,3}(?P<word>none|nil|nan)\)?", re.I)


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
        self._phrases = Phrases(phrases)
        known, sequences, spans = tuple(genes), tuple(coding), tuple(partners)
        rows = tuple(karyotypes)
        recurrent = [*(s.symbol for s in spans), *(row.partner for row in rows if row.partner)]
        symbols = {gene.symbol for gene in known}
        told = [(group, not symbols.isdisjoint(group.members)) for group in groups]
        named_groups = [group.as_gene() for group, is_covered in told if is_covered]
        self.names = GeneNames((*known, *named_groups))
        self._origins = Origins(
            by_origin,
            [
                name
                for gene in (*known, *named_groups)
                if not set(by_origin).isdisjoint((gene.symbol, *gene.members))
                for name in (gene.symbol, *gene.aliases)
            ],
        )
        self.graded_words = frozenset(w for gene in known for w in gene.grading.words())
        self.human_genes = human_genes or HumanGenes()
        self.strangers = Strangers(
            self.human_genes,
            self.names,
            [span.symbol for span in spans],
            self._phrases,
            [group for group, is_covered in told if not is_covered],
        )
        self._oncogenicity = oncogenicity
        genes_alone = GeneNames(known)  # a group is no partner of a fusion
        self._partners = Partners(spans, self.human_genes, listed)
        self._fusions = FusionReader(genes_alone, self._partners, Karyotypes(rows, genes_alone))
        self._splitter = Splitter(self.names, self.strangers, recurrent, self._phrases)
        self._clauses = ClauseReader(
            self.names,
            oncogenicity,
            CodingReader(sequences, known),
            NamedClasses(named),
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
        if common is not None:
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
        if origin in get_args(Origin):
            return self._read_with_origin(
                gene, alteration, cast(Origin, origin), assay=assay, result=result
            )
        forced = parse_result(result)
        known = self.names.lookup((gene or "").strip())
        step = ""
        if known is not None:
            bare = (gene or "").strip()
            step = f"gene {bare}" if bare == known.symbol else f"gene name {bare} -> {known.symbol}"
            if alteration and assay is None and result is None:
                read = read_common_change(alteration, known, (step,), self._oncogenicity)
                if read is not None:
                    return read
        context = Context(
            gene=known, assay=assay, forced=forced, word=(result or "").strip().lower()
        )
        text = alteration or ""
        if known is not None:
            return self._read(text, replace(context, steps=(step,)))
        named = clean(gene or "")
        if not named or is_placeholder(named):
            return self._read(text, context)
        stranger = self.strangers.named(named)
        if stranger is not None:
            return to_named_stranger(*stranger, clean(text), forced)
        if text and self.names.take(text).gene is not None and not self.names.all_in(named):
            raise NotationError("unknown_gene", f"no known gene in {named!r}")
        return self._read(f"{named} {text}".strip(), context)

    def has_origin(self, gene: str) -> bool:
        """Tell whether a class asks of variants of a gene if they are germline or somatic."""
        return self._origins.has(gene)

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
            read = check_consistent(_Reading(self, context).read_any(whole, context, 0), whole)
        except NotationError as error:
            raise explained(error, whole) from error
        if has_zero_fraction(text) and _is_found(read.findings):
            raise NotationError(
                "contradictory_result", f"{whole!r} is found in 0 % of what was tested"
            )
        if has_zero_fraction(text):
            read = replace(read, strangers=tuple(map(without_result, read.strangers)))
        return read


class _Reading:
    """The reading of one text: what is tried, and how often."""

    def __init__(self, reader: BiomarkerReader, context: Context) -> None:
        self._names = reader.names
        self._strangers = reader.strangers
        self._splitter = reader._splitter
        self._clauses = reader._clauses
        self._oncogenicity = reader._oncogenicity
        self._partners = reader._partners
        self._phrases = reader._phrases
        self._origins = reader._origins
        self._graded_words = reader.graded_words
        self._left = _MAX_ATTEMPTS

    def read_any(self, text: str, context: Context, level: int) -> ReadBiomarker:
        """Read a text in one piece, or in the parts of the first splitting that is understood."""
        self._left -= 1
        if self._left < 0:
            raise NotationError("too_many_parts", "too many ways to read the text: send its parts")
        special = self._read_special(text, context)
        if special is not None:
            return special
        stated = self._splitter.statements(text) if level == 0 else None
        if stated is not None:
            return self._read_parts(stated, context, 1)
        try:
            return self._read_clause(text, context)
        except NotationError as error:
            if error.code not in _OPEN_ERRORS:
                raise
            refused = error
        for deeper in range(level, LEVELS):
            parts = split_level(text, deeper)
            if parts is None:
                continue
            try:
                return self._read_parts(parts, context, deeper + 1)
            except NotationError as error:
                if error.code not in _OPEN_ERRORS:
                    raise
                refused = _better(refused, error)
        parts = self._splitter.at_genes(text)
        if parts is not None:
            return self._read_parts(parts, context, LEVELS)
        raise refused

    def _read_clause(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part, and hold what was understood against its words."""
        better = said_better(text, self._names)
        if better is not None:
            return self._read_clause(better, context)
        group = group_in(text, context, self._names)
        if group is not None:
            return read_group(group, text, context, self._names, self._read_clause)
        about = self._names.all_in(text) or ((context.gene,) if context.gene else ())
        if about and ends_in_empty_cell(text):
            text = _without_empty_cell(text, context)
        text, origin = self._origins.take(text, about)
        read = with_origin(self._read_numbered(text, context), origin)
        if read.findings:
            check_turning_words(f"{text} {context.word.replace('_', ' ')}", read.findings)
            partners = {finding.partner for finding in read.findings} - {None}
            unread = unread_words(
                self._names.blanked(text),
                lambda word: self._is_name(word) or self._is_partner(word, partners),
            )
            if unread:
                raise NotationError(
                    "unknown_alteration", f"not understood in {text!r}: {', '.join(unread)}"
                )
        return read

    def _read_numbered(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part, in another numbering of its gene where only that one fits."""
        try:
            return self._clauses.read(text, context)
        except NotationError as error:
            if error.code not in REFUSED:
                raise
            found = [
                (moved, read)
                for moved in moved_texts(text, self._names, context.gene)
                if self._is_refused(moved.as_written, context)
                and (read := self._try(moved.text, context)) is not None
                and (moved.is_named or all(map(self._is_curated, read.findings)))
            ]
            if len(found) != 1:
                raise
            ((moved, read),) = found
            names = ", ".join(finding.name for finding in read.findings)
            note = f"{text!r} is {names} here; it is written in {moved.numbering.name}"
            return replace(read, remarks=(*read.remarks, Remark("other_reference", note)))

    def _try(self, text: str, context: Context) -> ReadBiomarker | None:
        try:
            return self._clauses.read(text, context)
        except NotationError:
            return None

    def _is_curated(self, finding: Finding) -> bool:
        short = finding.change.short if finding.change is not None else None
        return (finding.gene, short or "") in self._oncogenicity

    def _is_refused(self, text: str, context: Context) -> bool:
        try:
            self._clauses.read(text, context)
        except NotationError as error:
            return error.code in REFUSED
        return False

    def _is_name(self, word: str) -> bool:
        if word.lower() in self._graded_words or self._strangers.is_name(word):
            return True
        return self._names.take_leading(word) is not None

    def _is_partner(self, word: str, partners: set[str | None]) -> bool:
        """Tell whether a word, whatever its case, is what a fusion of this part was read with."""
        found = self._partners.find(word, stated=True) if partners else None
        return found is not None and found.symbol in partners

    def _read_special(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read alleles, and words that speak about several genes or none."""
        alleles = expand_alleles(text)
        if alleles is not None:
            return joined([self.read_any(part, context, 0) for part in alleles[:_MAX_PARTS]])
        if context.gene is not None:
            return None
        aggregate = self._phrases.read(text)
        if aggregate is not None:
            step = f"'{text}' is: {', '.join(aggregate)}"
            inner = replace(context, steps=(*context.steps, step))
            return joined([self._read_clause(part, inner) for part in aggregate])
        if (
            is_unscoped_negative(text)
            and not self._names.all_in(text)
            and not any(self._strangers.places_in(text))
        ):
            raise NotationError(
                "unscoped_negative", f"{text!r} does not say which genes were tested"
            )
        return None

    def _read_parts(
        self, parts: list[tuple[str, str]], context: Context, level: int
    ) -> ReadBiomarker:
        """Read each part; a gene that was named stays in force, a shared result is shared out."""
        if len(parts) > _MAX_PARTS:
            raise NotationError("too_many_parts", f"more than {_MAX_PARTS} findings in one text")
        found: list[ReadBiomarker] = []
        is_fixed = context.gene is not None and not context.is_carried
        whole = self._splitter.at_results(parts)
        for part in share_result(whole, self._names, self._strangers, context.gene):
            if not is_fixed and (self._splitter.names_gene(part) or self._phrases.read(part)):
                # A gene of its own, or a phrase about others (MSS), ends what was carried.
                context = replace(context, gene=None, stranger="", is_carried=False)
            inner = self._read_part(part, context, level)
            found.append(inner)
            if not is_fixed:
                context = self._carried(inner, context)
        return joined([read for read in found if not _is_said_better(read, found)])

    def _read_part(self, text: str, context: Context, level: int) -> ReadBiomarker:
        """Read one of several parts; one that decides nothing does not take the others with it."""
        try:
            return self.read_any(text, context, level)
        except NotationError as error:
            if REASONS.get(error.code) != "decides_nothing":
                raise
            return ReadBiomarker((), apart=(Apart(text, error.code, error.message),))

    def _carried(self, read: ReadBiomarker, context: Context) -> Context:
        """Return the context of the next part: the one gene of this one, covered or not."""
        symbols = {finding.gene for finding in read.findings}
        strangers = {finding.gene for finding in read.strangers}
        if len(symbols) == 1 and not strangers:
            gene = self._names.lookup(next(iter(symbols)))
            return replace(context, gene=gene, stranger="", is_carried=True)
        if len(strangers) == 1 and not symbols:
            return replace(context, gene=None, stranger=next(iter(strangers)), is_carried=True)
        return context


def _without_empty_cell(text: str, context: Context) -> str:
    """Return a part without the dash behind its result in words: ``NRAS not detected -``.

    Raises:
        NotationError: ``ambiguous_result`` when the dash would be the result.
    """
    bare = text[:-1].rstrip(" :=")
    polarity = polarity_of(bare)
    if context.forced is not None or (polarity.result is not None and polarity.word[-1:].isalpha()):
        return bare
    raise NotationError(
        "ambiguous_result",
        f"{text!r}: the dash can be an empty cell, or say that nothing was found",
        (f"{bare} not detected", f"{bare} not tested"),
    )


def _better(first: NotationError, second: NotationError) -> NotationError:
    """Return the error that says more: about a part, unless the part lost its gene by splitting."""
    return second if second.code == "unknown_gene" and first.code != "unknown_gene" else first


def _is_said_better(read: ReadBiomarker, found: Iterable[ReadBiomarker]) -> bool:
    """Tell whether a part says "mutation detected" and another one of the text says which."""
    if len(read.findings) != 1 or read.strangers or read.apart:
        return False
    (general,) = read.findings
    said = {one.change for one in general.one_of or (general,)}
    if general.result != "detected" or said != {ProteinChange()}:
        return False
    return any(
        finding.gene in general.genes
        and finding.result == "detected"
        and finding.change is not None
        and finding.change.is_exact
        for other in found
        for finding in other.findings
    )


def _is_found(findings: Iterable[Finding]) -> bool:
    """Tell whether a sequence variant or a fusion was found, which a fraction of 0 % denies."""
    kinds = ("sequence_variant", "fusion")
    return any(f.result == "detected" and f.kind in kinds for f in findings)


#: Curated words of variants that drive no tumour.
_NO_DRIVER = frozenset({"resistance", "neutral", "likely_neutral", "inconclusive"})


def canonical_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats in the order of every answer.

    What may drive the tumour comes first, then what else was found (resistance, no effect), then
    what was not; each by gene, kind, result, name, value and assay.
    """
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                _rank_of(f),
                f.gene,
                _ORDER_OF_KIND.index(f.kind),
                f.result,
                f.name,
                f.values,
                f.assay or "",
            ),
        )
    )


def _rank_of(finding: Finding) -> int:
    """Return 0 for what may drive the tumour, 1 for what else was found, 2 for the rest."""
    if finding.result != "detected":
        return 2
    return 1 if finding.oncogenicity in _NO_DRIVER else 0
