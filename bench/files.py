"""What a row of a MAF costs: microseconds, and bytes that stay until the answers are written."""

from __future__ import annotations

import datetime as dt
import gc
import random
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from service.adapters.files.packed import PackedRows
from service.adapters.files.study import read_study
from service.cohort.files import read_files, read_sample
from service.knowledge.store import KnowledgeBase

_HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status"
_GENES = ("EGFR", "KRAS", "BRAF", "TP53", "STK11", "RB1", "APC", "ARID1A", "KEAP1", "NF1")
_ROWS_OF_A_SAMPLE = 200
TODAY = dt.date(2026, 11, 24)


def rows(count: int) -> Iterator[str]:
    """Yield a mutation file sorted by sample; the same rows every time."""
    chance = random.Random(1)
    yield _HEADER
    for row in range(count):
        gene, place = chance.choice(_GENES), chance.randint(1, 900)
        change = "p.L858R" if gene == "EGFR" else f"p.A{place}T"
        yield f"{gene}\tMissense_Mutation\tS{row // _ROWS_OF_A_SAMPLE}\t{change}\tSomatic"


def peak_bytes(kb: KnowledgeBase, count: int) -> int:
    """Return the most bytes that are held while a file on disk is read and each case understood."""
    with tempfile.NamedTemporaryFile("w", suffix=".maf") as file:
        file.writelines(f"{row}\n" for row in rows(count))
        file.flush()
        gc.collect()
        tracemalloc.start()
        samples = read_files(kb, {"maf": Path(file.name)})
        for sample in samples:
            read_sample(kb, sample, {"tumor_type": "LUAD"}, today=TODAY)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def growth(kb: KnowledgeBase, small: int = 10_000, large: int = 100_000) -> float:
    """Return how much more memory a MAF takes at its peak when it has ten times the rows."""
    read_study(kb, {"maf": rows(small)})  # what is kept of a text once it was read
    return peak_bytes(kb, large) / peak_bytes(kb, small)


def print_files(kb: KnowledgeBase, count: int = 20_000) -> None:
    """Print what the rows of a file cost."""
    read_study(kb, {"maf": rows(100)})  # the names of genes are loaded
    started = time.perf_counter()
    read_study(kb, {"maf": rows(count)})
    each = (time.perf_counter() - started) / count * 1e6
    tracemalloc.start()
    kept = read_study(kb, {"maf": rows(count // 4)}, sorter=PackedRows())
    size = tracemalloc.get_traced_memory()[0] / (count // 4)
    tracemalloc.stop()
    print(f"\nA row of a MAF ({count:,} rows, {len(kept):,} samples measured for memory)")
    print(f"  {each:8.1f} \u00b5s, {size:8.0f} bytes kept until the answers are written (HTTP)")
    print(f"  {growth(kb):8.2f} times the peak with ten times the rows (command line)")
