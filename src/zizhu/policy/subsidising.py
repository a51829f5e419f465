"""Public money for sectors and nodes: what of it lowers cost, what is wasted, who pays.

Of the money A that a sector with output R (at cost, in the baseline) is paid in a year, the part x
lowers its unit cost and the rest is used without effect, so that instruments of equal outlay cost
the same whatever they achieve:

    subsidy  s = x A / (R + x A)         support = A / R         outlay wedge = (1 - x) A

Planned, at unchanged revenue R, the subsidy costs s / (1 - s) R = x A, and the parts add up to A.

On a path the part h of the money is spent on ability: research, engineering, getting qualified. It
is taken from what works, so that it lowers no cost now, and goes to the wedge `sector_effort`,
which the model charges as it charges money at work on nodes:

    subsidy  s = (x - h) A / (R + (x - h) A)      sector_effort = h A, h at most x

A static run has no abilities, and h is none there.
A size in percent of cost is the money A = R rate / (1 - rate). Negative money taxes production:
nothing of it is wasted, and support falls to none at most.

On a node of a chain x A is money at work, which the model charges, and (1 - x) A the outlay wedge.
What it works on depends on the node: ability, or capacity if the node is a plant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.action import Payer, Spending
from zizhu.policy.context import Context
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.units import GDP, PERCENT, Size
from zizhu.policy.wedges import Wedges

MILLION_PER_BILLION = 1e3
_LEAST, _MOST = -1.0, 0.9

PublicPayer = Literal["central government", "local governments", "both"]


def output_of(context: Context) -> Float[np.ndarray, "*t n k"]:
    """Output at cost: by year on a path, that of the table in a static run."""
    return context.cost if isinstance(context, PathContext) else context.world.output


def amount_of(
    context: Context, size: Size, region: int, day: dt.date | None
) -> Float[np.ndarray, "*t"]:
    """Money of one year in million of the world's currency, of every year on a path."""
    if isinstance(context, PathContext):
        return context.by_year(size, region, day)
    if size.kind == GDP:
        return np.asarray(size.fraction * context.world.gdp[region])
    return np.asarray(size.money(context.world.currency, context.date(day)) / 1e6)


def paid_to_sectors(
    context: Context,
    regions: Sequence[int],
    sectors: Sequence[int],
    size: Size,
    day: dt.date | None,
) -> Float[np.ndarray, "*t n k"]:
    """Money A paid to each sector of each region in a year of full force.

    Of an amount each of the sectors gets a part as large as its part of their output. Raises
    `ScenarioError` for a rate beyond -100 to 90 percent of cost.
    """
    output = output_of(context)
    paid = np.zeros_like(output)
    for region in regions:
        base = output[..., region, sectors]
        total = base.sum(axis=-1)
        if size.kind == PERCENT:
            rate = np.full(np.shape(total), size.fraction)
        else:
            amount = amount_of(context, size, region, day)
            whole = total + amount
            rate = np.divide(amount, whole, out=np.full(np.shape(whole), np.inf), where=whole > 0)
        if not ((rate > _LEAST) & (rate < _MOST)).all():
            worst = float(rate.flat[np.argmax(np.abs(rate))])
            raise ScenarioError(
                f"size: '{size}' is {100 * worst:.0f} % of cost; it must lie between -100 % and "
                "90 %"
            )
        paid[..., region, sectors] = base * (rate / (1 - rate))[..., None]
    return paid


def useful_part(
    paid: Float[np.ndarray, "*t n k"], efficiency: float
) -> Float[np.ndarray, "*t n k"]:
    """What of the money reaches unit cost, x A."""
    return np.where(paid > 0, efficiency * paid, paid)


def static_wedges(
    context: Context, paid: Float[np.ndarray, "n k"], useful: Float[np.ndarray, "n k"]
) -> Wedges:
    """Subsidy and outlay of a static run, which has no misallocation."""
    return context.none()._replace(
        subsidy=_over(useful, context.world.output + useful), outlay=(paid - useful).sum(axis=-1)
    )


def path_wedges(
    context: PathContext,
    paid: Float[np.ndarray, "t n k"],
    useful: Float[np.ndarray, "t n k"],
    effort: float,
) -> PathWedges:
    """Subsidy, support, effort and outlay by year.

    effort  part of the money that is spent on ability
    """
    support = np.maximum(_over(paid, context.cost), -context.parameters["misallocation_base"])
    on_ability = np.minimum(effort * np.maximum(paid, 0.0), np.maximum(useful, 0.0))
    cheaper = useful - on_ability
    return context.no_path()._replace(
        subsidy=_over(cheaper, context.cost + cheaper),
        support=support,
        sector_effort=on_ability,
        outlay=(paid - useful).sum(axis=-1),
    )


def effort_in(
    context: PathContext,
    regions: Sequence[int],
    sectors: Sequence[int],
    money: Float[np.ndarray, "t n"],
) -> Float[np.ndarray, "t n k"]:
    """Money for ability shared by sectors in proportion to their output."""
    found = np.zeros_like(context.cost)
    for region in regions:
        output = context.cost[:, region, sectors]
        found[:, region, sectors] = money[:, region, None] * _over(
            output, output.sum(axis=1, keepdims=True) + np.zeros_like(output)
        )
    return found


def paid_to_nodes(
    context: PathContext,
    regions: Sequence[int],
    rows: list[int],
    size: Size,
    *,
    day: dt.date | None,
    split: str,
) -> Float[np.ndarray, "t m n"]:
    """Bn USD a year for nodes at full force; a percentage is one of what the region makes."""
    paid = np.zeros((len(context.years), len(context.labels.nodes), len(context.world.regions)))
    for region in regions:
        if size.kind == PERCENT:
            made = np.zeros(len(context.labels.nodes))
            made[rows] = context.made[rows, region]
            if not made.any():
                raise ScenarioError(
                    f"nodes: {context.world.regions[region]} makes none of them, and "
                    f"'{size}' of nothing is nothing; give money"
                )
            paid[:, :, region] = size.fraction * made
            continue
        by = context.purchases if split == "purchases" else None
        weights = context.spread(rows, region, by)
        paid[:, :, region] = context.billions(size, region, day)[:, None] * weights
    return paid


def node_wedges(
    context: PathContext, paid: Float[np.ndarray, "t m n"], efficiency: float
) -> PathWedges:
    """Money at work on nodes, and what is wasted."""
    return context.no_path()._replace(
        node_money=efficiency * paid,
        outlay=(1 - efficiency) * MILLION_PER_BILLION * paid.sum(axis=1),
    )


def payers(
    by_region: Float[np.ndarray, "t n"], payer: PublicPayer, local_share: float
) -> tuple[Spending, ...]:
    """Who plans to spend what; `both` has local governments pay their usual share."""
    parts: dict[Payer, float] = {"central government": 1 - local_share}
    parts["local governments"] = local_share
    if payer != "both":
        parts = {payer: 1.0}
    return tuple(
        Spending(name, int(region), part * by_region[:, region])
        for region in np.flatnonzero(by_region.any(axis=0))
        for name, part in parts.items()
        if part > 0
    )


def _over(
    one: Float[np.ndarray, "*shape"], other: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    return np.asarray(np.divide(one, other, out=np.zeros_like(one), where=other > 0))
