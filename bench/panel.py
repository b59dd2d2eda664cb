"""What a gene that nobody curated costs, and a text, each beside ``orjson`` on the same object.

A panel names hundreds of genes; each must cost little, in proportion, and nothing in matching.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import islice
from typing import Any

import orjson

from bench.clock import microseconds
from bench.notation import FORMS
from service.adapters.v1.answer import AnswerWriter
from service.adapters.v1.case import read_case
from service.engine.match import match
from service.knowledge.store import KnowledgeBase

TODAY = dt.date(2026, 11, 24)
SIZES = (0, 250, 500)
#: Twenty texts as laboratories write them: the forms of ``notation``, and words of reports.
TEXTS = (
    *FORMS,
    "ALK rearrangement: not detected",
    "EGFR: p.L858R (c.2573T>G), VAF 23 %",
    "HER2 negative (score 1+)",
    "BRAF mutation: positive (V600E)",
    "KRAS G12C; TP53 R175H",
    "PD-L1 TPS 60%",
    "MSI-H",
    "No evidence of RET fusion",
)


def panel(kb: KnowledgeBase, count: int) -> dict[str, Any]:
    """Return a case with one covered finding and so many genes that nobody curated."""
    human, own = kb.reader.human_genes, kb.reader.names
    names = (
        name
        for name in sorted(human.names())
        if (gene := human.find(name)) and gene.symbol == name and own.lookup(name) is None
    )
    strange = [{"gene": name, "alteration": "R175H"} for name in islice(names, count)]
    return {"tumor_type": "LUAD", "biomarkers": ["EGFR L858R", *strange]}


def costs(kb: KnowledgeBase) -> dict[str, float]:
    """Return the ratios that are printed: name -> times."""
    writer = AnswerWriter(kb)

    def answer(given: dict[str, Any]) -> bytes:
        read = read_case(kb, given, today=TODAY)
        return writer.to_bytes(read, match(kb.rulebook, read.case), echo=False)

    cases = {size: panel(kb, size) for size in SIZES}
    one = cases[SIZES[1]]["biomarkers"][1]
    cases_read = {size: read_case(kb, cases[size], today=TODAY).case for size in SIZES}
    taken = microseconds(
        {f"answer {size}": partial(answer, cases[size]) for size in SIZES}
        | {f"match {size}": partial(match, kb.rulebook, cases_read[size]) for size in SIZES}
        | {"round trip": lambda: orjson.loads(orjson.dumps(one))}
    )
    first, second = (
        (taken[f"answer {b}"] - taken[f"answer {a}"]) / (b - a)
        for a, b in ((SIZES[0], SIZES[1]), (SIZES[1], SIZES[2]))
    )
    return {
        "a gene that is not covered, orjson round trips": first / taken["round trip"],
        "the second 250 genes, times the first": second / first,
        "matching with 500 of them, times without": taken["match 500"] / taken["match 0"],
    }


def text_ratio(kb: KnowledgeBase) -> float:
    """Return how many times an ``orjson`` parse of the same text a reading takes, on average."""
    texts = [orjson.dumps(text) for text in TEXTS]

    def read_all() -> None:
        for text in TEXTS:
            kb.reader.read_text(text)

    def parse_all() -> None:
        for text in texts:
            orjson.loads(text)

    taken = microseconds({"read": read_all, "parse": parse_all})
    return taken["read"] / taken["parse"]


def print_panel(kb: KnowledgeBase) -> None:
    """Print what genes that nobody curated cost, and a text."""
    print("\nGenes that nobody curated, and texts, in times")
    for name, ratio in costs(kb).items():
        print(f"{name:58}{ratio:8.2f}")
    print(f"{'the mean of 20 texts, orjson parses of the same text':58}{text_ratio(kb):8.0f}")
