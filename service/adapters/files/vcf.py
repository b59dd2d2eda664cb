"""Annotated VCF records to samples: the protein change that VEP (CSQ) or SnpEff (ANN) wrote.

Nothing is annotated here. Each allele of a record has, in each sample, exactly one fate: a finding,
a gene that is not covered, or set apart with its reason. Which annotation is of which allele is in
``alleles``, what the annotations say in ``annotations``, what a sample says in ``vcf_calls``,
breakends and symbolic alleles in ``structural``, the text of the format in ``vcf_text``. Start with
``read_vcf``.

Sources: VCF 4.3; Ensembl VEP output format (CSQ); SnpEff "Variant annotations in VCF format" 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.adapters.files.alleles import Alleles, Entry
from service.adapters.files.annotations import FLAGS, formats_of, read_annotations
from service.adapters.files.changes import of_origin, read_change, set_apart
from service.adapters.files.genes import GeneColumn, NamedGene
from service.adapters.files.samples import Samples
from service.adapters.files.structural import Mates, read_structural
from service.adapters.files.vcf_calls import Call, origin_of
from service.adapters.files.vcf_text import Header, Record, open_vcf
from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Gene, Origin
from service.engine.reading import Item, is_placeholder

#: Consequence (Sequence Ontology) -> why a change without a protein form says nothing.
_NO_CHANGE = (
    ("synonymous_variant", "silent"),
    ("stop_retained_variant", "silent"),
    ("splice", "no_protein_change"),
    ("intron_variant", "intron"),
    ("UTR", "untranslated_region"),
    ("upstream_gene", "outside_the_gene"),
    ("downstream_gene", "outside_the_gene"),
    ("intergenic", "outside_the_gene"),
    ("non_coding", "non_coding"),
)
_CODING = (
    "missense",
    "inframe",
    "frameshift",
    "stop_gained",
    "stop_lost",
    "start_lost",
    "protein_altering",
)
_UNKNOWN_ALLELES = frozenset({"<*>", "<NON_REF>"})
#: Reads the allele of an index, as a variant of some origin.
ReadAllele = Callable[[int, Origin | None], tuple[Item, ...]]


def read_vcf(
    vocabulary: BiomarkerVocabulary, lines: Iterable[str], *, name: str = "vcf"
) -> Samples:
    """Return one sample for each column that is no normal.

    Args:
        name: what the sample is called in a file without sample columns.

    Raises:
        InputError: the file is no VCF, or annotated neither by VEP nor by SnpEff.
    """
    header, records = open_vcf(lines)
    reader = _RecordReader(vocabulary, header)
    mates = Mates(reader.genes)
    names = header.samples or (name,)
    tumors = [(at, tumor) for at, tumor in enumerate(names) if tumor not in header.normals]
    normals = [at for at, normal in enumerate(names) if normal in header.normals]
    samples = Samples()
    samples.meet("vcf", 0)
    for _, tumor in tumors:
        samples.sample(tumor)
    for record in records:
        samples.meet("vcf", _units(record) * len(tumors))
        if isinstance(record, str):
            item = set_apart("not_understood", None, "", f"vcf:{record}", "the line is no record")
            for _, tumor in tumors:
                samples.put("vcf", tumor, (item,))
            continue
        columns = _Columns(tumors, normals, samples)
        if not mates.are_for(record):
            columns.put(record, reader.of(record))
            continue
        for one, item in mates.meet(record, reader.annotations(record)):
            columns.put(one, _always(item))
    for record in mates.left():
        _Columns(tumors, normals, samples).put(record, reader.of(record))
    samples.check()
    return samples


def _always(item: Item) -> ReadAllele:
    """Return what reads every allele as one item."""
    return lambda index, origin: (item,)


def _units(record: Record | str) -> int:
    return 1 if isinstance(record, str) else max(1, len(record.alts))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the samples, and where the fates of their alleles are kept."""

    tumors: Sequence[tuple[int, str]]
    normals: Sequence[int]
    samples: Samples

    def put(self, record: Record, read: ReadAllele) -> None:
        """Keep the fate of each allele of a record in each tumour."""
        if not record.alts:
            self.samples.count("vcf", "no_content", len(self.tumors))
            return
        calls = record.calls
        normals = [calls[at] for at in self.normals if at < len(calls)]
        known: dict[tuple[int, Origin | None], tuple[Item, ...]] = {}
        for at, tumor in self.tumors:
            call = calls[at] if at < len(calls) else Call()
            for index in range(len(record.alts)):
                if _is_absent(call, index + 1):
                    self.samples.count("vcf", "no_content")
                    continue
                origin = origin_of(record.origin, index + 1, call, normals)
                if (index, origin) not in known:
                    known[index, origin] = read(index, origin)
                items = _in_sample(call, known[index, origin], record, index)
                self.samples.put("vcf", tumor, items)


def _is_absent(call: Call, allele: int) -> bool:
    """Tell whether a sample does not carry an allele: by its genotype, else by its reads."""
    if call.alleles is None:
        return allele in call.never_read
    return bool(call.alleles) and allele not in call.alleles


def _in_sample(call: Call, items: tuple[Item, ...], record: Record, index: int) -> tuple[Item, ...]:
    """Return what an allele says in one sample: nothing, when it was not called or never read."""
    place, change = f"vcf:{record.place}", f"{record.ref}>{record.alts[index]}"
    gene = items[0].gene if items[0].fate != "not_covered" else None
    if call.alleles is not None and not call.alleles:
        message = "the genotype is not called in this sample"
        return (set_apart("no_result", gene, change, place, message),)
    if items[0].fate == "finding" and index + 1 in call.never_read:
        message = f"{items[0].text!r} is called, and its fraction of reads is 0"
        return (set_apart("contradictory_result", gene, items[0].text, place, message),)
    return items


class _RecordReader:
    """Reads the alleles of records that one annotator wrote."""

    def __init__(self, vocabulary: BiomarkerVocabulary, header: Header) -> None:
        self._vocabulary = vocabulary
        self.genes = GeneColumn(vocabulary)
        self._formats = formats_of(header)

    def annotations(self, record: Record) -> list[Entry]:
        """Return the annotations of a record."""
        return read_annotations(self._formats, record)

    def of(self, record: Record) -> ReadAllele:
        """Return what reads the alleles of a record; its annotations are taken apart once."""
        entries = self.annotations(record)
        alleles = Alleles(record.ref, record.alts, entries)
        return lambda index, origin: self._read(record, entries, alleles, index, origin)

    def _read(
        self,
        record: Record,
        entries: list[Entry],
        alleles: Alleles,
        index: int,
        origin: Origin | None,
    ) -> tuple[Item, ...]:
        """Return what one allele says, whoever carries it; never nothing."""
        place, alt = f"vcf:{record.place}", record.alts[index]
        text = f"{record.place} {record.ref[:40]}>{alt[:40]}"
        if alt == "*":
            return (set_apart("spanning_deletion", None, text, place),)
        if alt in _UNKNOWN_ALLELES:
            return (set_apart("no_variant", None, text, place),)
        if set(alt) - set("ACGTN"):
            return (read_structural(self.genes, entries, record, text),)
        chosen = alleles.choose(index)
        if chosen.reason is not None:
            gene = self._gene_of(entries)
            message = "no annotation of this record is of this allele"
            return (set_apart(chosen.reason, gene, text, place, message),)
        return self._of_genes(chosen.entries, record, text, origin)

    def _gene_of(self, entries: Iterable[Entry]) -> str | None:
        covered = {gene.symbol for e in entries if (gene := self.genes.find(e.gene).covered)}
        return min(covered) if covered else None

    def _of_genes(
        self, entries: Sequence[Entry], record: Record, text: str, origin: Origin | None
    ) -> tuple[Item, ...]:
        """Return the items of the genes that an allele lies in, a covered one first."""
        place = f"vcf:{record.place}"
        by_gene: dict[str, list[Entry]] = {}
        for entry in entries:
            by_gene.setdefault(entry.gene if not is_placeholder(entry.gene) else "", []).append(
                entry
            )
        named = {symbol: self.genes.find(symbol) for symbol in by_gene if symbol}
        found: list[Item] = []
        for symbol, gene in named.items():
            if gene.covered is not None:
                found += self._covered(gene.covered, by_gene[symbol], record, text, origin)
        telling = [item for item in found if item.fate == "finding" or item.is_not_understood]
        if telling:
            return tuple(telling)
        for symbol, gene in named.items():
            if gene.covered is None and (not found or _changes_protein(by_gene[symbol])):
                said = next((e.protein for e in by_gene[symbol] if e.protein), "")
                return (self._stranger(gene, said.rpartition(":")[2] or text, place),)
        return tuple(found[:1]) or (set_apart("outside_the_gene", None, text, place),)

    def _stranger(self, gene: NamedGene, text: str, place: str) -> Item:
        if gene.stranger is not None:
            return self.genes.not_covered(gene, text, place)
        return self.genes.unknown(gene, text, place)

    def _covered(
        self, gene: Gene, entries: list[Entry], record: Record, text: str, origin: Origin | None
    ) -> tuple[Item, ...]:
        """Return what the transcripts of a covered gene say together."""
        place = f"vcf:{record.place}"
        if record.filters:
            message = f"FILTER is {';'.join(record.filters)[:80]}"
            return (set_apart("filtered", gene.symbol, text, place, message),)
        ranked = _of_reference(gene, entries)
        read = [self._entry_items(gene, entry, text, place, origin) for entry in ranked]
        told = {_said(items): items for items in read if items[0].fate == "finding"}
        if len(told) > 1:
            message = "the annotated transcripts give different changes, and none is the reference"
            return (set_apart("contradictory_notation", gene.symbol, text, place, message),)
        return next(iter(told.values())) if told else read[0]

    def _entry_items(
        self, gene: Gene, entry: Entry, text: str, place: str, origin: Origin | None
    ) -> tuple[Item, ...]:
        consequence = entry.consequence
        if not entry.protein:
            reason = next((why for word, why in _NO_CHANGE if word in consequence), None)
            is_coding = any(word in consequence for word in _CODING)
            if not is_coding:
                return (set_apart(reason or "no_protein_change", gene.symbol, text, place),)
            if not entry.coding:
                message = f"{consequence} without its protein change"
                return (set_apart("missing_alteration", gene.symbol, text, place, message),)
            coding = entry.coding.rpartition(":")[2]
            given = of_origin(self._vocabulary, gene.symbol, coding, origin)
            return read_biomarker(self._vocabulary, given, place, text=f"{gene.symbol} {coding}")
        if "synonymous_variant" in consequence:
            return (set_apart("silent", gene.symbol, text, place),)
        reference = _accession(entry.transcript)
        known = reference if reference in gene.references else ""
        return read_change(
            self._vocabulary, gene.symbol, entry.protein, place, reference=known, origin=origin
        )


def _said(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(sorted(finding.name for item in items for finding in item.findings))


def _of_reference(gene: Gene, entries: list[Entry]) -> list[Entry]:
    """Return the annotations that count: of the reference transcript, else the marked, else all."""
    ours = [entry for entry in entries if _accession(entry.transcript) in gene.references]
    if ours:
        return [min(ours, key=lambda entry: gene.references.index(_accession(entry.transcript)))]
    for flag, _ in FLAGS:
        marked = [entry for entry in entries if flag in entry.flags]
        if marked:
            return [next((entry for entry in marked if entry.protein), marked[0])]
    return [entry for entry in entries if entry.protein] or entries[:1]


def _changes_protein(entries: Iterable[Entry]) -> bool:
    return any(entry.protein and "synonymous" not in entry.consequence for entry in entries)


def _accession(transcript: str) -> str:
    return transcript.split(".")[0].upper()
