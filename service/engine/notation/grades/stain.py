"""The stain for BRAF V600E (clone VE1), which tells one variant, as that variant.

A positive stain of a BRAF tumour is no expression result: it opens what V600E opens, with the
remark that sequencing should confirm it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.engine.model import Gene, Result
from service.engine.notation.faults import Remark
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.readings import ReadChange
from service.engine.notation.text.assays import has_assay
from service.engine.notation.text.context import Context, result_of
from service.engine.notation.text.texts import polarity_of

_STAIN = re.compile(
    r"(?:V600E[\s,:(]{0,3})?(?:(?:VE1|IHC|immunohistochemi(?:stry|cal))[\s,:()\-]{0,3}(?:clone\s)?){1,3}(?:V600E)?",
    re.I,
)


def read_stain(rest: str, gene: Gene, context: Context) -> tuple[ReadChange, Result] | None:
    """Read the stain for BRAF V600E; ``None`` when the text is no result of it."""
    if gene.symbol != "BRAF" or not has_assay(f"{rest} {context.assay or ''}"):
        return None
    polarity = polarity_of(rest)
    bare = polarity.bare if has_assay(polarity.bare) else f"{polarity.bare} {context.assay}"
    if "V" not in bare.upper() or _STAIN.fullmatch(bare.strip()) is None:
        return None
    result = result_of(polarity, context, rest)
    if result is None and "V600E" in bare.upper():
        result = "detected"
    read = read_protein_change("V600E", gene)
    if result is None or read is None:
        return None
    note = "BRAF V600E by immunohistochemistry (VE1): confirm it by sequencing"
    remark = Remark("variant_by_stain", note)
    return replace(read, remarks=(remark,), steps=("stain for V600E (VE1)",)), result
