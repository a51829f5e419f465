"""Which nodes choke a buyer: what a cut costs, how concentrated, how long to replace.

For every node that the buyer does not assemble, all suppliers outside the buyer are barred at once.
Four marks between 0 and 1 follow:

    cost           ln(1 + rise) / ln(choke price), the rise being that of the cost of making at
                   home the stage that suffers most among those that use the node and that the buyer
                   makes. Nothing in the chain uses the final product, and a whole sector is too
                   wide to feel it: there the price of the product itself counts
    dependence     part of the buyer's purchases that comes from outside
    concentration  Herfindahl index of the suppliers outside
    time           years to qualify a substitute; `criticality_long_years` and more count as 1

Their weighted geometric mean is the score: one mark near zero makes a node harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.laboratory.bottleneck.case import ChainCase
from zizhu.laboratory.bottleneck.cut import Triple, pack_batch
from zizhu.model.bottleneck import Cuts, Prices, chain_prices_batch

MARKS = ("cost", "dependence", "concentration", "time")
# Below this a mark counts as this, so that a geometric mean stays defined (numerical).
LEAST_MARK = 1e-3


@dataclass(frozen=True)
class Criticality:
    """How a buyer depends on the nodes of one chain, most critical first.

    nodes          ids
    score, marks   0 to 1; marks in the order of `MARKS`
    choked         the stage that suffers most, and by how much its cost of making rises; for the
                   final product itself, its own price; the final product with a rise of zero where
                   the buyer makes nothing that uses the node
    final          rise of the cost of making the final product at home
    home           part of purchases from inside, 0 to 1
    leader         largest supplier outside and its part of the buyer's purchases
    years          to qualify a substitute, central value
    """

    chain: str
    buyer: str
    nodes: tuple[str, ...]
    score: Float[np.ndarray, " m"]
    marks: Float[np.ndarray, "m 4"]
    choked: tuple[str, ...]
    rise: Float[np.ndarray, " m"]
    final: Float[np.ndarray, " m"]
    home: Float[np.ndarray, " m"]
    leader: tuple[str, ...]
    leader_part: Float[np.ndarray, " m"]
    years: Float[np.ndarray, " m"]


def cut_of_all(case: ChainCase, members: Sequence[int]) -> Cuts:
    """For each traded node, the cut of every supplier outside the buyer, as one batch."""
    outside = [region for region in range(len(case.regions)) if region not in members]
    lists: list[dict[Triple, float]] = [
        {(row, buyer, supplier): 1.0 for buyer in members for supplier in outside}
        for row in case.traded()
    ]
    return pack_batch(case, lists)


def above(case: ChainCase, members: Sequence[int]) -> np.ndarray:
    """For each traded node, the stages where its rise is looked for; a mask over all nodes.

    These are the stages that use it, directly or not, and that the buyer makes or puts together;
    the node itself where nothing uses it. A node whose users the buyer only buys chokes nothing.
    """
    made = case.assembled | (case.world[:, list(members)].sum(1) > 0)
    place = {name: row for row, name in enumerate(case.nodes)}
    used_by: dict[str, set[str]] = {}
    for name in reversed(case.nodes):
        parents = {edge.parent for edge in case.chain.parents(name)}
        used_by[name] = parents.union(*(used_by[parent] for parent in parents))
    rows = case.traded()
    mask = np.zeros((len(rows), len(case.nodes)), dtype=bool)
    for number, row in enumerate(rows):
        users = [place[name] for name in used_by[case.nodes[row]]]
        stages = [user for user in users if not case.assembled[user]] or users
        mask[number, [stage for stage in stages if made[stage]]] = True
        mask[number, row] |= not users
    return mask


def criticality(
    case: ChainCase, buyer: str, weights: Sequence[float] = (0.25, 0.25, 0.25, 0.25)
) -> Criticality:
    """Rank the nodes of a chain for a buyer; `weights` are those of `MARKS` and sum to one."""
    members = case.members(buyer)
    rows = case.traded()
    shares = case.weights(members)
    answers = case.layout.by_node(chain_prices_batch(case.links, cut_of_all(case, members)))
    rises = stage_rises(case, answers, members)
    stages = above(case, members)
    worst = np.where(stages, rises, -1.0)
    final_row = case.place(case.chain.final)
    stage = np.where(stages.any(1), worst.argmax(1), final_row)
    rise = np.maximum(worst.max(1), 0.0)
    home = case.home(members)[rows]
    outside = case.sourcing[rows][:, list(members)]
    outside[:, :, list(members)] = 0.0
    parts = np.einsum("mni,n->mi", outside, shares)
    years = np.array([_years(case, row) for row in rows])
    marks = marks_of(rise, home, parts, years, case.parameters)
    score = score_of(marks, np.asarray(weights))
    final = rises[:, final_row]
    order = np.argsort(-score, kind="stable")
    return Criticality(
        chain=case.chain.chain,
        buyer=buyer,
        nodes=tuple(case.nodes[rows[number]] for number in order),
        score=score[order],
        marks=marks[order],
        choked=tuple(case.nodes[stage[number]] for number in order),
        rise=rise[order],
        final=final[order],
        home=home[order],
        leader=tuple(case.regions[int(parts[number].argmax())] for number in order),
        leader_part=parts.max(1)[order],
        years=years[order],
    )


def stage_rises(
    case: ChainCase, answers: Prices, members: Sequence[int]
) -> Float[np.ndarray, "*b cut m"]:
    """Rise of the buyer's cost of making each node, under the cut of each traded node.

    Where the final product itself is cut, the rise of the price that is paid for it stands in
    place of its cost of making.
    """
    shares = case.weights(members)
    making = np.expm1(np.asarray(answers.cost)[..., list(members)]) @ shares
    final = case.place(case.chain.final)
    if not case.assembled[final]:
        cut = case.traded().index(final)
        price = np.asarray(answers.price)[..., cut, final, :][..., list(members)]
        making[..., cut, final] = np.expm1(price) @ shares
    return np.asarray(making)


def marks_of(
    rise: Float[np.ndarray, "*b m"],
    home: Float[np.ndarray, "*b m"],
    parts: Float[np.ndarray, "*b m n"],
    years: Float[np.ndarray, "*b m"],
    parameters: Mapping[str, float],
) -> Float[np.ndarray, "*b m 4"]:
    """The four marks; `parts` are the purchases from each region outside the buyer."""
    total = parts.sum(-1)
    squares = (parts**2).sum(-1)
    concentration = np.divide(squares, total**2, out=np.zeros_like(total), where=total > 0)
    cost = np.log1p(np.maximum(rise, 0.0)) / np.log(parameters["choke_price"])
    long = parameters["criticality_long_years"]
    time = np.minimum(np.broadcast_to(years, total.shape) / long, 1.0)
    return np.stack([np.minimum(cost, 1.0), 1 - home, concentration, time], axis=-1)


def score_of(
    marks: Float[np.ndarray, "*b m 4"], weights: Float[np.ndarray, "4"]
) -> Float[np.ndarray, "*b m"]:
    """Weighted geometric mean of the marks."""
    return np.asarray(np.exp(np.log(np.maximum(marks, LEAST_MARK)) @ weights))


def _years(case: ChainCase, row: int) -> float:
    return case.chain.nodes[case.nodes[row]].years_to_qualify.value
