"""The stocks of the chains: their base, and where a year takes them."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.capability import Ability, AbilityRates, base_experience, next_ability
from zizhu.model.chain_year import ChainRates, ChainStocks, ChainYear
from zizhu.model.technology import Demand, Technology, demand_along


class ChainPush(NamedTuple):
    """What policy adds to the chains in a year.

    money     [m,n] bn USD at work
    hoarding  [m,n] years of normal purchases bought in advance
    openness  [n,i] phi of learner n towards i
    learning  1, or 0 where learning is switched off
    """

    money: Float[Array, "m n"]
    hoarding: Float[Array, "m n"]
    openness: Float[Array, "n n"]
    learning: Float[Array, ""]


class ChainFlows(NamedTuple):
    """What moved in a year, so that stocks can be audited.

    demand    who bought and made how much, bn USD at base prices
    starts    [m,i] capacity of plants begun, relative to the base year's
    finished  [m,i]
    stored    [m,n] added to what lies in store, taken out where negative, years of purchases
    """

    demand: Demand
    starts: Float[Array, "m n"]
    finished: Float[Array, "m n"]
    stored: Float[Array, "m n"]


def base_demand(technology: Technology) -> Demand:
    """Purchases and output of the base year."""
    sourcing = technology.links.sourcing.reshape(technology.entrant.shape)
    nothing = jnp.zeros_like(technology.world)
    # In the base year plants invest what wears out: tools are bought like other inputs.
    still = technology._replace(
        inputs=technology.inputs + technology.tools, tools=jnp.zeros_like(technology.tools)
    )
    return demand_along(still, technology.purchases, sourcing, nothing, nothing)


def base_stocks(
    technology: Technology, made: Float[Array, "m n"], building_years: int, rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainStocks:
    """Stocks of the base year: plants replace what wears out, nothing is stored."""
    nothing = jnp.zeros_like(made)
    regions = made.shape[1]
    worn = jnp.full_like(made, 1.0) * rates.depreciation
    return ChainStocks(
        qualified=technology.links.sourcing.reshape(technology.entrant.shape),
        ability=Ability(
            nothing, base_experience(made, jnp.ones((regions, regions)), ability_rates), nothing
        ),
        capacity=jnp.ones_like(made),
        young=worn,
        building=jnp.broadcast_to(worn, (building_years, *made.shape)),
        tool_price=nothing,
        tool_lack=nothing,
        cover=nothing,
    )


def next_stocks(
    technology: Technology,
    stocks: ChainStocks,
    now: ChainYear,
    base: Demand,
    final: Float[Array, "c n"],
    push: ChainPush,
    year: Float[Array, ""],
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> tuple[ChainStocks, ChainFlows]:
    """Flows of the year and the stocks of the next.

    base   purchases and output of the base year
    final  bn USD of final products bought by chain and region, at base prices
    """
    plant = technology.plant[:, None]
    worn = rates.depreciation * stocks.capacity
    # Last year's pace is not known here: plants replace in proportion to what they make now, which
    # needs tools in turn, so that output is walked through with investment of unchanged use first.
    stored = push.hoarding - now.relief * now.need
    extra = base.bought * stored
    made_before = jnp.maximum(base.made, 1e-300)
    funded = jnp.where(plant & (base.made > 0), push.money / rates.plant_capital / made_before, 0.0)
    possible = 1 - now.maker_lack

    def flows(use: Float[Array, "m n"]) -> tuple[Demand, Float[Array, "m n"]]:
        starts = jnp.where(plant, (worn * use + funded) * possible, 0.0)
        investment = base.made * starts / rates.depreciation
        return demand_along(technology, final, now.shares, investment, extra), starts

    # What plants make does not depend on what they invest (tools are made by others), so that the
    # first walk has their use and the second the tools.
    first, _ = flows(jnp.ones_like(worn))
    use = first.made / (made_before * stocks.capacity)
    demand, starts = flows(use)

    building = jnp.concatenate([stocks.building[1:], starts[None]])
    finished = jnp.where(plant, stocks.building[0], 0.0)
    ability = next_ability(
        stocks.ability,
        now.gap,
        demand.made,
        jnp.where(plant, 0.0, push.money),
        push.openness,
        technology.world,
        technology.learning * push.learning,
        technology.difficulty,
        year,
        ability_rates,
    )
    pace = jnp.minimum(1.0 / technology.qualify, 1.0)[:, None, None]
    return (
        ChainStocks(
            qualified=stocks.qualified + pace * (now.target - stocks.qualified),
            ability=ability,
            capacity=jnp.where(plant, stocks.capacity - worn + finished, 1.0),
            young=jnp.where(plant, finished, stocks.young),
            building=building,
            tool_price=jnp.where(technology.durable[:, None], now.price, 0.0),
            tool_lack=jnp.where(technology.durable[:, None], now.lack, 0.0),
            cover=stocks.cover + stored,
        ),
        ChainFlows(demand, starts, finished, stored),
    )
