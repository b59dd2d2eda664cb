"""FHIR R4 out: answers as Genomics Reporting resources, errors as OperationOutcome.

Plain dicts, no model library; the tests hold what is written against two libraries and the
profiles. Not here: reading FHIR (``fhir_in``). Start with ``to_bundle``.
"""

from __future__ import annotations

from service.adapters.fhir_out import codes
from service.adapters.fhir_out.bundle import Answered, Remarks, to_bundle, to_parameters
from service.adapters.fhir_out.codes import FHIR_JSON, RELEASES, STU2, STU3, Release
from service.adapters.fhir_out.findings import Origin
from service.adapters.fhir_out.outcome import to_outcome

__all__ = [
    "FHIR_JSON",
    "RELEASES",
    "STU2",
    "STU3",
    "Answered",
    "Origin",
    "Release",
    "Remarks",
    "codes",
    "to_bundle",
    "to_outcome",
    "to_parameters",
]
