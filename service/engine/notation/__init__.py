"""Text as laboratories write it to findings: read what is there, say what it was taken for, refuse the rest.

Start with ``biomarkers.read_biomarker``. One module a family: ``protein`` (HGVS protein changes),
``sequence_words`` (exon and gene words), ``rearrangement``, ``graded`` (IHC, ISH, copy number,
scores), ``genes`` (which gene is meant).
"""
