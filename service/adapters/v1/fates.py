"""What became of the items of an input that are no findings, as the contract shows it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from service.engine.reading import Item, grouped, uncovered_genes

Json = dict[str, Any]
#: Items that are listed with their places; the count is of all.
MAX_PLACES = 100


def write_not_covered(items: Iterable[Item]) -> Json:
    """Return the genes and markers that nobody curated: how many, and their symbols, sorted."""
    genes = uncovered_genes(items)
    return {"count": len(genes), "genes": list(genes)}


def write_set_apart(items: Iterable[Item], *, echo: bool) -> list[Json]:
    """Return what was set apart.

    Args:
        echo: each with its place and text (``explain=full``), the first ``MAX_PLACES``; the rest,
            and without it all, grouped by reason and gene, so that the counts add up and the bytes
            of a group depend on no order or spelling.
    """
    apart = (item for item in items if item.fate == "set_apart")
    listed = list(islice(apart, MAX_PLACES)) if echo else []
    return [
        *(
            {"reason": item.reason, "gene": item.gene, "place": item.place, "text": item.text}
            for item in listed
        ),
        *(
            {"reason": reason, "gene": gene, "count": count}
            for reason, gene, count in grouped(apart)
        ),
    ]
