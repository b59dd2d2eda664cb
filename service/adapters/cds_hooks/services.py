"""The services that discovery lists: their hooks, what they do, and the data they ask for.

The check of drafted drugs has one id on two hooks, so that a client replaces the cards that it got
while an order was selected by those of the signature.

Source: CDS Hooks 2.0, "Discovery", "Prefetch Template", "Update stale guidance".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from service.engine.vocabulary import MarkerTest

Json = dict[str, Any]
Hook = Literal["patient-view", "order-select", "order-sign"]

BIOMARKERS = "actionable-biomarkers"
DRUG_CHECK = "drug-biomarker-check"
_LOINC = "http://loinc.org"
_LOINC_CODE = re.compile(r"\d{2,6}-\d", re.ASCII)
#: What holds variants: the Variant, and since Genomics Reporting 3 what it does to a protein.
_VARIANTS = (
    f"{_LOINC}|69548-6",
    "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs|molecular-consequence",
)
_PATIENT = "patient={{context.patientId}}"
_USE = (
    "Research and education only; not a medical device. Send the prefetch: nothing is fetched from "
    "the FHIR server."
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service on one hook; an id may stand on several."""

    id: str
    hook: Hook
    title: str
    description: str


SERVICES = (
    Service(
        BIOMARKERS,
        "patient-view",
        "Actionable biomarkers",
        "For each biomarker of the patient: the targeted therapies that it speaks for or against, "
        "with the reason and the sources.",
    ),
    *(
        Service(
            DRUG_CHECK,
            hook,
            "Drug and biomarkers",
            "Holds drafted cancer drugs against the biomarkers of the patient: supported, no "
            "matching biomarker on file, or known resistance.",
        )
        for hook in ("order-select", "order-sign")
    ),
)


def discovery(tests: Iterable[MarkerTest]) -> Json:
    """Return the answer of ``GET /cds-services``.

    Args:
        tests: of tumour markers; those whose results are used are asked for.
    """
    prefetch = prefetch_templates(tests)
    return {
        "services": [
            {
                "hook": service.hook,
                "title": service.title,
                "description": service.description,
                "id": service.id,
                "prefetch": prefetch,
                "usageRequirements": _USE,
            }
            for service in SERVICES
        ]
    }


def prefetch_templates(tests: Iterable[MarkerTest]) -> Json:
    """Return key -> FHIR query, in the subset of queries that every client should support."""
    used = {test.code for test in tests if test.kind != "none"}
    markers = ",".join(f"{_LOINC}|{code}" for code in sorted(used) if _LOINC_CODE.fullmatch(code))
    return {
        "patient": "Patient/{{context.patientId}}",
        "conditions": f"Condition?{_PATIENT}",
        "variants": f"Observation?{_PATIENT}&code={','.join(_VARIANTS)}",
        "markers": f"Observation?{_PATIENT}&code={markers}",
    }


def find_service(id_: str) -> tuple[Service, ...]:
    """Return the services of an id, one for each hook; empty when there is none."""
    return tuple(service for service in SERVICES if service.id == id_)
