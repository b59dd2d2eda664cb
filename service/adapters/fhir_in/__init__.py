"""FHIR in: a tolerant reader of FHIR R4 JSON, from Genomics Reporting and mCODE to v1 cases.

Pure: parsed JSON in, frozen values out; nothing is fetched, nothing raises but ``InputError`` for
a document that is not read at all. Start at ``reading``; ``outcome`` has what it gives. Why it is
written by hand and what it refuses: ``docs/decisions/0030-fhir-reader.md``.
"""

from service.adapters.fhir_in.outcome import FhirReading, FhirWarning, Ignored, SubjectReading
from service.adapters.fhir_in.reading import read_fhir

__all__ = ["FhirReading", "FhirWarning", "Ignored", "SubjectReading", "read_fhir"]
