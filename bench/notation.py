"""Microseconds that one alteration takes to be understood, form by form; and hostile texts.

A hostile text is 200 characters of pieces that laboratories write, near to sense; it is refused
about as fast as an ordinary one is read.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from pathlib import Path

from service.engine.notation.faults import NotationError
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


PIECES = (
    "EGFR", "HER2", "ALK", "KRAS", "TP53", "L858R", "E746_A750del", "p.", "c.2573T>G", "exon 19",
    "del", "ins", "no", "not detected", "positive", "IHC", "FISH", "2+", "-", "+", "/", ",", ";",
    "(", ")", "[", "and", "or", "fusion", "EML4", "::", "wild type", "VUS", "TPS", "50%",
    "chr7:55259515T>G", "codon 12", "low", " ",
)  # fmt: skip
_HOSTILE, _LENGTH = 200, 200


def hostile_texts() -> list[str]:
    """Return texts of 200 characters: pieces in any order, and one piece again and again."""
    draw = random.Random(20261130)
    mixed = [
        "".join(f"{draw.choice(PIECES)} " for _ in range(80))[:_LENGTH] for _ in range(_HOSTILE)
    ]
    return mixed + [(piece * _LENGTH)[:_LENGTH] for piece in PIECES]


def hostile_ratio(path: Path = Path("build/kb.sqlite")) -> float:
    """Return how much longer a hostile text takes than an ordinary one, on average."""
    read = KnowledgeBase(path).reader.read_text

    def seconds(texts: list[str]) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            for text in texts:
                with suppress(NotationError):
                    read(text)
            best = min(best, time.perf_counter() - start)
        return best / len(texts)

    return seconds(hostile_texts()) / seconds(list(FORMS) * 20)


if __name__ == "__main__":
    for form, microseconds in measure():
        print(f"{microseconds:8.1f} us  {form}")
    print(f"{hostile_ratio():8.1f} times  a hostile text against an ordinary one")
