"""A stated set of shocks that self-reliance is said to be a shelter from, each for one year.

supplier-cut       the largest foreign supplier of the most critical nodes stops selling them
embargo            the other bloc stops selling the chain that it withholds (`zizhu.policy.blocs`)
                   to the region's bloc; a region of no bloc fears the one that it leans on most
lockdown-home      effective labour of the region falls as in early 2020, for two months
lockdown-partner   the same at its largest supplier

Sizes and odds are registered parameters, most of them assumptions. What is most critical is decided
by first order, before any path is run: the rise of the node's price, times what is bought of it,

    b_m min(-ln(1 - s_m) / eta0, ln choke),      s_m the part that the largest supplier sells

with what is bought and sold in the base year, so that every run meets the same shock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.laboratory.path.case import PathCase
from zizhu.model.path_record import Record
from zizhu.policy.blocs import Bloc, blocs
from zizhu.policy.path_wedges import PathWedges
from zizhu.world import World

# A region of many countries is no partner that closes its factories on one day.
_REST = "ROW"
# Members of a bloc that a sentence lists.
_MANY = 4


@dataclass(frozen=True)
class Shock:
    """Something that may happen in one year of a path.

    means        one sentence for the reader, sizes included
    probability  odds in a year, 0 to 1
    wedges       what it adds in the year at a place of the path
    """

    name: str
    title: str
    means: str
    probability: float
    wedges: Callable[[int], PathWedges]


def standard_shocks(case: PathCase, baseline: Record, region: str) -> tuple[Shock, ...]:
    """The stated set for a region; shocks that the world has no seller or chain for are left out.

    baseline  record of a path without measures, whose first year says what is bought

    Raises `ScenarioError` for an unknown region.
    """
    regions = case.world.regions
    if region not in regions:
        raise ScenarioError(
            f"region: {quoted(region)} is not in world {case.world.name}"
            f"{did_you_mean(region, regions)}"
        )
    made = (
        _supplier_cut(case, baseline, region),
        _embargo(case, baseline, region),
        _lockdown(case, region, "lockdown-home", "Lockdown at home"),
        _lockdown(case, _partner(case.world, region), "lockdown-partner", "Lockdown at a partner"),
    )
    return tuple(one for one in made if one is not None)


def critical_nodes(
    case: PathCase, baseline: Record, region: str
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Nodes in the order of what losing their largest foreign supplier costs by first order.

    Returns places of nodes, their largest suppliers, and the cost in bn USD a year. What is barred
    in the base year already is no longer there to lose.
    """
    here = case.world.regions.index(region)
    places = case.chains.places
    every, higher = (
        np.asarray(part)[places, here] for part in (case.base.barred, case.base.barred_above)
    )
    above = np.asarray(baseline.stocks.chains.above)[0, places, here]
    sold = case.sourcing[:, here] * (1 - every) * (1 - higher * above[:, None])
    sold[:, here] = 0.0
    sold[[case.chains.joined.nodes[name].assembled for name in case.chains.nodes]] = 0.0
    bought = np.asarray(baseline.flows.demand.bought)[0, places, here]
    largest = sold.argmax(axis=1)
    part = np.minimum(sold.max(axis=1), 1.0)
    with np.errstate(divide="ignore"):
        rise = -np.log1p(-part) / case.parameters["chain_elasticity_at_once"]
    cost = bought * np.minimum(rise, np.log(case.parameters["choke_price"]))
    order = np.argsort(-cost, kind="stable")
    return order, largest[order], cost[order]


def _supplier_cut(case: PathCase, baseline: Record, region: str) -> Shock | None:
    chosen = case.parameters
    here = case.world.regions.index(region)
    nodes, suppliers, cost = critical_nodes(case, baseline, region)
    number = min(round(chosen["shock_nodes"]), int((cost > 0).sum()))
    if number == 0:
        return None
    nodes, suppliers = nodes[:number], suppliers[:number]
    part = chosen["shock_barred"] / 100

    def wedges(place: int) -> PathWedges:
        none = case.labels.none()
        barred = np.zeros_like(none.barred)
        barred[place, nodes, here, suppliers] = part
        return none._replace(barred=barred)

    pairs = ", ".join(
        f"{case.chains.nodes[node]} from {case.world.regions[supplier]}"
        for node, supplier in zip(nodes, suppliers, strict=True)
    )
    return Shock(
        "supplier-cut",
        "Largest suppliers cut off",
        f"{100 * part:g} percent of these sales to {region} stop for a year: {pairs}",
        chosen["cut_probability"] / 100,
        wedges,
    )


def _embargo(case: PathCase, baseline: Record, region: str) -> Shock | None:
    chosen, world = case.parameters, case.world
    bloc, buyers = _bloc_of(world, region)
    others = [one for one in blocs().values() if one is not bloc]
    costs = {one.name: _withheld(case, baseline, one, region) for one in others}
    dreaded = max(others, key=lambda one: costs[one.name], default=None)
    if dreaded is None or costs[dreaded.name] <= 0:
        return None
    sellers = _sellers(world, dreaded, buyers)
    nodes = _nodes(case, dreaded)
    part = chosen["shock_barred"] / 100
    flows = np.ix_(
        nodes,
        [world.regions.index(one) for one in buyers],
        [world.regions.index(one) for one in sellers],
    )

    def wedges(place: int) -> PathWedges:
        none = case.labels.none()
        barred = np.zeros_like(none.barred)
        barred[place][flows] = part
        return none._replace(barred=barred)

    return Shock(
        "embargo",
        "Embargo by the other bloc",
        f"{100 * part:g} percent of all sales of the chain {dreaded.withholds} by "
        f"{_named(sellers, dreaded)} to {_named(buyers, bloc)} stop for a year",
        chosen["embargo_probability"] / 100,
        wedges,
    )


def _lockdown(case: PathCase, where: str | None, name: str, title: str) -> Shock | None:
    if where is None:
        return None
    chosen = case.parameters
    place_of = case.world.regions.index(where)
    fall, length = chosen["lockdown_labour"] / 100, chosen["shock_lockdown_years"]

    def wedges(place: int) -> PathWedges:
        none = case.labels.none()
        labour = np.zeros_like(none.log_labour)
        labour[place, place_of] = np.log1p(fall * length)
        return none._replace(log_labour=labour)

    return Shock(
        name,
        title,
        f"effective labour of {where} changes by {100 * fall:g} percent for {12 * length:.1f} "
        "months, all sectors alike",
        chosen["lockdown_probability"] / 100,
        wedges,
    )


def _partner(world: World, region: str) -> str | None:
    """Largest foreign supplier of the region, all goods and services; no sum of many countries."""
    here = world.regions.index(region)
    sold = world.flows[:, :, here].sum(axis=1)
    others = [i for i, name in enumerate(world.regions) if name not in (region, _REST)]
    return world.regions[max(others, key=lambda i: sold[i])] if others else None


def _bloc_of(world: World, region: str) -> tuple[Bloc | None, tuple[str, ...]]:
    """The bloc of a region with its members in the world; none, and the region alone."""
    for bloc in blocs().values():
        members = bloc.regions(world.regions, world.groups)
        if region in members:
            return bloc, members
    return None, (region,)


def _named(regions: Sequence[str], bloc: Bloc | None) -> str:
    """Regions one by one, or a bloc by its title where there are many."""
    return ", ".join(regions) if bloc is None or len(regions) <= _MANY else bloc.title


def _sellers(world: World, bloc: Bloc, buyers: Sequence[str]) -> list[str]:
    return [one for one in bloc.regions(world.regions, world.groups) if one not in buyers]


def _nodes(case: PathCase, bloc: Bloc) -> list[int]:
    """Nodes of the chain that a bloc withholds."""
    chain = f"{bloc.withholds}/"
    return [place for place, name in enumerate(case.chains.nodes) if name.startswith(chain)]


def _withheld(case: PathCase, baseline: Record, bloc: Bloc, region: str) -> float:
    """Bn USD of what a bloc withholds that a region buys from it in the base year."""
    here, nodes = case.world.regions.index(region), _nodes(case, bloc)
    sellers = [case.world.regions.index(one) for one in _sellers(case.world, bloc, (region,))]
    bought = np.asarray(baseline.flows.demand.bought)[0, case.chains.places, here]
    part = case.sourcing[nodes, here][:, sellers].sum(axis=1)
    return float(part @ bought[nodes])
