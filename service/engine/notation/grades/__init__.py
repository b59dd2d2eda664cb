"""Graded results: IHC, in-situ hybridisation, copy number, scores, status words. Start with ``graded``."""
