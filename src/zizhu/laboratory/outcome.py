"""What a run returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import xarray as xr

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.indicators.plausibility import Beyond
from zizhu.laboratory.recount.misses import Recount
from zizhu.model.audit import Audit
from zizhu.policy import Scenario
from zizhu.world import World


@dataclass(frozen=True)
class VariantResult:
    """Real income of every region under other options, in percent."""

    name: str
    title: str
    real_income: Mapping[str, float]
    scale_eigenvalue: float = 0.0
    note: str = ""

    @property
    def stable(self) -> bool:
        """Whether the base is stable under entry (see `zizhu.model.stability`)."""
        return self.scale_eigenvalue < 1


@dataclass(frozen=True)
class Driver:
    """How far the headline moves, in percentage points, per one percent more of an elasticity."""

    elasticity: str
    sector: str
    value: float
    effect: float


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a scenario does: indicators, audit, variants, drivers, and how it was computed.

    `recount` is of the indicators, the base and the money of measures, computed a second time;
    `warnings` say where the answer lies beyond what the model can know.
    Every variable of `indicators` is an attribute as well: `outcome.real_income`.
    """

    scenario: Scenario
    world: World
    indicators: xr.Dataset
    audit: Audit
    iterations: int
    focus: str
    variants: tuple[VariantResult, ...]
    drivers: tuple[Driver, ...]
    notes: tuple[str, ...]
    scale_eigenvalue: float
    manifest: Mapping[str, Any]
    recount: Recount = field(default_factory=Recount)
    warnings: tuple[Beyond, ...] = ()

    def __repr__(self) -> str:
        income = float(self.real_income.sel(region=self.focus))
        return (
            f"<Outcome of {self.scenario.name} on world {self.world.name}: real income "
            f"{self.focus} {income:+.2f} "
            f"percent; residual {self.audit.largest:.0e}; {len(self.indicators)} indicators>"
        )

    def __getattr__(self, name: str) -> xr.DataArray:
        # Called only for names that the dataclass does not have.
        if not name.startswith("_") and name in self.indicators:
            return self.indicators[name]
        raise AttributeError(
            f"an outcome has no {quoted(name)}"
            + (did_you_mean(name, map(str, self.indicators)) if not name.startswith("_") else "")
        )

    @cached_property
    def dataset(self) -> xr.Dataset:
        """The indicators with everything that identifies the run as attributes."""
        return self.indicators.assign_attrs(
            title=self.scenario.title,
            scenario=self.scenario.name,
            world=self.world.name,
            audit_largest_residual=self.audit.largest,
            audit_largest_second_count=self.recount.largest,
            manifest=json.dumps(dict(self.manifest)),
        )

    def compare(self, *others: Outcome) -> xr.Dataset:
        """Stack this outcome and others along a new dimension `scenario`.

        Raises `ScenarioError` if they are not on the same regions and sectors.
        """
        outcomes = (self, *others)
        for other in others:
            if (other.world.regions, other.world.sectors) != (
                self.world.regions,
                self.world.sectors,
            ):
                raise ScenarioError(
                    f"scenarios {self.scenario.name} and {other.scenario.name} are on worlds with "
                    "different regions or sectors and cannot be compared"
                )
        names = [str(name) for name in self.indicators if all(name in o.indicators for o in others)]
        names_used = [outcome.scenario.name for outcome in outcomes]
        unique = [
            name if names_used.count(name) == 1 else f"{name}-{names_used[: at + 1].count(name)}"
            for at, name in enumerate(names_used)
        ]
        labels = xr.DataArray(unique, dims="scenario", name="scenario")
        stacked: xr.Dataset = xr.concat(
            [outcome.indicators[names] for outcome in outcomes],
            dim=labels,
            combine_attrs="override",
            join="exact",
            data_vars="all",
            coords="minimal",
            compat="override",
        )
        return stacked
