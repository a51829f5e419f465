"""The figures of one node at the base year: carried there by their pace, with their errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains import HomeShare, Node
from zizhu.laboratory.base.errors import home_error, region_errors
from zizhu.laboratory.base.market import MarketSize, market_size
from zizhu.laboratory.base.paces import MARKET, Paces, pace
from zizhu.laboratory.base.table import Measured, logit
from zizhu.laboratory.bottleneck.sourcing import entered, spread

_ALL = 100.0
# What counts exports as if they were sold at home says less about the home market.
_OF_BASIS = {
    "headquarters": ("firms_over_use", "output_over_use"),
    "location": ("output_over_use", "firms_over_use"),
}


@dataclass(frozen=True)
class HomeFigure:
    """The figure that measures a region's home market, and its value at the base year, 0 to 1."""

    given: HomeShare
    share: float
    error: float
    carried: bool


@dataclass(frozen=True)
class Dated:
    """What is known of a node at the base year.

    published     world shares of the first block at its own date, by region; sum to one
    shares        the same at the base year, without those below the entry threshold
    shares_error  relative standard errors, age included
    named         where a source gives the region's own share, not only that of a group around it
    carried       where a share was moved by its own pace, not only rescaled
    year          of the first block
    home          measured home shares by place of the region
    paces         log odds a year
    market        size of the world market, if known
    """

    published: Float[np.ndarray, " n"]
    shares: Float[np.ndarray, " n"]
    shares_error: Float[np.ndarray, " n"]
    named: np.ndarray
    carried: np.ndarray
    year: int
    home: Mapping[int, HomeFigure]
    paces: Paces
    market: MarketSize | None

    @property
    def measured(self) -> dict[int, Measured]:
        """Home shares as `reconcile` takes them."""
        return {n: Measured(one.share, one.error) for n, one in self.home.items()}


def dated(
    node: Node,
    regions: Sequence[str],
    output: Float[np.ndarray, " n"],
    base_year: int,
    parameters: Mapping[str, float],
) -> Dated:
    """A node's world shares, home shares and market size at the base year, with errors.

    Shares of another date are carried by their pace, those without one are rescaled; each year of
    distance adds the error of the pace to that of the figure, which is the prior spread where no
    pace was observed. `output` spreads Europe and the rest of the market over regions. The node
    must have suppliers.
    """
    first = node.suppliers[0]
    found = pace(node, regions, base_year, parameters)
    years = base_year - first.year
    published = spread(node, output, regions)
    moved = found.observed & (published > 0) & (years != 0)
    at_base = carried(published, found.pace, moved, float(years))
    error = region_errors(first, regions, output, parameters)
    age = abs(years) * found.error * (1 - at_base)
    home = {
        place: _home(given, place, found, base_year, parameters)
        for place, region in enumerate(regions)
        if (given := market_figure(node, region, base_year)) is not None
    }
    return Dated(
        published=published,
        shares=entered(at_base, parameters["entry_share"]),
        shares_error=np.hypot(error, age),
        named=error < parameters["share_error_spread"],
        carried=moved,
        year=first.year,
        home=home,
        paces=found,
        market=market_size(node.market, base_year, parameters),
    )


def carried(
    shares: Float[np.ndarray, " n"],
    pace: Float[np.ndarray, " n"],
    moved: np.ndarray,
    years: float,
) -> Float[np.ndarray, " n"]:
    """Shares after so many years (before, if negative); they sum to one.

    Log odds of the `moved` shift by pace times years; the others keep their proportions in what is
    left. If nothing would be left for them, or nobody else is there, all are rescaled.
    """
    if years == 0 or not moved.any():
        return shares
    odds = shares[moved] / np.maximum(1 - shares[moved], 1e-12) * np.exp(pace[moved] * years)
    new = shares.copy()
    new[moved] = odds / (1 + odds)
    rest, left = shares[~moved].sum(), 1 - new[moved].sum()
    if rest > 0 and left > 0:
        new[~moved] = shares[~moved] * left / rest
    return np.asarray(new / new.sum())


def market_figure(node: Node, region: str, base_year: int) -> HomeShare | None:
    """The figure of a region's home market: the one nearest to the base year.

    A share of the home market first; where there is none, sales or output of its makers over use,
    of the same basis as the world shares first. Those count exports too, so that they are too high,
    and from 100 percent on they say nothing of the home market. Shares of the world market, of what
    is installed, local content, capacity and figures about a part of the node measure something
    else.
    """
    basis = node.suppliers[0].basis if node.suppliers else "headquarters"
    for definition in (MARKET[0], *_OF_BASIS[basis]):
        ours = [
            h
            for h in node.home_shares
            if (h.region, h.definition, h.scope) == (region, definition, "")
            and (definition == MARKET[0] or h.value < _ALL)
        ]
        if ours:
            return min(ours, key=lambda h: (abs(h.year - base_year), -h.year))
    return None


def _home(
    given: HomeShare, place: int, paces: Paces, base_year: int, parameters: Mapping[str, float]
) -> HomeFigure:
    error = home_error(given, parameters)
    if given.definition != MARKET[0]:
        error = max(error, parameters["home_share_error_recalled"])
    years = base_year - given.year
    own = paces.home.get(place)
    # Without a pace of its own a home share moves as the world share does.
    value, doubt = (own.value, own.error) if own else (paces.pace[place], paces.error[place])
    odds = float(logit(min(given.value, _ALL) / _ALL)) + float(value) * years
    moved = years != 0 and bool(own is not None or paces.observed[place])
    return HomeFigure(
        given, float(1 / (1 + np.exp(-odds))), float(np.hypot(error, abs(years) * doubt)), moved
    )
