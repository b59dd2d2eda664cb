"""Annotated VCF records to samples: the protein change that VEP (CSQ) or SnpEff (ANN) wrote.

Nothing is annotated here. Each allele of a record has, in each sample, exactly one fate: a finding,
a gene that is not covered, or set apart with its reason. Which annotation is of which allele is in
``alleles``, the text of the format in ``vcf_text``. Start with ``read_vcf``.

Sources: VCF 4.3; Ensembl VEP output format (CSQ); SnpEff "Variant annotations in VCF format" 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from service.adapters.files.alleles import Alleles, Entry
from service.adapters.files.changes import read_change, set_apart
from service.adapters.files.genes import GeneColumn, NamedGene
from service.adapters.files.samples import Samples
from service.adapters.files.vcf_text import ANNOTATIONS, Header, Record, open_vcf
from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Gene
from service.engine.reading import Item, is_placeholder
from service.errors import Fault, InputError

#: INFO field -> its columns: allele, gene, transcript, consequence, coding and protein change.
_COLUMNS = {
    "CSQ": ("allele", "symbol", "feature", "consequence", "hgvsc", "hgvsp"),
    "ANN": ("allele", "gene_name", "feature_id", "annotation", "hgvs.c", "hgvs.p"),
}
#: Of these a file can do without.
_OPTIONAL = frozenset({"hgvsc", "hgvs.c"})
#: What marks the transcript to report, most telling first: column, value (any when empty).
_FLAGS = (("mane_select", ""), ("mane", ""), ("pick", "1"), ("canonical", "YES"))
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
    names = header.samples or (name,)
    tumors = [(at, tumor) for at, tumor in enumerate(names) if tumor not in header.normals]
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
        _put(reader, record, tumors, samples)
    samples.check()
    return samples


def _units(record: Record | str) -> int:
    return 1 if isinstance(record, str) else max(1, len(record.alts))


def _put(
    reader: _RecordReader, record: Record, tumors: Sequence[tuple[int, str]], samples: Samples
) -> None:
    """Keep the fate of each allele in each sample."""
    if not record.alts:
        samples.count("vcf", "no_content", len(tumors))
        return
    read: dict[int, tuple[Item, ...]] = {}
    reader.open(record)
    for at, tumor in tumors:
        carried = record.genotypes[at] if at < len(record.genotypes) else None
        for index, alt in enumerate(record.alts):
            if carried is not None and carried and index + 1 not in carried:
                samples.count("vcf", "no_content")
                continue
            if index not in read:
                read[index] = reader.read(record, index)
            items = read[index]
            if carried is not None and not carried:
                gene = items[0].gene if items[0].fate != "not_covered" else None
                message = "the genotype is not called in this sample"
                place = f"vcf:{record.place}"
                items = (set_apart("no_result", gene, f"{record.ref}>{alt}", place, message),)
            samples.put("vcf", tumor, items)


class _RecordReader:
    """Reads the alleles of records that one annotator wrote."""

    def __init__(self, vocabulary: BiomarkerVocabulary, header: Header) -> None:
        self._vocabulary = vocabulary
        self._genes = GeneColumn(vocabulary)
        self._formats = _formats(header)
        self._entries: list[Entry] = []
        self._alleles = Alleles("", (), ())

    def open(self, record: Record) -> None:
        """Take the annotations of the next record apart, once for all its alleles."""
        self._entries = self._annotations(record)
        self._alleles = Alleles(record.ref, record.alts, self._entries)

    def read(self, record: Record, index: int) -> tuple[Item, ...]:
        """Return what one allele says, whoever carries it; never nothing."""
        place, alt = f"vcf:{record.place}", record.alts[index]
        text = f"{record.place} {record.ref[:40]}>{alt[:40]}"
        if alt == "*":
            return (set_apart("spanning_deletion", None, text, place),)
        if alt in _UNKNOWN_ALLELES:
            return (set_apart("no_variant", None, text, place),)
        entries = self._entries
        if set(alt) - set("ACGTN"):
            return (self._structural(entries, record, text, place),)
        chosen = self._alleles.choose(index)
        if chosen.reason is not None:
            gene = self._gene_of(entries)
            message = "no annotation of this record is of this allele"
            return (set_apart(chosen.reason, gene, text, place, message),)
        return self._of_genes(chosen.entries, record, text, place)

    def _annotations(self, record: Record) -> list[Entry]:
        """Return the annotations of a record: of the first annotator that wrote any."""
        for field, names in self._formats.items():
            found = [
                entry
                for written in record.annotations.get(field, ())
                if (entry := _entry(field, names, written)) is not None
            ]
            if found:
                return found
        return []

    def _structural(self, entries: list[Entry], record: Record, text: str, place: str) -> Item:
        """Set a symbolic allele or breakend apart; no annotation says what it does."""
        genes = {entry.gene: self._genes.find(entry.gene) for entry in entries if entry.gene}
        covered = sorted(gene.symbol for gene in genes.values() if gene.covered)
        strange = [gene for gene in genes.values() if gene.stranger]
        if strange and not covered:
            return self._genes.not_covered(strange[0], text, place)
        reason = "filtered" if record.filters else "not_annotated"
        message = (
            "a structural variant without a change of a protein: give it as a fusion or copy number"
        )
        return set_apart(reason, covered[0] if covered else None, text, place, message)

    def _gene_of(self, entries: Iterable[Entry]) -> str | None:
        covered = {gene.symbol for e in entries if (gene := self._genes.find(e.gene).covered)}
        return min(covered) if covered else None

    def _of_genes(
        self, entries: Sequence[Entry], record: Record, text: str, place: str
    ) -> tuple[Item, ...]:
        """Return the items of the genes that an allele lies in, a covered one first."""
        by_gene: dict[str, list[Entry]] = {}
        for entry in entries:
            by_gene.setdefault(entry.gene if not is_placeholder(entry.gene) else "", []).append(
                entry
            )
        named = {symbol: self._genes.find(symbol) for symbol in by_gene if symbol}
        found: list[Item] = []
        for symbol, gene in named.items():
            if gene.covered is not None:
                found += self._covered(gene.covered, by_gene[symbol], record, text, place)
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
            return self._genes.not_covered(gene, text, place)
        return self._genes.unknown(gene, text, place)

    def _covered(
        self, gene: Gene, entries: list[Entry], record: Record, text: str, place: str
    ) -> tuple[Item, ...]:
        """Return what the transcripts of a covered gene say together."""
        if record.filters:
            message = f"FILTER is {';'.join(record.filters)[:80]}"
            return (set_apart("filtered", gene.symbol, text, place, message),)
        ranked = _of_reference(gene, entries)
        read = [self._entry_items(gene, entry, text, place) for entry in ranked]
        told = {_said(items): items for items in read if items[0].fate == "finding"}
        if len(told) > 1:
            message = "the annotated transcripts give different changes, and none is the reference"
            return (set_apart("contradictory_notation", gene.symbol, text, place, message),)
        return next(iter(told.values())) if told else read[0]

    def _entry_items(self, gene: Gene, entry: Entry, text: str, place: str) -> tuple[Item, ...]:
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
            given = {"gene": gene.symbol, "alteration": coding}
            return read_biomarker(self._vocabulary, given, place, text=f"{gene.symbol} {coding}")
        if "synonymous_variant" in consequence:
            return (set_apart("silent", gene.symbol, text, place),)
        reference = _accession(entry.transcript)
        known = reference if reference in gene.references else ""
        return read_change(self._vocabulary, gene.symbol, entry.protein, place, reference=known)


def _said(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(sorted(finding.name for item in items for finding in item.findings))


def _of_reference(gene: Gene, entries: list[Entry]) -> list[Entry]:
    """Return the annotations that count: of the reference transcript, else the marked, else all."""
    ours = [entry for entry in entries if _accession(entry.transcript) in gene.references]
    if ours:
        return [min(ours, key=lambda entry: gene.references.index(_accession(entry.transcript)))]
    for flag, _ in _FLAGS:
        marked = [entry for entry in entries if flag in entry.flags]
        if marked:
            return [next((entry for entry in marked if entry.protein), marked[0])]
    return [entry for entry in entries if entry.protein] or entries[:1]


def _changes_protein(entries: Iterable[Entry]) -> bool:
    return any(entry.protein and "synonymous" not in entry.consequence for entry in entries)


def _accession(transcript: str) -> str:
    return transcript.split(".")[0].upper()


def _entry(field: str, names: Sequence[str], written: str) -> Entry | None:
    """Return an annotation; ``None`` when it has another number of columns than the header says."""
    values = [unquote(value) if "%" in value else value for value in written.split("|")]
    if len(values) < len(names) - 1 or len(values) > len(names) + 1:
        return None
    cells = {name: value.strip() for name, value in zip(names, values, strict=False)}
    given = {
        key: "" if key in ("symbol", "gene_name") and is_placeholder(value) else value
        for key, value in cells.items()
    }
    allele, gene, transcript, consequence, coding, protein = (
        given.get(name, "") for name in _COLUMNS[field]
    )
    flags = frozenset(
        name for name, value in _FLAGS if cells.get(name) and value in ("", cells[name])
    )
    number = cells.get("allele_num", "")
    return Entry(allele, gene, transcript, consequence, coding, protein, number, flags)


def _formats(header: Header) -> dict[str, list[str]]:
    """Return INFO field -> the names of its columns in lower case, for fields that can be read."""
    faults: list[Fault] = []
    formats: dict[str, list[str]] = {}
    for field in ANNOTATIONS:
        if field not in header.descriptions:
            continue
        text = header.descriptions[field].rpartition("Format:")[2].rpartition("annotations:")[2]
        names = [name.strip(" '\"").lower() for name in text.split("|")]
        missing = [n for n in _COLUMNS[field] if n not in names and n not in _OPTIONAL]
        if not missing:
            formats[field] = names
        faults += [
            Fault(f"vcf:{field}:{name}", "missing_column", f"{field} was written without {name}")
            for name in missing
        ]
    if formats:
        return formats
    if not faults:
        message = "the header has neither CSQ (VEP) nor ANN (SnpEff)"
        faults.append(Fault("vcf", "not_annotated", message))
    raise InputError(tuple(faults))
