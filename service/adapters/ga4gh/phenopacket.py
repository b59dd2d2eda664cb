"""A GA4GH Phenopacket (v2, JSON) to a v1 case: its interpretations, its disease, sex and age.

Every finding keeps its JSON pointer into the phenopacket. What is not used is a notice with the
reason. A phenopacket says nothing about the origin of a variant: what is known to be of the
germline must not be sent.

Source: GA4GH Phenopacket Schema 2.0 (ISO 4454:2022), JSON of its protocol buffers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from service.adapters.ga4gh.sample import Sample
from service.adapters.v1.notice import Notice
from service.errors import Fault

Json = dict[str, Any]
Place = tuple[Json, str]

#: Prefix of a CURIE, in lower case -> system of the v1 contract.
_SYSTEMS = {
    "oncotree": "oncotree",
    "ncit": "ncit",
    "mondo": "mondo",
    "doid": "doid",
    "icd10": "icd-10",
    "icd10cm": "icd-10-cm",
    "icdo": "icd-o-3",
    "icd-o": "icd-o-3",
    "snomedct": "snomed",
    "snomed": "snomed",
    "sctid": "snomed",
    "umls": "umls",
}
#: What a variant is read from, the most telling first.
_SYNTAXES = ("hgvs.p", "hgvs.c")
_YEARS = re.compile(r"P(\d{1,3})Y", re.ASCII)
_SEXES = {"FEMALE": "female", "MALE": "male"}


class PhenopacketReader:
    """Reads one phenopacket.

    Args:
        is_covered: whether the knowledge base knows a gene symbol.
        symbols: HGNC identifier -> symbol of the genes of the knowledge base.
    """

    def __init__(self, is_covered: Callable[[str], bool], symbols: Mapping[str, str]) -> None:
        self._is_covered = is_covered
        self._symbols = symbols
        self.notices: list[Notice] = []

    def read(self, packet: Any, *, has_tumor_type: bool) -> Sample:
        """Return the case of a phenopacket, with its faults.

        Args:
            has_tumor_type: the caller names the tumour type; the diseases are not read.
        """
        sample = Sample("")
        if not isinstance(packet, dict):
            sample.faults.append(Fault("", "invalid_type", "a phenopacket is a JSON object"))
            return sample
        if "interpretations" not in packet:
            message = "a phenopacket without interpretations says nothing about biomarkers"
            sample.faults.append(Fault("/interpretations", "required", message))
        diagnoses = []
        for item, place in _items(packet, "interpretations", "", sample):
            diagnosis, at = _child(item, "diagnosis", place, sample)
            diagnoses.append((diagnosis, at))
            for found, where in _items(diagnosis, "genomicInterpretations", at, sample):
                self._read_interpretation(found, where, sample)
        if not has_tumor_type:
            self._read_disease(packet, diagnoses, sample)
        return sample

    def _read_interpretation(self, item: Json, place: str, sample: Sample) -> None:
        if item.get("interpretationStatus") == "REJECTED":
            self._leave(place, "the interpretation was rejected")
            return
        if "variantInterpretation" not in item:
            self._leave(place, "it names a gene without a variant")
            return
        variant, at = _child(item, "variantInterpretation", place, sample)
        descriptor, at = _child(variant, "variationDescriptor", at, sample)
        gene, _ = _child(descriptor, "geneContext", at, sample)
        symbol = self._symbol(gene)
        if symbol and not self._is_covered(symbol):
            self._leave(at, f"{symbol[:40]} is no gene of this knowledge base")
            return
        text, where = _text_of(descriptor, at, sample)
        if not text:
            message = "no expression (hgvs.p, hgvs.c) and no label says what was found"
            sample.faults.append(Fault(at, "missing_alteration", message))
        elif symbol:
            sample.add({"gene": symbol, "alteration": text}, where)
        else:
            sample.add(text, where)

    def _symbol(self, gene: Json) -> str:
        known = self._symbols.get(str(gene.get("valueId", "")).upper())
        symbol = gene.get("symbol")
        return known or (symbol.strip() if isinstance(symbol, str) else "")

    def _leave(self, place: str, reason: str) -> None:
        self.notices.append(Notice("not_used", f"not used: {reason}", place))

    def _read_disease(self, packet: Json, diagnoses: list[Place], sample: Sample) -> None:
        """Take the disease that was diagnosed by the findings, else the one of the list."""
        diagnosed = [
            _child(diagnosis, "disease", at, sample)
            for diagnosis, at in diagnoses
            if "disease" in diagnosis
        ]
        listed = [
            _child(item, "term", place, sample)
            for item, place in _items(packet, "diseases", "", sample)
            if item.get("excluded") is not True
        ]
        found = {_tumor_type(term): place for term, place in reversed(diagnosed or listed)}
        found.pop(None, None)
        if len(found) > 1:
            message = "several diseases; name the tumour type with ?tumor_type="
            place = min(found.values())
            sample.faults.append(Fault(place, "two_tumor_types", message))
        for (system, code), place in list(found.items())[:1]:  # type: ignore[misc]
            sample.tumor_type = {"system": system, "code": code} if system else code
            sample.tumor_place = place


def read_subject(packet: Any) -> Json:
    """Return sex and age of the subject as the patient of a v1 case; what is not said is absent."""
    subject = packet.get("subject") if isinstance(packet, dict) else None
    if not isinstance(subject, dict):
        return {}
    patient: Json = {}
    sex = subject.get("sex")
    if isinstance(sex, str) and sex in _SEXES:
        patient["sex"] = _SEXES[sex]
    last = subject.get("timeAtLastEncounter")
    age = last.get("age") if isinstance(last, dict) else None
    duration = age.get("iso8601duration") if isinstance(age, dict) else None
    years = _YEARS.match(duration) if isinstance(duration, str) else None
    if years:
        patient["age_years"] = int(years[1])
    return patient


def _tumor_type(term: Json) -> tuple[str, str] | None:
    """Return (system, code) of an ontology class; the system is empty for a label."""
    identifier, label = term.get("id"), term.get("label")
    prefix, _, code = identifier.partition(":") if isinstance(identifier, str) else ("", "", "")
    system = _SYSTEMS.get(prefix.lower())
    if system and code:
        return system, code
    return ("", label) if isinstance(label, str) and label else None


def _text_of(descriptor: Json, place: str, sample: Sample) -> tuple[str, str]:
    """Return what a descriptor says in words, and where: HGVS first, else its label."""
    written: dict[str, tuple[str, str]] = {}
    for item, at in _items(descriptor, "expressions", place, sample):
        syntax, value = item.get("syntax"), item.get("value")
        if isinstance(syntax, str) and isinstance(value, str) and value.strip():
            written.setdefault(syntax.lower(), (value.strip(), f"{at}/value"))
    for syntax in _SYNTAXES:
        if syntax in written:
            return written[syntax]
    label = descriptor.get("label")
    return (label.strip(), f"{place}/label") if isinstance(label, str) else ("", place)


def _child(node: Json, key: str, place: str, sample: Sample) -> Place:
    """Return an object below a node and its pointer; an empty one when there is none."""
    value = node.get(key, {})
    if not isinstance(value, dict):
        sample.faults.append(Fault(f"{place}/{key}", "invalid_type", f"{key} is a JSON object"))
        value = {}
    return value, f"{place}/{key}"


def _items(node: Json, key: str, place: str, sample: Sample) -> Iterator[Place]:
    """Yield the objects of a list below a node, with their pointers."""
    values = node.get(key, [])
    if not isinstance(values, list):
        sample.faults.append(Fault(f"{place}/{key}", "invalid_type", f"{key} is a list"))
        return
    for index, value in enumerate(values):
        at = f"{place}/{key}/{index}"
        if isinstance(value, dict):
            yield value, at
        else:
            sample.faults.append(Fault(at, "invalid_type", "it is a JSON object"))
