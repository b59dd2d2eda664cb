"""CDS Hooks over HTTP: services, feedback, tokens."""
