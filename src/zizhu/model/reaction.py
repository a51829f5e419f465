"""Escalation: controls answer the push for self-reliance, the push answers being controlled.

    controls  C_n'  = min(C_max,  d C_n  + r_C Pi_n + shock_n)
    push      Pi_n' = min(Pi_max, d Pi_n + r_P (C_n + w felt_n))         both at least 0

on region n, both dated by the year before, so that neither side answers within a year. C is a part
of trade (0 to 1), Pi and felt (the log rise of the chain's cost) are pure numbers, rates are per
year. On a path the shock is r_C times the scenario's own push: what it spends on controllable nodes
over their base purchases. Below the caps, with a constant shock and felt cost, the loop settles at

    C* = (shock / (1 - d) + gain w felt) / (1 - gain),    Pi* = r_P (C* + w felt) / (1 - d)
    gain = r_C r_P / (1 - d)^2

if and only if the gain is below one: 1 / (1 - gain) is how often the first answer is repeated. With
d = 0.7 and a gain of 0.89 it gets there slowly (0.983 of the distance is left each year).

The caps are sharp. A smooth one would bend the loop far below the cap as well, and the gain that is
reported would no longer be the gain of what runs. Slopes of 0 above a cap are true of the model.

No estimate of the slopes is known; all of it is an assumption and switched off by default (`on` = 0
keeps both stocks at zero, shocks included).
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class ReactionStocks(NamedTuple):
    """Where the loop stands on each region.

    controls  C[n], part of trade that is barred in answer to the push, 0 to its cap
    push      Pi[n], strength of the push for self-reliance beyond the scenario, 0 to its cap
    """

    controls: Float[Array, " n"]
    push: Float[Array, " n"]


class Responses(NamedTuple):
    """Slopes of the loop.

    control      r_C, rise of controls per unit of the push
    push         r_P, rise of the push per unit of controls and felt cost
    persistence  d, part of either that is left a year later, below 1
    felt_weight  w, weight of the felt cost of the chain against controls
    control_cap  C_max
    push_cap     Pi_max
    on           1 where the loop runs, 0 where it does not
    """

    control: Float[Array, ""]
    push: Float[Array, ""]
    persistence: Float[Array, ""]
    felt_weight: Float[Array, ""]
    control_cap: Float[Array, ""]
    push_cap: Float[Array, ""]
    on: Float[Array, ""]


def reaction_base(regions: int) -> ReactionStocks:
    """Nobody has reacted yet."""
    return ReactionStocks(jnp.zeros(regions), jnp.zeros(regions))


def next_reaction(
    stocks: ReactionStocks,
    responses: Responses,
    shock: Float[Array, " n"],
    felt: Float[Array, " n"],
) -> ReactionStocks:
    """Move the loop by a year.

    `shock` adds to controls in the year, `felt` is the log rise of the chain's cost for a region.
    """
    left = responses.persistence
    controls = left * stocks.controls + responses.control * stocks.push + shock
    cause = stocks.controls + responses.felt_weight * felt
    push = left * stocks.push + responses.push * cause
    return ReactionStocks(
        controls=responses.on * _held(controls, responses.control_cap),
        push=responses.on * _held(push, responses.push_cap),
    )


def loop_gain(responses: Responses) -> Float[Array, ""]:
    """The gain r_C r_P / (1 - d)^2 of the loop when it is on; it explodes to its caps above 1."""
    return responses.control * responses.push / (1 - responses.persistence) ** 2


def _held(value: Float[Array, " n"], cap: Float[Array, ""]) -> Float[Array, " n"]:
    """Hold values between 0 and a cap, with a full slope at 0, where every path starts."""
    return jnp.where(value < 0, 0.0, jnp.where(value > cap, cap, value))
