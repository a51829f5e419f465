"""Whose value is in what a region buys at the end of a chain, through all tiers.

A home-made final product may be full of foreign parts. Walking up from raw materials, the part of
the value of node p made by i that comes from region r, and of what n's users buy of it, is

    made_pir   =  (1 - sum_m a_pm) [i = r] + sum_m a_pm bought_mir
    bought_pnr =  sum_i s_pni made_pir

with a the cost shares of inputs and tools at base prices and s the year's sourcing. What a buyer
assembles is bought as its inputs are. Firms without plants sell, and their inputs are bought where
the product is bought, as everywhere in the chains. The part of cost that is no input of the chain
counts as the maker's own; whether the maker is a firm or a plant is as the node is counted. What
cannot be had is nobody's: origins add up to 100 percent less that part.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.glossary import attributes
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.model.chain_demand import sourcing_shares
from zizhu.model.path_record import Record
from zizhu.model.technology import Technology
from zizhu.policy.path_labels import PathLabels


def chain_content(
    scenario: Record,
    baseline: Record,
    technology: Technology,
    labels: PathLabels,
    chains: Sequence[str],
) -> xr.DataArray:
    """Origin of the value of each chain's final product, percent of what is bought.

    By run, year, region that buys, chain and origin; the entry of a region with itself as origin is
    its domestic content.
    """
    tables = [_content(run, technology) for run in (scenario, baseline)]
    regions = list(labels.world.regions)
    return xr.DataArray(
        100 * np.stack(tables),
        {
            "run": [SCENARIO, BASELINE],
            "year": list(labels.years),
            "region": regions,
            "chain": list(chains),
            "origin": regions,
        },
        ("run", "year", "region", "chain", "origin"),
        name="chain_content",
        attrs=attributes("chain_content"),
    )


def _content(record: Record, technology: Technology) -> Float[np.ndarray, "t n c r"]:
    """Part of the value of final products by origin."""
    shares = np.asarray(jax.vmap(sourcing_shares, (None, 0))(technology, record.chains))
    inputs = np.asarray(technology.inputs) + np.asarray(technology.tools)
    passed, assembled = np.asarray(technology.passed), np.asarray(technology.assembled)
    own = 1 - inputs.sum(axis=1)
    at_home = np.eye(shares.shape[2])
    # t m n r: what is in purchases of earlier levels.
    bought = np.zeros_like(shares)
    for level in range(technology.levels):
        rows = slice(level * technology.slots, (level + 1) * technology.slots)
        needed = np.einsum("pm,tmnr->tpnr", inputs[rows], bought)
        mine = own[rows, None, None] * at_home
        sourced = np.einsum("tpni,tpir->tpnr", shares[:, rows], mine + needed)
        had = shares[:, rows].sum(axis=3, keepdims=True)
        fabless = own[rows, None, None] * shares[:, rows] + had * needed
        kind = np.where(passed[rows, None, None], fabless, sourced)
        bought[:, rows] = np.where(assembled[rows, None, None], mine + needed, kind)
    return np.asarray(bought[:, np.asarray(technology.final)].transpose(0, 2, 1, 3))
