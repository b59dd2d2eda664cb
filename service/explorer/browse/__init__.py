"""Pages of the records of the knowledge base."""
