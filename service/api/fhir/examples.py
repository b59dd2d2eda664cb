"""Examples of FHIR: a Bundle with a Patient, a Condition and a Variant, and its answer."""

from __future__ import annotations

from typing import Any

from service.api.examples.match import MATCH_ANSWER
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
_LOINC = "http://loinc.org"
_PATIENT = {"reference": "Patient/example-1"}


def _coded(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _component(code: str, display: str, value: Json) -> Json:
    return {"code": _coded(_LOINC, code, display), "valueCodeableConcept": value}


VARIANT: Json = {
    "resourceType": "Observation",
    "id": "variant-1",
    "status": "final",
    "code": _coded(_LOINC, "69548-6", "Genetic variant assessment"),
    "subject": _PATIENT,
    "effectiveDateTime": "2026-10-01",
    "valueCodeableConcept": _coded(_LOINC, "LA9633-4", "Present"),
    "component": [
        _component(
            "48018-6",
            "Gene studied [ID]",
            _coded("http://www.genenames.org", "HGNC:3236", "EGFR"),
        ),
        _component(
            "48005-3",
            "Amino acid change (pHGVS)",
            _coded(
                "http://varnomen.hgvs.org", "NP_005219.2:p.Leu858Arg", "NP_005219.2:p.Leu858Arg"
            ),
        ),
    ],
}
BUNDLE: Json = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "fullUrl": "http://example.org/fhir/Patient/example-1",
            "resource": {
                "resourceType": "Patient",
                "id": "example-1",
                "gender": "female",
                "birthDate": "1962-03-14",
            },
        },
        {
            "fullUrl": "http://example.org/fhir/Condition/cancer-1",
            "resource": {
                "resourceType": "Condition",
                "id": "cancer-1",
                "code": _coded(
                    "http://snomed.info/sct",
                    "254637007",
                    "Non-small cell lung cancer (disorder)",
                ),
                "subject": _PATIENT,
            },
        },
        {
            "fullUrl": "http://example.org/fhir/Observation/variant-1",
            "resource": VARIANT,
        },
    ],
}
_EMPTY: Json = {
    "biomarker_index": None,
    "biomarker": None,
    "findings": [],
    "tumor_type": None,
    "oncotree": None,
    "confidence": "high",
    "allele_frequency": None,
    "specimen": None,
    "effective": None,
    "agreeing": [],
}
ANSWER: Json = {
    "knowledge_base": MATCH_ANSWER["knowledge_base"],
    "intended_use": INTENDED_USE,
    "results": [
        {
            "subject": "http://example.org/fhir/Patient/example-1",
            "patient": {"sex": "female", "age_years": 64},
            "extracted": [
                {
                    "kind": "tumor_type",
                    "location": "Bundle.entry[1].resource.code",
                    "resource_type": "Condition",
                    "reference": "http://example.org/fhir/Condition/cancer-1",
                    "read_from": "condition",
                    **_EMPTY,
                    "tumor_type": {"system": "snomed", "code": "254637007"},
                    "oncotree": "NSCLC",
                }
            ],
            "ignored": [],
            "warnings": [],
            "answer": MATCH_ANSWER,
            "problem": None,
        }
    ],
    "ignored": [],
    "warnings": [],
}
