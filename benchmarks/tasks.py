"""What is measured: each task yields rows, or says in a sentence why it cannot."""

from __future__ import annotations

import importlib.util
import operator
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from benchmarks import bands, chains, leontief, nested_loop, paths
from benchmarks.measure import Row, Skipped, Times, command_time, probe, timed
from benchmarks.worlds import CASES, Case, UnavailableError
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import audit
from zizhu.model.bottleneck import Cuts, chain_prices, chain_prices_batch
from zizhu.model.equilibrium import Solution, equilibrium, solve_unchecked
from zizhu.model.shock import NoShock

BATCH = 16
_COMMANDS = (
    ("run", "decoupling"),
    ("simulate", "--controls", "2025-12-31"),
)


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
        (times,) = timed(effort.fast, partial(_solve, case))
        yield times.row(
            "warm solve",
            case.name,
            iterations=float(solution.iterations),
            residual=_residual(case, solution),
            note=case.text,
        )


def _nested_loop(case: Case) -> nested_loop.NestedLoopResult:
    theta, change = np.asarray(case.elasticities.trade), np.asarray(case.shock.tariff)
    return nested_loop.solve(case.economy, theta, change)


def nested(effort: Effort) -> Iterator[Result]:
    """The published algorithm beside ours: same data, same process, same threads."""
    for case in _available("nested loop", ["31x40", "7x38", "29x38"]):
        if isinstance(case, Skipped):
            yield case
            continue
        published, ours = _nested_loop(case), _solve(case)
        real_wage = np.asarray(ours.log_wage - ours.log_final_price)
        gap = float(np.max(np.abs(real_wage - published.log_real_wage)))
        (theirs,) = timed(effort.slow, partial(_nested_loop, case))
        (mine,) = timed(effort.fast, partial(_solve, case))
        yield theirs.row(
            "nested loop",
            case.name,
            iterations=published.outer,
            residual=published.excess,
            note=f"{published.inner} price rounds; real wages within {gap:.0e} of ours",
        )
        yield mine.row(
            "ours beside it",
            case.name,
            iterations=float(ours.iterations),
            residual=_residual(case, ours),
        )
        yield Row("nested loop / ours", case.name, theirs.median / mine.median, "x")


@jax.jit
def _batch(
    economy: Economy, elasticities: Elasticities, shock: NoShock, tariffs: Float[Array, "b i k n"]
) -> Solution:
    def one(tariff: Float[Array, "i k n"]) -> Solution:
        return equilibrium(economy, elasticities, shock._replace(tariff=tariff))

    solutions: Solution = jax.vmap(one)(tariffs)
    return solutions


def batch(effort: Effort) -> Iterator[Result]:
    """Sixteen counterfactuals of different size in one call, against one after the other."""
    what = f"batch of {BATCH}, per solve"
    for case in _available(what, ["31x40", "7x38", "29x38"]):
        if isinstance(case, Skipped):
            yield case
            continue
        sizes = jnp.linspace(0.25, 1.25, BATCH)
        tariffs = sizes[:, None, None, None] * case.shock.tariff
        several = [replace(case, shock=case.shock._replace(tariff=tariff)) for tariff in tariffs]
        together = partial(_batch, case.economy, case.elasticities, case.shock, tariffs)
        solutions = together()
        residual = max(
            _residual(one, jax.tree.map(operator.itemgetter(place), solutions))
            for place, one in enumerate(several)
        )
        runs = max(effort.fast // 3, 2)
        batched, alone = timed(runs, together, lambda several=several: [*map(_solve, several)])  # type: ignore[misc]
        yield Times([seconds / BATCH for seconds in batched.seconds]).row(
            what, case.name, iterations=float(jnp.max(solutions.iterations)), residual=residual
        )
        ratio = batched.median / alone.median
        yield Row(f"batch / {BATCH} single solves", case.name, ratio, "x")


@jax.jit
def _gradient(economy: Economy, elasticities: Elasticities, shock: NoShock) -> Float[Array, "n k"]:
    def income(subsidy: Float[Array, "n k"]) -> Float[Array, ""]:
        moved = shock._replace(subsidy=subsidy)
        return equilibrium(economy, elasticities, moved).log_real_income[0]

    slopes: Float[Array, "n k"] = jax.grad(income)(shock.subsidy)
    return slopes


def gradient(effort: Effort) -> Iterator[Result]:
    """Real income of one region in all subsidies, with the solve that it needs."""
    for case in _available("gradient", list(CASES)):
        if isinstance(case, Skipped):
            yield case
            continue
        slopes, solve = timed(
            max(effort.fast // 2, 2),
            partial(_gradient, case.economy, case.elasticities, case.shock),
            partial(_solve, case),
        )
        entries = case.shock.subsidy.size
        yield slopes.row(
            "gradient, all subsidies",
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
    """Commands as whole processes: at the first start, then with what the first left behind."""
    for command in _COMMANDS:
        yield from _whole_process(command, effort)


def _whole_process(words: Sequence[str], effort: Effort) -> Iterator[Result]:
    what, name = "zizhu " + " ".join(words), "29x38"
    if importlib.util.find_spec("zizhu.cli") is None:
        yield Skipped(what, name, "the command line is not installed.")
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "zizhu.cli", *words, "-o", str(Path(folder, "out"))]
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


def accounts(effort: Effort) -> Iterator[Result]:
    """All dependence indicators of a 3,010-square table, and pymrio's calculation of it."""
    what, case = "dependence indicators", f"{leontief.REGIONS}x{leontief.SECTORS}"
    if importlib.util.find_spec("pymrio") is None:
        yield Skipped(what, case, "pymrio is not installed.")
        return
    with tempfile.TemporaryDirectory() as folder:
        leontief.write_table(Path(folder))
        answers: dict[str, list[dict[str, float]]] = {"zizhu": [], "pymrio": []}
        # In turn, so that a ratio of two is hardly touched by what else the machine does.
        for _ in range(max(2 * effort.slow - 1, 3)):
            for who, runs in answers.items():
                runs.append(probe(who, folder, os.environ, module="benchmarks.leontief"))
        gap = probe("agree", folder, os.environ, module="benchmarks.leontief")["gap"]
    names = {"zizhu": what, "pymrio": "pymrio.calc_all"}
    medians: dict[str, dict[str, float]] = {}
    for who, runs in answers.items():
        columns = {name: [run[name] for run in runs] for name in runs[0]}
        medians[who] = {name: float(np.median(values)) for name, values in columns.items()}
        yield Times(columns["seconds"]).row(names[who], case)
        loaded = f"of it {medians[who]['loaded'] / 2**20:.0f} MiB before the calculation"
        yield Row(
            f"{names[who]}, peak memory",
            case,
            medians[who]["peak"],
            "bytes",
            low=min(columns["peak"]),
            high=max(columns["peak"]),
            runs=len(runs),
            note=loaded,
        )
    same = f"largest relative difference of indicators {gap:.0e}"
    for label, name, note in (("time", "seconds", same), ("peak memory", "peak", "")):
        ratio = medians["zizhu"][name] / medians["pymrio"][name]
        yield Row(f"{what} / pymrio, {label}", case, ratio, "x", note=note)


def chain(effort: Effort) -> Iterator[Result]:
    """A chain of 500 nodes and 30 regions: one cut, and a thousand as one batch."""
    case = f"{chains.NODES}x{chains.REGIONS}"
    links, many = chains.large_chain(), chains.random_cuts(chains.CUTS)
    one = Cuts(*(field[0] for field in many))
    (single,) = timed(effort.fast, partial(chain_prices, links, one))
    yield single.row("chain, one list of cuts", case)
    (together,) = timed(effort.slow, partial(chain_prices_batch, links, many))
    yield together.row(f"chain, {chains.CUTS} lists of cuts", case)
    ratio = together.median / (chains.CUTS * single.median)
    yield Row(f"batch / {chains.CUTS} single solves", case, ratio, "x")


def path(effort: Effort) -> Iterator[Result]:
    """The yearly loop: one path, its gradient, 64 paths, compile times and memory."""
    yield from paths.rows(max(effort.fast // 3, 3), effort.slow, _fresh_environment())


def bands_of_a_scenario(effort: Effort) -> Iterator[Result]:  # noqa: ARG001 (one run, always)
    """What draws for bands add to a run."""
    yield from bands.rows()


TASKS: dict[str, Task] = {
    "bands": bands_of_a_scenario,
    "accounts": accounts,
    "warm": warm,
    "nested": nested,
    "batch": batch,
    "gradient": gradient,
    "compile": compilation,
    "memory": memory,
    "cold": cold,
    "chain": chain,
    "path": path,
}
