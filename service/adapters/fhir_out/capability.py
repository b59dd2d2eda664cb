"""The CapabilityStatement of this service: what it answers as FHIR, made from its routes.

Source: FHIR R4 CapabilityStatement; the canonical address of the IG's operation is the IG's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.adapters.fhir_out import codes
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
FHIR_VERSION = "4.0.1"
#: Operation -> where it is defined.
DEFINITIONS = {
    "find-subject-tx-implications": (
        f"{codes.IG}/OperationDefinition/find-subject-tx-implications"
    ),
    "match-therapies": f"{codes.OWN}:operation:match-therapies",
}


def capability_statement(operations: Iterable[str], *, version: str, date: str) -> Json:
    """Return the statement of an instance.

    Args:
        operations: names without ``$``, of the routes that are there.
        version: of the software.
        date: day of the knowledge that answers, so that the statement changes with it.
    """
    guide = f"{codes.IG}/ImplementationGuide/hl7.fhir.uv.genomics-reporting"
    return {
        "resourceType": "CapabilityStatement",
        "name": "TherapyMatch",
        "title": "therapy-match",
        "status": "active",
        "experimental": True,
        "date": date,
        "kind": "instance",
        "software": {"name": "therapy-match", "version": version},
        "implementation": {"description": INTENDED_USE},
        "fhirVersion": FHIR_VERSION,
        "format": ["json", codes.FHIR_JSON],
        "implementationGuide": [
            f"{guide}|{release.version}" for release in codes.RELEASES.values()
        ],
        "rest": [
            {
                "mode": "server",
                "documentation": (
                    "No resource is stored: operations answer from what is sent with the question."
                ),
                "operation": [
                    {"name": name, "definition": DEFINITIONS[name]} for name in sorted(operations)
                ],
            }
        ],
    }
