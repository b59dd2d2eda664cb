"""Words of a specimen: whether it was blood, whose results are never those of tissue."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BLOOD = re.compile(
    r"\b(?:circulating tumou?r dna|plasma|blood|blut|sang|sangre|sangue|(?:cf|ct)-?dna|cell-free|liquid biopsy|serum)\b",
    re.I,
)
_TISSUE = re.compile(
    r"tissue|gewebe|tissu\b|tejido|tessuto|ffpe|paraffin|resection|block|tumou?r|metastas|(?<!liquid )biopsy",
    re.I,
)


def is_blood(specimens: Iterable[str]) -> bool:
    """Tell whether the specimens of a report are blood, and none is tissue."""
    said = " ".join(specimens)
    return _BLOOD.search(said) is not None and _TISSUE.search(_BLOOD.sub(" ", said)) is None
