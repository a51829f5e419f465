"""The economy in motion: one pure step from a year to the next, and the path as its scan.

The parts of a year are in `zizhu.model.year`. Nothing is solved across years: expectations play no
part. The scan is one program, to be batched and differentiated; `zizhu.model.walk` runs one path
year by year with programs that are compiled far faster and serve any number of years.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from zizhu.model import knowledge as know
from zizhu.model.anderson import Settings
from zizhu.model.chain_demand import barred_sales
from zizhu.model.chain_stocks import chain_base
from zizhu.model.equilibrium import base_unknowns, equilibrium
from zizhu.model.feed import felt
from zizhu.model.firms import firm_base
from zizhu.model.guess import REMEMBERED
from zizhu.model.knowledge import Knowledge
from zizhu.model.path_inputs import PathBase, Rates, Structure, YearWedges
from zizhu.model.path_record import Fixed, Record, Stocks
from zizhu.model.reaction import reaction_base
from zizhu.model.talent import talent_base
from zizhu.model.technology import bars
from zizhu.model.year import closing, opening, record_of

SETTINGS = Settings(tolerance=1e-11)


def first_stocks(base: PathBase, rates: Rates, fixed: Fixed, graduate_lag: int) -> Stocks:
    """Stocks at the start of the base year."""
    regions = base.economy.regions
    by_cell = jnp.zeros_like(base.levels)
    solved = base_unknowns(base.economy)
    return Stocks(
        year=jnp.zeros(()),
        knowledge=Knowledge(by_cell, jnp.zeros(regions), by_cell),
        capital=jnp.ones(regions),
        talent=talent_base(base.talent, rates.talent, graduate_lag),
        money=base.money,
        reaction=reaction_base(regions),
        firms=firm_base(base.firms),
        chains=fixed.chains.stocks,
        price_level=jnp.zeros(regions),
        sector_cost=by_cell,
        labour=jnp.zeros(regions),
        solved=jnp.broadcast_to(solved, (REMEMBERED, *solved.shape)),
    )


def fixed_of(base: PathBase, rates: Rates, building_years: int) -> Fixed:
    """Everything that the years share."""
    economy, technology = base.economy, base.technology
    regions = economy.regions
    insights = know.log_insights(
        base.levels,
        value_added_share=economy.value_added_share,
        input_shares=economy.input_shares,
        origin_shares=economy.origin_shares[..., 0],
        openness=jnp.ones((regions, regions)),
        rates=rates.knowledge,
    )
    chains = chain_base(
        technology,
        (base.barred, base.barred_above),
        base.node_money,
        building_years,
        rates=rates.chains,
        ability_rates=rates.ability,
    )
    cost, ceiling = felt(base, chains.year, jnp.zeros_like(base.levels), rates)
    above = chains.stocks.above
    held = bars(
        technology,
        base.barred,
        base.barred_above,
        controls=jnp.zeros(regions),
        cover=jnp.zeros_like(above),
        above=above,
    )
    rents = barred_sales(technology, chains.demand, held, above)
    return Fixed(chains, insights, cost, ceiling, rents)


def step(
    stocks: Stocks,
    wedges: YearWedges,
    base: PathBase,
    *,
    fixed: Fixed,
    rates: Rates,
    structure: Structure,
    settings: Settings = SETTINGS,
) -> tuple[Stocks, Record]:
    """One year: what it is like, and the stocks of the next."""
    opened = opening(stocks, wedges, base, fixed=fixed, rates=rates, structure=structure)
    solution = equilibrium(
        base.economy, base.elasticities, opened.shock, settings=settings, guess=opened.guess
    )
    following, closed = closing(
        stocks,
        wedges,
        base,
        fixed=fixed,
        rates=rates,
        structure=structure,
        opened=opened,
        solution=solution,
    )
    return following, record_of(stocks, opened, solution, closed)


@partial(jax.jit, static_argnames=("graduate_lag", "building_years", "settings"))
def simulate(
    wedges: YearWedges,
    base: PathBase,
    rates: Rates,
    structure: Structure,
    *,
    graduate_lag: int,
    building_years: int,
    settings: Settings = SETTINGS,
) -> Record:
    """A path: one record per year of the wedges, the base year first.

    `graduate_lag` and `building_years` count years of delay and fix shapes.
    Pure: to be batched by `vmap` and differentiated in wedges, rates and base. NOT checked: the
    largest `solution.residual` says whether every year was solved, `path_audit` whether every stock
    adds up.
    """
    fixed = fixed_of(base, rates, building_years)
    start = first_stocks(base, rates, fixed, graduate_lag)

    def one_year(stocks: Stocks, year: YearWedges) -> tuple[Stocks, Record]:
        return step(
            stocks,
            year,
            base,
            fixed=fixed,
            rates=rates,
            structure=structure,
            settings=settings,
        )

    _, records = jax.lax.scan(one_year, start, wedges)
    return records
