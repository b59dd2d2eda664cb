"""What a row of a MAF costs: microseconds, and bytes that stay until the answers are written."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator

from service.adapters.files.study import read_study
from service.knowledge.store import KnowledgeBase

_HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status"
_GENES = ("EGFR", "KRAS", "BRAF", "TP53", "STK11", "RB1", "APC", "ARID1A", "KEAP1", "NF1")
_ROWS_OF_A_SAMPLE = 200


def rows(count: int) -> Iterator[str]:
    """Yield a mutation file sorted by sample; the same rows every time."""
    chance = random.Random(1)
    yield _HEADER
    for row in range(count):
        gene, place = chance.choice(_GENES), chance.randint(1, 900)
        change = "p.L858R" if gene == "EGFR" else f"p.A{place}T"
        yield f"{gene}\tMissense_Mutation\tS{row // _ROWS_OF_A_SAMPLE}\t{change}\tSomatic"


def print_files(kb: KnowledgeBase, count: int = 20_000) -> None:
    """Print what the rows of a file cost."""
    read_study(kb, {"maf": rows(100)})  # the names of genes are loaded
    started = time.perf_counter()
    read_study(kb, {"maf": rows(count)})
    each = (time.perf_counter() - started) / count * 1e6
    tracemalloc.start()
    kept = read_study(kb, {"maf": rows(count // 4)})
    size = tracemalloc.get_traced_memory()[0] / (count // 4)
    tracemalloc.stop()
    print(f"\nA row of a MAF ({count:,} rows, {len(kept):,} samples measured for memory)")
    print(f"  {each:8.1f} \u00b5s, {size:8.0f} bytes kept")
