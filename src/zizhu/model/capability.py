"""How able each region is at each node of the chains, and how that moves.

    gap_im   = z_leader - z_im                                       (logs of unit cost)
    push_im  = [ eps (ln(1 + E_i/Ebar) - ln(1 + E_l/Ebar)) + delta a_i phi_i min(gap, gmax) ] / d_m
    d z_im   = active_im [ push_im - push0_im + l_m (d ln X_im - d ln X_lm) ] + momentum_im f(t)
    a_i      = min(1, E_i / E_l)^(1/2)                       (absorptive capacity; the root is an
                                                              assumption)
    X'_im    = X_im + sales_im + x sum_j phi_ij sales_jm     (experience)
    clock'   = clock + ((F + floor) / F_c)^e                 (of who does not supply yet)
    entered  = P(threshold < clock), threshold lognormal

l is the leader at the node, E effort (see `effort`). What pushes in the base year is taken to
balance what else goes on there, but for the observed momentum, which fades as f(t) = exp(-fade t):
the base year's measures go on, and what moves a path is how effort, gaps and openness change. Log
shares are linear in ability, so that a constant advantage of effort gives an S-curve. The world's
ability at the base share w is read from what it sells: z = ln w / eta. Who does not supply yet
counts as far as it is likely to have entered.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from zizhu.model.effort import Effort
from zizhu.model.technology import Entry

_SMALL = 1e-12
_ROOT_OF_TWO = 2.0**0.5


class Ability(NamedTuple):
    """Stocks of ability.

    gain        log fall of unit cost [m,i] since the base year
    experience  X[m,i], billion USD of sales at base prices, own and what spilled over
    clock       effort years [m,i] behind entry
    """

    gain: Float[Array, "m n"]
    experience: Float[Array, "m n"]
    clock: Float[Array, "m n"]


class AbilityRates(NamedTuple):
    """Parameters of ability; symbols as in the module's equations.

    effort         eps
    catch_up       delta
    widest         gmax, beyond which a wider gap helps no more
    fade           of momentum, a year
    foreign        x, worth of others' sales for own experience
    cover_years    years of base sales behind the experience of the base year
    reach          gap at which a maker can serve half of what is asked for
    reach_width    over which it goes from nearly all to nearly nothing
    clock_exponent e
    entry_time     effort years until entry, relative to those of the node
    entry_gap      gap to the leader on entry
    """

    effort: Float[Array, ""]
    catch_up: Float[Array, ""]
    widest: Float[Array, ""]
    fade: Float[Array, ""]
    foreign: Float[Array, ""]
    cover_years: Float[Array, ""]
    reach: Float[Array, ""]
    reach_width: Float[Array, ""]
    clock_exponent: Float[Array, ""]
    entry_time: Float[Array, ""]
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


def servable(
    gap: Float[Array, "m n"],
    world: Float[Array, "m n"],
    entry: Float[Array, "m n"],
    rates: AbilityRates,
) -> Float[Array, "m n"]:
    """Part of what is asked for that a region's makers are able to make, 0 to 1.

    A logistic in the gap; who does not supply yet can serve only once it has entered. No wish of a
    buyer gets past it: a preference, or a quota, cannot buy what does not exist.
    """
    able = jax.nn.sigmoid((rates.reach - gap) / rates.reach_width)
    return able * jnp.where(world > 0, 1.0, entry)


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


def pushes(
    gap: Float[Array, "m n"],
    given: Effort,
    *,
    openness: Float[Array, "n n"],
    world: Float[Array, "m n"],
    difficulty: Float[Array, " m"],
    rates: AbilityRates,
) -> Float[Array, "m n"]:
    """What effort relative to the leader's, and catching up, add to ability in a year.

    openness  phi[n,i] of learner n towards i
    world     base shares of suppliers: whose openness matters
    """
    leader, spent = _leader(gap), given.total()
    # Where nobody does research of its own there is nothing to measure effort by.
    whole = jnp.where(given.world > 0, given.world, 1.0)[:, None]
    relative = jnp.where(given.world[:, None] > 0, jnp.log1p(spent / whole), 0.0)
    of_leader = jnp.take_along_axis(spent, leader, axis=1)
    ratio = spent / jnp.where(of_leader > 0, of_leader, 1.0)
    ratio = jnp.where(of_leader > 0, jnp.minimum(ratio, 1.0), 1.0)
    some = (spent > 0) & (ratio > 0)
    absorbed = jnp.where(some, jnp.sqrt(jnp.where(some, ratio, 1.0)), 0.0)
    ahead = relative - jnp.take_along_axis(relative, leader, axis=1)
    follow = absorbed * _open_to(openness, world) * jnp.minimum(gap, rates.widest)
    return (rates.effort * ahead + rates.catch_up * follow) / difficulty[:, None]


def _leader(gap: Float[Array, "m n"]) -> Int[Array, "m 1"]:
    return jnp.argmin(gap, axis=1, keepdims=True)


def _open_to(openness: Float[Array, "n n"], world: Float[Array, "m n"]) -> Float[Array, "m n"]:
    """Mean openness of each learner to the others who supply a node; 1 where there are none."""
    away = 1 - jnp.eye(openness.shape[0])
    others = world @ away
    some = others > _SMALL
    seen = world @ (away * openness).T
    return jnp.where(some, seen / jnp.where(some, others, 1.0), 1.0)


def next_ability(
    ability: Ability,
    gap: Float[Array, "m n"],
    *,
    push: Float[Array, "m n"],
    sales: Float[Array, "m n"],
    money: Float[Array, "m n"],
    openness: Float[Array, "n n"],
    active: Float[Array, "m n"],
    exponent: Float[Array, " m"],
    momentum: Float[Array, "m n"],
    entry: Entry,
    year: Float[Array, ""],
    rates: AbilityRates,
) -> Ability:
    """Ability a year later.

    push      beyond that of the base year
    sales     bn USD at base prices
    money     bn USD directed to the node in the year
    active    1 for who supplies, else the chance that it has entered
    exponent  l[m], learning exponent (0 switches learning off)
    year      years since the base year
    """
    added = _worth(sales, openness, rates)
    known = ability.experience > _SMALL
    # Who neither sells nor sees others sell has nothing to learn from.
    learnt = jnp.where(known, jnp.log1p(added / jnp.where(known, ability.experience, 1.0)), 0.0)
    ahead = jnp.where(known, learnt - jnp.take_along_axis(learnt, _leader(gap), axis=1), 0.0)
    gain = active * (push + exponent[:, None] * ahead)
    gain = gain + momentum * jnp.exp(-rates.fade * year)
    pace = ((money + entry.floor) / entry.effort[:, None]) ** rates.clock_exponent
    return Ability(ability.gain + gain, ability.experience + added, ability.clock + pace)


def entered(
    clock: Float[Array, "m n"], entry: Entry, year: Float[Array, ""], rates: AbilityRates
) -> Float[Array, "m n"]:
    """Probability that who did not supply has got in, in expected paths; 0 for who did."""

    def before(effort: Float[Array, "m n"]) -> Float[Array, "m n"]:
        later = jnp.maximum(effort, _SMALL)
        far = jnp.log(later / (rates.entry_time * entry.median)) / entry.spread
        # By erf alone: a far tail to so many digits more, as erfc has it, costs five times as much.
        return 0.5 + 0.5 * jax.lax.erf(far / _ROOT_OF_TWO)

    ruled_out = before(rates.entry_time * entry.least)
    chance = jnp.maximum(before(clock) - ruled_out, 0.0) / (1 - ruled_out)
    # However large the effort, nothing works before the first year.
    possible = (entry.weight > 0) & (year >= entry.first)
    return jnp.where(possible, chance, 0.0)
