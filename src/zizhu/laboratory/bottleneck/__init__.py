"""Chokepoints of technology chains: what a cut costs, which nodes choke, how sure that is.

`look_at_chain` and `rank_chains` answer everything that a page shows; `chain_case` puts a chain on
a world, and the other functions ask it.
"""

from zizhu.laboratory.bottleneck.answer import (
    BUYER,
    ChainLook,
    ChainRanking,
    look_at_chain,
    rank_chains,
)
from zizhu.laboratory.bottleneck.case import ChainCase, Horizon, chain_case
from zizhu.laboratory.bottleneck.criticality import MARKS, Criticality, criticality
from zizhu.laboratory.bottleneck.cut import ALL, Cut, CutAnswer, cut_chain, read_cut
from zizhu.laboratory.bottleneck.cut_sets import CutSet, minimal_cut_sets
from zizhu.laboratory.bottleneck.doubt import RankingDoubt, ranking_doubt, weightings
from zizhu.laboratory.bottleneck.exposure import Exposure, exposures

__all__ = [
    "ALL",
    "BUYER",
    "MARKS",
    "ChainCase",
    "ChainLook",
    "ChainRanking",
    "Criticality",
    "Cut",
    "CutAnswer",
    "CutSet",
    "Exposure",
    "Horizon",
    "RankingDoubt",
    "chain_case",
    "criticality",
    "cut_chain",
    "exposures",
    "look_at_chain",
    "minimal_cut_sets",
    "rank_chains",
    "ranking_doubt",
    "read_cut",
    "weightings",
]
