"""Between outside shapes and the engine: plain dicts in, plain dicts out; no Flask, no disk, no clock."""
