"""Fair timing on a noisy machine: interleaved blocks of processor time, and their medians."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

BLOCKS = 15
BLOCK_SECONDS = 0.1


def microseconds(tasks: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return processor time a call in microseconds: the median over interleaved blocks.

    The tasks take turns block by block, so that a slow spell of the machine meets all of them.
    """
    rounds = {name: _calibrate(task) for name, task in tasks.items()}
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(BLOCKS):
        for name, task in tasks.items():
            started = time.process_time()
            for _ in range(rounds[name]):
                task()
            taken[name].append((time.process_time() - started) / rounds[name])
    return {name: 1e6 * median(values) for name, values in taken.items()}


def _calibrate(task: Callable[[], object]) -> int:
    task()
    started = time.process_time()
    calls = 0
    while time.process_time() - started < BLOCK_SECONDS / 5:
        task()
        calls += 1
    return max(1, calls * 5)
