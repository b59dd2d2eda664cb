"""Examples and parameters of the FHIR routes: short, real in form."""

from __future__ import annotations

from typing import Any

from service import __version__
from service.adapters.fhir_out import RELEASES, codes
from service.adapters.fhir_out.capability import DEFINITIONS, capability_statement
from service.adapters.fhir_out.parts import categories, component, concept
from service.api.openapi.contract import many, query
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
RELEASE = query(
    "release", "release of the Genomics Reporting IG of a FHIR answer", "stu3", enum=list(RELEASES)
)
_LUNG_CANCER = f"{codes.SNOMED}|254637007"
FIND_PARAMETERS: list[Json] = [
    {
        **query("subject", "the patient; given back, nothing is stored", "example-1"),
        "required": True,
    },
    {
        **many("variants", "variants as HGVS or SPDI", ["NM_005228.5:c.2573T>G"]),
        "explode": False,
        "required": True,
    },
    {
        **many("conditions", "tumour types, system|code; any when left out", [_LUNG_CANCER]),
        "explode": False,
    },
    {
        **many("treatments", "drugs, system|code; any when left out", [f"{codes.RXNORM}|1721560"]),
        "explode": False,
    },
    query("genomicSourceClass", "somatic is answered", "somatic", enum=["somatic", "germline"]),
    RELEASE,
]
QUESTION: Json = {
    "resourceType": "Parameters",
    "parameter": [
        {"name": "subject", "valueString": "example-1"},
        {"name": "variants", "valueString": "NM_005228.5:c.2573T>G"},
        {"name": "conditions", "valueString": _LUNG_CANCER},
    ],
}
_VARIANT: Json = {
    "resourceType": "Observation",
    "id": "3f418bd4-fa24-874d-8a61-fe6518bf4870",
    "status": "final",
    "category": categories(codes.STU3.categories),
    "code": concept(codes.VARIANT),
    "subject": {"reference": "Patient/example-1"},
    "valueCodeableConcept": concept(codes.PRESENCE["detected"], text="EGFR L858R"),
    "component": [
        component(codes.GENE, valueCodeableConcept=concept((codes.HGNC, "HGNC:3236", "EGFR"))),
        component(codes.VARIATION, valueCodeableConcept={"text": "EGFR L858R"}),
    ],
}
_OSIMERTINIB = (codes.RXNORM, "1721560", "osimertinib")
_IMPLICATION: Json = {
    "resourceType": "Observation",
    "id": "b55840c0-6dc8-898d-ba86-79aec602e0b2",
    "status": "final",
    "category": categories(codes.STU3.categories),
    "code": concept(codes.IMPLICATION),
    "subject": {"reference": "Patient/example-1"},
    "note": [{"text": INTENDED_USE}],
    "derivedFrom": [{"reference": f"Observation/{_VARIANT['id']}"}],
    "component": [
        component(
            codes.IMPLICATION,
            valueCodeableConcept=concept(codes.EFFECTS["sensitivity", False]),
        ),
        component(codes.MEDICATION, valueCodeableConcept=concept(_OSIMERTINIB, text="osimertinib")),
    ],
}
IMPLICATIONS: Json = {
    "resourceType": "Parameters",
    "parameter": [
        {"name": "implication", "resource": _IMPLICATION},
        {"name": "variant", "resource": _VARIANT},
    ],
}
BUNDLE: Json = {
    "resourceType": "Bundle",
    "id": "0b1c7e0e-55d1-8f6c-9a54-4a3d0f6a2b11",
    "meta": {
        "tag": [{"system": codes.USES, "code": "research-and-education", "display": INTENDED_USE}]
    },
    "type": "collection",
    "entry": [{"fullUrl": f"urn:uuid:{_VARIANT['id']}", "resource": _VARIANT}],
}
CAPABILITY: Json = capability_statement(DEFINITIONS, version=__version__, date="2026-11-24")
