"""Chokepoints: how high EUV lithography and design software rank for China, what EUV costs."""

from __future__ import annotations

import numpy as np

from zizhu.chains import load_chain
from zizhu.evidence.claims import Claim
from zizhu.evidence.settle.chain_numbers import supplier_share
from zizhu.evidence.settle.finding import Finding, Number
from zizhu.laboratory.bottleneck import ChainCase, chain_case, criticality, cut_chain, read_cut
from zizhu.world import open_world

_CHAIN, _BUYER = "semiconductors", "CHN"
# The index of the claim's test multiplies three marks; years to qualify are not in it.
_INDEX_WEIGHTS = (1 / 3, 1 / 3, 1 / 3, 0.0)
_FIRST = 5
# What is held back costs at least this much more without EUV, percent.
_DEARER = 10.0
_SOURCE = "chain semiconductors on the shipped world, many shares recalled"


def bottleneck_ranking(claim: Claim) -> Finding:
    """Places of EUV and EDA by the risk index; for the claim on EUV, what losing it costs."""
    case = chain_case(load_chain(_CHAIN), open_world())
    if claim.id == "C039":
        return _euv(claim, case)
    ranking = criticality(case, _BUYER, _INDEX_WEIGHTS)
    count = len(ranking.nodes)
    places = {node: 1 + ranking.nodes.index(node) for node in ("lith_euv", "eda")}
    index = float((ranking.score**3).sum())
    numbers = (
        _number("place of EUV lithography", float(places["lith_euv"]), "1"),
        _number("place of design software (EDA)", float(places["eda"]), "1"),
        _number(f"risk index, sum over {count} nodes", index, "1"),
    )
    return Finding(
        "bottleneck_ranking",
        claim.id,
        numbers,
        f"By home share, concentration and cost EUV has place {places['lith_euv']} and EDA place "
        f"{places['eda']} of {count} nodes of the chip chain; first are "
        f"{', '.join(ranking.nodes[:3])}.",
        f"EUV and EDA among the first {_FIRST} (judgement)",
        max(places.values()) <= _FIRST,
    )


def _euv(claim: Claim, case: ChainCase) -> Finding:
    answer = cut_chain(case, [read_cut("NLD:lith_euv")], _BUYER)
    rises = dict(zip(answer.nodes, 100 * np.asarray(answer.making), strict=True))
    advanced, mature = float(rises["fab_adv"]), float(rises["fab_mature"])
    share = supplier_share(_CHAIN, "lith_euv")
    numbers = (
        share,
        _number("advanced logic made in China without EUV, cost", advanced, "percent"),
        _number("mature logic made in China without EUV, cost", mature, "percent"),
    )
    return Finding(
        "bottleneck_ranking",
        claim.id,
        numbers,
        f"Chinese firms have {share.value:g} percent of EUV; doing without it makes advanced logic "
        f"{advanced:.0f} percent dearer and mature logic {mature:.1f} percent.",
        f"no Chinese EUV, and advanced logic without it at least {_DEARER:g} percent dearer "
        "(judgement); the dates need the yearly model",
        share.value == 0 and advanced >= _DEARER,
    )


def _number(label: str, value: float, unit: str) -> Number:
    return Number(label, value, unit, "own_computation", _SOURCE)
