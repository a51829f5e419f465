"""What only a fresh process can tell of a path: compile times, peak memory, whether it grows.

Started by `benchmarks.measure.probe`, with threads and compilation cache set by the parent.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import jax

from benchmarks import paths
from benchmarks.memory import peak_memory

# Runs until the allocator has what it needs, then runs over which the peak should not grow.
_SETTLING = {"path": 12, "batch": 2, "gradient": 5}
_RUNS = {"path": 50, "batch": 6, "gradient": 10}


def _program(question: str, given: paths.PathSetup) -> Callable[[], object]:
    if question == "path":
        return lambda: paths.full_path(given)
    if question == "gradient":
        return lambda: paths.path_gradient(given)
    rates = paths.varied_rates(given)
    return lambda: paths.batch_of_paths(given, rates)


def answer(question: str, name: str) -> dict[str, float]:
    """Seconds to compile, and bytes: before it, at the peak of some runs, grown over many more."""
    given = paths.setup(name)
    run = _program(question, given)
    loaded = peak_memory()
    seconds = []
    for _ in range(_SETTLING[question]):
        start = time.perf_counter()
        jax.block_until_ready(run())
        seconds.append(time.perf_counter() - start)
    peak = peak_memory()
    for _ in range(_RUNS[question]):
        jax.block_until_ready(run())
    return {
        "compile": seconds[0] - min(seconds[1:]),
        "loaded": loaded,
        "peak": peak,
        "grown": peak_memory() - peak,
        "runs": _RUNS[question],
    }


if __name__ == "__main__":
    print(json.dumps(answer(*sys.argv[1:])))
