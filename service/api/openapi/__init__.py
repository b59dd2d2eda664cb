"""openapi.yaml and the page that shows it, from the schemas."""
