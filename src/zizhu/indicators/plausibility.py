"""Where an answer lies beyond what the model can know, said in one line for each kind.

An equilibrium may be solved to the last digit and still say nothing: elasticities are estimated on
small moves, and nobody has seen a region lose half of its income by a tariff. Limits are registered
parameters with a source, or an assumption; an answer beyond one is not refused but shown with a
warning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.world import World

Array = Float[np.ndarray, "..."]


@dataclass(frozen=True)
class Beyond:
    """The worst case of one kind, and how many others there are.

    kind       what it is of, such as `real income`
    place      labels of the worst: region, or region and sector, and the year on a path
    value      in the unit of the parameter
    limit      value of the parameter
    parameter  name of the limit, whose source is in the registry
    others     further regions, or further places, beyond the limit
    text       the sentence without its beginning
    """

    kind: str
    place: tuple[str, ...]
    value: float
    limit: float
    parameter: str
    others: int
    text: str

    def __str__(self) -> str:
        return f"beyond what the model can know: {self.text} ({self.parameter})"


@dataclass(frozen=True)
class _Kind:
    """How one kind is told.

    says  the sentence from names, the value, and what there is more
    why   what is known, after a semicolon
    """

    name: str
    parameter: str
    says: Callable[[list[str], float], str]
    why: Callable[[float], str]


def _income(down: bool) -> _Kind:
    verb, name = ("falls", "fall") if down else ("rises", "rise")
    known = (
        "where all trade was stopped it fell by {:g} at most"
        if down
        else "no policy is known to have added {:g}"
    )
    return _Kind(
        f"{name} of real income",
        f"plausible_income_{name}",
        lambda at, value: f"real income of {at[0]} {verb} by {value:,.1f} percent",
        known.format,
    )


_FALL, _RISE = _income(True), _income(False)
_PRICE = _Kind(
    "consumer prices",
    "plausible_price_factor",
    lambda at, value: f"consumer prices of {at[0]} move by a factor of {value:,.1f}",
    "elasticities are known for moves by far less than a factor of {:g}".format,
)
_WAGE = _Kind(
    "wages",
    "plausible_price_factor",
    lambda at, value: f"wages of {at[0]} move by a factor of {value:,.1f}",
    "elasticities are known for moves by far less than a factor of {:g}".format,
)
_TERMS = _Kind(
    "terms of trade",
    "plausible_terms_of_trade",
    lambda at, value: f"terms of trade of {at[0]} move by {value:,.0f} percent of its income",
    "as a measure of first order they say little beyond {:g}".format,
)
_SECTOR = _Kind(
    "output of sectors",
    "plausible_sector_factor",
    lambda at, value: f"output of {at[1]} in {at[0]} {_moves(value)}",
    "no sector is known to have moved by a factor of {:g}".format,
)
_SUBSIDY = _Kind(
    "subsidies",
    "plausible_subsidy",
    lambda at, value: f"{at[1]} in {at[0]} is subsidised by {value:,.0f} percent of its cost",
    "{:g} is the most that is known of a sector".format,
)
_OUTLAY = _Kind(
    "public outlay",
    "plausible_public_outlay",
    lambda at, value: f"measures of {at[0]} cost {value:,.1f} percent of its GDP",
    "{:g} is the largest support that is measured".format,
)
_NODE = _Kind(
    "home shares of nodes",
    "plausible_node_pace",
    lambda at, value: f"the home share of {at[1]} in {at[0]} moves by {value:,.1f} points",
    "{:g} a year is the fastest that is published".format,
)


def _moves(factor: float) -> str:
    if factor >= 1:
        return f"grows {factor:,.0f}-fold"
    return f"falls to {100 * factor:.2g} percent of what it was"


def static_warnings(
    table: xr.Dataset,
    world: World,
    parameters: Mapping[str, float],
    *,
    wage: Float[np.ndarray, " n"],
    subsidy: Float[np.ndarray, "n k"],
    spent: Float[np.ndarray, " n"],
) -> tuple[Beyond, ...]:
    """What of a static run lies beyond its limit.

    table    of indicators, see `static`
    wage     [n] factor by which the wage moves, world value added as numeraire
    subsidy  [n,k] share of cost that is paid
    spent    [n] million that measures cost the public, before what duties bring
    """
    income = table["real_income"].transpose("region").values
    terms = table["terms_of_trade"].transpose("region").values
    cell = ("region", "sector")
    before, after = (table[name].transpose(*cell).values for name in ("output_base", "output"))
    growth = 1 + table["output_volume"].transpose(*cell).values / 100
    price = 1 + table["consumer_price"].transpose("region").values / 100
    regions = [world.region_name(region) for region in world.regions]
    by_cell = [regions, [world.sector_name(sector) for sector in world.sectors]]
    return _beyond(
        parameters,
        (
            (_FALL, -income, [regions]),
            (_RISE, income, [regions]),
            (_PRICE, _factor(price), [regions]),
            (_WAGE, _factor(wage), [regions]),
            (_TERMS, np.abs(terms), [regions]),
            (_SECTOR, _judged(growth, before, after, parameters), by_cell),
            (_SUBSIDY, 100 * subsidy, by_cell),
            (_OUTLAY, 100 * spent / world.gdp, [regions]),
        ),
        dated=False,
    )


def path_warnings(
    table: xr.Dataset,
    world: World,
    parameters: Mapping[str, float],
    *,
    price: Float[np.ndarray, "t n"],
    wage: Float[np.ndarray, "t n"],
    subsidy: Float[np.ndarray, "t n k"],
) -> tuple[Beyond, ...]:
    """What of a path lies beyond its limit: of the scenario, against its baseline.

    price, wage  [t,n] of the scenario over the baseline's
    subsidy      [t,n,k] share of cost that is paid
    """
    years = [str(year) for year in table["year"].values]
    regions = [world.region_name(region) for region in world.regions]
    sectors = [world.sector_name(sector) for sector in world.sectors]
    region, cell = [years, regions], [years, regions, sectors]
    income = table["real_income_effect"].transpose("year", "region").values
    ours, theirs = (
        table["output"].sel(run=run).transpose("year", "region", "sector").values
        for run in ("scenario", "baseline")
    )
    growth = np.divide(ours, theirs, out=np.ones_like(ours), where=theirs > 0)
    return _beyond(
        parameters,
        (
            (_FALL, -income, region),
            (_RISE, income, region),
            (_PRICE, _factor(price), region),
            (_WAGE, _factor(wage), region),
            (_SECTOR, _judged(growth, theirs, ours, parameters), cell),
            (_SUBSIDY, 100 * subsidy, cell),
            (_NODE, *_pace(table, years, regions)),
        ),
    )


def outlay_warnings(
    spent: Float[np.ndarray, "t n"],
    gdp: Float[np.ndarray, "t n"],
    years: Sequence[int],
    world: World,
    parameters: Mapping[str, float],
) -> tuple[Beyond, ...]:
    """Public outlay of a scenario's measures by year and region beyond its limit."""
    regions = [world.region_name(region) for region in world.regions]
    labels = [[str(year) for year in years], regions]
    return _beyond(parameters, ((_OUTLAY, 100 * spent / gdp, labels),))


def _factor(ratio: Array) -> Array:
    """How far a ratio is from one, up or down."""
    return np.asarray(np.maximum(ratio, 1 / np.maximum(ratio, 1e-300)))


def _judged(growth: Array, before: Array, after: Array, parameters: Mapping[str, float]) -> Array:
    """Growth of sectors that are something before or after; one elsewhere."""
    least = parameters["plausible_sector_part"] / 100
    parts = [one / np.maximum(one.sum(axis=-1, keepdims=True), 1e-300) for one in (before, after)]
    known = np.isfinite(growth) & (np.maximum(*parts) >= least)
    return np.where(known, growth, 1.0)


def _pace(table: xr.Dataset, years: list[str], regions: list[str]) -> tuple[Array, list[list[str]]]:
    """Points by which home shares of nodes move in a year, and by which more than the baseline's.

    The smaller of the two: what the baseline does as well is no doing of the scenario, and what the
    scenario does not do is no move of it.
    """
    dims = ("year", "region", "node")
    home, bought = (
        [table[name].sel(run=run).transpose(*dims).values for run in ("scenario", "baseline")]
        for name in ("node_home_share", "node_bought")
    )
    ours = np.where(bought[0] > 0, np.nan_to_num(home[0]), 0.0)
    apart = np.where(bought[0] > 0, np.nan_to_num(home[0] - home[1]), 0.0)
    own, more = (np.abs(np.diff(one, axis=0)) for one in (ours, apart))
    # Where nothing was bought in one of the two years, nothing has moved.
    both = (bought[0][1:] > 0) & (bought[0][:-1] > 0)
    return np.where(both, np.minimum(own, more), 0.0), [
        years[1:],
        regions,
        [str(node) for node in table["node"].values],
    ]


def _beyond(
    parameters: Mapping[str, float],
    readings: Sequence[tuple[_Kind, Any, list[list[str]]]],
    *,
    dated: bool = True,
) -> tuple[Beyond, ...]:
    """The worst of each kind that has any beyond its limit, in the order of kinds.

    dated  whether the first axis is the year, which then comes last in a sentence
    """
    found = []
    for kind, values, labels in readings:
        limit = parameters[kind.parameter]
        size = _factor(values) if kind is _SECTOR else values
        over = np.asarray(size) > limit * (1 + 1e-9)
        if not over.any():
            continue
        at = np.unravel_index(int(np.argmax(np.where(over, size, -np.inf))), over.shape)
        names = [axis[int(place)] for axis, place in zip(labels, at, strict=True)]
        others = int((over.any(axis=0) if dated else over).sum()) - 1
        names = [*names[1:], names[0]] if dated else names
        when = f" in {names[-1]}" if dated else ""
        value = float(np.asarray(values)[at])
        more = f" (and {others} more beyond {limit:g})" if others else ""
        found.append(
            Beyond(
                kind=kind.name,
                place=tuple(names),
                value=value,
                limit=limit,
                parameter=kind.parameter,
                others=others,
                text=f"{kind.says(names, value)}{when}{more}; {kind.why(limit)}",
            )
        )
    return tuple(found)
