"""FHIR over HTTP: match, operations, answers."""
