"""How able each region is at each node of the chains, and how that moves.

    gap_im   = z_leader - z_im                                       (logs of unit cost)
    d z_im   = l_m (d ln E_im - d ln E0)
               + exp(-kappa gap)/d_m [ eps ln(1 + F/F0) (f + (1-f)(1 - e^(-gap/g0)))
                                       + chi (phi - 1) gap ]
    E'_im    = E_im + sales_im + x sum_j phi_ij sales_jm              (experience)
    clock'   = clock + ((F + F_floor)/F_c)^e                         (indivisible nodes)
    entered  = P(threshold < clock), threshold lognormal

Money F works less the further behind (the exponential) and the closer to the frontier (f). The
world's ability at the base share w is read from what it sells: z = ln w / eta, so that gaps are
those that shares reveal. Learning counts only beyond the growth of experience that unchanged sales
would bring, because the base year's trend of productivity has the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax.scipy.stats import norm
from jaxtyping import Array, Float

_SMALL = 1e-12


class Ability(NamedTuple):
    """Stocks of ability.

    gain        log fall of unit cost [m,i] since the base year
    experience  E[m,i], billion USD of sales at base prices, own and what spilled over
    clock       effort years [m,i] behind an indivisible node
    """

    gain: Float[Array, "m n"]
    experience: Float[Array, "m n"]
    clock: Float[Array, "m n"]


class AbilityRates(NamedTuple):
    """Parameters of ability; symbols as in the module's equations.

    decay            kappa
    effort           eps, with reference money F0 (bn USD)
    floor, scale     f and g0
    openness         chi
    foreign          x, worth of others' sales for own experience
    cover_years      years of base sales behind the experience of the base year
    clock_reference  F_c (bn USD), clock_exponent e, clock_money F_floor (bn USD)
    head_start       effort years at the start of the path, negative before efforts begin
    median, spread   of the threshold (effort years), least below which nobody enters
    first            years since the base year before which nobody enters
    entry_gap        gap to the leader on entry
    """

    decay: Float[Array, ""]
    effort: Float[Array, ""]
    reference: Float[Array, ""]
    floor: Float[Array, ""]
    scale: Float[Array, ""]
    openness: Float[Array, ""]
    foreign: Float[Array, ""]
    cover_years: Float[Array, ""]
    clock_reference: Float[Array, ""]
    clock_exponent: Float[Array, ""]
    clock_money: Float[Array, ""]
    head_start: Float[Array, ""]
    median: Float[Array, ""]
    spread: Float[Array, ""]
    least: Float[Array, ""]
    first: Float[Array, ""]
    entry_gap: Float[Array, ""]


def base_level(
    world: Float[Array, "m n"], eta: Float[Array, ""], entry_gap: Float[Array, ""]
) -> Float[Array, "m n"]:
    """Log ability relative to the leader that world shares reveal.

    Who sells nothing has the gap of an entrant.
    """
    sells = world > 0
    leader = jnp.maximum(world.max(axis=1, keepdims=True), _SMALL)
    revealed = jnp.log(jnp.where(sells, world, 1.0) / leader) / eta
    return jnp.where(sells, revealed, -entry_gap)


def gaps(level: Float[Array, "m n"], gain: Float[Array, "m n"]) -> Float[Array, "m n"]:
    """Gap of each region to the ablest at a node, zero or more."""
    now = level + gain
    return now.max(axis=1, keepdims=True) - now


def base_experience(
    sales: Float[Array, "m n"], openness: Float[Array, "n n"], rates: AbilityRates
) -> Float[Array, "m n"]:
    """Experience of the base year: `cover_years` of base sales, own and spilled over."""
    return rates.cover_years * _worth(sales, openness, rates)


def _worth(
    sales: Float[Array, "m n"], openness: Float[Array, "n n"], rates: AbilityRates
) -> Float[Array, "m n"]:
    """Own sales and what spills over from others; openness phi[n,i] has learner n first."""
    away = openness * (1 - jnp.eye(openness.shape[0]))
    return sales + rates.foreign * sales @ away.T


def next_ability(
    ability: Ability,
    gap: Float[Array, "m n"],
    *,
    sales: Float[Array, "m n"],
    money: Float[Array, "m n"],
    openness: Float[Array, "n n"],
    world: Float[Array, "m n"],
    exponent: Float[Array, " m"],
    difficulty: Float[Array, " m"],
    year: Float[Array, ""],
    rates: AbilityRates,
) -> Ability:
    """Ability a year later.

    sales       bn USD at base prices
    money       bn USD at work on the node in the year
    world       base shares of suppliers: whose openness matters
    exponent    l[m], learning exponent (0 switches learning off)
    difficulty  d[m]
    year        years since the base year
    """
    added = _worth(sales, openness, rates)
    had = jnp.maximum(ability.experience, _SMALL)
    trend = jnp.log1p(1.0 / (rates.cover_years + year))
    learnt = jnp.log1p(added / had) - trend
    # Who neither sells nor sees others sell has nothing to learn from.
    learnt = jnp.where(ability.experience > _SMALL, learnt, 0.0)
    reach = jnp.exp(-rates.decay * gap) / difficulty[:, None]
    follow = rates.floor + (1 - rates.floor) * -jnp.expm1(-gap / rates.scale)
    away = 1 - jnp.eye(openness.shape[0])
    others = jnp.maximum(world @ away, _SMALL)
    open_to = (world @ (away * openness).T) / others
    cut_off = jnp.where(world.sum(axis=1, keepdims=True) > 0, open_to - 1, 0.0)
    pushed = rates.effort * jnp.log1p(money / rates.reference) * follow
    gain = exponent[:, None] * learnt + reach * (pushed + rates.openness * cut_off * gap)
    pace = ((money + rates.clock_money) / rates.clock_reference) ** rates.clock_exponent
    return Ability(ability.gain + gain, ability.experience + added, ability.clock + pace)


def entered(
    clock: Float[Array, "m n"], year: Float[Array, ""], rates: AbilityRates
) -> Float[Array, "m n"]:
    """Probability that an indivisible node has been entered, in expected paths."""

    def before(effort: Float[Array, "..."]) -> Float[Array, "..."]:
        later = jnp.maximum(effort, _SMALL)
        return norm.cdf(jnp.log(later / rates.median) / rates.spread)

    ruled_out = before(rates.least)
    chance = jnp.maximum(before(clock) - ruled_out, 0.0) / (1 - ruled_out)
    # However large the effort, nothing works before the first year.
    return jnp.where(year >= rates.first, chance, 0.0)
