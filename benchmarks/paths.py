"""The yearly loop: a path, many paths at once, and the gradient of its last year.

What is timed is what the laboratory runs: the standing baseline of a world over 14 years, with the
default structure. `path_probe` asks a fresh process for compile times and memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import jax
import numpy as np
from jaxtyping import Array, Float

from benchmarks.measure import Row, Skipped, Times, probe, timed
from zizhu.laboratory.path.batch import BatchResult, simulate_batch
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.run import start_at
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Record
from zizhu.model.simulate import simulate
from zizhu.model.walk import Start, walk
from zizhu.world import World, open_world

YEARS = 14
MEMBERS, CHUNK, THREADS = 64, 8, 2
# How far parameters of a batch lie apart, log standard deviation.
_SPREAD = 0.1
_REGION = "CHN"
_NAMES = ("29x38", "7x44")
_PROGRAMS = {"path": "one path", "batch": f"batch of {MEMBERS}", "gradient": "gradient"}
_MODULE = "benchmarks.path_probe"
_CALIBRATION = Path(__file__).resolve().parents[1] / "tests" / "calibration_2017.py"


class UnavailableError(Exception):
    """A world that is not here; the text is one sentence that says why."""


@dataclass(frozen=True)
class PathSetup:
    """A path that is timed: the case with what was barred in its base year, standing wedges."""

    name: str
    case: PathCase
    wedges: YearWedges
    structure: Structure


def _calibration() -> World:
    """The 7x44 table of 2017 as the tests build it."""
    spec = spec_from_file_location("calibration_2017", _CALIBRATION)
    if spec is None or spec.loader is None or not _CALIBRATION.is_file():
        raise UnavailableError("the tests of the checkout are needed, which build this table")
    tests = module_from_spec(spec)
    spec.loader.exec_module(tests)
    try:
        world: World = tests.calibration_world()
    except BaseException as error:
        if type(error).__name__ != "Skipped":  # pytest's, which is no Exception
            raise
        words = f"{tests.SOURCE_FILE} was not found; give its folder in ZIZHU_DATA"
        raise UnavailableError(words) from error
    return world


WORLDS: dict[str, Callable[[], World]] = {"29x38": open_world, "7x44": _calibration}


@cache
def setup(name: str) -> PathSetup:
    """The path of a world by its size. Raises `UnavailableError` if its table is not here."""
    world = WORLDS[name]()
    case = path_case(world, tuple(range(world.year, world.year + YEARS)))
    wedges = case.year_wedges(standing_wedges(case))
    ready = replace(case, base=standing_base(case))
    return PathSetup(name, ready, wedges, Structure.of())


@partial(jax.jit, static_argnames=("graduate_lag", "building_years"))
def _lean(
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    structure: Structure,
    *,
    graduate_lag: int,
    building_years: int,
) -> tuple[Float[Array, "t n"], Float[Array, " t"]]:
    record: Record = simulate(
        wedges, base, rates, structure, graduate_lag=graduate_lag, building_years=building_years
    )
    return record.solution.log_real_income, record.solution.residual


def _lags(given: PathSetup) -> dict[str, int]:
    case = given.case
    return {"graduate_lag": case.graduate_lag, "building_years": case.building_years}


def lean_path(
    given: PathSetup, rates: Rates | None = None
) -> tuple[Float[Array, "t n"], Float[Array, " t"]]:
    """Log real income and residual of each year, nothing else."""
    case = given.case
    by = case.rates if rates is None else rates
    found: tuple[Float[Array, "t n"], Float[Array, " t"]] = _lean(
        given.wedges, case.base, by, given.structure, **_lags(given)
    )
    return found


def full_path(given: PathSetup) -> Record:
    """Everything that a path records, as the laboratory runs it: year by year."""
    return walk(given.wedges, given.structure, _start(given.name))


@cache
def _start(name: str) -> Start:
    case = setup(name).case
    return start_at(case, case.rates)


@partial(jax.jit, static_argnames=("place", "graduate_lag", "building_years"))
def _slopes(
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    structure: Structure,
    *,
    place: int,
    graduate_lag: int,
    building_years: int,
) -> YearWedges:
    def outcome(given: YearWedges) -> Float[Array, ""]:
        income, _ = _lean(
            given, base, rates, structure, graduate_lag=graduate_lag, building_years=building_years
        )
        last: Float[Array, ""] = income[-1, place]
        return last

    slopes: YearWedges = jax.grad(outcome)(wedges)
    return slopes


def path_gradient(given: PathSetup) -> YearWedges:
    """Slopes of China's log real income in the last year in all wedges of all years."""
    case = given.case
    place = case.world.regions.index(_REGION)
    slopes: YearWedges = _slopes(
        given.wedges, case.base, case.rates, given.structure, place=place, **_lags(given)
    )
    return slopes


def varied_rates(given: PathSetup, members: int = MEMBERS, seed: int = 0) -> list[Rates]:
    """Rates of knowledge and of effort, each times a lognormal of its own."""
    random = np.random.default_rng(seed)

    def varied(value: Float[Array, "..."]) -> Float[Array, "..."]:
        return value * float(np.exp(_SPREAD * random.standard_normal()))

    def one() -> Rates:
        rates = given.case.rates
        ability = rates.ability
        return rates._replace(
            knowledge=jax.tree.map(varied, rates.knowledge),
            ability=ability._replace(
                effort=varied(ability.effort), catch_up=varied(ability.catch_up)
            ),
        )

    return [one() for _ in range(members)]


def batch_of_paths(given: PathSetup, rates: list[Rates], threads: int = THREADS) -> BatchResult:
    """All members, in chunks on threads, as the laboratory runs them."""
    none = given.case.labels.none()
    return simulate_batch(given.case, none, rates, {}, chunk=CHUNK, threads=threads)


def one_by_one(given: PathSetup, rates: list[Rates]) -> list[np.ndarray]:
    """The same members, each a run of the program of one path."""
    return [np.asarray(lean_path(given, one)[0]) for one in rates]


def rows(fast: int, slow: int, environment: dict[str, str]) -> Iterator[Row | Skipped]:
    """Measure every world; `fast` runs of a path, `slow` of batches and gradients."""
    for name in _NAMES:
        try:
            given = setup(name)
        except UnavailableError as error:
            yield Skipped("path", name, str(error))
            continue
        yield from _path_rows(given, fast)
        yield from _gradient_rows(given, slow)
        yield from _batch_rows(given, slow)
        yield from _fresh_rows(name, environment)


def _processor(run: Callable[[], object]) -> str:
    """Processor time of one run, which the load of the machine hardly moves."""
    start = time.process_time()
    jax.block_until_ready(run())
    return f"{1e3 * (time.process_time() - start):.0f} ms of processor time"


def _path_rows(given: PathSetup, runs: int) -> Iterator[Row]:
    _, residual = lean_path(given)
    lean, full = timed(runs, partial(lean_path, given), partial(full_path, given))
    for what, times, run in (
        ("path", lean, partial(lean_path, given)),
        ("path, all records, year by year", full, partial(full_path, given)),
    ):
        yield times.row(
            f"{what}, {YEARS} years",
            given.name,
            residual=float(residual.max()),
            note=_processor(run),
        )
        yearly = Times([seconds / YEARS for seconds in times.seconds])
        yield yearly.row(f"{what}, per year", given.name)


def _gradient_rows(given: PathSetup, runs: int) -> Iterator[Row]:
    run = partial(path_gradient, given)
    slopes, lean = timed(runs, run, partial(lean_path, given))
    entries = sum(int(np.size(values)) for values in given.wedges)
    note = f"log real income of {_REGION} in the last year in {entries:,} wedges; {_processor(run)}"
    yield slopes.row("gradient, all wedges", given.name, note=note)
    yield Row("gradient / path", given.name, slopes.median / lean.median, "x")


def _batch_rows(given: PathSetup, runs: int) -> Iterator[Row]:
    rates = varied_rates(given)
    chunks = partial(batch_of_paths, given, rates, 1)
    threads = partial(batch_of_paths, given, rates, THREADS)
    alone = partial(one_by_one, given, rates)
    found = threads()
    ours = 100 * np.expm1(np.array(alone()))
    gap = float(np.abs(found.real_income - ours).max())
    by_chunk, by_thread, single = timed(runs, chunks, threads, alone)
    what = f"batch of {MEMBERS} paths"
    residual = float(found.residual.max())
    note = f"{found.failed} not solved; within {gap:.0e} percent of one by one"
    yield single.row(f"{MEMBERS} paths one by one", given.name, note=_processor(alone))
    yield by_chunk.row(
        f"{what}, chunks of {CHUNK}", given.name, residual=residual, note=_processor(chunks)
    )
    yield by_thread.row(f"{what}, {THREADS} threads", given.name, residual=residual, note=note)
    for label, times in (("chunks", by_chunk), (f"{THREADS} threads", by_thread)):
        yield Row(f"one by one / {label}", given.name, single.median / times.median, "x")


def _fresh_rows(name: str, environment: dict[str, str]) -> Iterator[Row]:
    for question, what in _PROGRAMS.items():
        answer = probe(question, name, environment, module=_MODULE)
        yield Row(f"compile {what}", name, answer["compile"], "s")
        more = answer["grown"] / 2**20
        note = (
            f"of it {answer['loaded'] / 2**20:.0f} MiB before compiling; {more:+.0f} MiB after "
            f"{answer['runs']:.0f} more runs"
        )
        yield Row(f"peak memory, {what}", name, answer["peak"], "bytes", note=note)
