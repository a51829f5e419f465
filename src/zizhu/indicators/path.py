"""What a path means: labelled tables by run, year, region and sector, with units and definitions.

The run `baseline` is what goes on without the scenario's wedges. Money is at world value added as
numeraire, which keeps its value of the base year. Domestic share of a node or sector is the share
of home-market use supplied from home, by location unless the label says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
import xarray as xr
from jaxtyping import Float, Int

from zizhu.indicators.glossary import attributes
from zizhu.indicators.labelled import divide, percent
from zizhu.indicators.path_content import content_variables
from zizhu.indicators.path_nodes import node_variables
from zizhu.indicators.path_tables import PathVariable
from zizhu.indicators.tiers import ChainLabels
from zizhu.model.money import next_money
from zizhu.model.path_inputs import PathBase, Rates, YearWedges
from zizhu.model.path_record import Outlay, Productivity, Record
from zizhu.policy.path_labels import PathLabels

Array = Float[np.ndarray, "..."]

SCENARIO, BASELINE = "scenario", "baseline"
_CELL = ("year", "region", "sector")
_REGION = ("year", "region")


class Run(NamedTuple):
    """One path of the model, numpy arrays with the year first, and all wedges behind it."""

    record: Record
    wedges: YearWedges


class PathAxes(NamedTuple):
    """What the axes of a path's tables stand for.

    chains  names, in the order of the model's final products
    places  rows of the nodes in the model's arrays
    nodes   how nodes are counted, their tiers and chains
    """

    labels: PathLabels
    chains: tuple[str, ...]
    places: Int[np.ndarray, " m"]
    nodes: ChainLabels


def path_indicators(
    scenario: Run, baseline: Run, base: PathBase, rates: Rates, axes: PathAxes
) -> xr.Dataset:
    """All tables of a scenario's path beside its baseline."""
    currency = axes.labels.world.currency
    tables = [
        {
            **_by_sector(run.record),
            **_by_region(run, base, rates),
            **node_variables(run.record, baseline.record, base, axes.places),
            **content_variables(run.record, base.technology, axes.nodes, axes.places),
        }
        for run in (scenario, baseline)
    ]
    variables: dict[str, Any] = {}
    for name, (dims, values) in tables[0].items():
        stacked = np.stack([values, tables[1][name].values])
        variables[name] = (("run", *dims), stacked, attributes(name, currency=currency))
    effect = scenario.record.solution.log_real_income - baseline.record.solution.log_real_income
    variables["real_income_effect"] = (
        _REGION,
        100 * np.expm1(np.asarray(effect)),
        attributes("real_income_effect"),
    )
    world = axes.labels.world
    coordinates: dict[str, Any] = {
        "run": [SCENARIO, BASELINE],
        "year": list(axes.labels.years),
        "region": list(world.regions),
        "sector": list(world.sectors),
        "chain": list(axes.chains),
        "node": list(axes.labels.nodes),
        **axes.nodes.coordinates,
        "firm": np.array(axes.labels.firms, dtype=str),
        "productivity_channel": list(Productivity._fields),
        "outlay_kind": list(Outlay._fields),
    }
    return xr.Dataset(variables, coordinates)


def _by_sector(record: Record) -> Mapping[str, PathVariable]:
    solution = record.solution
    flow = np.asarray(solution.flow)  # t k i n
    revenue = flow.sum(axis=3).transpose(0, 2, 1)  # t i k
    used = flow.sum(axis=2).transpose(0, 2, 1)  # t n k
    own = np.einsum("tknn->tnk", flow)
    by_channel = [np.asarray(values) for values in record.productivity]
    by_channel = [
        v if v.ndim == 3 else np.broadcast_to(v[:, :, None], own.shape) for v in by_channel
    ]
    table = {
        "value_added": np.asarray(solution.value_added_share) * np.asarray(solution.cost),
        "output": revenue * np.exp(-np.asarray(solution.log_price)),
        # The price of intermediate use, where uses have prices of their own.
        "sector_price": np.exp(np.asarray(solution.log_sector_price)[..., 0]).transpose(0, 2, 1),
        "use": used,
        "home_share": percent(own, used),
        "world_share": percent(revenue, revenue.sum(axis=1, keepdims=True)),
    }
    found = {name: PathVariable(_CELL, values) for name, values in table.items()}
    found["productivity"] = PathVariable(
        (*_CELL, "productivity_channel"), 100 * np.stack(by_channel, axis=-1)
    )
    return found


def _by_region(run: Run, base: PathBase, rates: Rates) -> Mapping[str, PathVariable]:
    record, wedges = run
    stocks, solution = record.stocks, record.solution
    # What funds did until the end of the year.
    moved, _ = jax.vmap(next_money, in_axes=(0, 0, None, None))(
        jax.tree.map(jax.numpy.asarray, stocks.money),
        wedges.commitment,
        rates.paid_in,
        rates.leakage,
    )
    table = {
        "real_income": 100 * np.expm1(np.asarray(solution.log_real_income)),
        "capital": np.asarray(stocks.capital),
        "factors": 100 * np.expm1(np.asarray(record.factors)),
        "talent_home": divide(np.asarray(stocks.talent.home), np.asarray(base.talent)),
        "talent_abroad": divide(np.asarray(stocks.talent.abroad), np.asarray(base.talent)),
        "research_spending": np.asarray(wedges.research),
        "controls": 100 * np.asarray(stocks.reaction.controls),
        "push": np.asarray(stocks.reaction.push),
        "funds_committed": np.asarray(moved.committed).sum(axis=1),
        "funds_paid": np.asarray(moved.paid).sum(axis=1),
        "funds_deployed": np.asarray(moved.deployed).sum(axis=1),
        "funds_leaked": np.asarray(moved.leaked).sum(axis=1),
    }
    found = {name: PathVariable(_REGION, values) for name, values in table.items()}
    found["outlay"] = PathVariable(
        (*_REGION, "outlay_kind"), np.stack([np.asarray(one) for one in record.outlay], axis=-1)
    )
    found["residual"] = PathVariable(("year",), np.asarray(solution.residual))
    found["iterations"] = PathVariable(("year",), np.asarray(solution.iterations))
    return found
