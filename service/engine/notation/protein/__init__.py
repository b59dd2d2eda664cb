"""Protein changes and the words for them: HGVS p., exons, named classes. Start with ``sequence``."""
