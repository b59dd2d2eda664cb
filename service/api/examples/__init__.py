"""The examples that openapi.yaml shows."""
