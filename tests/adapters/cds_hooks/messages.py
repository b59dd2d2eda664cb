"""Hook requests out of small words: results, conditions and orders as an EHR would send them.

A case of ``cases/*.yaml`` says ``variants: [EGFR p.Leu858Arg]``; here it becomes an Observation of
the Genomics Reporting guide. ``complaints`` holds a message against the JSON Schema of the format.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]
HERE = Path(__file__).parent
PATIENT_ID = "pat-1"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_HGNC = {"EGFR": "3236", "ALK": "427", "BRAF": "1097", "KRAS": "6407", "ERBB2": "3430",
         "NRAS": "7989", "EML4": "1316"}  # fmt: skip
#: Tumour -> code of SNOMED CT and name.
_TUMORS = {
    "LUAD": ("254626006", "Adenocarcinoma of lung"),
    "NSCLC": ("254637007", "Non-small cell lung cancer"),
    "COAD": ("363406005", "Malignant neoplasm of colon"),
    "MEL": ("372244006", "Malignant melanoma"),
    "PAAD": ("372003004", "Primary malignant neoplasm of pancreas"),
    "BREAST": ("254837009", "Malignant neoplasm of breast"),
}
_PRESENT = {True: ("LA9633-4", "Present"), False: ("LA9634-2", "Absent")}
_IHC_SCORES = {"0": "LA6111-4", "1+": "LA11841-6", "2+": "LA11842-4", "3+": "LA11843-2"}


def coded(system: str, code: str, display: str | None = None) -> Json:
    """Return a CodeableConcept."""
    coding = {"system": system, "code": code}
    return {"coding": [coding if display is None else {**coding, "display": display}]}


def observation(code: Json, value: Json, components: list[Json], **changes: Any) -> Json:
    """Return a final Observation of the patient."""
    shown = {"component": components} if components else {}
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")
        ],
        "code": code,
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "valueCodeableConcept": value,
        **shown,
        **changes,
    }


def variant(text: str, **changes: Any) -> Json:
    """Return a Variant: ``EGFR p.Leu858Arg``, ``EML4::ALK fusion``, ``KRAS absent``."""
    words = text.split()
    is_present = words[-1] != "absent"
    genes = words[0].split("::")
    components = [
        {"code": coded(LOINC, "48018-6"),
         "valueCodeableConcept": coded("http://www.genenames.org", f"HGNC:{_HGNC[gene]}", gene)}
        for gene in genes
    ]  # fmt: skip
    if len(words) > 1 and words[1].startswith("p."):
        components.append(
            {"code": coded(LOINC, "48005-3"),
             "valueCodeableConcept": coded("http://varnomen.hgvs.org", words[1])}
        )  # fmt: skip
    present = coded("http://loinc.org", *_PRESENT[is_present])
    return observation(coded(LOINC, "69548-6"), present, components, **changes)


def marker(text: str, **changes: Any) -> Json:
    """Return a test of a tumour marker: ``HER2 IHC 3+``."""
    score = text.split()[-1]
    return observation(
        coded(LOINC, "18474-7", "HER2 [Presence] in Tissue by Immune stain"),
        coded(LOINC, _IHC_SCORES[score], score),
        [],
        **changes,
    )


def condition(tumor: str, **changes: Any) -> Json:
    """Return an active cancer of the patient."""
    return {
        "resourceType": "Condition",
        "clinicalStatus": coded(
            "http://terminology.hl7.org/CodeSystem/condition-clinical", "active"
        ),
        "verificationStatus": coded(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"
        ),
        "code": coded(SNOMED, *_TUMORS[tumor]),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        **changes,
    }


def order(given: str | Json, number: int) -> Json:
    """Return a drafted MedicationRequest: of a text, or of the resource's own fields."""
    own = {"medicationCodeableConcept": {"text": given}} if isinstance(given, str) else given
    return {
        "resourceType": "MedicationRequest",
        "id": f"draft-{number}",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        **own,
    }


def searchset(resources: list[Json], **changes: Any) -> Json:
    """Return the Bundle of a search; a resource without an id gets one from what it says."""
    entries = [
        {
            "fullUrl": f"https://ehr.example.org/fhir/{resource['resourceType']}/r{number}",
            "resource": {"id": _id_of(resource), **resource},
        }
        for number, resource in enumerate(resources)
    ]
    return {
        "resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries,
        **changes,
    }  # fmt: skip


def _id_of(resource: Json) -> str:
    return hashlib.sha256(json.dumps(resource).encode()).hexdigest()[:16]


def build_request(given: Json) -> Json:
    """Return the hook request of a case.

    Args:
        given: ``hook``, ``tumors``, ``variants``, ``markers``, ``orders``, ``selections`` in small
            words; ``prefetch`` and ``context`` replace single keys of what these make.
    """
    orders = [order(item, number) for number, item in enumerate(given.get("orders", ()))]
    context: Json = {"userId": "Practitioner/p-1", "patientId": PATIENT_ID}
    if given["hook"] != "patient-view":
        entries = [{"resource": resource} for resource in orders]
        context["draftOrders"] = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    if given["hook"] == "order-select":
        numbers = given.get("selections", range(len(orders)))
        context["selections"] = [f"MedicationRequest/draft-{number}" for number in numbers]
    prefetch: Json = {
        "patient": {"resourceType": "Patient", "id": PATIENT_ID, "gender": "female",
                    "birthDate": "1961-03-02"},
        "conditions": _or_null([condition(tumor) for tumor in given.get("tumors", ())]),
        "variants": _or_null([variant(text) for text in given.get("variants", ())]),
        "markers": _or_null([marker(text) for text in given.get("markers", ())]),
        **given.get("prefetch", {}),
    }  # fmt: skip
    return {
        "hook": given["hook"],
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {**context, **given.get("context", {})},
        "prefetch": prefetch,
    }


def _or_null(resources: list[Json]) -> Json | None:
    return searchset(resources) if resources else None


@lru_cache(maxsize=1)
def _schemas() -> Json:
    content: Json = json.loads((HERE / "schemas.json").read_text("utf-8"))
    return content


def complaints(name: str, message: Any) -> list[str]:
    """Return what the schema of a message has against one."""
    schema = {**_schemas(), "$ref": f"#/$defs/{name}"}
    errors = Draft202012Validator(schema).iter_errors(message)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]
