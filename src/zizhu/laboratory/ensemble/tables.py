"""Drawn tables of the chains: figures of every node as their errors allow, reconciled anew.

World shares of suppliers are multiplied by exp(e z - e^2 / 2) and scaled to one, log odds of home
shares and the log size of markets get e z, with e the figure's standard error, its age included,
and z standard normal, each figure on its own. Purchases are then walked down the graph again
(`zizhu.laboratory.path.walk`), plants investing as in the base. Entry clocks, growth of plants and
the input-output table stay as they are: a drawn input-output table takes a minute to balance and a
case of its own (`zizhu dependence --draws` draws them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.cache import remembered_arrays
from zizhu.laboratory.base import Dated
from zizhu.laboratory.path.case import PathCase
from zizhu.laboratory.path.walk import Walk
from zizhu.model.technology import Technology

# Log odds of home shares stay this far from nothing and all.
_LEAST = 1e-9


def technology_drawn(case: PathCase, place: int, seed: int, *, key: bytes) -> Technology:
    """The case's technology on one drawn table of its chains.

    place  of the draw among those of the seed
    key    under which the table is remembered: digest of the case
    """

    def compute() -> Mapping[str, np.ndarray]:
        return _walked(case, np.random.default_rng([seed, 2, place]))

    return _technology(case, remembered_arrays(f"drawn table {seed} {place}", key, compute))


def drawn(known: Dated, random: np.random.Generator) -> Dated:
    """What sources could as well have said of a node; see the module."""
    error = known.shares_error
    shares = known.shares * np.exp(error * random.standard_normal(len(error)) - error**2 / 2)
    home = {}
    for place, one in known.home.items():
        inside = float(np.clip(one.share, _LEAST, 1 - _LEAST))
        odds = np.log(inside / (1 - inside)) + one.error * random.standard_normal()
        home[place] = replace(one, share=float(1 / (1 + np.exp(-odds))))
    market = known.market
    if market is not None:
        size = market.size * np.exp(market.error * random.standard_normal())
        market = replace(market, size=float(size))
    return replace(known, shares=shares / shares.sum(), home=home, market=market)


def _walked(case: PathCase, random: np.random.Generator) -> dict[str, np.ndarray]:
    """One drawn table of all chains, by node in the case's order."""
    walk, investing = case.chains.walk, case.chains.investing
    if walk is None or investing is None:
        raise TypeError("chains without their walk cannot be drawn")
    figures: Sequence[Dated | None] = [
        None if known is None else drawn(known, random) for known in walk.figures
    ]
    again: Walk = replace(walk, figures=figures)
    found = again.run(investing)
    return {
        "sourcing": found.sourcing,
        "shares": found.shares,
        "bought": found.bought,
        "scale": found.scale,
    }


def _technology(case: PathCase, table: Mapping[str, np.ndarray]) -> Technology:
    base, chains = case.base.technology, case.chains

    def spread(values: np.ndarray, like: Float[Array, "..."]) -> Float[Array, "..."]:
        found = np.array(like)
        found[chains.places] = values
        return jnp.asarray(found)

    sourcing = chains.layout.in_slots(jnp.asarray(table["sourcing"]))
    return base._replace(
        links=base.links._replace(sourcing=sourcing),
        world=spread(table["shares"], base.world),
        buyers=spread(table["bought"], base.buyers),
        scale=spread(table["scale"], base.scale),
    )
