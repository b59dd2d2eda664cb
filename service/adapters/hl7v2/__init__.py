"""HL7 v2 in: results of ORU messages to v1 cases, and the answer as segments to append.

``wire`` brings bytes to messages, ``segments`` gives their fields, ``orders`` says which segments
belong together, ``results`` what an OBX says. Coded results become FHIR Observations (``panels``)
and are read by ``fhir_in``, so that there is one table of codes; the others are read in words
(``rows``). Start at ``reading``. Why it is so: ``docs/decisions/0127-hl7-v2.md``.
"""

from service.adapters.hl7v2.reading import Hl7Reading, PatientReading, read_hl7

__all__ = ["Hl7Reading", "PatientReading", "read_hl7"]
