"""A GA4GH Phenopacket (v2, JSON) to items: its interpretations, its disease, sex and age.

Each interpretation, disease and other part has one fate and its JSON pointer; parts that are not
read are named. The schema has no field for the origin of a variant: only the INFO of a VCF record
can say it, and what is known to be of the germline must not be sent. Measurements are in
``measurements``.

Source: GA4GH Phenopacket Schema 2.0 (ISO 4454:2022), JSON of its protocol buffers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.ga4gh.measurements import read_measurements
from service.adapters.ga4gh.phenopacket_names import NO_VALUE, normalise
from service.adapters.ga4gh.unread import unread_parts
from service.adapters.ga4gh.variation import read_variation
from service.adapters.v1.biomarkers import read_biomarker
from service.adapters.v1.notice import Notice
from service.engine.reading import Item
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
_UNREAD_OF_DISEASE = ("diseaseStage", "clinicalTnmFinding")
_YEARS = re.compile(r"P(\d{1,3})Y", re.ASCII)
_SEXES = {"FEMALE": "female", "MALE": "male"}


@dataclass(slots=True)
class PhenopacketReading:
    """What a phenopacket says.

    Args:
        tumor_types: diseases that are diagnosed by the findings, else those of the list, each in
            the terms of the v1 contract, without repeats.
        tumor_place: JSON pointer to the first of them.
        items: the fate of each part.
        faults: of its shape; those within an interpretation may be set apart.
    """

    id: str | None = None
    patient: Json = field(default_factory=dict)
    tumor_types: list[Any] = field(default_factory=list)
    tumor_place: str = ""
    items: list[Item] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def set_broken_apart(self) -> None:
        """Set interpretations and measurements of another shape apart; other faults stay."""
        broken = [
            fault
            for fault in self.faults
            if fault.pointer.startswith(("/interpretations/", "/measurements", "/biosamples"))
            and not fault.pointer.endswith("/disease")
        ]
        self.faults = [fault for fault in self.faults if fault not in broken]
        self.items += [
            Item(fault.pointer, "", "set_apart", reason="invalid_value", message=fault.message)
            for fault in broken
        ]

    def leave(self, place: str, message: str) -> None:
        """Say that a part was not used."""
        self.notices.append(Notice("not_used", f"not used: {message}", place))

    def set_apart(self, place: str, reason: str, message: str, **more: Any) -> None:
        """Set a part apart and say so."""
        self.leave(place, message)
        text = more.pop("text", "")
        self.items.append(Item(place, text, "set_apart", reason=reason, message=message, **more))


def read_phenopacket(vocabulary: FhirVocabulary, packet: Any) -> PhenopacketReading:
    """Read a phenopacket; several tumour types are for the caller to decide."""
    reading = PhenopacketReading()
    if not isinstance(packet, dict):
        reading.faults.append(Fault("", "invalid_type", "a phenopacket is a JSON object"))
        return reading
    normalised = normalise(packet)
    _Reader(vocabulary, reading).read(normalised.packet)
    for place, key in normalised.unknown:
        message = f"{key[:60]!r} is no field that is read, or it is given twice"
        reading.set_apart(place, "unknown_field", message, may_matter=False)
    return reading


class _Reader:
    def __init__(self, vocabulary: FhirVocabulary, reading: PhenopacketReading) -> None:
        self._vocabulary = vocabulary
        self._reading = reading

    def read(self, packet: Json) -> None:
        reading = self._reading
        reading.id = packet["id"] if isinstance(packet.get("id"), str) else None
        reading.patient = _read_subject(packet.get("subject"))
        if "subject" in packet:
            reading.items.append(Item("/subject", "", "context"))
        diagnosed: list[Place] = []
        for item, place in self._items(packet, "interpretations", ""):
            diagnosis, at = self._child(item, "diagnosis", place)
            if "disease" in diagnosis:
                diagnosed.append(self._child(diagnosis, "disease", at))
            for found, where in self._items(diagnosis, "genomicInterpretations", at):
                self._read_interpretation(found, where)
        self._read_diseases(packet, diagnosed)
        if not self._read_measurements(packet) and "interpretations" not in packet:
            message = (
                "a phenopacket without interpretations and measurements says nothing about "
                "biomarkers"
            )
            reading.faults.append(Fault("/interpretations", "required", message))
        self._name_unread(packet)

    def _read_interpretation(self, item: Json, place: str) -> None:
        status = item.get("interpretationStatus")
        variant, at = self._child(item, "variantInterpretation", place)
        descriptor, at = self._child(variant, "variationDescriptor", at)
        gene, _ = self._child(descriptor or item, "geneContext" if descriptor else "gene", at)
        name = _gene_of(self._vocabulary, gene)
        if status == "REJECTED":
            message = "the interpretation was rejected"
            self._reading.set_apart(place, "rejected", message, text=name, gene=name or None)
        elif status == NO_VALUE:
            message = "its status is none of the schema"
            self._reading.set_apart(place, "invalid_value", message, text=name, gene=name or None)
        elif "variantInterpretation" not in item:
            self._read_gene(name, place)
        else:
            acmg = str(variant.get("acmgPathogenicityClassification", ""))
            items = read_variation(self._vocabulary, descriptor, at, gene=name, acmg=acmg)
            self._reading.items += items
            for apart in items:
                if apart.reason is not None:
                    code = apart.reason
                    self._reading.notices.append(
                        Notice(code, apart.message, apart.place, apart.suggestions)
                    )

    def _read_gene(self, name: str, place: str) -> None:
        """Keep a gene that is named without a variant."""
        read = read_biomarker(self._vocabulary, {"gene": name}, place) if name else ()
        strange = [item for item in read if item.fate == "not_covered"]
        if strange:
            self._reading.items += strange
            return
        message = f"it names {name or 'a gene'} without a variant"
        self._reading.set_apart(place, "missing_alteration", message, text=name, gene=name or None)

    def _read_diseases(self, packet: Json, diagnosed: list[Place]) -> None:
        """Take the disease that was diagnosed by the findings, else the one of the list."""
        listed: list[Place] = []
        for item, place in self._items(packet, "diseases", ""):
            self._reading.items.append(Item(place, "", "context"))
            if item.get("excluded") is not True:
                listed.append(self._child(item, "term", place))
            for name in _UNREAD_OF_DISEASE:
                if item.get(name):
                    message = f"the {_words(name)} of a disease is not read; give it in the query"
                    self._reading.leave(f"{place}/{name}", message)
        found: dict[tuple[str, str], str] = {}
        for term, place in diagnosed or listed:
            if place not in {item.place for item in self._reading.items}:
                self._reading.items.append(Item(place, str(term.get("label", "")), "context"))
            tumor = _tumor_type(term)
            if tumor is not None:
                found.setdefault(tumor, place)
        for (system, code), place in found.items():
            self._reading.tumor_types.append({"system": system, "code": code} if system else code)
            self._reading.tumor_place = self._reading.tumor_place or place

    def _name_unread(self, packet: Json) -> None:
        """Say which parts that hold something are not read, and set apart what may be a result."""
        found = [finding for item in self._reading.items for finding in item.findings]
        for item in unread_parts(self._vocabulary, packet, found):
            self._reading.items.append(item)
            if item.fate == "set_apart":
                self._reading.leave(item.place, item.message)
            else:
                words = _words(item.place.split("/")[1])
                said = f": {item.text}" if item.text else ""
                self._reading.leave(item.place, f"{words} are not read{said}")

    def _read_measurements(self, packet: Json) -> bool:
        """Read the measurements of the patient and of the samples; return whether there are any."""
        found = list(self._items(packet, "measurements", ""))
        for sample, place in self._items(packet, "biosamples", ""):
            found += self._items(sample, "measurements", place)
        items, notices = read_measurements(self._vocabulary, found)
        self._reading.items += items
        self._reading.notices += notices
        return bool(found)

    def _child(self, node: Json, key: str, place: str) -> Place:
        """Return an object below a node and its pointer; an empty one when there is none."""
        value = node.get(key, {})
        if not isinstance(value, dict):
            fault = Fault(f"{place}/{key}", "invalid_type", f"{key} is a JSON object")
            self._reading.faults.append(fault)
            value = {}
        return value, f"{place}/{key}"

    def _items(self, node: Json, key: str, place: str) -> Iterator[Place]:
        """Yield the objects of a list below a node, with their pointers."""
        values = node.get(key, [])
        if not isinstance(values, list):
            fault = Fault(f"{place}/{key}", "invalid_type", f"{key} is a list")
            self._reading.faults.append(fault)
            return
        for index, value in enumerate(values):
            at = f"{place}/{key}/{index}"
            if isinstance(value, dict):
                yield value, at
            elif value is not None:
                self._reading.faults.append(Fault(at, "invalid_type", "it is a JSON object"))


def _gene_of(vocabulary: FhirVocabulary, gene: Json) -> str:
    """Return the symbol of a gene descriptor: by its HGNC id, else as it is written."""
    identifier, symbol = (
        value.strip() if isinstance(value := gene.get(key), str) else ""
        for key in ("valueId", "symbol")
    )
    genes = vocabulary.rulebook.genes.values()
    wanted = identifier.upper()
    known = next((g.symbol for g in genes if g.hgnc and g.hgnc.upper() == wanted), None)
    return known or vocabulary.reader.human_genes.symbol_of(wanted) or symbol or identifier


def _read_subject(subject: Any) -> Json:
    """Return sex and age of the subject as the patient of a v1 case; what is not said is absent."""
    if not isinstance(subject, dict):
        return {}
    patient: Json = {}
    sex = subject.get("sex")
    if sex in _SEXES:
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


def _words(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f" {found[1].lower()}", name)
