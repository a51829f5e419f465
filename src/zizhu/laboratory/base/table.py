"""One table of purchases per node from figures that contradict each other.

Buyers n, suppliers i, table T[n,i] with sum 1. Data: world shares w_i, purchases q_n and the home
shares h_n that were measured, each with an error. T minimises

    sum_i ((ln C_i - ln w_i) / e_i)^2 / 2  +  sum_n ((ln R_n - ln q_n) / e_q)^2 / 2
  + sum_n ((logit H_n - logit h_n) / e_n)^2 / 2  +  sum_n wall(ln k_n / bias) / 2

with C the column sums, R the row sums, H_n = T_nn / R_n. Many tables give the same C, R, H; among
them T is the one nearest in relative entropy to the home-biased kernel q_n k_ni w_i, which has the
form (Lagrange)

    T_ni = R_n s_ni,   s_ni = k_n^[n=i] v_i / (sum_j v_j + (k_n - 1) v_n)

with k_n the prior bias where no home share was measured and free where one was. That is relative
entropy with a vanishing weight: it decides what the data leave open and nothing else. (A weight
above zero would pull measured figures towards the prior, and one that is small does not stop
contradictory figures from driving a maker's exports to e^-50, from where no path returns.) What
stops them is the wall: a home bias within a factor `room` of the prior costs nothing to speak of,
beyond it the square of the excess over `_BEYOND`.

Without measured home shares T is `zizhu.model.sourcing.home_biased_sourcing` of w and q. Own
derivation; the kernel and its scaling to margins are those of Deming and Stephan (1940), relative
errors of unequal sources those of Stone, Champernowne and Meade (1942).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

# Published shares of 0 and 100 percent are rounded; half a point is what rounding hides.
ROUNDED = 0.005
# Excess of log home bias over its room that weighs as much as one standard error (assumption).
_BEYOND = 0.25
_STEPS, _TOLERANCE = 100, 1e-6
# Keeps the step finite along the common scale of v, which nothing depends on.
_RIDGE = 1e-10
# A share that is nothing, where its logarithm is asked for.
_NOTHING = 1e-6


class Measured(NamedTuple):
    """A home share, 0 to 1, and its standard error in logits."""

    share: float
    error: float


@dataclass(frozen=True)
class Reconciled:
    """The table that is used, and how far it is from each datum.

    sourcing   s[n,i], part of buyer n's purchases from supplier i; rows sum to one
    shares     C[i], world shares that result; sum to one
    home       H[n], home shares that result
    purchases  R[n], parts of world purchases; sum to one
    bias       k[n], how many times likelier n buys at home than others buy from it
    odds       odds of buying at home over the odds of the world share; 0 for a region that sells
               nothing, and infinite for the only supplier
    share_miss, purchase_miss   used less measured in standard errors; 0 where nothing is there
    home_miss  the same by measured region
    """

    sourcing: Float[np.ndarray, "n n"]
    shares: Float[np.ndarray, " n"]
    home: Float[np.ndarray, " n"]
    purchases: Float[np.ndarray, " n"]
    bias: Float[np.ndarray, " n"]
    odds: Float[np.ndarray, " n"]
    share_miss: Float[np.ndarray, " n"]
    purchase_miss: Float[np.ndarray, " n"]
    home_miss: Mapping[int, float]


def reconcile(
    shares: Float[np.ndarray, " n"],
    shares_error: Float[np.ndarray, " n"],
    buyers: Float[np.ndarray, " n"],
    home: Mapping[int, Measured],
    bias: float,
    *,
    buyers_error: float = 0.0,
    room: float = 100.0,
) -> Reconciled:
    """Reconcile one node's figures; shares and buyers may have any common scale.

    shares        world shares w; a region with none sells to nobody
    shares_error  relative standard errors e_i, above zero
    buyers        purchases q; a region that buys nothing has a row all the same
    home          measured home shares by place of the region
    bias          prior home bias, above zero
    buyers_error  relative standard error of purchases; 0 keeps them as they are
    room          factor around `bias` within which a home bias is not doubted, above one

    A home share of a region that sells nothing, or of the only supplier, cannot be met; its miss
    says by how much.
    """
    world, bought = shares / shares.sum(), buyers / buyers.sum()
    problem = _Problem(world, np.asarray(shares_error, float), bought, home, bias)
    answer = problem.solve(buyers_error, np.log(room))
    return _described(problem, answer, buyers_error)


def logit(share: float | Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Log odds of a share, rounded ends moved inwards by half a point."""
    inside = np.clip(share, ROUNDED, 1 - ROUNDED)
    return np.asarray(np.log(inside / (1 - inside)))


class _Unknowns(NamedTuple):
    """Log supplier factors, log odds of measured home shares, log purchases up to a scale."""

    factors: np.ndarray
    odds: np.ndarray
    bought: np.ndarray


class _State(NamedTuple):
    """What unknowns imply: rows by supplier, rows without the home of the measured, margins."""

    sourcing: np.ndarray
    abroad: np.ndarray
    bought: np.ndarray
    shares: np.ndarray
    log_bias: np.ndarray


class _Problem:
    """One node: which regions sell, whose home share counts, and the least squares of its data."""

    def __init__(
        self,
        world: np.ndarray,
        error: np.ndarray,
        bought: np.ndarray,
        home: Mapping[int, Measured],
        bias: float,
    ) -> None:
        self.world, self.bought, self.home, self.bias = world, bought, home, bias
        self.error = error
        self.sells = np.flatnonzero(world > 0)
        at = {int(region): place for place, region in enumerate(self.sells)}
        alone = len(self.sells) == 1
        self.known = np.array([n for n in home if n in at and not alone], dtype=np.int64)
        self.own = np.array([at[int(n)] for n in self.known], dtype=np.int64)
        self.target = logit(np.array([home[int(n)].share for n in self.known]))
        self.home_error = np.array([home[int(n)].error for n in self.known])
        self.kernel = np.ones((len(world), len(self.sells)))
        self.kernel[self.sells, np.arange(len(self.sells))] = bias
        self.buys = bought > 0

    def solve(self, buyers_error: float, room: float) -> tuple[_Unknowns, _State]:
        """Levenberg and Marquardt; exact data leave no residual, so that it ends quadratically."""
        unknowns = self._start()
        state = self.state(unknowns)
        residual = self._residual(unknowns, state, buyers_error, room)
        value, damping = float(residual @ residual), 1e-6
        for _ in range(_STEPS):
            slope = self._slope(state, buyers_error, room)
            normal, gradient = slope.T @ slope, slope.T @ residual
            normal += self._curvature(state, slope, room)
            scale = np.diag(normal) + _RIDGE
            moved = False
            while damping < 1e8:
                step = -np.linalg.solve(normal + np.diag(damping * scale + _RIDGE), gradient)
                tried = self._after(unknowns, step)
                new_state = self.state(tried)
                new = self._residual(tried, new_state, buyers_error, room)
                if new @ new <= value:
                    moved = True
                    break
                damping *= 10
            if not moved:
                break
            unknowns, state, residual = tried, new_state, new
            value, damping = float(new @ new), max(damping / 10, 1e-9)
            if np.abs(step).max() < _TOLERANCE:
                break
        return unknowns, state

    def _start(self) -> _Unknowns:
        factors = np.log(self.world[self.sells])
        bought = np.log(np.where(self.buys, self.bought, 1.0))
        unknowns = _Unknowns(factors, self.target.copy(), bought)
        for _ in range(3):  # proportional fitting brings Newton near
            missed = np.log(self.world[self.sells] / self.state(unknowns).shares)
            unknowns = unknowns._replace(factors=unknowns.factors + np.clip(missed, -1, 1))
        return unknowns

    def _after(self, unknowns: _Unknowns, step: np.ndarray) -> _Unknowns:
        step = np.clip(step, -2.0, 2.0)
        first, second = len(unknowns.factors), len(unknowns.factors) + len(unknowns.odds)
        bought = unknowns.bought
        if len(step) > second:
            bought = bought + step[second:]
        factors = unknowns.factors + step[:first]
        return _Unknowns(factors - factors.max(), unknowns.odds + step[first:second], bought)

    def state(self, unknowns: _Unknowns) -> _State:
        """Rows, margins and biases that the unknowns imply."""
        v = np.exp(unknowns.factors)
        table = self.kernel * v
        table /= table.sum(axis=1, keepdims=True)
        abroad, log_bias = table, np.zeros(len(self.known))
        if len(self.known):
            abroad, rest = table.copy(), v.sum() - v[self.own]
            outside = np.tile(v, (len(self.known), 1)) / rest[:, None]
            outside[np.arange(len(self.own)), self.own] = 0.0
            abroad[self.known] = outside
            home = 1 / (1 + np.exp(-unknowns.odds))
            table = table.copy()
            table[self.known] = outside * (1 - home)[:, None]
            table[self.known, self.own] = home
            log_bias = unknowns.odds - unknowns.factors[self.own] + np.log(rest)
        bought = np.where(self.buys, np.exp(unknowns.bought), 0.0)
        bought = bought / bought.sum()
        return _State(table, abroad, bought, bought @ table, log_bias)

    def _excess(self, state: _State, room: float) -> np.ndarray:
        """Softplus of what log home bias exceeds its room by: a kink would make steps hop."""
        distance = np.abs(state.log_bias - np.log(self.bias))
        return np.asarray(np.logaddexp(0.0, (distance - room) / _BEYOND))

    def _residual(
        self, unknowns: _Unknowns, state: _State, buyers_error: float, room: float
    ) -> np.ndarray:
        parts = [
            np.log(state.shares / self.world[self.sells]) / self.error[self.sells],
            (unknowns.odds - self.target) / self.home_error,
            self._excess(state, room),
        ]
        if buyers_error > 0:
            parts.append(np.log(state.bought[self.buys] / self.bought[self.buys]) / buyers_error)
        return np.concatenate(parts)

    def _curvature(self, state: _State, slope: np.ndarray, room: float) -> np.ndarray:
        """What the curve of the walls adds to the product of slopes: residual times its second."""
        excess = self._excess(state, room)
        steep = 1 - np.exp(-excess)
        first = len(self.sells) + len(self.known)
        rows = slope[first : first + len(self.known)]
        by = np.divide(excess * (1 - steep), steep, out=np.zeros_like(steep), where=steep > 1e-12)
        return np.asarray((rows * by[:, None]).T @ rows)

    def _slope(self, state: _State, buyers_error: float, room: float) -> np.ndarray:
        """Derivative of the residuals by the unknowns."""
        sells, known, own = len(self.sells), len(self.known), self.own
        each = np.arange(known)
        moving = state.sourcing.copy()
        moving[self.known, own] = 0.0  # home shares that are unknowns do not follow the factors
        flow = state.bought[:, None] * moving
        by_factor = np.diag(flow.sum(axis=0)) - flow.T @ state.abroad
        weight = state.bought[self.known]
        home = state.sourcing[self.known, own]
        by_odds = -(weight * home * (1 - home))[:, None] * state.abroad[self.known]
        by_odds[each, own] += weight * home * (1 - home)
        distance = state.log_bias - np.log(self.bias)
        steep = 1 - np.exp(-self._excess(state, room))
        inside = np.sign(distance) * steep / _BEYOND
        wall = state.abroad[self.known] * inside[:, None]
        wall[each, own] -= inside
        unknown = sells + known + (len(self.bought) if buyers_error > 0 else 0)
        slope = np.zeros((sells + 2 * known + (unknown - sells - known), unknown))
        weight_of_share = (1 / (self.error[self.sells] * state.shares))[:, None]
        slope[:sells, :sells] = by_factor * weight_of_share
        slope[:sells, sells : sells + known] = by_odds.T * weight_of_share
        slope[sells + each, sells + each] = 1 / self.home_error
        slope[sells + known + each, :sells] = wall
        slope[sells + known + each, sells + each] = inside
        if buyers_error > 0:
            last, bought = sells + known, state.bought
            by_bought = bought[:, None] * (state.sourcing - state.shares)
            slope[:sells, last:] = by_bought.T * weight_of_share
            relative = (np.eye(len(bought)) - bought[None, :]) / buyers_error
            rows = relative[self.buys]
            slope = slope[: sells + 2 * known + len(rows)]
            slope[sells + 2 * known :, last:] = rows
        return slope


def _described(
    problem: _Problem, answer: tuple[_Unknowns, _State], buyers_error: float
) -> Reconciled:
    _, state = answer
    size, sells = len(problem.world), problem.sells
    sourcing = np.zeros((size, size))
    sourcing[:, sells] = state.sourcing
    shares, share_miss = np.zeros(size), np.zeros(size)
    shares[sells] = state.shares
    share_miss[sells] = np.log(state.shares / problem.world[sells]) / problem.error[sells]
    bias = np.where(problem.world > 0, problem.bias, 0.0)
    bias[problem.known] = np.exp(state.log_bias)
    purchase_miss = np.zeros(size)
    if buyers_error > 0:
        used, had = state.bought[problem.buys], problem.bought[problem.buys]
        purchase_miss[problem.buys] = np.log(used / had) / buyers_error
    home = np.diag(sourcing).copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(shares > 0, home / (1 - home) * (1 - shares) / shares, 0.0)
    odds[np.isnan(odds)] = np.inf
    near = np.clip(home, _NOTHING, 1 - _NOTHING)
    missed = {
        n: float((np.log(near[n] / (1 - near[n])) - logit(one.share)) / one.error)
        for n, one in problem.home.items()
    }
    return Reconciled(
        sourcing, shares, home, state.bought, bias, odds, share_miss, purchase_miss, missed
    )
