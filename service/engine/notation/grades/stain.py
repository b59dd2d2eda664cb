"""A stain that shows one variant (VE1 for V600E): its result is a result of that variant.

It is no expression result; a remark says that sequencing should confirm it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from service.engine.grading import VariantStain
from service.engine.model import Gene, Result
from service.engine.notation.faults import Remark
from service.engine.notation.protein.changes import read_protein_change
from service.engine.notation.readings import ReadChange
from service.engine.notation.text.assays import has_assay
from service.engine.notation.text.context import Context, result_of
from service.engine.notation.text.texts import polarity_of


@lru_cache(maxsize=64)
def _pattern_of(stain: VariantStain) -> re.Pattern[str]:
    names = "|".join(map(re.escape, stain.clones))
    variant = re.escape(stain.variant)
    return re.compile(
        rf"(?:{variant}[\s,:(]{{0,3}})?(?:(?:{names}|IHC|immunohistochemi(?:stry|cal))[\s,:()\-]{{0,3}}(?:clone\s)?){{1,3}}(?:{variant})?",
        re.I,
    )


def read_stain(rest: str, gene: Gene, context: Context) -> tuple[ReadChange, Result] | None:
    """Read the stain that shows a variant of the gene; ``None`` when the text is no result of it."""
    stain = gene.grading.variant_stain
    if stain is None or not has_assay(f"{rest} {context.assay or ''}"):
        return None
    polarity = polarity_of(rest)
    bare = polarity.bare if has_assay(polarity.bare) else f"{polarity.bare} {context.assay}"
    named = (stain.variant.upper(), *(clone.upper() for clone in stain.clones))
    if not any(name in bare.upper() for name in named) or not _pattern_of(stain).fullmatch(
        bare.strip()
    ):
        return None
    result = result_of(polarity, context, rest)
    if result is None and stain.variant.upper() in bare.upper():
        result = "detected"
    read = read_protein_change(stain.variant, gene)
    if result is None or read is None:
        return None
    clone = stain.clones[0]
    note = (
        f"{gene.symbol} {stain.variant} by immunohistochemistry ({clone}): confirm it by sequencing"
    )
    remark = Remark("variant_by_stain", note)
    steps = (f"stain for {stain.variant} ({clone})",)
    return replace(read, remarks=(remark,), steps=steps), result
