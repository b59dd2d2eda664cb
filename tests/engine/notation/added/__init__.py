"""Records of real genes that are not in the seed data; see ``test_added_records``."""
