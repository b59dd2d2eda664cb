"""Names and enums of a Phenopacket, brought to one spelling at the door.

JSON of protocol buffers may write a field in lowerCamelCase or by its original name, an enum as its
name or its number, and ``null`` for whatever is not set. The table has the messages that are read;
a key that no message has is kept aside and said.

Source: GA4GH Phenopacket Schema 2.0 (ISO 4454:2022); Protocol Buffers, "ProtoJSON format".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.errors import escaped

Json = dict[str, Any]
#: Name of a field -> the message or enum that it holds; ``None``: anything, read as it stands.
Message = Mapping[str, str | None]


def _message(*plain: str, **typed: str) -> Message:
    return {**dict.fromkeys(plain), **typed}


MESSAGES: Mapping[str, Message] = {
    "Phenopacket": _message(
        "id", "phenotypicFeatures", "medicalActions", "files", "metaData",
        measurements="Measurement", biosamples="Biosample", subject="Individual",
        interpretations="Interpretation", diseases="Disease",
    ),
    "Individual": _message(
        "id", "alternateIds", "dateOfBirth", "vitalStatus", "karyotypicSex", "gender", "taxonomy",
        timeAtLastEncounter="TimeElement", sex="Sex",
    ),
    "Biosample": _message(
        "id", "individualId", "derivedFromId", "description", "sampledTissue", "sampleType",
        "phenotypicFeatures", "taxonomy", "histologicalDiagnosis", "tumorProgression", "tumorGrade",
        "pathologicalStage", "pathologicalTnmFinding", "diagnosticMarkers", "procedure", "files",
        "materialSample", "sampleProcessing", "sampleStorage",
        measurements="Measurement", timeOfCollection="TimeElement",
    ),
    "Measurement": _message(
        "description", "procedure",
        assay="OntologyClass", value="Value", complexValue="ComplexValue",
        timeObserved="TimeElement",
    ),
    "Value": _message(ontologyClass="OntologyClass", quantity="Quantity"),
    "ComplexValue": _message(typedQuantities="TypedQuantity"),
    "TypedQuantity": _message(type="OntologyClass", quantity="Quantity"),
    "Quantity": _message("value", "referenceRange", unit="OntologyClass"),
    "TimeElement": _message(
        "gestationalAge", "ageRange", "ontologyClass", "timestamp", "interval", age="Age"
    ),
    "Age": _message("iso8601duration"),
    "Interpretation": _message("id", "progressStatus", "summary", diagnosis="Diagnosis"),
    "Diagnosis": _message(
        disease="OntologyClass", genomicInterpretations="GenomicInterpretation"
    ),
    "GenomicInterpretation": _message(
        "subjectOrBiosampleId",
        interpretationStatus="InterpretationStatus", gene="GeneDescriptor",
        variantInterpretation="VariantInterpretation",
    ),
    "VariantInterpretation": _message(
        "therapeuticActionability",
        acmgPathogenicityClassification="AcmgPathogenicityClassification",
        variationDescriptor="VariationDescriptor",
    ),
    "VariationDescriptor": _message(
        "id", "variation", "label", "description", "xrefs", "alternateLabels", "extensions",
        "moleculeContext", "structuralType", "vrsRefAlleleSeq", "allelicState",
        geneContext="GeneDescriptor", expressions="Expression", vcfRecord="VcfRecord",
    ),
    "GeneDescriptor": _message(
        "valueId", "symbol", "description", "alternateIds", "alternateSymbols", "xrefs"
    ),
    "Expression": _message("syntax", "value", "version"),
    "VcfRecord": _message(
        "genomeAssembly", "chrom", "pos", "id", "ref", "alt", "qual", "filter", "info"
    ),
    "Disease": _message(
        "excluded", "onset", "resolution", "diseaseStage", "clinicalTnmFinding", "primarySite",
        "laterality", term="OntologyClass",
    ),
    "OntologyClass": _message("id", "label"),
}  # fmt: skip
#: Enum -> its names by their numbers.
ENUMS: Mapping[str, tuple[str, ...]] = {
    "Sex": ("UNKNOWN_SEX", "FEMALE", "MALE", "OTHER_SEX"),
    "InterpretationStatus": (
        "UNKNOWN_STATUS", "REJECTED", "CANDIDATE", "CONTRIBUTORY", "CAUSATIVE",
    ),
    "AcmgPathogenicityClassification": (
        "NOT_PROVIDED", "BENIGN", "LIKELY_BENIGN", "UNCERTAIN_SIGNIFICANCE", "LIKELY_PATHOGENIC",
        "PATHOGENIC",
    ),
}  # fmt: skip
#: What stands in an enum field that holds no value of it.
NO_VALUE = "(no value of the schema)"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A packet in one spelling.

    Args:
        unknown: (place, key) of what no message has, and of fields that are given twice.
    """

    packet: Json
    unknown: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Reader:
    unknown: list[tuple[str, str]] = field(default_factory=list)

    def read(self, node: Any, kind: str | None, place: str) -> Any:
        if kind is None:
            return node
        if isinstance(node, list) and kind in MESSAGES:
            return [self.read(item, kind, f"{place}/{n}") for n, item in enumerate(node)]
        if kind in ENUMS:
            return _enum(node, ENUMS[kind])
        if kind not in MESSAGES or not isinstance(node, dict):
            return node
        message = MESSAGES[kind]
        found: Json = {}
        for key, value in node.items():
            name = _camel(key)
            if value is None:
                continue
            if name not in message or name in found:
                self.unknown.append((f"{place}/{escaped(key)}", key))
                continue
            found[name] = self.read(value, message[name], f"{place}/{name}")
        return found


def normalise(packet: Json) -> Normalised:
    """Return a packet with the names and enums of the schema, and without ``null``."""
    reader = _Reader()
    return Normalised(reader.read(packet, "Phenopacket", ""), tuple(reader.unknown))


def _camel(key: str) -> str:
    """Return the lowerCamelCase name of an original field name."""
    first, *rest = key.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _enum(value: Any, names: tuple[str, ...]) -> str:
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return names[value] if 0 <= value < len(names) else NO_VALUE
    word = value.strip().upper() if isinstance(value, str) else ""
    return word if word in names else NO_VALUE
