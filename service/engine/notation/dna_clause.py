"""A part of a text that holds a coding or genomic form, and what stands beside it.

Not here: how such a form becomes a change of the protein (``dna.coding``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, Result
from service.engine.notation.dna.coding import CodingReader, Resolved
from service.engine.notation.faults import NotationError, Remark
from service.engine.notation.findings import to_frameshift_finding, to_unresolved_finding
from service.engine.notation.genes import GeneNames
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.protein.sequence import check_agreement
from service.engine.notation.readings import ReadBiomarker, ReadChange
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.context import Context, not_understood, result_of, two_genes
from service.engine.notation.text.texts import polarity_of
from service.engine.notation.variants import VariantReader, without_comments

#: Brackets that held a form which was taken out of them.
_EMPTY_BRACKETS = re.compile(r"\(\s*[,;]?\s*(?:\)|(?=,|$))\s?")
#: The effect on the protein is not known, or there is none.
NO_EFFECT = re.compile(r"(?:^|[\s,;(]{1,2})p\.\(?\?\)?(?=$|[\s,;)])")


class DnaClauseReader:
    """Reads a part with coding or genomic forms."""

    def __init__(
        self, names: GeneNames, coding: CodingReader, variants: VariantReader, strangers: Strangers
    ) -> None:
        self._names = names
        self._coding = coding
        self._variants = variants
        self._strangers = strangers

    def read(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read a text that holds a coding or genomic form; ``None`` when it holds none."""
        taken = self._names.take(text)
        gene = context.gene or taken.gene
        if gene is not None and taken.gene is not None and taken.gene != gene:
            if not context.is_carried:
                raise two_genes(gene, taken.gene)
            gene = taken.gene
        rest, resolved = self._coding.take(
            taken.rest, gene.symbol if gene else None, taken.reference
        )
        if not resolved:
            return None
        for item in resolved:
            named = self._names.lookup(item.gene) if item.gene else None
            if named is not None and gene is not None and named != gene:
                raise two_genes(gene, named)
            gene = named if gene is None else gene
        if gene is None:
            stranger = self._strangers.read(text, context.forced)
            if stranger is not None:
                return stranger
            raise NotationError(
                "unknown_gene", f"{resolved[0].text} lies in none of the genes that are known"
            )
        steps = context.steps if context.gene or not taken.step else (*context.steps, taken.step)
        read = self._read_resolved(rest, resolved, gene, replace(context, gene=gene, steps=steps))
        span = resolved[0].span if gene.skipped_exons or gene.last_lof_codon else None
        findings = tuple(replace(finding, coding=span) for finding in read.findings)
        return replace(read, findings=findings) if span is not None else read

    def _read_resolved(
        self, rest: str, resolved: tuple[Resolved, ...], gene: Gene, context: Context
    ) -> ReadBiomarker:
        """Read what stands beside the coding or genomic forms, and hold them against each other."""
        polarity = polarity_of(rest)
        result = result_of(polarity, context, rest) or "detected"
        changes = sorted({item.protein for item in resolved if item.protein})
        if len(changes) > 1:
            raise NotationError(
                "contradictory_notation", f"two different changes are given: {', '.join(changes)}"
            )
        if len(resolved) > 1 and not all(item.protein for item in resolved):
            raise not_understood(" ".join(item.text for item in resolved), gene)
        bare = self._variants.without_transcripts(_EMPTY_BRACKETS.sub("", polarity.bare), gene)
        bare = without_comments(NO_EFFECT.sub("", bare))
        bare = bare.removesuffix("(").strip(" ,;")
        beside = self._variants.read(bare, gene) if bare else None
        if bare and beside is None:
            raise not_understood(bare, gene)
        known = read_protein_change(changes[0], gene) if changes else None
        if known is None:
            return self._unresolved(resolved, beside, gene, result, context)
        if beside is not None:
            check_agreement(known, beside, gene, f"{resolved[0].text} ({changes[0]}) {rest}")
            if beside.change.consequence == "exon_skipping":
                known = replace(beside, hgvs_p=None)
        steps = tuple(item.step for item in resolved if item.protein)
        said = beside.reported if beside is not None else None
        return self._variants.findings(
            gene, replace(known, steps=steps, reported=said), result, context
        )

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
            codon = resolved[0].frameshift_from
            if codon is not None and result == "detected":
                return to_frameshift_finding(gene, text, codon, context.steps)
            return to_unresolved_finding(gene, text, result, context.steps)
        note = f"{text} was not compared with the protein change, which was used"
        remarks = (*beside.remarks, Remark("coding_change_not_checked", note))
        return self._variants.findings(gene, replace(beside, remarks=remarks), result, context)
