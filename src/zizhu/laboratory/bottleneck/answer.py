"""`look_at_chain` and `rank_chains`: everything that a page about chains shows, computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from zizhu.cache import use_compilation_cache
from zizhu.chains import Chain, Control, controls, load_chain, shipped_chains
from zizhu.chains.controls import last_day
from zizhu.errors import ChainError
from zizhu.laboratory.bottleneck.case import chain_case, merged_countries
from zizhu.laboratory.bottleneck.criticality import Criticality, criticality, score_of
from zizhu.laboratory.bottleneck.cut import Cut, CutAnswer, barred_by, cut_chain
from zizhu.laboratory.bottleneck.cut_sets import CutSet, minimal_cut_sets
from zizhu.laboratory.bottleneck.doubt import RankingDoubt, places, ranking_doubt, weightings
from zizhu.laboratory.bottleneck.exposure import Exposure, exposures
from zizhu.parameters import values
from zizhu.world import World, open_world

BUYER = "CHN"
THRESHOLD = 0.5
LARGEST_SET = 3

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ChainLook:
    """One chain as a buyer sees it.

    home        part of the buyer's purchases of each node from itself, 0 to 1, as the model has it
    controls    by node, the controls that name it; those in force if a date was asked for
    cut         what the cuts do before and after substitutes are qualified, if any were asked for
    sets        smallest sets of countries that raise the cost of making `target` by `threshold`
    exposed     who is exposed at the node that was asked for
    gaps        by node, how far world shares and measured home shares disagree, 0 to 1
    """

    chain: Chain
    world: str
    buyer: str
    date: str | None
    nodes: tuple[str, ...]
    home: Float[np.ndarray, " m"]
    gaps: Float[np.ndarray, " m"]
    controls: Mapping[str, Mapping[str, Control]]
    ranking: Criticality
    doubt: RankingDoubt | None
    target: str
    threshold: float
    sets: tuple[CutSet, ...]
    node: str | None
    exposed: tuple[Exposure, ...]
    cut_at_once: CutAnswer | None
    cut_in_time: CutAnswer | None
    parameters: Mapping[str, float]


def look_at_chain(
    name: str | Path | Chain,
    *,
    buyer: str = BUYER,
    cuts: Sequence[Cut] = (),
    node: str | None = None,
    at: str | None = None,
    target: str | None = None,
    threshold: float = THRESHOLD,
    world: World | str | Path | None = None,
    parameters: Mapping[str, float] | None = None,
    doubt: bool = True,
    progress: Progress | None = None,
) -> ChainLook:
    """Ask everything about one chain; `at` is a year, month or day for the controls.

    `target` is the node whose cost of making the sets of countries are about, the final product if
    not given. Raises `ChainError` for unknown names, and `ParameterError` for wrong parameters.
    """
    say = progress or (lambda _: None)
    use_compilation_cache()
    chain = name if isinstance(name, Chain) else load_chain(name)
    if at is not None:
        last_day(at)
    say("opening the world")
    place = world if isinstance(world, World) else open_world(world)
    case = chain_case(chain, place, parameters)
    members = case.members(buyer)
    if node is not None:
        case.place(node)
    goal = target or chain.final
    case.place(goal)
    barred_by(case, cuts, buyer)  # a wrong cut is said before the long part
    say(f"cutting {len(case.traded())} nodes of {chain.title}")
    ranking = criticality(case, buyer)
    found = ranking_doubt(case, ranking, progress=say) if doubt else None
    sets = minimal_cut_sets(case, buyer, threshold, target=goal, largest=LARGEST_SET, progress=say)
    say("cutting what was asked for")
    later = case.with_horizon("in_time")
    return ChainLook(
        chain=chain,
        world=place.name,
        buyer=buyer,
        date=at,
        nodes=case.nodes,
        home=case.home(members),
        gaps=case.margin_gaps(),
        controls={one: controls().at(chain.chain, one, at) for one in case.nodes},
        ranking=ranking,
        doubt=found,
        target=goal,
        threshold=threshold,
        sets=tuple(sets),
        node=node,
        exposed=tuple(exposures(case, node)) if node else (),
        cut_at_once=cut_chain(case, cuts, buyer) if cuts else None,
        cut_in_time=cut_chain(later, cuts, buyer) if cuts else None,
        parameters=case.parameters,
    )


@dataclass(frozen=True)
class ChainRanking:
    """All nodes of several chains for one buyer, most critical first.

    rows       (chain, row in `by_chain[chain]`) in order of score
    best, worst, top  place under any reasonable weighting, and the part of the weightings under
               which the node is in the top group
    moved      place of each node under each weighting; `top_at` asks for other group sizes
    """

    buyer: str
    world: str
    by_chain: Mapping[str, Criticality]
    titles: Mapping[str, str]
    rows: tuple[tuple[str, int], ...]
    best: Float[np.ndarray, " m"]
    worst: Float[np.ndarray, " m"]
    top: Float[np.ndarray, " m"]
    moved: Float[np.ndarray, "w m"]
    parameters: Mapping[str, float]

    @property
    def top_size(self) -> int:
        """Number of nodes in the top group."""
        return round(self.parameters["top_group_part"] * len(self.rows))

    def top_at(self, part: float) -> Float[np.ndarray, " m"]:
        """Part of the weightings under which each node is in the first `part` of all nodes."""
        return np.asarray((self.moved <= round(part * len(self.rows))).mean(0))

    def row(self, chain: str, node: str) -> int:
        """Place of a node in `rows`, from 0; raises `ChainError` if it is not ranked."""
        for number, (name, inside) in enumerate(self.rows):
            if name == chain and self.by_chain[name].nodes[inside] == node:
                return number
        raise ChainError(f"node {chain}:{node} is not ranked for {self.buyer}")


def rank_chains(
    buyer: str = BUYER,
    *,
    chains: Mapping[str, Chain] | None = None,
    world: World | str | Path | None = None,
    parameters: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> ChainRanking:
    """Rank the nodes of all shipped chains (or of `chains`) together for one buyer."""
    say = progress or (lambda _: None)
    use_compilation_cache()
    say("opening the world")
    place = world if isinstance(world, World) else open_world(world)
    chosen = shipped_chains() if chains is None else chains
    beside = {code for chain in chosen.values() for code in merged_countries(chain, place)}
    found: dict[str, Criticality] = {}
    for name, chain in chosen.items():
        say(chain.title)
        case = chain_case(chain, place, parameters, beside=beside)
        found[name] = criticality(case, buyer)
    every = [(name, row) for name, one in found.items() for row in range(len(one.nodes))]
    marks = np.concatenate([one.marks for one in found.values()])
    scores = np.concatenate([one.score for one in found.values()])
    order = np.argsort(-scores, kind="stable")
    chosen_values = values(parameters)
    drawn = weightings(chosen_values["criticality_least_weight"])
    moved = places(np.stack([score_of(marks[order], weights) for weights in drawn]))
    size = round(chosen_values["top_group_part"] * len(every))
    return ChainRanking(
        buyer=buyer,
        world=place.name,
        by_chain=found,
        titles={name: chain.title for name, chain in chosen.items()},
        rows=tuple(every[number] for number in order),
        best=moved.min(0),
        worst=moved.max(0),
        top=(moved <= size).mean(0),
        moved=moved,
        parameters=chosen_values,
    )
