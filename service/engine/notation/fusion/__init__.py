"""Fusions by names, karyotypes and breakpoints. Start with ``rearrangement``."""
