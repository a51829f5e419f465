"""Knowledge by region and sector: ideas, research, scale, misallocation.

Ideas (Buera and Oberfield 2020; Goes and Bekkers 2022): insight comes from those one buys from.

    d a_nj  =  g_nj exp((1-b) h g t - h a_nj) B_nj / B0_nj
    B_nj    =  v_nj e^(b h A_nj) + (1-v_nj) sum_k gamma_knj sum_i phi_ni pi_ikn^(1-b) e^(b h A_ik)

with A = A0 + a the level, b the diffusion parameter, h the shape of the distribution of ideas, g
the growth of the frontier, v the value-added share, gamma input shares, pi origin shares, phi
openness; g_nj is the growth of the base year, so that the usual constant alpha_nj is in it.

    research        d r_n   =  speed (elasticity ln R_n - r_n),  R = money^x talent^y
    scale (dynamic) d s_nj  =  speed (psi_j ln L_nj - s_nj),     L employment or composite input
    misallocation   -m ((s0 + support)^2 - s0^2)

Every stock is a log change of productivity from the base year.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class Knowledge(NamedTuple):
    """Log productivity gained since the base year.

    ideas     [n,k]
    research  [n]
    scale     [n,k] scale and learning of the sector, dynamic regime
    """

    ideas: Float[Array, "n k"]
    research: Float[Array, " n"]
    scale: Float[Array, "n k"]


class KnowledgeRates(NamedTuple):
    """Parameters of knowledge; symbols as in the module's equations.

    research_elasticity  [n] of productivity of output: that of value added over output per value
                         added
    """

    diffusion: Float[Array, ""]
    shape: Float[Array, ""]
    frontier_growth: Float[Array, ""]
    research_elasticity: Float[Array, "*n"]
    research_speed: Float[Array, ""]
    research_money: Float[Array, ""]
    research_talent: Float[Array, ""]
    scale_speed: Float[Array, ""]
    misallocation: Float[Array, ""]
    support_base: Float[Array, ""]
    density: Float[Array, ""]


def log_insights(
    level: Float[Array, "n k"],
    *,
    value_added_share: Float[Array, "n k"],
    input_shares: Float[Array, "k n k"],
    origin_shares: Float[Array, "n k n"],
    openness: Float[Array, "n n"],
    rates: KnowledgeRates,
) -> Float[Array, "n k"]:
    """Log of the bracket B: what a sector learns from itself and from those it buys from.

    level          A[i,k]
    origin_shares  pi[i,k,n] of intermediate use
    openness       phi[n,i], 1 is open
    """
    b, power = rates.diffusion, rates.diffusion * rates.shape
    bought = origin_shares > 0
    # The power of zero has no derivative; a share of zero teaches nothing.
    weight = jnp.exp((1 - b) * jnp.log(jnp.where(bought, origin_shares, 1.0))) * bought
    own = jnp.exp(power * level)
    seen = jnp.einsum("ikn,ik,ni->kn", weight, own, openness)
    learnt = jnp.einsum("knj,kn->nj", input_shares, seen)
    bracket: Float[Array, "n k"] = jnp.log(
        value_added_share * own + (1 - value_added_share) * learnt
    )
    return bracket


def idea_growth(
    ideas: Float[Array, "n k"],
    growth: Float[Array, "n k"],
    insight_gain: Float[Array, "n k"],
    *,
    year: Float[Array, ""],
    rates: KnowledgeRates,
    diffusion_on: Float[Array, ""],
) -> Float[Array, "n k"]:
    """Log productivity that ideas add in a year.

    growth        g[n,k] of the base year
    insight_gain  ln(B/B0)
    year          years since the base year
    diffusion_on  1; 0 takes insights from the sector itself alone, so that trade brings no ideas
    """
    b, h = rates.diffusion, rates.shape
    alone = b * h * ideas
    gain = diffusion_on * insight_gain + (1 - diffusion_on) * alone
    return growth * jnp.exp((1 - b) * h * rates.frontier_growth * year - h * ideas + gain)


def research_growth(
    research: Float[Array, " n"],
    money: Float[Array, " n"],
    talent: Float[Array, " n"],
    rates: KnowledgeRates,
) -> Float[Array, " n"]:
    """Move of research towards its long-run effect; money and talent are ratios to the base."""
    effort = rates.research_money * jnp.log(money) + rates.research_talent * jnp.log(talent)
    return rates.research_speed * (rates.research_elasticity * effort - research)


def scale_growth(
    scale: Float[Array, "n k"],
    log_size: Float[Array, "n k"],
    elasticity: Float[Array, " k"],
    rates: KnowledgeRates,
) -> Float[Array, "n k"]:
    """Move of scale towards psi times the log of the sector's size relative to its region."""
    return rates.scale_speed * (elasticity * log_size - scale)


def misallocation(support: Float[Array, "n k"], rates: KnowledgeRates) -> Float[Array, "n k"]:
    """Log productivity lost to support beyond that of the base year: negative for more of it."""
    base = rates.support_base
    return -rates.misallocation * ((base + support) ** 2 - base**2)
