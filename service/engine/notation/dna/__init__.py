"""Coding and genomic changes, computed on the shipped coding sequences. Start with ``coding``."""
