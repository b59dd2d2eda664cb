"""Between outside shapes and the engine: dicts in, dicts out; no Flask, no disk, no clock."""
