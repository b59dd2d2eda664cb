"""One part of a text, about one gene: which family it belongs to, and its findings.

The order of the families is fixed: fusions by both names, DNA forms, the gene, graded results,
result words, sequence variants, the gene alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from service.engine.model import Gene, Result
from service.engine.notation.dna.coding import CodingReader, may_hold_dna
from service.engine.notation.dna_clause import DnaClauseReader
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import (
    joined,
    to_fusion_finding,
    to_graded_finding,
)
from service.engine.notation.fusion.breakpoint_clause import read_breakpoint_clause
from service.engine.notation.fusion.breakpoints import BreakpointReader, may_hold_breakpoints
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.gene_only import named_by_symbol, read_every_kind, read_gene_only
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.graded import FishFusion, Graded, read_graded
from service.engine.notation.grades.stain import read_stain
from service.engine.notation.protein.named_classes import NamedClasses
from service.engine.notation.protein.residues import ONE_OF_THREE
from service.engine.notation.protein.skipping import read_glued_exon
from service.engine.notation.protein.words import several_exons
from service.engine.notation.readings import ReadBiomarker, ReadFusion
from service.engine.notation.regions import check_effect, check_region
from service.engine.notation.strangers import Strangers
from service.engine.notation.text.assays import has_assay, without_context
from service.engine.notation.text.context import (
    Context,
    assay_of_fusion,
    not_understood,
    result_of,
    two_genes,
)
from service.engine.notation.text.texts import polarity_of
from service.engine.notation.variants import VariantReader

_ANNOVAR = re.compile(r":exon(?:ic)?\d{1,2}(?=:c\.)", re.I)
_OLD_CODING = re.compile(r"\bc\.([ACGT])(\d{1,5})([ACGT])\b")
_REPORTED = re.compile(
    r"^(?:(?:the\s)?(?:mutation|variant|alteration|fusion|result)s?\s?(?:\(s\)\s)?)(?:detected|found|identified|present|status)?\s?:\s*(?=\S)"
    r"|^(?:fusion|rearrangement|translocation)\s(?=[A-Z0-9]{2,10}(?:-|::|/)[A-Z0-9]{2,10}\b)",
    re.I,
)
_ANALYSIS = re.compile(
    r"^(?:mutation(?:al)?|molecular|genetic|sequence) analysis\s?:\s*(?=\S)", re.I
)
#: What stands where an alteration would, and says only that one was looked for.
_LOOKED_FOR = re.compile(
    r"(?P<what>mutation(?:al)?\s)?(?:(?:gene\s)?(?:status|test(?:ing|s)?|analysis|results?))", re.I
)
#: A word for whatever can be found in a gene.
_EVERY_KIND = re.compile(
    r"(?:(?:genomic|genetic|gene|molecular|clinically relevant|actionable|targetable)\s){0,2}"
    r"(?:alteration|aberration|abnormality|abnormalitie)s?(?:\(s\))?",
    re.I,
)
_VARIANT = re.compile(r"[A-Z]\d{1,4}[A-Z*]?", re.I)
#: "NOT KRAS G12D": what is denied stands behind it ("not detected" is a result).
_NOT_BEFORE = re.compile(
    r"^(?:not|NOT|Not)\s+(?=(?:p\.)?\(?[A-Z][A-Za-z]{0,2}\d|[cg]\.|exon|codon|[A-Z][A-Z0-9-]+\b)"
)
#: SnpEff's block of residues: "p.ValLys600GluGlu".
_THREE_LETTERS = re.compile(
    r"p\.\(?((?:[A-Z][a-z]{2}){2,12})(\d{1,4})((?:[A-Z][a-z]{2}){2,12})(?![A-Za-z])\)?"
)
_IN_BRACKETS = re.compile(
    r"\b((?:exon|codon)\s\d{1,4})\s?\((deletion|insertion|duplication|mutation|delins|indel|skipping)s?\)",
    re.I,
)
#: "mutation: positive (V600E)": what was found stands in the brackets.
_POSITIVE_WITH = re.compile(
    r"(?:(?:gene\s)?(?:mutation|variant|alteration|rearrangement|fusion)s?(?:\sstatus)?[\s:]{0,2})?"
    r"(?:positive|detected|present|identified|mutated|found)\s?[:\s]?\((?P<what>[^()]{2,60}(?:\([^()]{1,40}\))?)\)",
    re.I,
)
#: "exon 19 deletion detected (p.E746_A750del)": the change in the brackets behind the result.
_FOUND_WITH = re.compile(
    r"(?P<words>(?:exon|codon)\s\d{1,4}\s\w{3,12})\s(?:positive|detected|present|identified|found)\s\((?P<what>(?:p\.)?\(?[A-Z][^()]{2,40}\)?)\)",
    re.I,
)
#: "HER2 (by immunohistochemistry): Equivocal (Score 2+)".
_ASSAY_IN_BRACKETS = re.compile(
    r"\s?\((?:by\s)?(?P<assay>immunohistochemistry|IHC|FISH|ISH|in situ hybridi[sz]ation)\)(?=\s?:)",
    re.I,
)
_NAME_AGAIN = re.compile(r"\(([A-Za-z0-9/-]{2,12})\)[\s:]{1,3}(?=\S)")
_MUTATION = re.compile(r"mutation|variant", re.I)
_FUSION_MARK = re.compile(
    r"[-:/_;?]|inv\(|fus|rearr|translo|apart|inver|signal|transcript|del\(|add\(|dup\(", re.I
)


class ClauseReader:
    """Reads one part of a text."""

    def __init__(
        self,
        names: GeneNames,
        oncogenicity: Mapping[tuple[str, str], str],
        coding: CodingReader,
        named: NamedClasses,
        breakpoints: BreakpointReader,
        fusions: FusionReader,
        strangers: Strangers,
    ) -> None:
        self._names = names
        self._oncogenicity = oncogenicity
        self._named = named
        self._variants = VariantReader(names, oncogenicity, named)
        self._dna = DnaClauseReader(names, coding, self._variants, strangers)
        self._breakpoints = breakpoints
        self._fusions = fusions
        self._strangers = strangers

    def read(self, text: str, context: Context) -> ReadBiomarker:
        """Read one part in full.

        Raises:
            NotationError: it is not understood in full.
        """
        text = _ASSAY_IN_BRACKETS.sub(lambda found: f" {found['assay']}", text)
        text = _OLD_CODING.sub(r"c.\2\1>\3", _ANNOVAR.sub("", without_context(text)))
        text = _THREE_LETTERS.sub(_in_one_letter, _NOT_BEFORE.sub("no ", text))
        pair = self._breakpoints.take(text) if may_hold_breakpoints(text) else None
        if pair is not None:
            return read_breakpoint_clause(pair, context, self._names, self._fusions)
        fusion = self._read_fusion(text, context)
        if fusion is not None:
            return fusion
        if may_hold_dna(text):
            found = self._dna.read(text, context)
            if found is not None:
                return found
        rest, context = self._take_gene(text, context)
        gene = context.gene
        if gene is None:
            return self._read_stranger(text, context)
        if _is_sequenced(text, rest, gene, context):
            gene = named_by_symbol(gene)
        stain = read_stain(rest, gene, context)
        if stain is not None:
            return self._variants.findings(gene, *stain, context)
        graded = read_graded(rest, gene, context.assay, context.forced, context.word)
        if graded is not None:
            return joined([_graded_finding(gene, grade, context.steps) for grade in graded])
        return self._read_bare(rest, gene, context)

    def _read_fusion(self, text: str, context: Context) -> ReadBiomarker | None:
        """Read a fusion by both names or by its karyotype, before a gene is taken off."""
        if _FUSION_MARK.search(text) is None or has_assay(text):
            return None
        polarity = polarity_of(text)
        copies = self._fusions.read_copies(polarity.bare, context.gene)
        if copies is not None:
            result = result_of(polarity, context, text) or "detected"
            return to_graded_finding(copies[0], replace(copies[1], result=result), context.steps)
        fusion = self._fusions.read(polarity.bare, context.gene)
        if fusion is None or (fusion.partner is None and "::" not in polarity.bare):
            return None
        if not self._has_partner(fusion, text):
            return None
        named = None if context.is_carried else context.gene
        if named is not None and named != fusion.gene:
            raise two_genes(named, fusion.gene)
        result = result_of(polarity, context, text) or "detected"
        return to_fusion_finding(fusion, result, assay_of_fusion(context), context.steps)

    def _has_partner(self, fusion: ReadFusion, text: str) -> bool:
        """Tell whether the partner of a fusion can be one.

        It is never a variant, and never the gene of another part: another covered gene is a
        partner only where the text names both.
        """
        partner = fusion.partner
        if partner is None:
            return True
        if _VARIANT.fullmatch(partner) is not None:
            return False
        other = self._names.lookup(partner)
        return other is None or len(self._names.all_in(text)) > 1

    def _read_stranger(self, text: str, context: Context) -> ReadBiomarker:
        """Read a part about a gene outside the knowledge base, its own or the one before."""
        found = self._strangers.read(text, context.forced)
        if found is None and context.stranger:
            found = self._strangers.read(f"{context.stranger} {text}", context.forced)
        if found is None:
            raise NotationError(
                "unknown_gene", f"no known gene in {text!r}", self._genes_that_fit(text)
            )
        return found

    def _take_gene(self, text: str, context: Context) -> tuple[str, Context]:
        taken = self._names.take(text)
        if taken.gene is None:
            return text, context
        if taken.gene.members:
            raise not_understood(text, taken.gene)
        is_fixed = context.gene is not None and not context.is_carried
        if is_fixed and taken.gene != context.gene:
            raise two_genes(context.gene or taken.gene, taken.gene)
        steps = context.steps if is_fixed else (*context.steps, taken.step)
        rest = taken.rest
        again = _NAME_AGAIN.match(rest)
        if again is not None and self._names.lookup(again[1]) == taken.gene:
            rest = rest[again.end() :]  # "Estrogen receptor (ER): positive"
        twice = self._names.take_leading(rest) if rest[:1].isalpha() else None
        if twice is not None and twice.gene == taken.gene and "gene" in twice.step:
            rest = twice.rest  # two names of one gene: "HER2 ERBB2 3+"
        return rest, replace(context, gene=taken.gene, steps=steps)

    def _genes_that_fit(self, text: str) -> tuple[str, ...]:
        """Return genes of which a change without a gene is curated: L858R -> EGFR L858R."""
        bare = polarity_of(text).bare.removeprefix("p.").strip("()")
        return tuple(
            sorted(f"{gene} {short}" for gene, short in self._oncogenicity if short == bare)
        )

    def _read_bare(self, rest: str, gene: Gene, context: Context) -> ReadBiomarker:
        """Read a gene's result words, its fusion, or a sequence variant."""
        rest, is_mutation = self._without_head(rest, gene)
        others = self._named.other_than(rest, gene)
        if others is not None and context.forced in (None, "detected"):
            inner = replace(context, forced=None, word="", steps=(*context.steps, f"{rest!r}"))
            return joined([self._read_bare(part, gene, inner) for part in others])
        polarity = polarity_of(rest)
        result = result_of(polarity, context, rest)
        bare = polarity.bare
        looked_for = _LOOKED_FOR.fullmatch(bare) if polarity.result is not None else None
        if looked_for is not None:
            # "No test" is not a test without a finding.
            result = "indeterminate" if polarity.is_leading else result
            bare = ""
            is_mutation = is_mutation or bool(looked_for["what"])
        if not bare and is_mutation and result is not None:
            bare = "mutation"
        if not bare:
            word = polarity.word or context.word
            return read_gene_only(gene, result, word=word, steps=context.steps)
        if result in ("detected", "not_detected", None) and _EVERY_KIND.fullmatch(bare) is not None:
            return read_every_kind(gene, result or "detected", word=bare, steps=context.steps)
        return self._read_change(bare, result, gene, context)

    def _without_head(self, rest: str, gene: Gene) -> tuple[str, bool]:
        """Return a text without the words in front of its result, and whether they say "mutation"."""
        rest = _NOT_BEFORE.sub(
            "no ", self._variants.without_transcripts(_ANALYSIS.sub("", rest), gene)
        )
        head = _REPORTED.match(rest)
        rest = _IN_BRACKETS.sub(r"\1 \2", rest[head.end() :] if head is not None else rest)
        inside = _POSITIVE_WITH.fullmatch(rest)
        if inside is not None:
            rest = inside["what"]
        beside = _FOUND_WITH.fullmatch(rest)
        if beside is not None:
            rest = f"{beside['words']} ({beside['what']})"
        return rest, head is not None and _MUTATION.search(head[0]) is not None

    def _read_change(
        self, bare: str, result: Result | None, gene: Gene, context: Context
    ) -> ReadBiomarker:
        """Read a fusion or a sequence variant, without its result word."""
        fusion = self._fusions.read(bare, gene)
        if fusion is not None and self._has_partner(fusion, f"{gene.symbol} {bare}"):
            return to_fusion_finding(
                fusion, result or "detected", assay_of_fusion(context), context.steps
            )
        check_effect(bare, gene)
        if result is None and read_glued_exon(bare, gene) is None:
            check_region(bare.strip(" :"), gene)
        self._check_list(bare, gene)
        exons = several_exons(bare, gene)
        if exons is not None and result == "not_detected":
            return joined([self._variants.findings(gene, exon, result, context) for exon in exons])
        read = self._variants.read(bare, gene)
        if read is None:
            raise not_understood(bare, gene)
        return self._variants.findings(gene, read, result or "detected", context)

    def _check_list(self, bare: str, gene: Gene) -> None:
        """Refuse a list of genes in one piece: "PIK3CA" behind "KRAS," looks like a change (K3C)."""
        places = self._names.places_in(bare)
        if places and places[0][1] == 0 and places[0][0] != gene:
            raise two_genes(gene, places[0][0])


def _is_sequenced(text: str, rest: str, gene: Gene, context: Context) -> bool:
    """Tell whether a gene is named by its symbol alone, and that is how its sequence is reported."""
    if not gene.symbol_is_sequenced or has_assay(f"{rest} {context.assay or ''}"):
        return False
    is_protein = re.search(rf"\b{re.escape(gene.label)}\b", text) is not None
    return f"gene {gene.symbol}" in context.steps and not is_protein


def _in_one_letter(found: re.Match[str]) -> str:
    """Return a block of residues in one letter: ``p.ValLys600GluGlu`` -> ``p.VK600EE``."""
    before, after = (
        [ONE_OF_THREE.get(block[i : i + 3].upper()) for i in range(0, len(block), 3)]
        for block in (found[1], found[3])
    )
    if None in before or None in after:
        return found[0]
    return f"p.{''.join(map(str, before))}{found[2]}{''.join(map(str, after))}"


def _graded_finding(gene: Gene, grade: Graded, steps: tuple[str, ...]) -> ReadBiomarker:
    if isinstance(grade, FishFusion):
        return to_fusion_finding(grade.fusion, grade.result, "FISH", steps)
    return to_graded_finding(gene, grade, steps)
