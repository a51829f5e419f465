"""The stocks of the chains: their base, and where a year takes them."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from zizhu.model.capability import Ability, AbilityRates, base_experience, next_ability
from zizhu.model.chain_demand import Demand, Rows, demand_along, every_row
from zizhu.model.chain_year import ChainRates, ChainStocks, ChainYear, chain_year
from zizhu.model.technology import Technology, bars

# Keeps quotients finite where nothing is made; not so small that its derivative overflows.
_LEAST = 1e-30


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


class ChainBase(NamedTuple):
    """The base year of the chains, with what was barred then.

    demand  purchases and output
    stocks  at its start
    year    prices and sourcing
    """

    demand: Demand
    stocks: ChainStocks
    year: ChainYear


def chain_base(
    technology: Technology,
    barred: Float[Array, "m n n"],
    building_years: int,
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> ChainBase:
    """Stocks of the base year, in which tools in place are those that bars left.

    Plants replace what wears out and grow by their trend, nothing is stored. What was barred then
    is taken to have been so for as long as tools serve.
    """
    nothing = jnp.zeros_like(technology.world)
    regions = nothing.shape[1]
    started = rates.depreciation + technology.trend
    stocks = ChainStocks(
        search=nothing,
        trust=nothing,
        habit=nothing,
        ability=Ability(nothing, nothing, nothing + ability_rates.head_start),
        capacity=jnp.ones_like(nothing),
        young=started,
        building=jnp.broadcast_to(started, (building_years, *nothing.shape)),
        tool_price=nothing,
        tool_lack=nothing,
        cover=nothing,
        handicap=nothing,
    )
    settled = rates._replace(renewed=jnp.ones(()))
    held = bars(technology, barred, jnp.zeros(regions), nothing)

    def settle(handicap: Float[Array, "m n"]) -> ChainYear:
        able = stocks._replace(handicap=handicap)
        return chain_year(
            technology,
            able,
            held,
            nothing,
            year=jnp.zeros(()),
            rates=settled,
            ability_rates=ability_rates,
        )

    # The last round is the base year itself: written down once, it is compiled once.
    def again(
        _: int, had: tuple[Float[Array, "m n"], ChainYear]
    ) -> tuple[Float[Array, "m n"], ChainYear]:
        handicap = jnp.maximum(had[1].cost, 0.0)
        return handicap, settle(handicap)

    unknown: ChainYear = jax.tree.map(
        lambda like: jnp.zeros(like.shape, like.dtype), jax.eval_shape(settle, nothing)
    )
    handicap, now = jax.lax.fori_loop(0, _ROUNDS + 1, again, (nothing, unknown))

    def invest(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        return technology.tool_use * made * rows(started) / rates.depreciation

    demand = demand_along(technology, technology.purchases, now, nothing, invest)
    known = base_experience(demand.made, jnp.ones((regions, regions)), ability_rates)
    durable = technology.durable[:, None]
    stocks = stocks._replace(
        ability=stocks.ability._replace(experience=known),
        tool_price=jnp.where(durable, now.price, 0.0),
        tool_lack=jnp.where(durable, now.lack, 0.0),
        handicap=handicap,
    )
    return ChainBase(demand, stocks, now)


# Rounds until handicaps of makers are consistent: as many as traded nodes follow each other between
# a barred one and the end of a chain.
_ROUNDS = 5


def next_stocks(
    technology: Technology,
    stocks: ChainStocks,
    now: ChainYear,
    base: ChainBase,
    *,
    final: Float[Array, "c n"],
    push: ChainPush,
    year: Float[Array, ""],
    rates: ChainRates,
    ability_rates: AbilityRates,
) -> tuple[ChainStocks, ChainFlows]:
    """Flows of the year and the stocks of the next.

    base   the base year
    final  bn USD of final products bought by chain and region, at base prices
    """
    plant = technology.plant[:, None]
    worn = rates.depreciation * stocks.capacity
    stored = push.hoarding - now.bars.relief * now.bars.need()
    made_before = jnp.maximum(base.demand.made, _LEAST)
    funded = jnp.where(
        plant & (base.demand.made > 0), push.money / rates.plant_capital / made_before, 0.0
    )
    possible = jnp.where(plant, (1 - now.maker_lack) / (1 - base.year.maker_lack), 0.0)

    def starts_of(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        """Replace what wears out as plants are used, grow by the trend, add what is funded."""
        use = made / rows(made_before * stocks.capacity)
        growing = rows(technology.trend * stocks.capacity)
        return rows(possible) * (rows(worn) * use + growing + rows(funded))

    def invest(made: Float[Array, "w n"], rows: Rows) -> Float[Array, "w n"]:
        served = rows(base.demand.made) * starts_of(made, rows) / rates.depreciation
        return technology.tool_use * served

    demand = demand_along(technology, final, now, base.demand.bought * stored, invest)
    starts = starts_of(demand.made, every_row)
    building = jnp.concatenate([stocks.building[1:], starts[None]])
    finished = jnp.where(plant, stocks.building[0], 0.0)
    ability = next_ability(
        stocks.ability,
        now.gap,
        sales=demand.made,
        money=jnp.where(plant, 0.0, push.money),
        openness=push.openness,
        world=technology.world,
        exponent=technology.learning * push.learning,
        difficulty=technology.difficulty,
        year=year,
        rates=ability_rates,
    )
    pace = jnp.minimum(1.0 / technology.qualify, 1.0)[:, None]
    further = rates.in_time - rates.at_once
    return (
        ChainStocks(
            search=stocks.search + pace * (further * now.long_run - stocks.search),
            trust=stocks.trust - pace * (further * now.net + stocks.trust),
            habit=stocks.habit + pace * (further * now.liking - stocks.habit),
            ability=ability,
            capacity=jnp.where(plant, stocks.capacity - worn + finished, 1.0),
            young=jnp.where(plant, finished, stocks.young),
            building=building,
            tool_price=jnp.where(technology.durable[:, None], now.price, 0.0),
            tool_lack=jnp.where(technology.durable[:, None], now.lack, 0.0),
            cover=stocks.cover + stored,
            # Who gets what was barred gives up its way around it: no cheaper than without the bar.
            handicap=jnp.minimum(stocks.handicap, jnp.maximum(now.cost, 0.0)),
        ),
        ChainFlows(demand, starts, finished, stored),
    )
