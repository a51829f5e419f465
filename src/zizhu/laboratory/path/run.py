"""A path from a world and wedges: base and scenario simulated, audited, labelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import jax
import numpy as np
from jaxtyping import Float

from zizhu.errors import NotConverged
from zizhu.laboratory.case import economy_of
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model import Elasticities
from zizhu.model.means import CLAIMS, Means, lacking
from zizhu.model.path_inputs import Rates, Structure
from zizhu.model.path_record import Record
from zizhu.model.walk import Start, compile_solver, start_of, walk
from zizhu.policy.path_wedges import PathWedges
from zizhu.world import World

Progress = Callable[[str], None]
LAST_YEAR = 2035


@dataclass(frozen=True)
class Path:
    """A scenario's path beside its baseline, both with the same parameters and structure.

    record, baseline  of the model, numpy arrays with the year first
    wedges            of the scenario, beyond what stands in the baseline
    """

    case: PathCase
    wedges: PathWedges
    structure: Mapping[str, bool]
    record: Record
    baseline: Record


def simulate_path(
    case: PathCase,
    wedges: PathWedges,
    structure: Mapping[str, bool],
    progress: Progress,
    baseline: Record | None = None,
) -> Path:
    """Run scenario and baseline, unless the baseline's record is known already.

    Raises `NotConverged` naming the year that was not solved.
    """
    standing = standing_wedges(case)
    case = replace(case, base=standing_base(case))
    switches = Structure.of(**structure)
    start = start_at(case, case.rates)

    def run(given: PathWedges, what: str) -> Record:
        progress(f"{what}, {case.years[0]} to {case.years[-1]}")
        return solved_record(case, given, switches, start, what)

    baseline = run(standing, "baseline") if baseline is None else baseline
    record = baseline if wedges.is_none else run(standing.together(wedges), "scenario")
    return Path(case, wedges, structure, record, baseline)


def compile_ahead(world: World, *, pooled: bool = True) -> None:
    """Compile what takes longest on a thread, while parameters and chains are read.

    pooled  whether shares of origin are one for all uses
    """
    compile_solver(
        economy_of(world, pooled=pooled), Elasticities.of(np.full(len(world.sectors), 4.0))
    )


def start_at(case: PathCase, rates: Rates) -> Start:
    """Where paths start whose base has what stands in the base year (`standing_base`)."""
    return start_of(
        case.base,
        rates,
        graduate_lag=case.graduate_lag,
        building_years=case.building_years,
    )


def solved_record(
    case: PathCase, wedges: PathWedges, structure: Structure, start: Start, what: str
) -> Record:
    """One path in NumPy, every year of it solved.

    wedges  all that go on, those that stand included
    start   of the case (`start_at`), with its rates or others
    what    is run, for the complaint

    Raises `NotConverged` naming the year that was not solved.
    """
    by_year = case.year_wedges(wedges)
    record = walk(by_year, structure, start)
    _require_solved(record, case, np.asarray(by_year.deficit), what)
    return record


def _require_solved(
    record: Record, case: PathCase, deficit: Float[np.ndarray, "t n"], what: str
) -> None:
    limit = case.parameters["largest_residual"]
    missed = np.asarray(record.solution.residual)
    for place, (year, residual) in enumerate(zip(case.years, missed, strict=True)):
        if residual <= limit:
            continue
        solution = jax.tree.map(itemgetter(place), record.solution)
        found = lacking(case.base.economy, solution, deficit[place])
        raise NotConverged(
            f"{what}: no equilibrium in {year}: {_said(found, case)}"
            if found
            else f"{what}: no equilibrium found in {year}: residual {residual:.1e}, {limit:.0e} is "
            "asked; try smaller wedges, fewer years or scale economies switched off"
        )


def _said(found: Sequence[Means], case: PathCase) -> str:
    """Why there is no equilibrium, and what may be tried."""
    worst = found[0]
    region = case.world.regions[worst.region]
    others = f"; {len(found) - 1} more cannot live on theirs" if len(found) > 1 else ""
    remedy = ", or let the surplus fall (wedge `deficit`)" if worst.claim == "surplus" else ""
    return (
        f"the wages of {region} do not pay for what they must, most of all "
        f"{CLAIMS[worst.claim]}{others}; try smaller wedges or fewer years{remedy}"
    )
