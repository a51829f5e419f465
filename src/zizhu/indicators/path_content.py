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
from typing import NamedTuple

import jax
import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from zizhu.indicators.glossary import attributes
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.model.chain_demand import sourcing_shares
from zizhu.model.path_record import Record
from zizhu.model.program import Program
from zizhu.model.technology import Technology
from zizhu.policy.path_labels import PathLabels

# Of all years at once, in one program.
_shares = Program(jax.vmap(sourcing_shares, (None, 0)), once=True)


class _Parts(NamedTuple):
    """What nodes are made of: cost shares of inputs and tools, and the part that is the maker's."""

    levels: int
    slots: int
    inputs: Float[np.ndarray, "m m"]
    own: Float[np.ndarray, " m"]
    passed: Bool[np.ndarray, " m"]
    assembled: Bool[np.ndarray, " m"]

    @classmethod
    def of(cls, technology: Technology) -> _Parts:
        inputs = np.asarray(technology.inputs) + np.asarray(technology.tools)
        return cls(
            technology.levels,
            technology.slots,
            inputs,
            1 - inputs.sum(axis=1),
            np.asarray(technology.passed),
            np.asarray(technology.assembled),
        )


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
    final, parts = np.asarray(technology.final), _Parts.of(technology)
    years = np.asarray(_shares(technology, record.chains))
    # Year by year: what is small stays near the processor.
    return np.stack([_bought(shares, parts)[final].transpose(1, 0, 2) for shares in years])


def _bought(shares: Float[np.ndarray, "m n n"], parts: _Parts) -> Float[np.ndarray, "m n r"]:
    """Origin of what each region buys of each node in one year."""
    at_home = np.eye(shares.shape[1])
    bought = np.zeros_like(shares)
    for level in range(parts.levels):
        rows = slice(level * parts.slots, (level + 1) * parts.slots)
        earlier = bought[: rows.start].transpose(1, 0, 2)
        needed = (parts.inputs[rows, : rows.start] @ earlier).transpose(1, 0, 2)
        own, here = parts.own[rows, None, None], shares[rows]
        sourced = here @ (own * at_home + needed)
        fabless = own * here + here.sum(axis=2, keepdims=True) * needed
        kind = np.where(parts.passed[rows, None, None], fabless, sourced)
        assembled = parts.assembled[rows, None, None]
        bought[rows] = np.where(assembled, own * at_home + needed, kind)
    return bought
