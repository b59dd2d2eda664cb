"""The JSON of the v1 contract, in and out. Start with ``case`` (in) and ``answer`` (out)."""
