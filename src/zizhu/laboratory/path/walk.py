"""The walk from final products down: a node is bought where what it goes into is made.

At every node, what sources say of world shares and home shares meets the purchases that the walk
finds and the size of the world market: each is used as far as its error allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.base import Dated, MarketSize, Reconciled, reconcile


@dataclass(frozen=True)
class Walked:
    """What the walk finds.

    sourcing   whom buyers buy from
    shares     of suppliers in the world market
    bought, made  bn USD a year
    scale      [m] purchases over what cost shares say
    tables     reconciliation of each node that is bought, by row
    """

    sourcing: Float[np.ndarray, "m n n"]
    shares: Float[np.ndarray, "m n"]
    bought: Float[np.ndarray, "m n"]
    made: Float[np.ndarray, "m n"]
    scale: Float[np.ndarray, " m"]
    tables: Mapping[int, Reconciled]


@dataclass(frozen=True)
class Walk:
    """The chains joined, inputs before parents.

    figures  what sources say at the base year, by row; None for what its buyer assembles
    inputs, tools  cost shares [p,m]
    finals, bought  rows of final products and what each region buys of them, bn USD
    """

    figures: Sequence[Dated | None]
    inputs: Float[np.ndarray, "p m"]
    tools: Float[np.ndarray, "p m"]
    finals: Sequence[int]
    bought: Float[np.ndarray, "c n"]
    parameters: Mapping[str, float]

    def run(self, investing: Float[np.ndarray, "m n"]) -> Walked:
        """Walk with plants that invest `investing` times what wears out."""
        shape = (len(self.figures), self.bought.shape[1])
        purchases, made, shares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        scale, sourcing = np.ones(shape[0]), np.zeros((*shape, shape[1]))
        tables: dict[int, Reconciled] = {}
        for row, bought in zip(self.finals, self.bought, strict=True):
            purchases[row] += bought
        for row in reversed(range(shape[0])):
            figures = self.figures[row]
            total = purchases[row].sum()
            if figures is None:
                sourcing[row] = np.eye(shape[1])
                made[row] = purchases[row]
            else:
                if figures.market is not None and total > 0:
                    scale[row] = self._market(total, figures.market) / total
                    purchases[row] *= scale[row]
                buyers = purchases[row] if total > 0 else np.ones(shape[1])
                found = reconcile(
                    figures.shares,
                    figures.shares_error,
                    buyers,
                    figures.measured,
                    self.parameters["chain_home_bias"],
                    room=self.parameters["home_bias_room"],
                )
                tables[row], sourcing[row], shares[row] = found, found.sourcing, found.shares
                made[row] = purchases[row] @ found.sourcing
            purchases += self.inputs[row][:, None] * made[row]
            purchases += self.tools[row][:, None] * (made[row] * investing[row])
        return Walked(sourcing, shares, purchases, made, scale, tables)

    def _market(self, implied: float, measured: MarketSize) -> float:
        """Size of a market between what is measured and what cost shares imply, by their errors."""
        weights = np.array([measured.error, self.parameters["market_error_implied"]]) ** -2.0
        logs = np.log([measured.size, implied])
        return float(np.exp(weights @ logs / weights.sum()))


def tool_use(
    walked: Walked,
    tools: Float[np.ndarray, "p m"],
    growing: Float[np.ndarray, "p n"],
    measured: Mapping[int, float],
) -> Float[np.ndarray, " n"]:
    """Tools bought for the same investment, so that regions buy what is measured of the world's.

    measured  part of the world's purchases of tools by place of the region
    """
    bought = (tools.sum(axis=1)[:, None] * walked.made * growing).sum(axis=0)
    found = np.ones(len(bought))
    total = bought.sum()
    known = [n for n in measured if bought[n] > 0]
    if not known:
        return found
    rest = 1 - sum(bought[n] for n in known) / total
    left = 1 - sum(measured[n] for n in known)
    if rest > 0:
        found *= left / rest
    for n in known:
        found[n] = measured[n] / (bought[n] / total)
    return found
