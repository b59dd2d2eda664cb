"""What is known before a part of a text is read, and what is made of it by every family.

A part stands behind others, which may have named the gene, the assay or the result.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.model import Gene, Result
from service.engine.notation.faults import NotationError
from service.engine.notation.text.assays import kind_of
from service.engine.notation.text.texts import Polarity


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a part of a text is read.

    Args:
        gene: the gene that was named before, or in its own field.
        forced: the ``result`` field.
        word: that field as it was written: HER2 ``positive`` is a status, ``detected`` is not.
        stranger: the gene outside the knowledge base that was named before.
        is_carried: the gene comes from the part before, so that this part may name another.
    """

    gene: Gene | None = None
    assay: str | None = None
    forced: Result | None = None
    word: str = ""
    is_carried: bool = False
    stranger: str = ""
    steps: tuple[str, ...] = ()


def result_of(polarity: Polarity, context: Context, text: str) -> Result | None:
    """Return the result of a text beside the ``result`` field.

    Raises:
        NotationError: ``contradictory_result`` when they disagree.
    """
    forced = context.forced
    if forced is None or forced == "indeterminate":
        return forced or polarity.result
    if polarity.result not in (None, forced):
        said = str(polarity.result).replace("_", " ")
        raise NotationError(
            "contradictory_result",
            f"{text!r} is {said}, the result says {forced.replace('_', ' ')}",
        )
    return forced


def assay_of_fusion(context: Context) -> str | None:
    """Return the assay of a fusion: in-situ hybridisation does not see the partner."""
    return "FISH" if context.assay and kind_of(context.assay) == "ish" else None


def not_understood(text: str, gene: Gene) -> NotationError:
    """Return the fault of a text that is no alteration of a gene."""
    return NotationError(
        "unknown_alteration", f"{text!r} is no alteration of {gene.symbol} that is understood"
    )


def two_genes(first: Gene, second: Gene) -> NotationError:
    """Return the fault of a text that names two genes."""
    return NotationError("two_genes", f"{first.symbol} and {second.symbol} are both named")
