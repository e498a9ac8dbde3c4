"""Batches of ids, and the time of steps over them."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.records import SEED

BATCH, WIDTH, DIM = 64, 200, 100
_WARM_UP = 5
_SLOW = 0.2
_SLOW_STEPS = 10

Step = Callable[[np.ndarray, np.ndarray], None]
"""Learns from int32[64, 200] ids and float32[64, 1] targets, and waits for the end."""


def batches(rows: int, count: int, *, zipf: bool) -> list[np.ndarray]:
    """Returns int32[64, 200] ids of each step, from 2 up: none is padding."""
    rng = np.random.default_rng([SEED, 5, int(zipf)])
    shape = (count, BATCH, WIDTH)
    if not zipf:
        return list(rng.integers(2, rows, shape, dtype=np.int32))
    steps = np.cumsum(1 / np.arange(1, rows - 1))
    ids = 2 + np.searchsorted(steps, rng.random(shape) * steps[-1])
    return list(ids.clip(max=rows - 1).astype(np.int32))


def milliseconds(step: Step, rows: int, steps: int, *, zipf: bool) -> float:
    """Returns the median time of a step after some to warm up."""
    targets = np.arange(BATCH, dtype=np.float32)[:, None] % 2
    data = iter(batches(rows, steps + _WARM_UP, zipf=zipf))
    for _ in range(2):
        seconds = _timed(step, next(data), targets)
    if seconds > _SLOW:
        steps = min(steps, _SLOW_STEPS)
    else:
        for _ in range(_WARM_UP - 2):
            step(next(data), targets)
    times = [_timed(step, next(data), targets) for _ in range(steps)]
    return 1e3 * median(times)


def _timed(step: Step, ids: np.ndarray, targets: np.ndarray) -> float:
    started = time.perf_counter()
    step(ids, targets)
    return time.perf_counter() - started
