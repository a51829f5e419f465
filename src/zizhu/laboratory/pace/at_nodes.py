"""How fast the shares of a world's chains move in its base year.

A region's share of a node has the log odds a year

    p = u + (alpha + eta delta B) / d^kappa

of `process`: momentum u of the base year (`told`), the drift alpha of the group of makers, and
catching up. What goes with the growth of economies is not in it: the yearly model has its own. All
of it fades in the model at the rate of momentum, though alpha did not fade in the panel: what lasts
there is drift together with what larger sales feed back by learning and by makers' own research,
which the model adds itself as the drift goes (an assumption, held against the panel by the check
`pace` of the validation). A Chinese share that nobody saw twice has the population's pace: u = 0
with its whole spread. Other regions that nobody saw twice give way to those that were seen.

Abilities that move shares at p exactly, w the world shares: z'_i = p_i (1 - w_i) / eta for who was
seen, one number for all others, and sum_i w_i z'_i = 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from zizhu.laboratory.pace.estimate import stored
from zizhu.laboratory.pace.law import catching_up, relative_research
from zizhu.laboratory.pace.observed import MAKERS
from zizhu.laboratory.pace.told import told
from zizhu.parameters import parameters as registered

# Of supplies by others, below which they cannot give way.
_SOME = 0.05
_OWN = MAKERS[0]
_LEAST = 1e-3
# What the registry calls numbers of the process: a scenario may set them.
REGISTERED = {
    "follow": "catch_up",
    "hardness": "difficulty_exponent",
    "drift CHN world": "maker_drift",
    "spread world": "momentum_spread",
    "fade world": "momentum_fade",
    "shock world": "node_shock",
}
# Of them what the base year was like; rates read the others.
_OF_THE_BASE = ("hardness", "drift CHN world", "spread world")


class NodePace(NamedTuple):
    """Ability a year by node and region.

    own     momentum of the share
    common  drift of the group of makers, and catching up
    """

    own: Float[np.ndarray, "m n"]
    common: Float[np.ndarray, "m n"]

    @property
    def every(self) -> Float[np.ndarray, "m n"]:
        """Both together: what the model has as momentum."""
        return np.asarray(self.own + self.common)


@dataclass(frozen=True)
class Known:
    """What is known of how shares move, one row for each node and region that moves by itself.

    shares   world shares in the base year [m,n]
    node, region  places of each row
    mean, spread  momentum, log odds a year, what counts of it; spread is one where unseen
    seen     whether figures of two dates tell
    behind   B
    easing   ln d
    drift    name of the row's alpha in the posterior
    """

    shares: Float[np.ndarray, "m n"]
    node: Int[np.ndarray, " j"]
    region: Int[np.ndarray, " j"]
    mean: Float[np.ndarray, " j"]
    spread: Float[np.ndarray, " j"]
    seen: Bool[np.ndarray, " j"]
    behind: Float[np.ndarray, " j"]
    easing: Float[np.ndarray, " j"]
    drift: tuple[str, ...]

    def abilities(self, pace: Float[np.ndarray, " j"], eta: float) -> Float[np.ndarray, "m n"]:
        """Abilities a year that move the rows' shares at a pace, log odds a year."""
        given, known = np.zeros(self.shares.shape), np.zeros(self.shares.shape, dtype=bool)
        given[self.node, self.region], known[self.node, self.region] = pace, True
        return ability_of(given, known, self.shares, eta)


def known_of(
    nodes: Sequence[str],
    regions: Sequence[str],
    shares: Float[np.ndarray, "m n"],
    difficulty: Float[np.ndarray, " m"],
    *,
    year: int,
    parameters: Mapping[str, float],
) -> Known:
    """What the panel tells of nodes that have world shares `shares` in the base year."""
    table = told(year)
    places = [
        (m, n)
        for m, n in np.argwhere(shares > 0).tolist()
        if (nodes[m], regions[n]) in table or regions[n] == _OWN
    ]
    found = [table.get((nodes[m], regions[n])) for m, n in places]
    part = [1.0 if t is None or t.early else parameters["later_pace_part"] for t in found]
    own = behind_of(shares, regions, year, parameters)
    return Known(
        shares=shares,
        node=np.array([m for m, _ in places], dtype=int),
        region=np.array([n for _, n in places], dtype=int),
        mean=np.array([0.0 if t is None else t.mean for t in found]) * np.array(part),
        spread=np.array([1.0 if t is None else t.spread for t in found]) * np.array(part),
        seen=np.array([t is not None for t in found], dtype=bool),
        behind=np.array(
            [own[m] if t is None else t.behind for t, (m, _) in zip(found, places, strict=True)]
        ),
        easing=np.log(difficulty)[[m for m, _ in places]],
        drift=tuple(
            f"drift {_OWN if regions[n] == _OWN else MAKERS[1]} {'world' if t is None else t.kind}"
            for t, (_, n) in zip(found, places, strict=True)
        ),
    )


def behind_of(
    shares: Float[np.ndarray, "m n"],
    regions: Sequence[str],
    year: int,
    parameters: Mapping[str, float],
) -> Float[np.ndarray, " m"]:
    """B of Chinese makers of every node behind the largest other; zero without any."""
    if _OWN not in regions:
        return np.zeros(len(shares))
    place = list(regions).index(_OWN)
    others = np.delete(shares, place, axis=1)
    names = np.delete(np.array(regions), place)
    who = [str(names[one]) for one in others.argmax(axis=1)]
    at = np.array([float(year)])
    research = np.array(
        [
            np.repeat(relative_research(_OWN, at), len(who)),
            [relative_research(w, at)[0] for w in who],
        ]
    )
    return catching_up(
        np.maximum(shares[:, place], _LEAST),
        np.maximum(others.max(axis=1), _LEAST),
        research,
        parameters["chain_sourcing_elasticity"],
        registered()["widest_gap"].value,
    )


def node_pace(
    known: Known,
    numbers: Mapping[str, float],
    eta: float,
    noise: Float[np.ndarray, " j"] | None = None,
) -> NodePace:
    """Paces at one set of numbers.

    numbers  of the posterior by name (`numbers_at`)
    noise    standard normal, of each row's momentum; none by default
    """
    spread = np.where(known.seen, known.spread, numbers["spread world"])
    own = known.mean if noise is None else known.mean + spread * noise
    drift = np.array([numbers[name] for name in known.drift])
    lasting = np.exp(-numbers["hardness"] * known.easing) * (
        drift + eta * numbers["follow"] * known.behind
    )
    return NodePace(known.abilities(own, eta), known.abilities(lasting, eta))


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


def numbers_at(parameters: Mapping[str, float]) -> dict[str, float]:
    """The middle of the posterior, with registered numbers as a case has them."""
    posterior = stored()
    found = {name: posterior.value(name) for name in posterior.names}
    # How who follows caught up before the base year is not the scenario's to say.
    return found | {name: parameters[REGISTERED[name]] for name in _OF_THE_BASE}


def drawn_numbers(number: int, seed: int) -> list[dict[str, float]]:
    """Joint draws of the posterior by name, correlations kept."""
    posterior = stored()
    logs = np.array(posterior.logs)
    points = posterior.draws(number, seed)
    values = np.where(logs, np.exp(np.where(logs, points, 0.0)), points)
    return [dict(zip(posterior.names, map(float, row), strict=True)) for row in values]
