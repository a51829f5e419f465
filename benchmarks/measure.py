"""Clocks, subprocesses and the rows that they fill."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax


@dataclass(frozen=True)
class Row:
    """One measured number.

    low, high   smallest and largest of `runs` runs, `value` being their median
    residual    largest residual of the audit of what was solved
    """

    what: str
    case: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    runs: int = 1
    iterations: float | None = None
    residual: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Skipped:
    """A benchmark that could not run, and one sentence that says why."""

    what: str
    case: str
    reason: str


@dataclass(frozen=True)
class Times:
    """Wall times of runs, in seconds."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """Median of all runs."""
        return statistics.median(self.seconds)

    def row(self, what: str, case: str, **more: Any) -> Row:
        """Return the row of these times."""
        return Row(
            what,
            case,
            self.median,
            "s",
            low=min(self.seconds),
            high=max(self.seconds),
            runs=len(self.seconds),
            **more,
        )


def _wait(result: object) -> None:
    for leaf in jax.tree.leaves(result):
        if isinstance(leaf, jax.Array):
            leaf.block_until_ready()


def timed(runs: int, *functions: Callable[[], object]) -> tuple[Times, ...]:
    """Time functions in turn, `runs` times each, waiting for what they return.

    In turn, so that a ratio of two is hardly touched by what else the machine does. The first,
    compiling, call of each is not counted.
    """
    seconds: list[list[float]] = [[] for _ in functions]
    for function in functions:
        _wait(function())
    for _ in range(runs):
        for function, times in zip(functions, seconds, strict=True):
            start = time.perf_counter()
            _wait(function())
            times.append(time.perf_counter() - start)
    return tuple(Times(times) for times in seconds)


def command_time(
    command: Sequence[str], environment: Mapping[str, str]
) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Wall time of a whole process, and what became of it."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return time.perf_counter() - start, done


def probe(
    question: str, case: str, environment: Mapping[str, str], *, module: str = "benchmarks.probe"
) -> dict[str, Any]:
    """Ask a fresh process of a module; raises `RuntimeError` with its last line."""
    command = [sys.executable, "-m", module, question, case]
    _, done = command_time(command, environment)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip() or "no message").splitlines()[-1])
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
