"""What is measured: each task yields rows, or says in a sentence why it cannot."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from benchmarks import nested_loop
from benchmarks.measure import Row, Skipped, command_time, probe, timed
from benchmarks.worlds import CASES, Case, UnavailableError
from zizhu.model.audit import audit
from zizhu.model.equilibrium import Solution, equilibrium, solve_unchecked

BATCH = 16
_COMMAND = ("run", "decoupling")


@dataclass(frozen=True)
class Effort:
    """How often things run: `fast` for milliseconds, `slow` for seconds."""

    fast: int
    slow: int


FULL = Effort(fast=25, slow=3)
QUICK = Effort(fast=5, slow=1)

Result = Row | Skipped
Task = Callable[[Effort], Iterator[Result]]


@cache
def _case(name: str) -> Case:
    return CASES[name]()


def _solve(case: Case) -> Solution:
    solution: Solution = solve_unchecked(case.economy, case.elasticities, case.shock)
    return solution


def _residual(case: Case, solution: Solution) -> float:
    return audit(case.economy, case.elasticities, case.shock, solution).largest


def _available(what: str, names: list[str]) -> Iterator[Case | Skipped]:
    for name in names:
        try:
            yield _case(name)
        except UnavailableError as error:
            yield Skipped(what, name, str(error))


def warm(effort: Effort) -> Iterator[Result]:
    """One solve of a compiled program, on every case."""
    for case in _available("warm solve", list(CASES)):
        if isinstance(case, Skipped):
            yield case
            continue
        solution = _solve(case)
        times = timed(lambda case=case: _solve(case), effort.fast)  # type: ignore[misc]
        yield times.row(
            "warm solve",
            case.name,
            iterations=float(solution.iterations),
            residual=_residual(case, solution),
            note=case.text,
        )


def nested(effort: Effort) -> Iterator[Result]:
    """The published algorithm beside ours: same data, same process, same threads."""
    for case in _available("nested loop", ["31x40", "7x44"]):
        if isinstance(case, Skipped):
            yield case
            continue
        theta, change = np.asarray(case.elasticities.trade), np.asarray(case.shock.tariff)
        found = nested_loop.solve(case.economy, theta, change)
        ours = _solve(case)
        real_wage = np.asarray(ours.log_wage - ours.log_final_price)
        gap = float(np.max(np.abs(real_wage - found.log_real_wage)))

        def published(case: Case = case) -> object:
            change = np.asarray(case.shock.tariff)
            return nested_loop.solve(case.economy, np.asarray(case.elasticities.trade), change)

        theirs = timed(published, effort.slow, warm_up=False)
        mine = timed(lambda case=case: _solve(case), effort.fast)  # type: ignore[misc]
        yield theirs.row(
            "nested loop",
            case.name,
            iterations=found.outer,
            residual=found.excess,
            note=f"{found.inner} price rounds; real wages within {gap:.0e} of ours",
        )
        yield mine.row(
            "ours beside it",
            case.name,
            iterations=float(ours.iterations),
            residual=_residual(case, ours),
        )
        yield Row("nested loop / ours", case.name, theirs.median / mine.median, "x")


@jax.jit
def _batch(case_arrays: tuple[object, ...], tariffs: Float[Array, "b i k n"]) -> Solution:
    economy, elasticities, shock = case_arrays

    def one(tariff: Float[Array, "i k n"]) -> Solution:
        return equilibrium(economy, elasticities, shock._replace(tariff=tariff))  # type: ignore

    return jax.vmap(one)(tariffs)


def batch(effort: Effort) -> Iterator[Result]:
    """Sixteen counterfactuals of different size in one call, against one after the other."""
    what = f"batch of {BATCH}, per solve"
    for case in _available(what, ["31x40", "7x44"]):
        if isinstance(case, Skipped):
            yield case
            continue
        sizes = jnp.linspace(0.25, 1.25, BATCH)
        tariffs = sizes[:, None, None, None] * case.shock.tariff
        shocks = [case.shock._replace(tariff=tariff) for tariff in tariffs]
        arrays = (case.economy, case.elasticities, case.shock)

        def singly(case: Case = case, shocks: list[object] = list(shocks)) -> object:  # noqa: B006
            return [solve_unchecked(case.economy, case.elasticities, shock) for shock in shocks]

        solutions = _batch(arrays, tariffs)
        residual = max(
            audit(
                case.economy,
                case.elasticities,
                shock,
                jax.tree.map(lambda leaf, b=b: leaf[b], solutions),
            ).largest
            for b, shock in enumerate(shocks)
        )
        runs = max(effort.fast // 3, 2)
        together = timed(lambda a=arrays, t=tariffs: _batch(a, t), runs)  # type: ignore[misc]
        alone = timed(singly, runs)
        yield Row(
            what,
            case.name,
            together.median / BATCH,
            "s",
            low=min(together.seconds) / BATCH,
            high=max(together.seconds) / BATCH,
            runs=runs,
            iterations=float(jnp.max(solutions.iterations)),
            residual=residual,
        )
        ratio = together.median / alone.median
        yield Row(f"batch of {BATCH} / {BATCH} single solves", case.name, ratio, "x")


@jax.jit
def _gradient(case_arrays: tuple[object, ...], subsidy: Float[Array, "n k"]) -> Float[Array, "n k"]:
    economy, elasticities, shock = case_arrays

    def income(subsidy: Float[Array, "n k"]) -> Float[Array, ""]:
        moved = shock._replace(subsidy=subsidy)  # type: ignore[attr-defined]
        return equilibrium(economy, elasticities, moved).log_real_income[0]  # type: ignore

    slopes: Float[Array, "n k"] = jax.grad(income)(subsidy)
    return slopes


def gradient(effort: Effort) -> Iterator[Result]:
    """Real income of one region in all subsidies, with the solve that it needs."""
    for case in _available("gradient", list(CASES)):
        if isinstance(case, Skipped):
            yield case
            continue
        arrays = (case.economy, case.elasticities, case.shock)
        runs = max(effort.fast // 2, 2)
        slopes = timed(
            lambda a=arrays, s=case.shock.subsidy: _gradient(a, s),  # type: ignore[misc]
            runs,
        )
        solve = timed(lambda case=case: _solve(case), runs)  # type: ignore[misc]
        entries = case.shock.subsidy.size
        yield slopes.row(
            "gradient in all subsidies",
            case.name,
            note=f"{entries} entries; forward differences need {entries + 1} solves",
        )
        yield Row("gradient / one solve", case.name, slopes.median / solve.median, "x")


def _fresh_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "COMPILATION_CACHE" not in name}
    return {**kept, "JAX_ENABLE_COMPILATION_CACHE": "false"}


def compilation(effort: Effort) -> Iterator[Result]:
    """Tracing and compiling in a fresh process, without a persistent cache."""
    del effort
    for case in _available("compile", list(CASES)):
        if isinstance(case, Skipped):
            yield case
            continue
        seconds = probe("compile", case.name, _fresh_environment())
        yield Row("compile solve", case.name, seconds["solve"], "s")
        yield Row("compile gradient", case.name, seconds["gradient"], "s")


def memory(effort: Effort) -> Iterator[Result]:
    """Peak memory of a fresh process that loads a case, compiles and solves it once."""
    del effort
    bare = probe("memory", "none", _fresh_environment())["peak"]
    yield Row("peak memory, imports only", "-", bare, "bytes")
    for case in _available("peak memory", list(CASES)):
        if isinstance(case, Skipped):
            yield case
            continue
        answer = probe("memory", case.name, _fresh_environment())
        loaded = f"of it {answer['loaded'] / 2**20:.0f} MiB before the solver is compiled"
        yield Row("peak memory, one solve", case.name, answer["peak"], "bytes", note=loaded)


def cold(effort: Effort) -> Iterator[Result]:
    """A scenario from the command line, as a whole process: first start, then with its cache."""
    what, name = "zizhu " + " ".join(_COMMAND), "7x44"
    if importlib.util.find_spec("zizhu.cli") is None:
        yield Skipped(what, name, "the command line is not installed.")
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "zizhu.cli", *_COMMAND, "--out", str(Path(folder, "out"))]
        environment = {**os.environ, "ZIZHU_CACHE_DIR": str(Path(folder, "cache"))}
        first, done = command_time(command, environment)
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            yield Skipped(what, name, f"the command failed: {last}")
            return
        yield Row(f"{what}, cold", name, first, "s", note="empty compilation cache")
        again = [command_time(command, environment)[0] for _ in range(effort.slow)]
        yield Row(
            f"{what}, again",
            name,
            float(np.median(again)),
            "s",
            low=min(again),
            high=max(again),
            runs=len(again),
        )


TASKS: dict[str, Task] = {
    "warm": warm,
    "nested": nested,
    "batch": batch,
    "gradient": gradient,
    "compile": compilation,
    "memory": memory,
    "cold": cold,
}
