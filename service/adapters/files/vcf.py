"""Annotated VCF records to v1 cases: the protein change that VEP (CSQ) or SnpEff (ANN) wrote.

Nothing is annotated here, and nothing is opened here (``service/cohort/vcf_file.py`` does). A
record that did not pass its filters, or changes no protein, is set apart with its reason.

Sources: VCF 4.3; Ensembl VEP output format (CSQ); SnpEff "Variant annotations in VCF format" 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from service.adapters.files.samples import Samples
from service.errors import Fault, InputError

#: INFO field -> its columns: symbol, transcript, protein change, consequence, allele.
_COLUMNS = {
    "CSQ": ("symbol", "feature", "hgvsp", "consequence", "allele"),
    "ANN": ("gene_name", "feature_id", "hgvs.p", "annotation", "allele"),
}
#: What marks the transcript to report, most telling first (VEP; SnpEff writes the worst first).
_CHOSEN = (("pick", "1"), ("mane_select", ""), ("canonical", "YES"))
#: Transcripts that notation knows by name; another one is left out and the residue is checked.
_TRANSCRIPT = re.compile(r"(?:ENST|NM_)\d+")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a file says.

    Args:
        samples: names of the columns; the name of the file when it has none.
        normals: the samples that are no tumour.
        descriptions: INFO field -> its description.
    """

    samples: tuple[str, ...]
    normals: frozenset[str]
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file.

    Args:
        place: ``7:55259515``.
        filters: what it failed; empty for ``PASS`` and for no filter applied.
        annotations: INFO field -> its entries, as written.
        carried: sample -> indices of the alleles of its genotype (0 is the reference); a sample
            without a genotype is absent.
    """

    place: str
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    annotations: Mapping[str, tuple[str, ...]]
    carried: Mapping[str, frozenset[int]]


def read_samples(
    header: Header, records: Iterable[Record], is_covered: Callable[[str], bool]
) -> Samples:
    """Return one case for each sample that is no normal.

    Args:
        is_covered: whether the knowledge base knows a gene symbol.

    Raises:
        InputError: the file is annotated neither by VEP nor by SnpEff.
    """
    field, names = _format(header)
    samples = Samples()
    tumors = [samples.sample(name) for name in header.samples if name not in header.normals]
    for record in records:
        entries = [
            dict(zip(names, entry.split("|"), strict=False))
            for entry in record.annotations.get(field, ())
        ]
        place = f"vcf:{record.place}"
        for number, alt in enumerate(record.alts, start=1):
            of_allele = [e for e in entries if _is_of(e, number, alt, record)]
            for gene, entry in _one_a_gene(of_allele, _COLUMNS[field], is_covered):
                reason = _reason(record, entry, _COLUMNS[field])
                if reason:
                    samples.set_apart(reason, place, gene)
                    continue
                biomarker = {"gene": gene, "alteration": _change(entry, _COLUMNS[field])}
                for sample in tumors:
                    if number in record.carried.get(sample.id, {number}):
                        sample.add(biomarker, place)
        if entries and not any(is_covered(e.get(_COLUMNS[field][0], "")) for e in entries):
            samples.set_apart("gene_not_covered", place)
    return samples


def _format(header: Header) -> tuple[str, list[str]]:
    """Return the INFO field that is read, and the names of its columns in lower case."""
    faults = []
    for field, needed in _COLUMNS.items():
        if field not in header.descriptions:
            continue
        text = header.descriptions[field].rpartition("Format:")[2].rpartition("annotations:")[2]
        names = [name.strip(" '\"").lower() for name in text.split("|")]
        missing = [name for name in needed if name not in names]
        if not missing:
            return field, names
        faults += [
            Fault(f"vcf:{field}:{name}", "missing_column", f"{field} was written without {name}")
            for name in missing
        ]
    if not faults:
        message = "the header has neither CSQ (VEP) nor ANN (SnpEff)"
        faults.append(Fault("vcf", "not_annotated", message))
    raise InputError(tuple(faults))


def _is_of(entry: Mapping[str, str], number: int, alt: str, record: Record) -> bool:
    """Tell whether an annotation is of this alternative allele.

    VEP leaves out the first base when all alleles share it; an empty rest is ``-``.
    """
    if len(record.alts) == 1:
        return True
    if entry.get("allele_num"):
        return entry["allele_num"] == str(number)
    alleles = (record.ref, *record.alts)
    is_shared = len({allele[:1] for allele in alleles}) == 1 and len(set(map(len, alleles))) > 1
    trimmed = (alt[1:] or "-") if is_shared else alt
    return entry.get("allele") in (alt, trimmed)


def _one_a_gene(
    entries: list[dict[str, str]], columns: tuple[str, ...], is_covered: Callable[[str], bool]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the annotation of each covered gene that stands for it."""
    symbol, _, change, *_ = columns
    by_gene: dict[str, list[dict[str, str]]] = {}
    for entry in entries:
        if is_covered(entry.get(symbol, "")):
            by_gene.setdefault(entry[symbol], []).append(entry)
    for gene, found in by_gene.items():
        chosen = found
        for name, value in _CHOSEN:
            marked = [e for e in found if e.get(name) and value in ("", e[name])]
            if marked:
                chosen = marked
                break
        yield gene, next((e for e in chosen if e.get(change)), chosen[0])


def _reason(record: Record, entry: Mapping[str, str], columns: tuple[str, ...]) -> str | None:
    """Return why an annotation is not used, ``None`` when it is."""
    _, _, change, consequence, _ = columns
    text = unquote(entry.get(change, ""))
    if record.filters:
        return "filtered"
    if text.endswith("=") or "synonymous_variant" in entry.get(consequence, ""):
        return "silent"
    return None if text else "no_protein_change"


def _change(entry: Mapping[str, str], columns: tuple[str, ...]) -> str:
    _, feature, change, *_ = columns
    text = unquote(entry[change]).rpartition(":")[2]
    transcript = entry.get(feature, "")
    return f"{transcript}:{text}" if _TRANSCRIPT.match(transcript) else text
