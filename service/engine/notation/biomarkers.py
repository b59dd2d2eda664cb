"""One biomarker of a request (text or object) to its findings: the only entry to notation.

A text may hold several findings (``IHC 2+/ISH+``, ``L858R + T790M``): it is split, or refused, and
never cut to its first part. Every finding says by which steps it was understood. Splitting is here;
``clauses`` reads one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.engine.model import Finding, Gene
from service.engine.notation.clauses import ClauseReader
from service.engine.notation.dna.coding import CodingReader
from service.engine.notation.dna.transcripts import CodingSequence
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import check_consistent, joined
from service.engine.notation.fusion.breakpoints import BreakpointReader
from service.engine.notation.fusion.karyotypes import Karyotype, Karyotypes
from service.engine.notation.fusion.partners import Partners, Span
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.status_words import (
    is_some_ras_mutation,
    is_unscoped_negative,
    read_aggregate,
)
from service.engine.notation.human_genes import HumanGenes
from service.engine.notation.protein.named_classes import NamedClass, NamedClasses
from service.engine.notation.protein.naming import name_pattern
from service.engine.notation.readings import ReadBiomarker
from service.engine.notation.strangers import to_stranger
from service.engine.notation.text.common_forms import read_common, read_common_change
from service.engine.notation.text.context import Context
from service.engine.notation.text.texts import (
    LEVELS,
    MAX_LENGTH,
    clean,
    expand_alleles,
    parse_result,
    split_level,
)
from service.engine.notation.text.together import share_result

__all__ = [
    "MAX_LENGTH", "BiomarkerReader", "ReadBiomarker", "canonical_order", "name_pattern",
]  # fmt: skip

_ORDER_OF_KIND = (
    "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status",
)  # fmt: skip
#: Errors that another way of splitting may mend; every other error is about what stands there.
_OPEN_ERRORS = frozenset({"unknown_alteration", "unknown_gene", "missing_alteration", "two_genes"})
_MAX_PARTS = 24
_WORD = re.compile(r"[A-Z][A-Z0-9]{2,7}")
#: "ND" stands for "not detected" in some laboratories and for "not determined" in others.
_ND = re.compile(r"(?:^|[\s:,;(])n\.?/?d\.?\)?$", re.I)


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
    ) -> None:
        known, sequences, spans = tuple(genes), tuple(coding), tuple(partners)
        self.names = GeneNames(known)
        self.human_genes = human_genes or HumanGenes()
        self._oncogenicity = oncogenicity
        self._partners = Partners(spans, self.human_genes, listed)
        self._fusions = FusionReader(self.names, self._partners, Karyotypes(karyotypes, self.names))
        self._clauses = ClauseReader(
            self.names,
            oncogenicity,
            CodingReader(sequences, known),
            NamedClasses(named),
            BreakpointReader(sequences, known, spans),
            self._fusions,
        )

    def read_text(self, text: str) -> ReadBiomarker:
        """Read a biomarker as one line of text.

        Raises:
            NotationError: it was not understood in full.
        """
        common = read_common(text, self.names, self._fusions, self._oncogenicity)
        if common is not None:
            return common
        return self._read(clean(text), Context())

    def read_fields(
        self, *, gene: str, alteration: str | None, assay: str | None, result: str | None
    ) -> ReadBiomarker:
        """Read a biomarker given in fields, as in the request of ``POST /v1/match``.

        Args:
            gene: symbol or alias; a reference sequence or a fusion (``EML4-ALK``) is read too.
            result: one of the words of the contract; ``None`` means what the alteration says.

        Raises:
            NotationError: it was not understood in full.
        """
        known = self.names.lookup(gene.strip())
        step = ""
        if known is not None:
            bare = gene.strip()
            step = f"gene {bare}" if bare == known.symbol else f"gene name {bare} -> {known.symbol}"
            if alteration and assay is None and result is None:
                read = read_common_change(alteration, known, (step,), self._oncogenicity)
                if read is not None:
                    return read
        text = clean(alteration or "")
        context = Context(
            gene=known,
            assay=assay or None,
            forced=parse_result(result),
            word=(result or "").strip().lower(),
        )
        if known is not None:
            return self._read(text, replace(context, steps=(step,)))
        named = clean(gene)
        if not named:
            return self._read(text, context)
        stranger = self.human_genes.find(gene)
        if stranger is not None and not stranger.is_ambiguous:
            return to_stranger(stranger, text, context.forced)
        if text and self.names.take(text).gene is not None and not self.names.all_in(named):
            raise NotationError("unknown_gene", f"no known gene in {named!r}")
        return self._read(f"{named} {text}".strip(), context)

    def _read(self, text: str, context: Context) -> ReadBiomarker:
        if not text and context.gene is None:
            raise NotationError("empty", "the text is empty")
        if _ND.search(text):
            raise NotationError(
                "ambiguous_result", f"{text!r}: 'ND' can mean not detected and not determined",
                (_ND.sub(" not detected", text).strip(), _ND.sub(" not tested", text).strip()),
            )  # fmt: skip
        try:
            return check_consistent(self._read_any(text, context, 0), text)
        except NotationError as error:
            raise self._named_stranger(text, error) from error

    def _read_any(self, text: str, context: Context, level: int) -> ReadBiomarker:
        """Read a text in one piece, or in the parts of the first splitting that is understood."""
        special = self._read_special(text, context)
        if special is not None:
            return special
        try:
            return self._clauses.read(text, context)
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
                refused = self._better(refused, error)
        parts = self._split_at_genes(text)
        if parts is not None:
            return self._read_parts(parts, context, LEVELS)
        raise refused

    def _better(self, first: NotationError, second: NotationError) -> NotationError:
        """Return the error that says more: about a part, unless the part lost its gene by splitting."""
        return second if second.code == "unknown_gene" and first.code != "unknown_gene" else first

    def _read_special(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read alleles, and words that speak about several genes or none."""
        alleles = expand_alleles(text)
        if alleles is not None:
            return joined([self._read_any(part, context, 0) for part in alleles[:_MAX_PARTS]])
        if context.gene is not None:
            return None
        aggregate = read_aggregate(text)
        if aggregate is not None:
            step = f"'{text}' is: {', '.join(aggregate)}"
            inner = replace(context, steps=(*context.steps, step))
            return joined([self._clauses.read(part, inner) for part in aggregate])
        if is_some_ras_mutation(text):
            raise NotationError(
                "ambiguous_gene", f"{text!r} does not say which gene: KRAS, NRAS or HRAS",
                ("KRAS mutation", "NRAS mutation"),
            )  # fmt: skip
        if is_unscoped_negative(text) and not self.names.all_in(text):
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
        for part in share_result(parts, self.names, context.gene):
            inner = self._read_any(part, context, level)
            found.append(inner)
            gene = self._last_gene(part, inner, context)
            is_fixed = context.gene is not None and not context.is_carried
            if not is_fixed:
                context = replace(context, gene=gene, is_carried=True)
        return joined(found)

    def _last_gene(self, part: str, read: ReadBiomarker, context: Context) -> Gene | None:
        symbols = {finding.gene for finding in read.findings}
        return self.names.lookup(next(iter(symbols))) if len(symbols) == 1 else context.gene

    def _split_at_genes(self, text: str) -> list[tuple[str, str]] | None:
        """Split ``EGFR L858R KRAS G12C`` in front of each gene, and ``L858R T790M`` between changes."""
        if not text:
            return None
        starts = [start for _, start in self.names.places_in(text)]
        if len(starts) > 1 and starts[0] == 0:
            ends = [*starts[1:], len(text)]
            return [(",", text[a:b].strip()) for a, b in zip(starts, ends, strict=True)]
        head, *words = text.split()
        if self.names.lookup(head) is not None and words:
            words[0] = f"{head} {words[0]}"
        else:
            words = [head, *words]
        is_list = len(words) > 1 and all(re.search(r"[A-Za-z]\d+[A-Za-z*]", word) for word in words)
        return [(",", word) for word in words] if is_list else None

    def _named_stranger(self, text: str, error: NotationError) -> NotationError:
        """Return the error, or a better one when a gene stands there that is not known here (ROS1)."""
        strangers = sorted({word for word in _WORD.findall(text) if self._partners.is_listed(word)})
        if not strangers or error.code not in (*_OPEN_ERRORS, "ambiguous_result"):
            return error
        return NotationError(
            "unknown_gene",
            f"not in the knowledge base, leave it out: {', '.join(strangers)}",
            error.suggestions,
        )


def canonical_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without repeats in the order of every answer: gene, kind, result, name."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                f.gene,
                _ORDER_OF_KIND.index(f.kind),
                f.result,
                f.name,
                f.values,
                f.assay or "",
            ),
        )
    )
