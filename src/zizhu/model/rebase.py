"""A solved equilibrium as the base of the next one: rebasing, for instance to zero deficits."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from zizhu.model import demand
from zizhu.model.anderson import Settings
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import DEFAULT_SETTINGS, Solution, solve
from zizhu.model.shock import NoShock, Shock


def as_base(economy: Economy, shock: Shock, solution: Solution) -> Economy:
    """Return the economy whose base is the equilibrium `solution` of `economy` after `shock`.

    Outlays and the excess cost of public funds are no part of a base: a later shock has to repeat
    an outlay that goes on.
    """
    tariff, export_tax = demand.new_taxes(economy, shock)
    final = solution.spending[:, :, 1:]
    by_use = final.sum(axis=0)
    return replace(
        economy,
        origin_shares=solution.origin_shares,
        input_shares=solution.input_shares,
        value_added_share=solution.value_added_share,
        final_sector_shares=final / jnp.where(by_use > 0, by_use, 1.0),
        final_use_shares=by_use / by_use.sum(axis=1, keepdims=True),
        cost=solution.cost,
        income=solution.income,
        wage_bill=solution.wage_bill,
        deficit=economy.deficit + shock.deficit,
        tariff=tariff,
        export_tax=export_tax,
        subsidy=economy.subsidy + shock.subsidy,
    )


def rebase(
    economy: Economy,
    elasticities: Elasticities,
    *,
    zero_deficits: bool = False,
    settings: Settings = DEFAULT_SETTINGS,
) -> Economy:
    """Solve the base without any policy and make the result the base.

    With `zero_deficits` every region's trade is balanced first (Dekle, Eaton and Kortum 2007). A
    base whose data did not add up becomes exact. Raises `NotConverged`.
    """
    change = -economy.deficit if zero_deficits else jnp.zeros_like(economy.deficit)
    shock = NoShock.of(economy)._replace(deficit=change)
    return as_base(economy, shock, solve(economy, elasticities, shock, settings=settings))
