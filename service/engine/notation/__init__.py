"""Text as laboratories write it to findings: read what is there, say what it was taken for, refuse the rest.

Start with ``biomarkers`` (one biomarker) or ``report`` (a whole text). One room a family: ``protein``
(changes of the protein, exon and gene words), ``dna``, ``fusion``, ``grades`` (IHC, ISH, copy number,
scores), ``text`` (which word says what); ``genes`` says which gene is meant, ``strangers`` and
``human_genes`` know those that nobody curated.
"""
