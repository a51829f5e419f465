"""What each measure did: the path with it, less the path without it.

What is left out is one measure at a time, then all levers, then all pressures. Parts need not add
up: two measures on the same node share what they do together. The difference between the sum of
parts and the whole is shown as what they do together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.path.many import run_many
from zizhu.laboratory.path.run import Path
from zizhu.laboratory.scenario_path.glimpse import Glimpse, glimpse_of, shares_of
from zizhu.laboratory.scenario_path.memory import remembered_glimpses
from zizhu.policy.compile_path import CompiledPath
from zizhu.policy.context import Context
from zizhu.policy.scenario import Scenario

LEVERS, PRESSURES = "all levers", "all pressures"


@dataclass(frozen=True)
class Part:
    """What is missing when some measures are left out.

    labels   of the measures left out
    without  the path without them
    """

    labels: tuple[str, ...]
    without: Glimpse


@dataclass(frozen=True)
class Attribution:
    """Paths with parts left out, beside the scenario and its baseline.

    region     whose shares the glimpses have
    measures   by label
    levers     everything that governments of the focus region or others do to build, all left out
    pressures  everything that is done to them, all left out
    shares     domestic shares of battlegrounds, with `run` the measure that is left out, or all
               levers or all pressures, `scenario` and `baseline`
    traded     by node: bought from a supplier, not put together by its buyers
    """

    region: str
    scenario: Glimpse
    baseline: Glimpse
    measures: Mapping[str, Part]
    levers: Part
    pressures: Part
    shares: xr.Dataset
    traded: xr.DataArray

    def points(self, run: str) -> xr.DataArray:
        """What is missing without the part, by year and battleground: points of the whole chain.

        Of the sector where the battleground has no chain.
        """
        return self._whole.sel(run=SCENARIO) - self._whole.sel(run=run)

    @cached_property
    def _whole(self) -> xr.DataArray:
        return self.shares["chain_share"].fillna(self.shares["sector_share"])

    def node_points(self, label: str) -> xr.DataArray:
        """What is missing without a measure, by year and traded node: points of the home share."""
        without = self.measures[label].without
        gone = 100 * (self.scenario.node_home - without.node_home)
        table = xr.DataArray(gone, {"year": self.shares["year"]}, ("year", "node"))
        return table.where(self.traded)

    def income(self, part: Part) -> Float[np.ndarray, "t n"]:
        """Real income with the part over that without it, percent beyond one, by region."""
        gone = self.scenario.log_real_income - part.without.log_real_income
        return np.asarray(100 * np.expm1(gone))


def pressures_on(region: str, scenario: Scenario, context: Context) -> tuple[str, ...]:
    """Labels of the measures that are done to a region; all others are levers."""
    return tuple(m.label for m in scenario.measures if m.presses(region, context))


def attribute(
    scenario: Scenario,
    path: Path,
    compiled: CompiledPath,
    *,
    context: Context,
    dataset: xr.Dataset,
    region: str,
    key: bytes,
    progress: Callable[[str], None] = lambda _: None,
) -> Attribution:
    """Leave out each measure that moves anything, all levers, all pressures.

    key  under which the paths are remembered, see `memory`
    """
    read = glimpse_of(path.case, region)
    moving = [label for label, wedges in compiled.by_measure.items() if not wedges.is_none]
    pressing = pressures_on(region, scenario, context)
    building = tuple(m.label for m in scenario.measures if m.label not in pressing)
    groups = [*[(label,) for label in moving], building, pressing]
    known = {(): read(path.record), tuple(compiled.by_measure): read(path.baseline)}
    asked = [group for group in dict.fromkeys(groups) if group not in known]

    def paths() -> list[Glimpse]:
        return run_many(
            path.case,
            [compiled.without(*group) for group in asked],
            read,
            structure=path.structure,
            names=[f"without {g[0] if len(g) == 1 else 'a group'}" for g in asked],
            progress=progress,
        )

    found = remembered_glimpses(f"attribution {asked}", key, paths)
    known |= dict(zip(asked, found, strict=True))
    glimpses = {
        SCENARIO: known[()],
        BASELINE: read(path.baseline),
        LEVERS: known[building],
        PRESSURES: known[pressing],
        **{label: known[(label,)] for label in moving},
    }
    return Attribution(
        region=region,
        scenario=known[()],
        baseline=read(path.baseline),
        measures={label: Part((label,), known[(label,)]) for label in moving},
        levers=Part(building, known[building]),
        pressures=Part(pressing, known[pressing]),
        shares=shares_of(glimpses, dataset, region),
        traded=dataset["node_counts"] != "assembled",
    )
