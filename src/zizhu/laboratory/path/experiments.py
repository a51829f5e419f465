"""The runs behind the findings, each made once, and what is read from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.run import Path, simulate_path
from zizhu.laboratory.path.standing import control_wedges, drive_wedges
from zizhu.model.path_record import Record
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.raw_wedge import raw_wedges
from zizhu.world import World, open_world

LAST = 2040
_KNOWN = dt.date(2026, 11, 1)
_CHIPS = "semiconductors/"
BLOC_A = "USA,EU,GBR,CHE,JPN,KOR,TWN,CAN,ANZ"
BLOC_B = "CHN,RUS"
PLANTS = ("fab_adv", "fab_mature", "dram", "nand")
_ADVANCED = (
    "lith_duv,track,etch,dep_cvd,dep_pvd,dep_ald,ion_implant,cmp_tool,cleaning,thermal,"
    "process_control"
)


_NO_CEILING = {"quality_ceiling": 0.0}


def _between(wedge: str, sector: str, size: str) -> tuple[str, str]:
    ends = ((BLOC_A, BLOC_B), (BLOC_B, BLOC_A))
    first, second = (
        f"{wedge} from={one} to={two} sector={sector} size={size} years=2023-" for one, two in ends
    )
    return first, second


def _paid(size: float) -> tuple[str, ...]:
    return tuple(
        f"node_money region=CHN node={_CHIPS}{name} size={size:g}bn years=2023-"
        for name in ("lith_duv", "etch")
    )


def _embargo(world: World) -> str:
    others = ",".join(region for region in world.regions if region != "CHN")
    nodes = ",".join(_CHIPS + name for name in _ADVANCED.split(","))
    return f"barred from={others} to=CHN node={nodes} size=100% years=2024-"


class Experiments:
    """The runs behind the findings, each made once when it is first asked for."""

    def __init__(
        self, world: World | None = None, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self.world = open_world("2022") if world is None else world
        self.years = tuple(range(self.world.year, LAST + 1))
        self.progress = progress
        self._baselines: dict[tuple[tuple[str, bool], ...], Record] = {}

    @cached_property
    def case(self) -> PathCase:
        """The default world until the last year of the findings."""
        return path_case(self.world, self.years)

    def run(
        self,
        what: str,
        *texts: str,
        wedges: PathWedges | None = None,
        parameters: Mapping[str, float] | None = None,
        **structure: bool,
    ) -> Path:
        """One scenario beside its baseline."""
        self.progress(what)
        case = path_case(self.world, self.years, parameters) if parameters else self.case
        given = raw_wedges(texts, case.labels)
        given = given if wedges is None else given.together(wedges)
        if parameters:
            return simulate_path(case, given, structure, lambda _: None)
        # Runs that differ in wedges alone have one baseline.
        same = tuple(sorted(structure.items()))
        known = self._baselines.get(same)
        path = simulate_path(case, given, structure, lambda _: None, known)
        self._baselines[same] = path.baseline
        return path

    @cached_property
    def happened(self) -> Path:
        """Controls as the timeline has them, with the Chinese drive."""
        controls = control_wedges(self.case, _KNOWN)
        return self.run("what happened", wedges=controls.together(drive_wedges(self.case)))

    @cached_property
    def unprepared(self) -> Path:
        """The same where nobody stores up before a control."""
        controls = control_wedges(self.case, _KNOWN, hoarding=False)
        return self.run("no stores", wedges=controls.together(drive_wedges(self.case)))

    @cached_property
    def blocs(self) -> Path:
        """Tariffs of 32 points between two blocs."""
        return self.run("two blocs", *_between("tariff", "all", "32%"))

    @cached_property
    def blocs_without_ideas(self) -> Path:
        """The same where trade brings no ideas."""
        return self.run("blocs, no diffusion", *_between("tariff", "all", "32%"), ideas=False)

    @cached_property
    def iceberg(self) -> Path:
        """Trade costs of 160 percent on goods between the blocs."""
        return self.run("iceberg", *_between("iceberg", "goods", "160%"))

    @cached_property
    def embargo(self) -> Path:
        """No advanced tool from abroad reaches China from 2024 on."""
        return self.run("embargo on tools", _embargo(self.world))

    @cached_property
    def embargo_by_price(self) -> Path:
        """The same where only prices matter."""
        return self.run("embargo, no ceiling", _embargo(self.world), parameters=_NO_CEILING)

    @cached_property
    def listed(self) -> Path:
        """A champion on the entity list from the first year on."""
        return self.run("listed champion", "listed firm=huawei size=100% years=2023-")

    @cached_property
    def money(self) -> Path:
        """A billion dollars a year for immersion lithography and for etch."""
        return self.run("a billion a year", *_paid(1.0))

    @cached_property
    def more_money(self) -> Path:
        """Four times as much."""
        return self.run("four times the money", *_paid(4.0))

    @cached_property
    def autarky(self) -> Path:
        """No chip maker has a plant abroad work for it, from 2023 on."""
        every = ",".join(self.world.regions)
        plants = ",".join(_CHIPS + name for name in PLANTS)
        return self.run(
            "plants at home", f"barred from={every} to={every} node={plants} size=100% years=2023-"
        )

    # What is read from a run.

    def at(self, year: int) -> int:
        """Place of a year."""
        return self.years.index(year)

    def effect(self, path: Path, year: int, region: str | None = None) -> float:
        """Real income against the baseline in percent; of the world without a region."""
        gone = path.record.solution.log_real_income - path.baseline.solution.log_real_income
        change = 100 * np.expm1(np.asarray(gone)[self.at(year)])
        if region is not None:
            return float(change[self.world.regions.index(region)])
        income = np.asarray(path.baseline.solution.income)[self.at(year)]
        return float(change @ income / income.sum())

    def node(self, node: str) -> int:
        """Row of a chip node in the model's arrays."""
        return int(self.case.chains.places[self.case.chains.nodes.index(_CHIPS + node)])

    def home(self, path: Path, node: str, year: int, region: str = "CHN") -> float:
        """Part of a region's purchases of a node from itself, percent."""
        n = self.world.regions.index(region)
        return 100 * float(path.record.chains.home[self.at(year), self.node(node), n])

    def world_share(self, path: Path, node: str, year: int, region: str = "CHN") -> float:
        """Part of the world's output of a node that a region makes, percent."""
        made = path.record.flows.demand.made[self.at(year), self.node(node)]
        return 100 * float(made[self.world.regions.index(region)] / made.sum())

    def buys(self, path: Path, node: str, year: int, region: str = "CHN") -> float:
        """Part of the world's purchases of a node, percent."""
        bought = path.record.flows.demand.bought[self.at(year), self.node(node)]
        return 100 * float(bought[self.world.regions.index(region)] / bought.sum())

    def chip_price(self, path: Path, year: int) -> float:
        """Price of chips against the baseline, mean over buyers, percent."""
        row = self.node("ic")
        gone = path.record.chains.price[:, row] - path.baseline.chains.price[:, row]
        bought = path.baseline.flows.demand.bought[self.at(year), row]
        return float(100 * np.expm1(gone[self.at(year)]) @ bought / bought.sum())

    def output(self, path: Path, sector: str, region: str, year: int) -> float:
        """Volume of a sector's output against the baseline, percent."""
        n, k = self.world.regions.index(region), self.world.sectors.index(sector)

        def volume(record: Record) -> float:
            solution = record.solution
            at = self.at(year)
            return float(np.log(solution.cost[at, n, k]) - solution.log_price[at, n, k])

        return float(100 * np.expm1(volume(path.record) - volume(path.baseline)))

    def growth(self) -> Float[np.ndarray, " n"]:
        """Growth of the baseline's real income to 2035, percent a year."""
        path = np.asarray(self.happened.baseline.solution.log_real_income)
        return np.asarray(100 * path[self.at(2035)] / (2035 - self.years[0]))
