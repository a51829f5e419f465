"""What bands add to a run of a scenario with years: with nothing remembered, then with all."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.measure import Row
from zizhu.laboratory.ensemble.run import ensemble
from zizhu.laboratory.path.arguments import choices_of
from zizhu.laboratory.scenario_path.run import run_path

_SCENARIO, _PAIRS = "china-2035", 64


def rows(pairs: int = _PAIRS) -> Iterator[Row]:
    """Time of all pairs under a seed that nothing is remembered under, then of the same again."""
    answer = run_path(_SCENARIO, quick=True)
    seed, what = time.time_ns() % 2**31, f"{_SCENARIO}, {pairs} pairs"
    for name in ("bands", "bands, remembered"):
        start, used = time.perf_counter(), time.process_time()
        found = ensemble(
            answer.scenario,
            answer.outcome.path,
            answer.compiled,
            choices_of(list(answer.scenario.structure)),
            context=answer.context,
            dataset=answer.outcome.dataset,
            region=answer.focus,
            key=b"benchmark",
            number=pairs,
            seed=seed,
        )
        note = f"{found.number - found.solved} not solved; {time.process_time() - used:.1f} s"
        yield Row(name, what, time.perf_counter() - start, "s", note=f"{note} of processor time")
