"""A MAF of any order and length is read sample by sample, and says what reading it at once says."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench.files import peak_bytes, rows
from service.adapters.files.packed import PackedRows
from service.adapters.files.samples import RowSorter
from service.adapters.files.study import read_study
from service.cohort.files import read_files
from service.cohort.spool import Spool
from service.knowledge.store import KnowledgeBase
from tests.adapters.small_files import FOLDER, NAMES


def study(*, seed: int) -> dict[str, list[str]]:
    """Return the small files, with many mutations in any order and rows of no sample."""
    files = {name: (FOLDER / file).read_text("utf-8").splitlines() for name, file in NAMES.items()}
    own = [line for line in files["maf"] if not line.startswith("#")]
    more = [own[1 + number % (len(own) - 1)] for number in range(60)]
    loose = [line.replace("S1", "") for line in own[1:] if "S1" in line][:1]
    body = [*own[1:], *(line.replace("S2", "S9") for line in more), *loose, f"{own[1]}\tmore"]
    random.Random(seed).shuffle(body)
    return files | {"maf": [own[0], *body]}


SORTERS: list[Callable[[], RowSorter]] = [
    *(partial(Spool, *bounds) for bounds in [(1, 2), (3, 3), (7, 64), (500, 64)]),
    PackedRows,
]


@pytest.mark.parametrize("sorter", SORTERS)
def test_rows_that_are_read_late_say_the_same(
    kb: KnowledgeBase, sorter: Callable[[], RowSorter]
) -> None:
    for seed in range(3):
        files = study(seed=seed)
        at_once = read_study(kb, files)
        late = read_study(kb, files, sorter=sorter())
        for _ in range(2):  # a second pass reads and counts the same
            told = [(s.id, s.tumor_type, s.items, s.faults) for s in late]
            assert told == [(s.id, s.tumor_type, s.items, s.faults) for s in at_once]
        assert (late.records(), late.loose) == (at_once.records(), at_once.loose)
        assert [*late.items()] == [*at_once.items()]


def test_the_records_add_up_once_the_samples_were_read(kb: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "data.maf"
    path.write_text("\n".join(study(seed=1)["maf"]), "utf-8")
    samples = read_files(kb, {"maf": path})
    assert sum(1 for _ in samples) == len(samples)
    samples.check()
    (counted,) = samples.records()
    assert counted["items"] == len(path.read_text("utf-8").splitlines()) - 1


def test_memory_does_not_grow_with_the_rows(kb: KnowledgeBase) -> None:
    """Ten times the rows are ``make bench``; here three times, of which a run holds a part."""
    read_study(kb, {"maf": rows(9_000)})  # what is kept of a text once it was read
    assert peak_bytes(kb, 9_000) < 1.5 * peak_bytes(kb, 3_000)


def test_the_measured_file_is_the_same_every_time() -> None:
    assert [*rows(50)] == [*rows(50)]
