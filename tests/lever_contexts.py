"""A world in motion made by hand for tests of levers: real chains and tables, made-up growth.

No path is simulated: what a baseline would give (GDP, output, purchases of nodes) grows by rule.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import yaml

from zizhu.laboratory.path.case import PathCase, path_case
from zizhu.laboratory.path.controls import controlled_flows
from zizhu.laboratory.path.made_of import above_threshold, node_sectors, traded_nodes
from zizhu.laboratory.path.standing import barred_in_baseline, control_wedges
from zizhu.parameters import values
from zizhu.policy.compile_path import CompiledPath, compile_path
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.scenario import Scenario
from zizhu.world import open_world

YEARS = tuple(range(2022, 2036))
GROWTH = 0.04  # of China; every other region grows at half of it
CHINA = "CHN"


@cache
def case() -> PathCase:
    """The shipped world of 2022 and all chains."""
    return path_case(open_world("2022"), YEARS)


@cache
def context(**changed: float) -> PathContext:
    """What levers may know, with some parameters changed."""
    made = case()
    world, labels = made.world, made.labels
    china = world.regions.index(CHINA)
    rate = np.full(len(world.regions), GROWTH / 2)
    rate[china] = GROWTH
    grown = (1 + rate) ** np.arange(len(YEARS))[:, None]
    random = np.random.default_rng(6)
    shape = (len(labels.nodes), len(world.regions))
    makes = np.array([region != "HKG" for region in world.regions], dtype=float)

    bars, above = barred_in_baseline(made), above_threshold(made.chains, YEARS)

    def timeline(until: dt.date, hoarding: bool) -> PathWedges:
        return control_wedges(made, until, hoarding=hoarding)

    return PathContext(
        world=world,
        groups=world.groups,
        parameters=values(changed),
        labels=labels,
        gdp=world.gdp * grown,
        cost=world.output * grown[:, :, None],
        purchases=random.uniform(0.1, 9.0, shape),
        made=random.uniform(0.1, 9.0, shape) * makes,
        sourcing=made.sourcing,
        barred=bars.every + (1 - bars.every) * bars.above * above[:, :, None, None],
        controlled=controlled_flows(labels.nodes, world, dt.date.max),
        research=np.asarray(made.growth.research_spending),
        timeline=timeline,
        above=above,
        traded=traded_nodes(made.chains),
        node_sectors=node_sectors(made.chains, world),
    )


def place(region: str = CHINA) -> int:
    """Place of a region."""
    return context().world.regions.index(region)


def sector(name: str) -> int:
    """Place of a sector."""
    return context().world.sectors.index(name)


def node(name: str) -> int:
    """Place of a node."""
    return context().labels.nodes.index(name)


def scenario(*texts: str, **fields: object) -> Scenario:
    """A scenario on a path with measures given as YAML text."""
    measures = [yaml.safe_load(text) for text in texts]
    return Scenario.model_validate(
        {"name": "t", "title": "t", "years": YEARS[-1], "measures": measures, **fields}
    )


def compiled(
    *texts: str, parameters: dict[str, float] | None = None, **fields: object
) -> CompiledPath:
    """Measures given as YAML text on the path made by hand."""
    return compile_path(scenario(*texts, **fields), context(**(parameters or {})))


def touched(wedges: PathWedges) -> set[str]:
    """Fields in which anything differs from no policy."""
    return {name for name, values_ in zip(wedges._fields, wedges, strict=True) if values_.any()}
