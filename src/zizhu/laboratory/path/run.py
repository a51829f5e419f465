"""A path from a world and wedges: base and scenario simulated, audited, labelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from zizhu.errors import NotConverged
from zizhu.laboratory.case import economy_of
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.standing import standing_base, standing_wedges
from zizhu.model import Elasticities
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
    record = walk(case.year_wedges(wedges), structure, start)
    _require_solved(record, case, what)
    return record


def _require_solved(record: Record, case: PathCase, what: str) -> None:
    limit = case.parameters["largest_residual"]
    missed = np.asarray(record.solution.residual)
    for year, residual in zip(case.years, missed, strict=True):
        if not residual <= limit:
            raise NotConverged(
                f"{what}: no equilibrium found in {year}: residual {residual:.1e}, {limit:.0e} is "
                "asked; try smaller wedges, fewer years or scale economies switched off"
            )
