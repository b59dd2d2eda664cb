"""A variation descriptor to items: every way in which one variant is written, held together.

Two that are different changes, or one that the reference refuses beside another, contradict each
other: the variant is then set apart and never decided by picking one.

Source: GA4GH Phenopacket Schema 2.0, VariationDescriptor, Expression, VcfRecord; HGVS 21.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.adapters.files.vcf_calls import read_origin
from service.adapters.v1.biomarkers import BiomarkerVocabulary, read_biomarker
from service.engine.model import Origin
from service.engine.reading import Item, is_placeholder

Json = dict[str, Any]
_SYNTAXES = ("hgvs.p", "hgvs.c", "hgvs", "hgvs.g", "hgvs.n", "spdi")
_SHAPE = re.compile(r"(?:^|:)([pcgn])\.")
_CHROMOSOME = re.compile(r"(?:chr)?(\d{1,2}|X|Y)", re.I | re.ASCII)
_ALLELE = re.compile(r"[ACGT]{1,200}", re.I)
#: What the notation says when a form cannot be this gene's change.
_DENIALS = frozenset({
    "impossible_reference", "position_out_of_range", "two_genes", "contradictory_notation",
    "exon_mismatch", "no_change", "reversed_range",
})  # fmt: skip
_BENIGN = ("BENIGN", "LIKELY_BENIGN")
#: Classification of the schema -> the word of a laboratory.
_CALLED = {
    "BENIGN": "benign", "LIKELY_BENIGN": "likely benign", "UNCERTAIN_SIGNIFICANCE": "VUS",
    "LIKELY_PATHOGENIC": "likely pathogenic", "PATHOGENIC": "pathogenic",
}  # fmt: skip
_ONCOGENIC = frozenset({"oncogenic", "likely_oncogenic"})


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which the variant is written.

    Args:
        soft: it may be refused without a contradiction (a chromosome, a label).
    """

    text: str
    place: str
    soft: bool
    items: tuple[Item, ...]

    @property
    def refused(self) -> Item | None:
        return next((item for item in self.items if item.reason is not None), None)

    @property
    def exact(self) -> tuple[tuple[str, str], ...]:
        found = (f for item in self.items if item.fate == "finding" for f in item.findings)
        pairs = ((f.gene, f.change.short) for f in found if f.change is not None)
        return tuple(sorted((gene, short) for gene, short in pairs if short is not None))

    @property
    def rank(self) -> int:
        """Return how telling it is: an exact change, a finding, another gene, refused."""
        if self.exact:
            return 0
        fates = {item.fate for item in self.items}
        return 1 if "finding" in fates else 2 if "not_covered" in fates else 3


def read_variation(
    vocabulary: BiomarkerVocabulary, descriptor: Json, place: str, *, gene: str, acmg: str
) -> tuple[Item, ...]:
    """Read a variation descriptor.

    Args:
        place: JSON pointer to it.
        gene: symbol or HGNC id; empty when none is named.
        acmg: classification, by its name in the schema.
    """
    forms = tuple(_forms(vocabulary, descriptor, place, gene))
    if not forms:
        message = (
            "no expression (hgvs.p, hgvs.c, hgvs.g, spdi), VCF record or label says what it is"
        )
        return (_apart(vocabulary, "missing_alteration", message, place, gene),)
    said = " and ".join(dict.fromkeys(form.text for form in forms))
    exact = {form.exact for form in forms if form.exact}
    denied = next((form for form in forms if _is_denied(form)), None)
    if len(exact) > 1 or (exact and denied is not None):
        message = f"{said[:200]} are not the same change"
        return (_apart(vocabulary, "contradictory_notation", message, place, f"{gene} {said}"),)
    best = min(forms, key=lambda form: form.rank)
    findings = [finding for item in best.items for finding in item.findings]
    if acmg in _BENIGN and any(f.oncogenicity in _ONCOGENIC for f in findings):
        message = f"{best.text!r} is called {acmg.lower().replace('_', ' ')} and known as oncogenic"
        return (_apart(vocabulary, "contradictory_result", message, best.place, f"{gene} {said}"),)
    return _told(vocabulary, best, acmg, _origin_of(descriptor.get("vcfRecord")))


def _told(
    vocabulary: BiomarkerVocabulary, best: _Form, acmg: str, origin: Origin | None
) -> tuple[Item, ...]:
    """Return the items of a form with what is said beside it: classification and origin."""
    findings = [finding for item in best.items for finding in item.findings]
    if not findings or any(item.fate != "finding" for item in best.items):
        return best.items
    given = best.items[0].given
    named: Json = dict(given) if isinstance(given, dict) else {"alteration": given}
    items = best.items
    if acmg in _CALLED:
        told = {**named, "alteration": f"{named['alteration']}, {_CALLED[acmg]}"}
        read = read_biomarker(vocabulary, told, best.place, text=best.items[0].text)
        if all(item.fate == "finding" for item in read):
            items, named = read, told
    has_origin = all(vocabulary.reader.has_origin(finding.gene) for finding in findings)
    if origin is None or not has_origin:
        return items
    told = {**named, "origin": origin}
    return read_biomarker(vocabulary, told, best.place, text=best.items[0].text)


def _origin_of(record: Any) -> Origin | None:
    """Return the origin that the INFO of a VCF record says."""
    info = record.get("info") if isinstance(record, dict) else None
    pairs = (part.partition("=") for part in info.split(";")) if isinstance(info, str) else ()
    return read_origin({name: value for name, _, value in pairs})


def _apart(vocabulary: BiomarkerVocabulary, code: str, message: str, place: str, text: str) -> Item:
    covered = vocabulary.reader.names.all_in(text)
    symbol = covered[0].symbol if covered else None
    is_other = (
        bool(text.strip()) and vocabulary.reader.human_genes.find(text.split()[0]) is not None
    )
    return Item(
        place, text.strip(), "set_apart", reason=code, message=message, gene=symbol,
        may_matter=symbol is not None or not is_other,
    )  # fmt: skip


def _is_denied(form: _Form) -> bool:
    refused = form.refused
    if refused is None or form.soft or refused.reason not in _DENIALS:
        return False
    return not (refused.reason == "impossible_reference" and refused.suggestions)


def _forms(
    vocabulary: BiomarkerVocabulary, descriptor: Json, place: str, gene: str
) -> Iterator[_Form]:
    for text, at, soft in _texts(descriptor, place):
        given: Any = {"gene": gene, "alteration": text} if gene else text
        yield _Form(text, at, soft, read_biomarker(vocabulary, given, at))


def _texts(descriptor: Json, place: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (text, place, soft) of every form that holds something, the most telling first."""
    expressions = descriptor.get("expressions")
    found = []
    for index, item in enumerate(expressions if isinstance(expressions, list) else ()):
        value = item.get("value") if isinstance(item, dict) else None
        syntax = str(item.get("syntax", "")).strip().lower() if isinstance(item, dict) else ""
        if isinstance(value, str) and not is_placeholder(value) and syntax in _SYNTAXES:
            text = value.strip()
            shape = _SHAPE.search(text)
            found.append((text, f"{place}/expressions/{index}/value", shape[1] if shape else "z"))
    for text, at, kind in sorted(found, key=lambda one: "pcgnz".index(one[2])):
        yield text, at, kind not in "pc"
    record = _vcf_text(descriptor.get("vcfRecord"))
    if record:
        yield record, f"{place}/vcfRecord", True
    label = descriptor.get("label")
    if isinstance(label, str) and not is_placeholder(label):
        yield label.strip(), f"{place}/label", True


def _vcf_text(record: Any) -> str:
    """Return a VCF record as assembly, chromosome, position and alleles."""
    if not isinstance(record, dict):
        return ""
    chromosome = _CHROMOSOME.fullmatch(str(record.get("chrom", "")))
    alleles = [str(record.get(name, "")) for name in ("ref", "alt")]
    position = str(record.get("pos", ""))
    if chromosome is None or not position.isdecimal():
        return ""
    if not all(_ALLELE.fullmatch(allele) for allele in alleles):
        return ""
    assembly = str(record.get("genomeAssembly", ""))
    named = "GRCh38" if "38" in assembly else "GRCh37" if re.search("37|19", assembly) else ""
    return f"{named} chr{chromosome[1]}:{position}:{alleles[0]}:{alleles[1]}".strip()
