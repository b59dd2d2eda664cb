"""From ``seed_data/`` to the read-only knowledge base: read -> lint -> compile -> store."""
