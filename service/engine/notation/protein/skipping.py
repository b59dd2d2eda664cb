"""An exon that is skipped, in words: ``exon 14 skipping``, ``ex14``, ``exon 14 splice site mutation``.

Which exons are named so is data of the gene (``skipped_exons``): there "deletion" and "splice" of the
exon mean the same; in every other gene they keep their own meaning.
"""

from __future__ import annotations

import re

from service.engine.model import Gene, ProteinChange
from service.engine.notation.readings import ReadChange

_EXON = r"(?:exon|ex|delta[\s-]?ex(?:on)?)[\s.\-]{0,2}(?P<exon>\d{1,2})"
_WHAT = (
    r"(?:in-?frame\s)?(?:skip(?:ping|ped)?|splic(?:e|ing)(?:[\s-](?:sites?|region|donor|acceptor))?"
    r"|del(?:etion|eted)?|loss)"
)
_NOUN = r"(?:\s(?:mutations?|variants?|alterations?|events?|changes?|mut|transcripts?))?"
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_EXON}[\s(\-]{{0,2}}{_WHAT}\)?{_NOUN}",
        rf"{_WHAT}{_NOUN}\s(?:of|in|at)\s(?:the\s)?{_EXON}",
    )
)
#: What stands behind the name of the gene in the glued form.
_GLUED = re.compile(r"ex(?P<exon>\d{1,2})", re.I)


def read_skipping(text: str, gene: Gene) -> ReadChange | None:
    """Read the skipping of an exon of which the gene's record says so; ``None`` for all else."""
    if not gene.skipped_exons:
        return None
    bare = text.strip(" ()")
    for form in _FORMS:
        found = form.fullmatch(bare)
        if found is not None:
            return _skipping(gene, int(found["exon"]))
    return None


def read_glued_exon(text: str, gene: Gene) -> ReadChange | None:
    """Read ``ex14`` and no more, which laboratories use as a name of the skipping."""
    found = _GLUED.fullmatch(text.strip()) if gene.skipped_exons else None
    return _skipping(gene, int(found["exon"])) if found is not None else None


def _skipping(gene: Gene, exon: int) -> ReadChange | None:
    if exon not in gene.skipped_exons:
        return None
    change = ProteinChange(consequence="exon_skipping", exon=exon)
    return ReadChange(change, None, steps=(f"exon {exon} is skipped",))
