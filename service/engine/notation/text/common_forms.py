"""The commonest texts by a short way: ``EGFR L858R``, ``EGFR exon 19 deletion``, ``HER2 IHC 3+``.

Each gives exactly the finding of the long way; what is not plainly one of them is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.engine.model import Gene
from service.engine.notation.faults import NotationError
from service.engine.notation.findings import (
    to_fusion_finding,
    to_graded_finding,
    to_sequence_finding,
)
from service.engine.notation.fusion.rearrangement import FusionReader
from service.engine.notation.genes import GeneNames
from service.engine.notation.grades.expression import read_ihc
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.protein.skipping import read_skipping
from service.engine.notation.protein.words import read_sequence_words
from service.engine.notation.readings import ReadBiomarker

_CHANGE = r"(?:p\.)?\(?[A-Za-z]{1,3}\d{1,4}[A-Z][a-z]{0,2}\)?"
_COMMON = re.compile(
    rf"(?:(?P<gene>[A-Za-z][A-Za-z0-9]{{1,7}})[ :]{{1,2}}"
    rf"(?:(?P<change>{_CHANGE})|(?P<exon>exon \d{{1,2}} (?:deletion|insertion|mutation))"
    r"|IHC (?P<score>[0-3]\+?))"
    rf"|(?P<reference>N[MP]_\d{{6,9}}(?:\.\d{{1,2}})?):(?P<change_>{_CHANGE})"
    r"|(?P<fusion>[A-Z][A-Z0-9]{2,8}(?:-|::)[A-Z][A-Z0-9]{2,8})(?: fusion)?)"
)
_COMMON_CHANGE = re.compile(_CHANGE)


def read_common(
    text: str,
    names: GeneNames,
    fusions: FusionReader,
    oncogenicity: Mapping[tuple[str, str], str],
) -> ReadBiomarker | None:
    """Read a text of a common form; ``None`` for every other."""
    found = _COMMON.fullmatch(text)
    if found is None:
        return None
    if found["fusion"]:
        fusion = fusions.read(text, None)
        is_plain = fusion is not None and fusion.partner is not None
        return to_fusion_finding(fusion, "detected", None, ()) if fusion and is_plain else None
    try:
        taken = names.take_leading(text)
    except NotationError:
        return None
    if taken is None or taken.gene is None or taken.gene.members:
        return None
    gene, steps = taken.gene, (taken.step,)
    change = found["change"] or found["change_"]
    if change:
        return read_common_change(change, gene, steps, oncogenicity)
    if found["exon"]:
        read = read_skipping(found["exon"], gene) or read_sequence_words(found["exon"], gene)
        return to_sequence_finding(gene, read, "detected", None, steps) if read else None
    grade = read_ihc(found["score"], gene)
    return to_graded_finding(gene, grade, steps) if grade else None


def read_common_change(
    change: str, gene: Gene, steps: tuple[str, ...], oncogenicity: Mapping[tuple[str, str], str]
) -> ReadBiomarker | None:
    """Read a plain substitution; ``None`` for every other change."""
    if _COMMON_CHANGE.fullmatch(change) is None or gene.members:
        return None
    try:
        read = read_protein_change(change, gene)
    except NotationError:
        return None  # the long way says why, or knows another numbering
    if read is None or read.change.short is None or read.change.consequence != "missense":
        return None
    known = oncogenicity.get((gene.symbol, read.change.short))
    return to_sequence_finding(gene, read, "detected", known, steps)
