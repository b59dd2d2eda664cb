"""Microseconds that one alteration takes to be understood, form by form."""

from __future__ import annotations

import time
from pathlib import Path

from service.knowledge.store import KnowledgeBase

FORMS = (
    "EGFR L858R",
    "EGFR p.Leu858Arg",
    "NP_005219.2:p.(Leu858Arg)",
    "EGFR exon 19 deletion",
    "EML4-ALK fusion",
    "HER2 IHC 3+",
    "EGFR E746_A750del",
    "KRAS wild type",
    "EGFR c.2573T>G",
    "chr7:140453136A>T",
    "HER2 IHC 2+/ISH+",
    "EGFR L858R + T790M",
)
_ROUNDS, _REPEATS = 7, 200


def measure(path: Path = Path("build/kb.sqlite")) -> list[tuple[str, float]]:
    """Return (text, microseconds a reading) for each form, the best of several rounds."""
    read = KnowledgeBase(path).reader.read_text
    rows = []
    for text in FORMS:
        best = float("inf")
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            for _ in range(_REPEATS):
                read(text)
            best = min(best, (time.perf_counter() - start) / _REPEATS)
        rows.append((text, best * 1e6))
    return rows


if __name__ == "__main__":
    for form, microseconds in measure():
        print(f"{microseconds:8.1f} us  {form}")
