"""Between sectors and chains: what makers of nodes pay for, and what users of chains pay more.

From sectors to nodes. The own cost of node m in region i, neither input nor tool of a chain, moves
with the unit cost of its sector,

    ln C_ik(t)  =  [ ln p_ik + chains_ik + ceiling_ik ](t-1)  -  direct_ik(t-1)  +  direct_ik(t)
    direct_ik   =  - beta_ik labour_i - productivity_ik + ln((1-s_ik) / (1-s0_ik))

last year's producer price p net of what chains do to it, with the first-round effect of this year's
own changes of labour, productivity and subsidy in the place of last year's; beta is the share of
value added in cost. Costs are relative to the world's mean: no numeraire reaches the chains.

From chains to sectors. Markets charge users already for what their suppliers' sectors cost, so that
only what a chain costs beyond them is passed on, as a higher cost and a ceiling besides the price:

    ln R_cn    =  ln P_cn - sum_i origin_ikn ln C_ik,      k the sector of the chain's product
    cost_nk    =  sum over chains c of ln(1 + cs_ck (R_cn^(1-sigma) - 1)) / (1 - sigma)
    lack_nk    =  1 - prod over chains of (1 - cs_ck^sigma lack_cn)
    ceiling_nk =  ln(1 - pass lack_nk)

cs is the chain's part of the sector's unit cost, origin base shares of spending. If every sector
costs the same more everywhere, chains cost it too and R does not move: nothing counts twice. What
cannot be had at any price holds back what is made with it by more than its price says: a device
without its chip is another product. The weight is the rule inside chains: 1 where the chain cannot
be replaced, its cost share at sigma 1.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.chain_state import ChainYear
from zizhu.model.economy import Economy
from zizhu.model.equilibrium import Solution
from zizhu.model.path_inputs import PathBase, Rates, YearWedges

# Keeps quotients finite where nothing is used; not so small that its derivative overflows.
_LEAST = 1e-30


def direct_cost(
    economy: Economy,
    *,
    labour: Float[Array, " n"],
    productivity: Float[Array, "n k"],
    subsidy: Float[Array, "n k"],
) -> Float[Array, "n k"]:
    """First-round effect on log unit costs of a year's own changes, other prices given."""
    before = 1 - economy.subsidy
    paid = jnp.log1p(-subsidy / before)
    return paid - economy.value_added_share * labour[:, None] - productivity


def relative_cost(economy: Economy, cost: Float[Array, "n k"]) -> Float[Array, "n k"]:
    """Log costs over their mean in the world's production."""
    return cost - jnp.sum(economy.cost * cost) / economy.cost.sum()


def user_cost(
    economy: Economy, cost: Float[Array, "i k"], sector: Int[Array, " c"]
) -> Float[Array, "c n"]:
    """What the products of some sectors cost users by their suppliers' costs, in logs."""
    return jnp.einsum("icn,ic->cn", economy.origin_shares[..., 0][:, sector], cost[:, sector])


def chain_cost(
    attached: Float[Array, "c k"], log_price: Float[Array, "c n"], sigma: Float[Array, ""]
) -> Float[Array, "n k"]:
    """Log unit cost that chains add to each sector at prices net of what markets charge."""
    growth = jnp.expm1((1 - sigma) * log_price)
    return jnp.sum(jnp.log1p(attached[:, None, :] * growth[:, :, None]), axis=0) / (1 - sigma)


def chain_ceiling(
    attached: Float[Array, "c k"],
    lack: Float[Array, "c n"],
    sigma: Float[Array, ""],
    passed: Float[Array, ""],
) -> Float[Array, "n k"]:
    """Log productivity that sectors lose because a chain's product cannot be had, 0 or less."""
    used = attached > 0
    weight = jnp.where(used, jnp.where(used, attached, 1.0) ** sigma, 0.0)
    had = jnp.prod(1 - weight[:, None, :] * lack[:, :, None], axis=0)
    return jnp.log1p(-passed * (1 - had))


def felt(
    base: PathBase, now: ChainYear, sector_cost: Float[Array, "n k"], rates: Rates
) -> tuple[Float[Array, "n k"], Float[Array, "n k"]]:
    """Log cost, and log ceiling of output, that chains mean for sectors in a year.

    sector_cost  what makers of nodes paid for their own part
    """
    technology, feed = base.technology, rates.chains.feed
    of_markets = user_cost(base.economy, sector_cost, technology.sector[technology.final])
    price = now.price[technology.final] - of_markets
    lack = now.lack[technology.final]
    cost = chain_cost(technology.attached, price, feed)
    return cost, chain_ceiling(technology.attached, lack, feed, rates.chains.ceiling)


def final_demand(base: PathBase, wedges: YearWedges, solution: Solution) -> Float[Array, "c n"]:
    """Bn USD of chains' products that the output of the sectors they are attached to asks for."""
    cost, subsidy = base.economy.cost, base.economy.subsidy
    sales = solution.cost * (1 - subsidy - wedges.subsidy) / (1 - subsidy)
    volume = jnp.where(cost > 0, sales / jnp.where(cost > 0, cost, 1.0), 0.0)
    volume = volume * jnp.exp(-solution.log_price)
    used = jnp.einsum("ck,nk->cnk", base.technology.attached, cost)
    total = jnp.maximum(used.sum(axis=2), _LEAST)
    return base.technology.purchases * jnp.sum(used * volume, axis=2) / total
