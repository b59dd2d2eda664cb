"""Biomarker-to-therapy matching: a reasoned, dated, three-valued answer from curated knowledge."""

__version__ = "0.1.0"
