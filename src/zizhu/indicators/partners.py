"""Partners: who gains and who loses, and what foreign firms face in a region's market.

Sales are values at the producer's price before duties, at world value added as numeraire, by where
goods are made. A partner's gain is that of its real income, at prices of its base year:

    gain_n = Y0_n (W_n scenario - W_n baseline),   W = real income over the base year's
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.errors import ScenarioError, did_you_mean, quoted
from zizhu.indicators.glossary import attributes
from zizhu.indicators.labelled import percent
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.model.path_record import Record
from zizhu.policy.path_labels import PathLabels

Array = Float[np.ndarray, "..."]

_CELL = ("year", "partner", "sector")


def real_gain(
    scenario: Record, baseline: Record, income: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "t n"]:
    """Real income of a scenario beyond its baseline, million at prices of the base year.

    income  [n] final spending of the base year
    """
    ours, theirs = (np.exp(np.asarray(r.solution.log_real_income)) for r in (scenario, baseline))
    return np.asarray(np.asarray(income) * (ours - theirs))


def partners(
    scenario: Record,
    baseline: Record,
    income: Float[np.ndarray, " n"],
    labels: PathLabels,
    region: str,
) -> xr.Dataset:
    """What a scenario means for every region, and for its producers in the market of one.

    income  [n] final spending of the base year, million
    region  whose market it is; it is among the partners, as the supplier from home

    Raises `ScenarioError` for an unknown region.
    """
    world = labels.world
    if region not in world.regions:
        raise ScenarioError(
            f"region: {quoted(region)} is not in world {world.name}"
            f"{did_you_mean(region, world.regions)}"
        )
    here = world.regions.index(region)
    # t k i n, year first
    flows = [np.asarray(run.solution.flow) for run in (scenario, baseline)]
    inside = [flow[:, :, :, here].transpose(0, 2, 1) for flow in flows]
    whole = [flow.sum(axis=3).transpose(0, 2, 1) for flow in flows]
    shares = [percent(sales, sales.sum(axis=1, keepdims=True)) for sales in inside]
    effect = scenario.solution.log_real_income - baseline.solution.log_real_income
    by_partner = ("year", "partner")
    table = {
        "income_effect": (by_partner, 100 * np.expm1(np.asarray(effect))),
        "income_gain": (by_partner, real_gain(scenario, baseline, income)),
        "sales_in_region": (("run", *_CELL), np.stack(inside)),
        "market_share": (("run", *_CELL), np.stack(shares)),
        "sales_change": (_CELL, inside[0] - inside[1]),
        "sales_change_percent": (_CELL, percent(inside[0], inside[1]) - 100),
        "world_sales_change": (_CELL, whole[0] - whole[1]),
        "world_sales_change_percent": (_CELL, percent(whole[0], whole[1]) - 100),
    }
    coordinates = {
        "run": [SCENARIO, BASELINE],
        "year": list(labels.years),
        "partner": list(world.regions),
        "sector": list(world.sectors),
    }
    return xr.Dataset(
        {
            name: (dims, of, attributes(name, currency=world.currency, region=region))
            for name, (dims, of) in table.items()
        },
        coordinates,
        {"region": region},
    )
