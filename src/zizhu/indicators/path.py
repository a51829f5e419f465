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

from zizhu.indicators.labelled import divide, percent
from zizhu.indicators.path_nodes import node_variables
from zizhu.indicators.path_tables import PathVariable, words
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
    counts  by node: `location`, `headquarters` or `assembled`
    """

    labels: PathLabels
    chains: tuple[str, ...]
    places: Int[np.ndarray, " m"]
    counts: tuple[str, ...]


def path_indicators(
    scenario: Run, baseline: Run, base: PathBase, rates: Rates, axes: PathAxes
) -> xr.Dataset:
    """All tables of a scenario's path beside its baseline."""
    currency = f"million {axes.labels.world.currency}"
    tables = [
        {
            **_by_sector(run.record, currency),
            **_by_region(run, base, rates, currency),
            **node_variables(run.record, base, axes.places),
        }
        for run in (scenario, baseline)
    ]
    variables: dict[str, Any] = {}
    for name, (dims, values, *said) in tables[0].items():
        stacked = np.stack([values, tables[1][name].values])
        variables[name] = (("run", *dims), stacked, words(*said))
    effect = scenario.record.solution.log_real_income - baseline.record.solution.log_real_income
    variables["real_income_effect"] = (
        _REGION,
        100 * np.expm1(np.asarray(effect)),
        words(
            "Effect on real income",
            "percent",
            "real income of the scenario over that of the baseline in the same year, in percent "
            "beyond one",
        ),
    )
    world = axes.labels.world
    coordinates: dict[str, Any] = {
        "run": [SCENARIO, BASELINE],
        "year": list(axes.labels.years),
        "region": list(world.regions),
        "sector": list(world.sectors),
        "chain": list(axes.chains),
        "node": list(axes.labels.nodes),
        "node_counts": ("node", list(axes.counts)),
        "firm": np.array(axes.labels.firms, dtype=str),
        "productivity_channel": list(Productivity._fields),
        "outlay_kind": list(Outlay._fields),
    }
    return xr.Dataset(variables, coordinates)


def _by_sector(record: Record, currency: str) -> Mapping[str, PathVariable]:
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
        "value_added": (
            np.asarray(solution.value_added_share) * np.asarray(solution.cost),
            "Value added",
            currency,
            "value added of the sector, by location, net taxes on products other than duties "
            "included; world value added is the numeraire and keeps its value of the base year",
        ),
        "output": (
            revenue * np.exp(-np.asarray(solution.log_price)),
            "Output, volume",
            f"{currency} at prices of the base year",
            "sales of the region's producers over the change of their price, by location",
        ),
        "sector_price": (
            np.exp(np.asarray(solution.log_sector_price)[..., 0]).transpose(0, 2, 1),
            "Price of the sector's goods to users",
            "index",
            "price that the region's users pay for the sector's goods from all origins, duties "
            "included, 1 in the base table; intermediate use where uses have prices of their own; "
            "world value added as numeraire",
        ),
        "home_share": (
            percent(own, used),
            "Domestic share of the sector",
            "percent",
            "share of the region's use of the sector's goods supplied from home, by location, "
            "before duties",
        ),
        "world_share": (
            percent(revenue, revenue.sum(axis=1, keepdims=True)),
            "World share of the sector",
            "percent",
            "region's share of the world's sales of the sector, by location",
        ),
    }
    found = {name: PathVariable(_CELL, *entry) for name, entry in table.items()}
    found["productivity"] = PathVariable(
        (*_CELL, "productivity_channel"),
        100 * np.stack(by_channel, axis=-1),
        "Productivity by channel",
        "log points x 100",
        "100 times the log of productivity since the base year by where it comes from; channels "
        "add up to all of it but static scale economies. research is one number a region; chains "
        "is the cost and ceiling the lack of what technology chains deliver",
    )
    return found


def _by_region(run: Run, base: PathBase, rates: Rates, currency: str) -> Mapping[str, PathVariable]:
    record, wedges = run
    stocks, solution = record.stocks, record.solution
    moved, _ = jax.vmap(next_money, in_axes=(0, 0, None, None))(
        jax.tree.map(jax.numpy.asarray, stocks.money),
        wedges.commitment,
        rates.paid_in,
        rates.leakage,
    )
    people = "people from the region, 1 is those at work at home in the base year"
    at_end = "sum since funds were announced, at the end of the year, over all nodes"
    table = {
        "real_income": (
            100 * np.expm1(np.asarray(solution.log_real_income)),
            "Real income",
            "percent",
            "change since the base table of final spending deflated by its price, (Y'/Y)/P",
        ),
        "capital": (
            np.asarray(stocks.capital),
            "Capital",
            "index",
            "stock at the start of the year, 1 in the base year",
        ),
        "factors": (
            100 * np.expm1(np.asarray(record.factors)),
            "Factors of production",
            "percent",
            "change since the base year of the bundle of labour and capital",
        ),
        "talent_home": (
            divide(np.asarray(stocks.talent.home), np.asarray(base.talent)),
            "Researchers and engineers at home",
            "index",
            f"{people}, start of the year",
        ),
        "talent_abroad": (
            divide(np.asarray(stocks.talent.abroad), np.asarray(base.talent)),
            "Researchers and engineers abroad",
            "index",
            f"{people}, at work elsewhere, start of the year",
        ),
        "research_spending": (
            np.asarray(wedges.research),
            "Added research spending",
            currency,
            "research spending in the year beyond the base, net of relabelling, prices of the base "
            "year",
        ),
        "controls": (
            100 * np.asarray(stocks.reaction.controls),
            "Controls in answer to the push",
            "percent",
            "part of controllable purchases barred to the region in answer to its push; an "
            "assumption, 0 where the reaction is switched off",
        ),
        "push": (
            np.asarray(stocks.reaction.push),
            "Push for self-reliance in answer to controls",
            "years of base purchases",
            "money put to work on controllable nodes over their base purchases, beyond the "
            "scenario; an assumption, 0 where the reaction is switched off",
        ),
    }
    for name, of, what in (
        ("funds_committed", moved.committed, "money that funds announced"),
        ("funds_paid", moved.paid, "money paid into funds"),
        ("funds_deployed", moved.deployed, "money that funds spent, leaked money included"),
        ("funds_leaked", moved.leaked, "money that funds spent and that moved nothing"),
    ):
        title = name.replace("_", ", ").capitalize()
        values = np.asarray(of).sum(axis=1)
        table[name] = (values, title, "billion USD", f"{what}, {at_end}")
    found = {name: PathVariable(_REGION, *entry) for name, entry in table.items()}
    found["outlay"] = PathVariable(
        (*_REGION, "outlay_kind"),
        np.stack([np.asarray(one) for one in record.outlay], axis=-1),
        "Outlays",
        f"{currency} at prices of the base year",
        "resources used in the year without welfare of their own, beyond the base year: of the "
        "wedges themselves, added research, money at work on nodes with what leaked, rents that "
        "sellers lose whose sales are barred",
    )
    found["residual"] = PathVariable(
        ("year",),
        np.asarray(solution.residual),
        "Residual of the year's equilibrium",
        "log",
        "largest absolute miss of the unknowns, in logs",
    )
    found["iterations"] = PathVariable(
        ("year",),
        np.asarray(solution.iterations),
        "Iterations of the solver",
        "count",
        "evaluations of all equations that the year took",
    )
    return found
