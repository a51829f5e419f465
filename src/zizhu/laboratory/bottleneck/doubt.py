"""How sure the ranking of nodes is: other weightings, and other numbers within their ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from zizhu.chains import Ranged, SupplierBlock
from zizhu.laboratory.bottleneck.case import ChainCase
from zizhu.laboratory.bottleneck.criticality import (
    MARKS,
    Criticality,
    above,
    cut_of_all,
    marks_of,
    score_of,
    stage_rises,
)
from zizhu.laboratory.bottleneck.sourcing import by_buyer, entered, spread
from zizhu.model.bottleneck import Version, chain_prices_grid

WEIGHTINGS = 1_000
DRAWS = 100
# So many draws are in memory together.
_AT_A_TIME = 10


@dataclass(frozen=True)
class RankingDoubt:
    """How the places of nodes move; arrays in the order of `Criticality.nodes`.

    best, worst      place under any reasonable weighting, 1 is most critical
    upper_weighting  part of the weightings under which the node is in the upper half
    low, high        10 and 90 percent of its place over draws of the numbers
    upper_draw       part of the draws in which it is in the upper half
    tau              Kendall's tau between the central order and a draw's, median over draws
    """

    best: Float[np.ndarray, " m"]
    worst: Float[np.ndarray, " m"]
    upper_weighting: Float[np.ndarray, " m"]
    low: Float[np.ndarray, " m"]
    high: Float[np.ndarray, " m"]
    upper_draw: Float[np.ndarray, " m"]
    tau: float


def weightings(least: float, number: int = WEIGHTINGS, seed: int = 0) -> Float[np.ndarray, "w 4"]:
    """Reasonable weightings of the marks: uniform among those with no weight below `least`."""
    free = np.random.default_rng(seed).dirichlet(np.ones(len(MARKS)), size=number)
    return np.asarray(least + (1 - len(MARKS) * least) * free)


def ranking_doubt(
    case: ChainCase,
    central: Criticality,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> RankingDoubt:
    """Rank again under other weightings, and under draws of shares, cost shares and years.

    A supplier share is lognormal around its value with the relative error of its mark (confirmed,
    medium, recalled); home shares, cost shares and years are triangular in their ranges. Gate,
    choke price and elasticities are not drawn.
    """
    from scipy.stats import kendalltau  # noqa: PLC0415 (slow, and only this needs it)

    if progress is not None:
        progress("ranking under other weightings")
    count = len(central.nodes)
    half = (count + 1) // 2
    drawn = weightings(case.parameters["criticality_least_weight"], seed=seed)
    by_weight = places(np.stack([score_of(central.marks, weights) for weights in drawn]))
    if progress is not None:
        progress("ranking under other numbers")
    scores = _drawn_scores(case, central, draws, np.random.default_rng(seed))
    by_draw = places(scores)
    taus = [kendalltau(scores_of_draw, central.score).statistic for scores_of_draw in scores]
    return RankingDoubt(
        best=by_weight.min(0),
        worst=by_weight.max(0),
        upper_weighting=(by_weight <= half).mean(0),
        low=np.quantile(by_draw, 0.1, axis=0),
        high=np.quantile(by_draw, 0.9, axis=0),
        upper_draw=(by_draw <= half).mean(0),
        tau=float(np.nanmedian(taus)) if count > 1 else 1.0,
    )


def places(scores: Float[np.ndarray, "d m"]) -> Float[np.ndarray, "d m"]:
    """Place of each node in each row, 1 for the highest score."""
    return np.asarray(np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) + 1.0)


def _drawn_scores(
    case: ChainCase, central: Criticality, draws: int, random: np.random.Generator
) -> Float[np.ndarray, "d m"]:
    rows = case.traded()
    members = case.members(central.buyer)
    versions, sourcing = _drawn_versions(case, draws, random)
    cuts, stages = cut_of_all(case, members), above(case, members)
    found = []
    for start in range(0, draws, _AT_A_TIME):
        some = Version(*(field[start : start + _AT_A_TIME] for field in versions))
        answers = case.layout.by_node(chain_prices_grid(case.links, some, cuts, _AT_A_TIME))
        found.append(np.where(stages, stage_rises(case, answers, members), 0.0).max(-1))
    rise = np.concatenate(found)
    weights = case.weights(members)
    parts = np.einsum("dmni,n->dmi", sourcing[:, rows][:, :, list(members)], weights)
    home = parts[..., list(members)].sum(-1)
    parts[..., list(members)] = 0.0
    years = np.stack(
        [
            _triangular(case.chain.nodes[case.nodes[row]].years_to_qualify, draws, random)
            for row in rows
        ],
        axis=1,
    )
    marks = marks_of(rise, home, parts, years, case.parameters)
    scores = score_of(marks, np.full(len(MARKS), 1 / len(MARKS)))
    order = [rows.index(case.place(name)) for name in central.nodes]
    return scores[:, order]


def _drawn_versions(
    case: ChainCase, draws: int, random: np.random.Generator
) -> tuple[Version, Float[np.ndarray, "d m n n"]]:
    """Versions of the chain for the model, and their sourcing by node."""
    world = np.repeat(case.world[None], draws, axis=0)
    for row in case.traded():
        node = case.chain.nodes[case.nodes[row]]
        for draw, shares in enumerate(_drawn_shares(case, node.suppliers[0], draws, random)):
            world[draw, row] = spread(node, case.buyers, case.regions, shares)
    numbers = case.parameters
    gated = entered(world, numbers["entry_share"])
    known = _drawn_home_shares(case, draws, random)
    sourcing = by_buyer(gated, case.buyers, numbers["chain_home_bias"], known)
    cost = {}
    for edge in case.chain.edges:
        part = _triangular(edge.of_part, draws, random) / 100 if edge.of_part else 1.0
        cost[edge.input, edge.parent] = _triangular(edge.share, draws, random) / 100 * part
    for parent in case.nodes:
        ends = [(edge.input, parent) for edge in case.chain.inputs(parent)]
        total = sum((cost[one] for one in ends), np.zeros(draws))
        for one in ends:  # drawn inputs that exceed the parent's cost are scaled down to it
            cost[one] = cost[one] / np.maximum(total, 1.0)
    tight, loose = case.layout.cost_shares(cost)
    version = Version(case.layout.in_slots(sourcing), jnp.asarray(tight), jnp.asarray(loose))
    return version, np.asarray(sourcing)


def _drawn_home_shares(
    case: ChainCase, draws: int, random: np.random.Generator
) -> dict[tuple[int, int], Float[np.ndarray, " d"]]:
    found = {}
    for row, column in case.known:
        home = case.chain.nodes[case.nodes[row]].home_share(case.regions[column])
        if home is not None:
            found[row, column] = np.minimum(_triangular(home, draws, random), 100.0) / 100.0
    return found


def _drawn_shares(
    case: ChainCase, block: SupplierBlock, draws: int, random: np.random.Generator
) -> list[dict[str, float]]:
    error = {
        code: case.parameters[
            "share_error_confirmed"
            if code in block.confirmed
            else "share_error_recalled"
            if block.confidence == "low"
            else "share_error_medium"
        ]
        for code in block.shares
    }
    noise = random.standard_normal((draws, len(block.shares)))
    return [
        {
            code: share * float(np.exp(error[code] * one))
            for (code, share), one in zip(block.shares.items(), row, strict=True)
        }
        for row in noise
    ]


def _triangular(given: Ranged, draws: int, random: np.random.Generator) -> Float[np.ndarray, " d"]:
    if given.low == given.high:
        return np.full(draws, given.value)
    return random.triangular(given.low, given.value, given.high, draws)
