"""A cell that holds a gene symbol: a covered gene, another one, or none that is known.

An approved symbol wins over every other use of its letters, as tables hold symbols and no words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.adapters.v1.biomarkers import BiomarkerVocabulary, near_genes
from service.engine.model import Finding, Gene
from service.engine.notation.human_genes import HumanGene
from service.engine.notation.stranger_findings import to_stranger
from service.engine.reading import Item

#: Names that stand for a locus without a symbol: no curated gene is called so.
#: Source: HGNC and GENCODE on clone-based names; Entrez LOC, Ensembl ids.
_LOCUS = re.compile(
    r"(?:A[CDFLJPUX]|BX|CR|FP|KF|U|Z)\d{4,8}\.\d{1,3}|(?:RP|CT[ABCD]|XX|KB|LL|GS)[A-Z\d]*-\S{1,20}"
    r"|LOC\d{3,12}|ENSG\d{11}(?:\.\d+)?|LINC\d{3,6}|MIR\w{1,12}"
)

#: A protein change of the usual form: whatever it is, it is read as the example is, so that the
#: many rows of genes that nobody curated cost little.
_PLAIN = re.compile(r"p\.[A-Z*]\d{1,5}(?:[A-Z*]|fs(?:\*\d{1,4})?)")
_EXAMPLE = "p.V600E"


@dataclass(frozen=True, slots=True)
class NamedGene:
    """What a cell names.

    Args:
        covered: the gene, when something is curated about it.
        symbol: the approved symbol; the text of the cell when there is none.
        stranger: the gene, when nothing is curated about it.
        reason: why it was not understood, when it is neither.
    """

    symbol: str
    covered: Gene | None = None
    stranger: HumanGene | None = None
    reason: str | None = None


class GeneColumn:
    """Reads the gene cells of the files of one request; every name is looked up once."""

    def __init__(self, vocabulary: BiomarkerVocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, NamedGene] = {}
        self._strangers: dict[tuple[str, str], tuple[Finding, ...]] = {}

    def find(self, text: str) -> NamedGene:
        """Return what a cell names; a cell that is empty names ``no_gene``."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._look_up(text)
        return found

    def _look_up(self, text: str) -> NamedGene:
        if not text:
            return NamedGene("", reason="no_gene")
        reader = self._vocabulary.reader
        covered, human = reader.names.lookup(text), reader.human_genes.find(text)
        if covered is not None and covered.members:
            covered = None  # a group is no gene of a row
        is_other = (
            covered is not None
            and human is not None
            and human.named_by == "approved"
            and human.symbol != covered.symbol
        )
        if covered is not None and not is_other:
            return NamedGene(covered.symbol, covered)
        if human is None:
            if _LOCUS.fullmatch(text):
                return NamedGene(text, stranger=HumanGene(text, "", "alias", (text,)))
            return NamedGene(text, reason="unknown_gene")
        if human.is_ambiguous:
            if any(reader.names.lookup(choice) for choice in human.choices):
                return NamedGene(text, reason="ambiguous_gene")
            return NamedGene(text, stranger=replace(human, symbol=text, hgnc_id=""))
        known = reader.names.lookup(human.symbol) if human.named_by != "approved" else None
        if known is not None and known.symbol == human.symbol:
            return NamedGene(known.symbol, known)
        return NamedGene(human.symbol, stranger=human)

    def not_covered(self, gene: NamedGene, text: str, place: str) -> Item:
        """Return the item of a gene about which nothing is curated; its result is kept as text."""
        is_plain = _PLAIN.fullmatch(text) is not None
        key = gene.symbol, _EXAMPLE if is_plain else text
        findings = self._strangers.get(key)
        if findings is None:
            assert gene.stranger is not None
            findings = to_stranger(gene.stranger, key[1], None).strangers
            if not gene.stranger.hgnc_id:
                findings = tuple(replace(finding, hgnc_id=None) for finding in findings)
            self._strangers[key] = findings
        if is_plain:
            findings = (replace(findings[0], name=f"{gene.symbol} {text}"),)
        said = f"{gene.symbol} {text}".strip()
        given = {"gene": gene.symbol, "alteration": text} if text else {"gene": gene.symbol}
        return Item(place, said, "not_covered", given, findings=findings, gene=gene.symbol)

    def unknown(self, gene: NamedGene, text: str, place: str) -> Item:
        """Return the item of a cell that names no known gene."""
        message = f"{gene.symbol[:40]!r} is no gene symbol" if gene.symbol else "no gene is named"
        return Item(
            place,
            f"{gene.symbol} {text}".strip(),
            "set_apart",
            reason=gene.reason,
            message=message,
            suggestions=near_genes(self._vocabulary, gene.symbol) if gene.symbol else (),
        )
