"""One scenario under many draws of its rates: chunks that run as one program, spread over threads.

A chunk is simulated at once by `vmap`; chunks run beside each other, since compiled programs do not
hold Python's lock. Of each member a few series leave the program, the tables of its years never do,
so that memory does not grow with the number of members.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.run import Progress
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.program import Program
from zizhu.model.simulate import simulate as simulate_model
from zizhu.policy.path_wedges import PathWedges


class BatchResult(NamedTuple):
    """Members of a batch in the order of their rates. Who was not solved has no numbers but NaN.

    real_income  [b,t,n] percent change since the base year
    home_share   [b,t,c,n] part of n's purchases of each chosen node from itself, by location
    residual     [b,t] largest miss of each year's markets, as found, of the unsolved as well
    converged    [b] whether every year of the member was solved
    """

    real_income: Float[np.ndarray, "b t n"]
    home_share: Float[np.ndarray, "b t c n"]
    residual: Float[np.ndarray, "b t"]
    converged: Bool[np.ndarray, " b"]

    @property
    def failed(self) -> int:
        """Number of members that were not solved."""
        return int((~self.converged).sum())


def simulate_batch(
    case: PathCase,
    wedges: PathWedges,
    rates: Rates | Sequence[Rates],
    structure: Mapping[str, bool],
    *,
    nodes: Sequence[str] = (),
    chunk: int = 8,
    threads: int = 2,
    progress: Progress = lambda _: None,
) -> BatchResult:
    """Run a scenario with each of many rates.

    wedges   beyond what stands in the baseline, as for `simulate_path`
    rates    of each member, or all of them with a leading axis of members
    nodes    whose home shares are wanted, as `chain/node`
    chunk    members simulated at once; their time is that of the slowest
    threads  chunks that run beside each other
    progress called with the number of members done, and of those not solved, after each chunk

    A member of which a year misses by more than the parameter `largest_residual`, or that has a
    number which is not finite, is not solved: it is marked and has no results. The stocks of a
    member are not audited. Raises `ScenarioError` for what does not fit.
    """
    together = _stacked(rates)
    members = int(np.shape(together.paid_in)[0])
    if chunk < 1 or threads < 1:
        raise ScenarioError(
            f"batch: chunks of {chunk} on {threads} threads; at least one of each is right"
        )
    chunk = min(chunk, members)
    base = standing_base(case)
    run = partial(
        _simulated,
        case.year_wedges(standing_wedges(case).together(wedges)),
        base,
        structure=Structure.of(**structure),
        places=jnp.asarray(_places(case, nodes)),
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
    )
    years, regions = len(case.years), len(case.world.regions)
    result = BatchResult(
        real_income=np.full((members, years, regions), np.nan),
        home_share=np.full((members, years, len(nodes), regions), np.nan),
        residual=np.full((members, years), np.nan),
        converged=np.zeros(members, dtype=bool),
    )
    limit = case.parameters["largest_residual"]
    starts = range(0, members, chunk)
    with ThreadPoolExecutor(threads) as pool:
        # The first chunk compiles; all others find the program ready.
        for start in starts[:1]:
            _keep(result, start, _chunk(run, together, start, chunk), limit, progress)
        waiting = [pool.submit(_chunk, run, together, start, chunk) for start in starts[1:]]
        try:
            for place, start in enumerate(starts[1:]):
                _keep(result, start, waiting[place].result(), limit, progress)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return result


class _Series(NamedTuple):
    """What leaves the program of a chunk: see `BatchResult`; income in logs."""

    log_real_income: Float[Array, "b t n"]
    home_share: Float[Array, "b t c n"]
    residual: Float[Array, "b t"]


def _simulate_each(
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    *,
    structure: Structure,
    places: Int[Array, " c"],
    graduate_lag: int,
    building_years: int,
) -> _Series:
    def one(member: Rates) -> _Series:
        record = simulate_model(
            wedges,
            base,
            member,
            structure,
            graduate_lag=graduate_lag,
            building_years=building_years,
        )
        solution = record.solution
        home = record.chains.home[:, places]
        return _Series(solution.log_real_income, home, solution.residual)

    series: _Series = jax.vmap(one)(rates)
    return series


_simulated = Program(_simulate_each, "graduate_lag", "building_years")


def _chunk(run: Callable[[Rates], _Series], rates: Rates, start: int, size: int) -> _Series:
    """NumPy series of a chunk; the last is filled up with its last member: one program for all."""
    last = len(rates.paid_in) - 1
    rows = np.minimum(np.arange(start, start + size), last)
    found = run(jax.tree.map(lambda leaf: jnp.asarray(leaf[rows]), rates))
    series: _Series = jax.tree.map(np.asarray, found)
    return series


def _keep(
    result: BatchResult, start: int, found: _Series, limit: float, progress: Progress
) -> None:
    """Put a chunk into its rows, unsolved members without their numbers."""
    members = len(result.converged)
    size = min(len(found.residual), members - start)
    rows = slice(start, start + size)
    income, home, residual = (np.asarray(values[:size]) for values in found)
    finite = np.isfinite(income).all(axis=(1, 2)) & np.isfinite(home).all(axis=(1, 2, 3))
    # A residual that is not a number is not within the limit.
    solved = (residual <= limit).all(axis=1) & finite
    result.residual[rows], result.converged[rows] = residual, solved
    result.real_income[rows][solved] = 100 * np.expm1(income[solved])
    result.home_share[rows][solved] = home[solved]
    done = result.converged[: start + size]
    missed = int((~done).sum())
    unsolved = f", {missed} not solved" if missed else ""
    progress(f"{len(done)} of {members} members{unsolved}")


def _stacked(rates: Rates | Sequence[Rates]) -> Rates:
    """Rates in NumPy with a leading axis of members."""
    if isinstance(rates, Rates):
        stacked: Rates = jax.tree.map(np.asarray, rates)
        sizes = {np.shape(leaf)[:1] for leaf in jax.tree.leaves(stacked)}
        if len(sizes) != 1 or sizes <= {(), (0,)}:
            raise ScenarioError(
                "batch: the rates have no common leading axis of members; a list of rates, or "
                "rates stacked leaf by leaf, is right"
            )
        return stacked
    given = list(rates)
    if not given:
        raise ScenarioError("batch: no rates; at least one member is right")
    # Type checkers take the leaves for rates.
    listed: Rates = jax.tree.map(lambda *leaves: np.stack([*map(np.asarray, leaves)]), *given)
    return listed


def _places(case: PathCase, nodes: Sequence[str]) -> Int[np.ndarray, " c"]:
    known = case.chains.nodes
    for name in nodes:
        if name not in known:
            raise ScenarioError(f"batch: node {quoted(name)} is unknown{did_you_mean(name, known)}")
    chosen = [int(case.chains.places[known.index(name)]) for name in nodes]
    return np.array(chosen, dtype=np.int64)
