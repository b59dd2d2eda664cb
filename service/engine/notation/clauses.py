"""One part of a text, about one gene: which family it belongs to, and its findings.

The order of the families is fixed: fusions by both names, DNA forms, the gene, graded results,
result words, sequence variants, the gene alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.engine.model import Gene, Result
from service.engine.notation.assays import has_assay, kind_of, without_context
from service.engine.notation.coding import CodingReader, Resolved, may_hold_dna
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import (
    ReadBiomarker,
    joined,
    to_fusion_finding,
    to_graded_finding,
    to_sequence_finding,
    to_unresolved_finding,
)
from service.engine.notation.gene_only import read_gene_only
from service.engine.notation.genes import GeneNames
from service.engine.notation.graded import FishFusion, Graded, read_graded
from service.engine.notation.protein import read_protein_change
from service.engine.notation.rearrangement import read_fusion
from service.engine.notation.reference import ReadChange, decompose
from service.engine.notation.sequence import check_agreement, read_sequence
from service.engine.notation.texts import Polarity, polarity_of

_WILD_TYPE = re.compile(r"wild|wt|^normal|unmutated", re.I)
_FUSION_MARK = re.compile(r"[-:/_;?]|inv\(|fus|rearr|translo|apart|inver|signal|transcript", re.I)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a part of a text is read.

    Args:
        gene: the gene that was named before, or in its own field.
        forced: the ``result`` field.
        word: that field as it was written: HER2 ``positive`` is a status, ``detected`` is not.
        is_carried: the gene comes from the part before, so that this part may name another.
    """

    gene: Gene | None = None
    assay: str | None = None
    forced: Result | None = None
    word: str = ""
    is_carried: bool = False
    steps: tuple[str, ...] = ()


class ClauseReader:
    """Reads one part of a text."""

    def __init__(
        self, names: GeneNames, oncogenicity: Mapping[tuple[str, str], str], coding: CodingReader
    ) -> None:
        self._names = names
        self._oncogenicity = oncogenicity
        self._coding = coding

    def read(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part in full.

        Raises:
            NotationError: it is not understood in full.
        """
        text = without_context(text)
        fusion = self._read_fusion(text, context)
        if fusion is not None:
            return fusion
        if may_hold_dna(text):
            found = self._read_dna(text, context)
            if found is not None:
                return found
        rest, context = self._take_gene(text, context)
        gene = context.gene
        if gene is None:
            raise NotationError(
                "unknown_gene", f"no known gene in {text!r}", self._genes_that_fit(text)
            )
        graded = read_graded(rest, gene, context.assay, context.forced, context.word)
        if graded is not None:
            return joined([_graded_finding(gene, grade, context.steps) for grade in graded])
        return self._read_bare(rest, gene, context)

    def _read_fusion(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read a fusion by both names or by its karyotype, before a gene is taken off."""
        if _FUSION_MARK.search(text) is None or has_assay(text):
            return None
        polarity = polarity_of(text)
        fusion = read_fusion(polarity.bare, context.gene, self._names)
        if fusion is None or (fusion.partner is None and "::" not in polarity.bare):
            return None
        named = None if context.is_carried else context.gene
        if named is not None and named != fusion.gene:
            raise _two_genes(named, fusion.gene)
        result = _result_of(polarity, context, text) or "detected"
        return to_fusion_finding(fusion, result, self._fish(context), context.steps)

    def _fish(self, context: Context) -> str | None:
        return "FISH" if context.assay and kind_of(context.assay) == "ish" else None

    def _take_gene(self, text: str, context: Context) -> tuple[str, Context]:
        taken = self._names.take(text)
        if taken.gene is None:
            return text, context
        is_fixed = context.gene is not None and not context.is_carried
        if is_fixed and taken.gene != context.gene:
            raise _two_genes(context.gene or taken.gene, taken.gene)
        steps = context.steps if is_fixed else (*context.steps, taken.step)
        return taken.rest, replace(context, gene=taken.gene, steps=steps)

    def _genes_that_fit(self, text: str) -> tuple[str, ...]:
        """Return genes of which a change without a gene is curated: L858R -> EGFR L858R."""
        bare = polarity_of(text).bare.removeprefix("p.").strip("()")
        return tuple(
            sorted(f"{gene} {short}" for gene, short in self._oncogenicity if short == bare)
        )

    def _read_dna(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read a text that holds a coding or genomic form; ``None`` when it holds none."""
        taken = self._names.take(text)
        gene = context.gene or taken.gene
        if gene is not None and taken.gene is not None and taken.gene != gene:
            if not context.is_carried:
                raise _two_genes(gene, taken.gene)
            gene = taken.gene
        rest, resolved = self._coding.take(
            taken.rest, gene.symbol if gene else None, taken.reference
        )
        if not resolved:
            return None
        for item in resolved:
            named = self._names.lookup(item.gene) if item.gene else None
            if named is not None and gene is not None and named != gene:
                raise _two_genes(gene, named)
            gene = named if gene is None else gene
        if gene is None:
            raise NotationError(
                "unknown_gene", f"{resolved[0].text} lies in none of the genes that are known"
            )
        steps = context.steps if context.gene or not taken.step else (*context.steps, taken.step)
        return self._read_resolved(rest, resolved, gene, replace(context, gene=gene, steps=steps))

    def _read_resolved(
        self, rest: str, resolved: tuple[Resolved, ...], gene: Gene, context: Context
    ) -> ReadBiomarker:
        """Read what stands beside the coding or genomic forms, and hold them against each other."""
        polarity = polarity_of(rest)
        result = _result_of(polarity, context, rest) or "detected"
        changes = sorted({item.protein for item in resolved if item.protein})
        if len(changes) > 1:
            raise NotationError(
                "contradictory_notation", f"two different changes are given: {', '.join(changes)}"
            )
        if len(resolved) > 1 and not all(item.protein for item in resolved):
            raise _not_understood(" ".join(item.text for item in resolved), gene)
        beside = read_sequence(polarity.bare, gene) if polarity.bare else None
        if polarity.bare and beside is None:
            raise _not_understood(polarity.bare, gene)
        known = read_protein_change(changes[0], gene) if changes else None
        if known is None:
            return self._unresolved(resolved, beside, gene, result, context)
        if beside is not None:
            check_agreement(known, beside, gene, f"{resolved[0].text} ({changes[0]}) {rest}")
        steps = tuple(item.step for item in resolved if item.protein)
        return self._findings(gene, replace(known, steps=steps), result, context)

    def _unresolved(
        self,
        resolved: tuple[Resolved, ...],
        beside: ReadChange | None,
        gene: Gene,
        result: Result,
        context: Context,
    ) -> ReadBiomarker:
        """Use the protein change beside a form that is not resolved, or say that nothing is known."""
        text = " ".join(item.text for item in resolved)
        if beside is None:
            return to_unresolved_finding(gene, text, result, context.steps)
        note = f"{text} was not compared with the protein change, which was used"
        remarks = (*beside.remarks, Remark("coding_change_not_checked", note))
        return self._findings(gene, replace(beside, remarks=remarks), result, context)

    def _read_bare(self, rest: str, gene: Gene, context: Context) -> ReadBiomarker:
        """Read a gene's result words, its fusion, or a sequence variant."""
        polarity = polarity_of(rest)
        result = _result_of(polarity, context, rest)
        bare = polarity.bare
        if not bare:
            is_wild_type = _WILD_TYPE.search(polarity.word or context.word) is not None
            return read_gene_only(gene, result, is_wild_type=is_wild_type, steps=context.steps)
        fusion = read_fusion(bare, gene, self._names)
        if fusion is not None:
            return to_fusion_finding(
                fusion, result or "detected", self._fish(context), context.steps
            )
        read = read_sequence(bare, gene)
        if read is None:
            raise _not_understood(bare, gene)
        return self._findings(gene, read, result or "detected", context)

    def _findings(
        self, gene: Gene, read: ReadChange, result: Result, context: Context
    ) -> ReadBiomarker:
        if result == "not_detected" and read.reported in ("inconclusive", "likely_neutral"):
            raise NotationError(
                "unscoped_negative",
                f"that no variant of uncertain significance of {gene.symbol} was found excludes nothing",
                (f"{gene.symbol} wild type",),
            )
        known = self._oncogenicity.get((gene.symbol, read.change.short or ""))
        parts = decompose(read, gene) if result == "detected" and known is None else (read,)
        return joined([self._finding(gene, part, result, context) for part in parts])

    def _finding(
        self, gene: Gene, read: ReadChange, result: Result, context: Context
    ) -> ReadBiomarker:
        known = self._oncogenicity.get((gene.symbol, read.change.short or ""))
        return to_sequence_finding(gene, read, result, known, context.steps)


def _result_of(polarity: Polarity, context: Context, text: str) -> Result | None:
    """Return the result of a text beside the ``result`` field.

    Raises:
        NotationError: ``contradictory_result`` when they disagree.
    """
    forced = context.forced
    if forced is None or forced == "indeterminate":
        return forced or polarity.result
    if polarity.result not in (None, forced):
        said = str(polarity.result).replace("_", " ")
        raise NotationError(
            "contradictory_result",
            f"{text!r} is {said}, the result says {forced.replace('_', ' ')}",
        )
    return forced


def _graded_finding(gene: Gene, grade: Graded, steps: tuple[str, ...]) -> ReadBiomarker:
    if isinstance(grade, FishFusion):
        return to_fusion_finding(grade.fusion, grade.result, "FISH", steps)
    return to_graded_finding(gene, grade, steps)


def _not_understood(text: str, gene: Gene) -> NotationError:
    return NotationError(
        "unknown_alteration", f"{text!r} is no alteration of {gene.symbol} that is understood"
    )


def _two_genes(first: Gene, second: Gene) -> NotationError:
    return NotationError("two_genes", f"{first.symbol} and {second.symbol} are both named")
