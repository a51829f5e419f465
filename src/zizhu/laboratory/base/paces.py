"""How fast each region's share of a node moves around the base year, from dated figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains import HomeShare, Node, SupplierBlock
from zizhu.chains.chain import OTHER
from zizhu.chains.regions import region_matrix
from zizhu.laboratory.base.errors import code_error, home_error
from zizhu.laboratory.base.table import logit
from zizhu.laboratory.base.vintages import Figure, Pace, pace_of_figures

# Figures that measure a home market, the ones that are meant first.
MARKET = ("home_market", "firms_over_use", "output_over_use")
_WORLD = {
    "headquarters": "world_share_headquarters",
    "location": "world_share_location",
}


@dataclass(frozen=True)
class Paces:
    """Log odds a year by region.

    pace, error  of world shares; zero and the prior spread where nothing was observed
    observed     where figures of several dates were found
    origins      what they are, in words; empty where nothing was observed
    home         paces of home shares by place of the region, where there are any
    """

    pace: Float[np.ndarray, " n"]
    error: Float[np.ndarray, " n"]
    observed: np.ndarray
    origins: tuple[str, ...]
    home: Mapping[int, Pace]


def pace(
    node: Node,
    regions: Sequence[str],
    base_year: int,
    parameters: Mapping[str, float],
) -> Paces:
    """Paces of a node's shares around the base year.

    A region's pace comes from the first of these that has figures two years apart: supplier blocks
    of the first block's definition; blocks of its basis with another measure; figures of the
    region's own world share on that basis; figures of its home share (whose log odds move as those
    of the world share where exports and imports of others stay; said in the origin).
    """
    spread = parameters["pace_spread"]
    size = len(regions)
    found: dict[int, Pace] = {}
    for origin, group in _definitions(node):
        for place, figures in _by_region(group, regions, parameters).items():
            one = pace_of_figures(figures, base_year, spread, origin)
            if one is not None:
                found.setdefault(place, one)
    home: dict[int, Pace] = {}
    for place, region in enumerate(regions):
        own = [h for h in node.home_shares if h.region == region]
        if node.suppliers:
            named = _WORLD[node.suppliers[0].basis]
            world = _first_pace(own, (named,), base_year, parameters)
            if world is not None:
                found.setdefault(place, world)
        market = _first_pace(own, MARKET, base_year, parameters)
        if market is not None:
            home[place] = market
            words = f"{market.origin} (no world shares of several dates)"
            found.setdefault(place, market._replace(origin=words))
    values, errors = np.zeros(size), np.full(size, spread)
    for place, one in found.items():
        values[place], errors[place] = one.value, one.error
    seen = np.isin(np.arange(size), list(found))
    origins = tuple(found[n].origin if n in found else "" for n in range(size))
    return Paces(values, errors, seen, origins, home)


def _definitions(node: Node) -> Iterator[tuple[str, list[SupplierBlock]]]:
    """Blocks of one definition each, that of the first block first, then others of its basis."""
    if not node.suppliers:
        return
    ours = [b for b in node.suppliers if b.basis == node.suppliers[0].basis]
    for measure in dict.fromkeys(b.measure for b in ours):
        group = [b for b in ours if b.measure == measure]
        if len(group) > 1:
            yield f"world shares, {measure}", group


def _by_region(
    blocks: Sequence[SupplierBlock], regions: Sequence[str], parameters: Mapping[str, float]
) -> dict[int, list[Figure]]:
    """Figures by region of those regions that hold the same named countries in every block."""
    found: dict[int, list[Figure]] = {}
    holding: dict[int, set[frozenset[str]]] = {}
    for block in blocks:
        codes = list(block.shares)
        inside = region_matrix(codes, regions, np.ones(len(regions))) > 0
        for place in range(len(regions)):
            named = [c for c, held in zip(codes, inside[:, place], strict=True) if held]
            named = [c for c in named if c != OTHER]
            if not named:
                continue
            share = sum(block.shares[c] for c in named) / sum(block.shares.values())
            share = float(np.clip(share, parameters["entry_share"], 0.995))
            error = np.sqrt(
                sum((block.shares[c] * code_error(block, c, parameters)) ** 2 for c in named)
            ) / max(sum(block.shares[c] for c in named), 1e-9)
            error = max(float(error), parameters["share_error_confirmed"])
            error = float(np.hypot(error, parameters["share_error_absolute"] / share))
            odds = float(np.log(share / (1 - share)))
            found.setdefault(place, []).append(Figure(block.year, odds, error / (1 - share)))
            holding.setdefault(place, set()).add(frozenset(named))
    return {place: figures for place, figures in found.items() if len(holding[place]) == 1}


def _first_pace(
    homes: Sequence[HomeShare],
    definitions: Sequence[str],
    base_year: int,
    parameters: Mapping[str, float],
) -> Pace | None:
    """Pace of the first definition, and of the whole node before parts of it, that has one."""
    for definition in definitions:
        ours = [h for h in homes if h.definition == definition]
        for scope in sorted({h.scope for h in ours}):  # the empty one, the whole, comes first
            figures = [
                Figure(h.year, float(logit(h.value / 100)), home_error(h, parameters))
                for h in ours
                if h.scope == scope
            ]
            words = definition.replace("_", " ") + (f", only {scope}" if scope else "")
            one = pace_of_figures(figures, base_year, parameters["pace_spread"], words)
            if one is not None:
                return one
    return None
