"""Paths behind the checks, on the default world, and what is read from them.

The baseline is run once for each set of switches. Paths that several groups read are kept; all
others are forgotten with the group that ran them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.run import LAST_YEAR, Path, simulate_path
from zizhu.laboratory.path.standing import control_wedges
from zizhu.laboratory.scenario_path.context import path_context
from zizhu.model.path_record import Record
from zizhu.policy import Scenario, load_scenario
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import raw_wedges
from zizhu.world import World, open_world

# Published numbers on decoupling are those of 2040.
LONG = 2040
KNOWN = dt.date(2026, 11, 1)
BUYER = "CHN"
# The shipped scenario of what that region has announced.
DRIVE = "china-2035"


class Runs:
    """Paths on the default world, each beside its baseline."""

    def __init__(
        self, world: World | None = None, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self._world, self.progress = world, progress
        self._baselines: dict[tuple[Any, ...], Record] = {}

    @cached_property
    def world(self) -> World:
        """The world of 2022, if no other was given."""
        return open_world("2022") if self._world is None else self._world

    @property
    def first(self) -> int:
        """The base year."""
        return self.world.year

    @cached_property
    def case(self) -> PathCase:
        """The world in motion to the usual last year."""
        return path_case(self.world, tuple(range(self.first, LAST_YEAR + 1)))

    @cached_property
    def long(self) -> PathCase:
        """The same to the year of published numbers on decoupling."""
        return replace(self.case, years=tuple(range(self.first, LONG + 1)))

    @cached_property
    def answering(self) -> PathCase:
        """The world where controls and the push may answer each other."""
        return path_case(self.world, self.case.years, reaction=True)

    def run(
        self,
        what: str,
        *texts: str,
        wedges: PathWedges | None = None,
        case: PathCase | None = None,
        parameters: Mapping[str, float] | None = None,
        **structure: bool,
    ) -> Path:
        """A scenario beside its baseline.

        texts       raw wedges; `wedges` come with them
        parameters  replace registered ones, in scenario and baseline
        """
        self.progress(what)
        chosen = self.case if case is None else case
        if parameters:
            chosen = path_case(self.world, chosen.years, parameters)
        given = raw_wedges(texts, chosen.labels)
        given = given if wedges is None else given.together(wedges)
        key = (chosen.years, id(chosen), tuple(sorted(structure.items())))
        known = None if parameters else self._baselines.get(key)
        path = simulate_path(chosen, given, structure, lambda _: None, known)
        if not parameters:
            self._baselines[key] = path.baseline
        return path

    def policies(self, *measures: Mapping[str, Any]) -> CompiledPath:
        """Measures as a scenario file has them, turned into wedges and a ledger."""
        scenario = Scenario.model_validate(
            {"name": "check", "title": "check", "years": LAST_YEAR, "measures": list(measures)}
        )
        return compile_path(scenario, path_context(scenario, self.case, self.baseline))

    def scenario(self, name: str) -> Path:
        """A shipped scenario with years beside its baseline; it may not replace parameters."""
        chosen = load_scenario(name)
        if chosen.parameters or chosen.structure:
            raise ScenarioError(f"scenario {name}: it has parameters or switches of its own")
        context = path_context(chosen, self.case, self.baseline)
        return self.run(name, wedges=compile_path(chosen, context).wedges)

    @cached_property
    def baseline(self) -> Record:
        """What happens without a new measure."""
        return self.run("the baseline").baseline

    @cached_property
    def controls(self) -> PathWedges:
        """Controls as the timeline has them."""
        return control_wedges(self.case, KNOWN)

    @cached_property
    def happened(self) -> Path:
        """Controls as the timeline has them, with the Chinese drive as announced."""
        return self.scenario(DRIVE)

    # What is read from a run.

    def at(self, year: int) -> int:
        """Place of a year."""
        return year - self.first

    def place(self, region: str) -> int:
        """Place of a region."""
        return self.world.regions.index(region)

    def effects(self, path: Path, year: int) -> Float[np.ndarray, " n"]:
        """Real income against the baseline by region, percent."""
        gone = path.record.solution.log_real_income - path.baseline.solution.log_real_income
        return np.asarray(100 * np.expm1(np.asarray(gone)[self.at(year)]))

    def effect(self, path: Path, year: int, region: str | None = None) -> float:
        """Real income against the baseline in percent; of the world without a region."""
        change = self.effects(path, year)
        if region is not None:
            return float(change[self.place(region)])
        income = np.asarray(path.baseline.solution.income)[self.at(year)]
        return float(change @ income / income.sum())

    def node(self, node: str) -> int:
        """Row of a node, `chain/node` or the name of a chip node, in the model's arrays."""
        name = node if "/" in node else f"semiconductors/{node}"
        return int(self.case.chains.places[self.case.chains.nodes.index(name)])

    def home(self, path: Path, node: str, year: int, region: str = BUYER) -> float:
        """Part of a region's purchases of a node from itself, percent."""
        return 100 * float(
            path.record.chains.home[self.at(year), self.node(node), self.place(region)]
        )

    def world_share(self, path: Path, node: str, year: int, region: str = BUYER) -> float:
        """Part of the world's output of a node that a region makes, percent."""
        made = path.record.flows.demand.made[self.at(year), self.node(node)]
        return 100 * float(made[self.place(region)] / made.sum())

    def buys(self, path: Path, node: str, year: int, region: str = BUYER) -> float:
        """Part of the world's purchases of a node, percent."""
        bought = path.record.flows.demand.bought[self.at(year), self.node(node)]
        return 100 * float(bought[self.place(region)] / bought.sum())

    def price(self, path: Path, node: str, year: int) -> float:
        """Price of a node against the baseline, mean over buyers, percent."""
        row, at = self.node(node), self.at(year)
        gone = path.record.chains.price[at, row] - path.baseline.chains.price[at, row]
        bought = path.baseline.flows.demand.bought[at, row]
        return float(100 * np.expm1(gone) @ bought / bought.sum())

    def volume(self, path: Path, sector: str, region: str, year: int) -> float:
        """Volume of a sector's output against the baseline, percent."""
        place = self.at(year), self.place(region), self.world.sectors.index(sector)

        def log_volume(record: Record) -> float:
            return float(np.log(record.solution.cost[place]) - record.solution.log_price[place])

        return float(100 * np.expm1(log_volume(path.record) - log_volume(path.baseline)))
