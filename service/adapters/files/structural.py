"""Structural variants of a VCF: a fusion where both its genes are named, else set apart by name.

SnpEff names the two genes that an event joins; VEP annotates each breakend on its own, so that the
two mates of an adjacency are read together. A duplication or deletion is no copy number here: how
many copies there are is not said.

Source: VCF 4.3, section 5.4 (MATEID, breakends, symbolic alleles); Sequence Ontology SO:0001565
(gene fusion), SO:0002087 (bidirectional gene fusion: two genes on opposite strands are joined).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.adapters.files.alleles import Entry
from service.adapters.files.changes import set_apart
from service.adapters.files.fusions import read_sites
from service.adapters.files.genes import GeneColumn, NamedGene
from service.adapters.files.vcf_text import Record
from service.engine.reading import Item, is_placeholder

_FUSION = "gene_fusion"
_NO_PRODUCT = "bidirectional_gene_fusion"
_BESIDE = ("upstream_gene", "downstream_gene", "intergenic")
_MESSAGE = (
    "a structural variant, and nothing says which genes it joins or how many copies there are"
)


def read_structural(genes: GeneColumn, entries: list[Entry], record: Record, text: str) -> Item:
    """Read a symbolic allele or a breakend on its own; a covered gene in it is named.

    Args:
        text: place and alleles of the record.
    """
    place = f"vcf:{record.place}"
    fused = next((entry for entry in entries if _pair(entry) and _is_covered(genes, entry)), None)
    if fused is not None and not record.filters:
        said = fused.consequence.replace("_", " ")
        return read_sites(genes, _pair(fused) or ("", ""), place=place, kind="fusion", said=said)
    named = {
        name: genes.find(name)
        for entry in entries
        for name in entry.gene.split("&")
        if not is_placeholder(name)
    }
    covered = sorted(gene.symbol for gene in named.values() if gene.covered)
    strange = [gene for gene in named.values() if gene.stranger]
    if strange and not covered:
        return genes.not_covered(strange[0], text, place)
    symbol = covered[0] if covered else None
    if record.filters:
        message = f"FILTER is {';'.join(record.filters)[:80]}"
        return set_apart("filtered", symbol, text, place, message)
    return set_apart("structural_variant", symbol, text, place, _MESSAGE)


def _pair(entry: Entry) -> tuple[str, str] | None:
    """Return the two genes that an annotation says are joined so that a product can arise."""
    first, _, second = entry.gene.partition("&")
    words = entry.consequence.split("&")
    is_fusion = _FUSION in words and _NO_PRODUCT not in words
    return (first, second) if is_fusion and second and "&" not in second else None


def _is_covered(genes: GeneColumn, entry: Entry) -> bool:
    return any(genes.find(name).covered is not None for name in _pair(entry) or ())


class Mates:
    """Breakends that wait for their other side."""

    def __init__(self, genes: GeneColumn) -> None:
        self._genes = genes
        self._waiting: dict[str, tuple[Record, NamedGene | None]] = {}
        self._same_name: list[Record] = []

    @staticmethod
    def are_for(record: Record) -> bool:
        """Tell whether a record is one side of an adjacency whose other side has its own record."""
        is_breakend = len(record.alts) == 1 and ("[" in record.alts[0] or "]" in record.alts[0])
        return is_breakend and bool(record.id and record.mate) and not record.filters

    def meet(self, record: Record, entries: list[Entry]) -> Iterator[tuple[Record, Item]]:
        """Yield both sides with what they say together; nothing while one is missing.

        A side without a gene, or with several, waits for ``left``, as does its mate.
        """
        gene = self._gene_at(entries)
        other, partner = self._waiting.get(record.mate, (None, None))
        is_pair = other is not None and other.mate == record.id
        if other is None or not is_pair or gene is None or partner is None:
            self._wait(record, gene)
            return
        if not (gene.covered or partner.covered):
            self._wait(record, gene)
            return
        del self._waiting[record.mate]
        for one in (other, record):
            names = partner.symbol, gene.symbol
            yield one, read_sites(self._genes, names, place=f"vcf:{one.place}", kind="breakend")

    def _wait(self, record: Record, gene: NamedGene | None) -> None:
        if record.id in self._waiting:
            self._same_name.append(record)
        else:
            self._waiting[record.id] = record, gene

    def left(self) -> Iterator[Record]:
        """Yield the breakends that were not read with their other side."""
        yield from (record for record, _ in self._waiting.values())
        yield from self._same_name

    def _gene_at(self, entries: Iterable[Entry]) -> NamedGene | None:
        """Return the one gene in which a breakend lies, a covered one if there is one."""
        within = {
            entry.gene
            for entry in entries
            if not is_placeholder(entry.gene) and not any(w in entry.consequence for w in _BESIDE)
        }
        genes = [gene for gene in map(self._genes.find, sorted(within)) if gene.reason is None]
        covered = [gene for gene in genes if gene.covered is not None]
        chosen = covered or genes
        return chosen[0] if len(chosen) == 1 else None
