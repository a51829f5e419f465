"""How fast the shares of a world's chains move in its base year: each node's own posterior.

A region's share of a node has the log odds a year

    p = u + (alpha + eta delta B) / d^kappa

of `process`: momentum u of the base year, given the node's figures up to it, and what lasts. What
goes with the growth of economies is not in it: the yearly model has its own. Without figures of
two dates by the base year the later ones give u, of which only a part counts; a Chinese share that
nobody saw twice has the population's: u = 0 with its whole spread. Other regions that nobody saw
twice give way to those that were seen.

Abilities that move shares at p exactly, w the world shares: z'_i = p_i (1 - w_i) / eta for who was
seen, one number for all others, and sum_i w_i z'_i = 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from zizhu.history.panel import observations
from zizhu.laboratory.pace.estimate import stored
from zizhu.laboratory.pace.observed import Cut, Panel, observed, until
from zizhu.laboratory.pace.prior import numbers_of
from zizhu.laboratory.pace.process import Moments, Numbers, Observations, momentum

# Of supplies by others, below which they cannot give way.
_SOME = 0.05
_NOTHING = 1e-9
_OWN = "CHN"
_KINDS = ("market", "capacity", "mineral")


@dataclass(frozen=True)
class Known:
    """What tells of the shares of nodes, one row for each node and region that is told of.

    panel   series cut at the base year, or whole where only later figures tell
    node    place of the node of each row
    region  place of the region
    part    of momentum that counts: 1, or `later_pace_part`
    origins in words: which series
    """

    panel: Panel
    node: np.ndarray
    region: np.ndarray
    part: Float[np.ndarray, " j"]
    origins: tuple[str, ...]


class NodePace(NamedTuple):
    """Ability a year by node and region.

    fading   what fades: momentum
    lasting  what goes on
    seen     where figures of two dates or more tell
    """

    fading: Float[np.ndarray, "m n"]
    lasting: Float[np.ndarray, "m n"]
    seen: Bool[np.ndarray, "m n"]


def known_of(
    nodes: Sequence[str],
    regions: Sequence[str],
    shares: Float[np.ndarray, "m n"],
    year: int,
    parameters: Mapping[str, float],
) -> Known:
    """The series that tell of nodes; `shares` are world shares in the base year."""
    rows: list[tuple[Cut, int, int, float, str]] = []
    told = _told(year)
    for m, node in enumerate(nodes):
        for n, region in enumerate(regions):
            if shares[m, n] <= 0:
                continue
            if (found := told.get((node, region))) is not None:
                series, by_then = found
                part = 1.0 if by_then else parameters["later_pace_part"]
                rows.append((series, m, n, part, _words(series)))
            elif region == _OWN:
                rows.append((_unseen(node, region, shares[m, n], year), m, n, 1.0, ""))
    if not rows:
        rows = [(_unseen("", _OWN, 0.5, year), 0, 0, 0.0, "")]
    series, node, region, part, words = zip(*rows, strict=True)
    every = [one for one in observations() if one.kind != "sector"]
    panel = observed(series, parameters, known=until(every, year), year=year)
    return Known(panel, np.array(node), np.array(region), np.array(part), words)


@lru_cache(maxsize=4)
def _told(year: int) -> Mapping[tuple[str, str], tuple[Cut, bool]]:
    """By node and region the series that tells most, and whether it does up to the year."""
    series = [one for one in observations() if one.kind in _KINDS and "/" in one.node]
    found: dict[tuple[str, str], tuple[tuple[bool, bool, int], Cut]] = {}
    for one in series:
        early = until([one], year)
        by_then = bool(early) and len(early[0].years) > 1
        cut = early[0] if by_then else until([one], np.inf)[0]
        if len(cut.years) < 2:
            continue
        # Up to the base year first, then shares of the world, then the longest.
        rank = (by_then, one.place == "world", len(cut.years))
        key = (one.node, one.region)
        if key not in found or rank > found[key][0]:
            found[key] = (rank, cut)
    return {key: (cut, rank[0]) for key, (rank, cut) in found.items()}


def _unseen(node: str, region: str, share: float, year: int) -> Cut:
    """A share that was seen once: the population's pace is its own."""
    dated = {"years": (float(year),), "percents": (100 * float(share),), "confidences": ("read",)}
    return Cut(
        name=node,
        subject=node,
        node=node,
        region=region,
        place="world",
        basis="headquarters",
        measure="",
        kind="market",
        **dated,  # type: ignore[arg-type]
    )


def _words(series: Cut) -> str:
    first, last = series.years[0], series.years[-1]
    return f"{series.place} share, {series.measure}, {first:g} to {last:g}"


@jax.jit
def _momentum(by: Numbers, of: Observations, at: jnp.ndarray, elasticity: float) -> Moments:
    return momentum(by, of, at, elasticity)


def node_pace(
    known: Known,
    shares: Float[np.ndarray, "m n"],
    year: int,
    point: Float[np.ndarray, " p"],
    elasticity: float,
    noise: Float[np.ndarray, " j"] | None = None,
) -> NodePace:
    """Paces at one point of the posterior.

    point  unbounded, in the order of `prior.NAMES`
    noise  standard normal, of each row's momentum around its mean; none by default
    """
    by, panel = numbers_of(jnp.asarray(point)), known.panel
    of = panel.observations
    at = (year - panel.first)[:, None]
    found = _momentum(by, of, jnp.asarray(at), elasticity)
    mean = np.asarray(found.mean)[:, 0]
    spread = np.sqrt(np.maximum(np.asarray(found.covariance)[:, 0, 0], 0.0))
    own = known.part * (mean if noise is None else mean + spread * noise)
    sums = panel.future(np.array([year, year + 1.0]) + np.zeros((len(panel), 1)))
    behind = np.diff(np.asarray(sums.follow), axis=1)[:, 0]
    eased = np.exp(-float(by.hardness) * np.asarray(of.hardness))
    drift = np.asarray(by.drift)[np.asarray(of.maker), np.asarray(of.kind)]
    lasting = eased * (drift + elasticity * float(by.follow) * behind)
    seen = np.zeros(shares.shape, dtype=bool)
    told = np.asarray(of.seen.sum(axis=1)) > 1
    seen[known.node[told], known.region[told]] = True

    def abilities(pace: Float[np.ndarray, " j"]) -> Float[np.ndarray, "m n"]:
        given = np.zeros(shares.shape)
        mask = np.zeros(shares.shape, dtype=bool)
        given[known.node, known.region] = pace
        mask[known.node, known.region] = known.part > 0
        return ability_of(given, mask, shares, elasticity)

    return NodePace(abilities(own), abilities(lasting), seen)


def ability_of(
    pace: Float[np.ndarray, "m n"],
    known: Bool[np.ndarray, "m n"],
    shares: Float[np.ndarray, "m n"],
    elasticity: float,
) -> Float[np.ndarray, "m n"]:
    """Abilities a year that move world shares at given paces of log odds where they are known.

    The share-weighted mean is zero, so that the others together keep what is left.
    """
    real = shares > 0
    known = known & real
    moved = np.where(known, pace * (1 - shares) / elasticity, 0.0)
    sold = (shares * moved).sum(axis=1, keepdims=True)
    left = np.where(real & ~known, shares, 0.0).sum(axis=1, keepdims=True)
    others = np.where(left > _SOME, -sold / np.where(left > _SOME, left, 1.0), 0.0)
    moved = np.where(known, moved, np.where(real, others, 0.0))
    # Figures of all makers that do not add up are moved alike.
    rest = (shares * moved).sum(axis=1, keepdims=True)
    total = shares.sum(axis=1, keepdims=True)
    return np.where(real, moved - rest / np.where(total > 0, total, 1.0), 0.0)


# What the registry calls numbers of the process: a scenario may set them.
REGISTERED = {
    "follow": "catch_up",
    "hardness": "difficulty_exponent",
    "drift CHN world": "maker_drift",
    "spread world": "momentum_spread",
    "fade world": "momentum_fade",
    "shock world": "node_shock",
}


def registered_point(parameters: Mapping[str, float]) -> Float[np.ndarray, " p"]:
    """The middle of the posterior, with registered numbers as a case has them."""
    posterior = stored()
    point = posterior.mean.copy()
    for name, registered in REGISTERED.items():
        place = posterior.names.index(name)
        value = parameters[registered]
        point[place] = np.log(max(value, _NOTHING)) if posterior.logs[place] else value
    return point


def registered_draws(number: int, seed: int) -> list[dict[str, float]]:
    """Joint draws of the registered numbers, correlations kept."""
    posterior = stored()
    points = posterior.draws(number, seed)
    return [
        {
            registered: float(
                np.exp(point[place]) if posterior.logs[place] else point[place]
            )
            for name, registered in REGISTERED.items()
            for place in [posterior.names.index(name)]
        }
        for point in points
    ]
