"""What an equilibrium means: labelled tables with units and definitions.

Every value is taken at world value added as numeraire (the model fixes it at its base value), so
that values in money are comparable to the base table's. Shares are by location of production.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.labelled import divide
from zizhu.model import Economy
from zizhu.model.demand import base_flow
from zizhu.model.equilibrium import Solution

Array = Float[np.ndarray, "..."]


def _own(flows: Float[np.ndarray, "k i n"]) -> Float[np.ndarray, "n k"]:
    return np.asarray(np.einsum("knn->nk", flows))


def indicators(
    economy: Economy,
    solution: Solution,
    *,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    currency: str,
) -> xr.Dataset:
    """All indicators of one equilibrium against its base, by region and sector.

    Variables ending in `_base` are the base; changes in percent are of the new over the base.
    """
    get = np.asarray
    flow0, flow1 = get(base_flow(economy)), get(solution.flow)  # k i n, before duties
    money = f"million {currency}"
    region, cell, flow = ("region",), ("region", "sector"), ("supplier", "sector", "user")

    log_price = get(solution.log_price)
    export_tax0 = get(economy.export_tax).transpose(1, 0, 2)
    abroad = 1.0 - np.eye(len(regions))
    income0 = get(economy.income)
    # First-order terms of trade (Caliendo and Parro 2015, equation 17): price changes of what is
    # sold abroad less those of what is bought abroad, weighted by base trade.
    price_change = np.expm1(log_price).T  # k i
    traded0 = flow0 * (1 + export_tax0) * abroad
    sold = np.einsum("kin,ki->i", traded0, price_change)
    bought = np.einsum("kin,ki->n", traded0, price_change)
    # Volume of trade: duties on real imports gained, import growth deflated by supplier prices.
    growth = np.divide(flow1, flow0, out=np.ones_like(flow0), where=flow0 > 0) - 1
    duties = get(economy.tariff).transpose(1, 0, 2)
    volume = np.einsum("kin,kin->n", duties * flow0, growth - price_change[:, :, None])

    revenue0, revenue1 = flow0.sum(axis=2).T, flow1.sum(axis=2).T  # n k
    volume_change = divide(revenue1, revenue0) * np.exp(-log_price)
    va0 = get(economy.value_added_share) * get(economy.cost)
    va1 = get(solution.value_added_share) * get(solution.cost)
    used0, used1 = flow0.sum(axis=1).T, flow1.sum(axis=1).T  # n k, domestic use
    imported0 = _imported_inputs(get(economy.input_shares), get(economy.origin_shares))
    imported1 = _imported_inputs(get(solution.input_shares), get(solution.origin_shares))
    world_va0 = va0.sum()
    revenue_from_tariffs0 = np.einsum("kin,kin->n", duties * (1 + export_tax0), flow0)
    export_revenue0 = np.einsum("kin,kin->i", export_tax0, flow0)
    subsidies0 = (get(economy.subsidy) * get(economy.cost)).sum(axis=1)
    fiscal0 = subsidies0 - revenue_from_tariffs0 - export_revenue0
    fiscal1 = (
        get(solution.subsidy_cost)
        + get(solution.preference_cost)
        + get(solution.resource_cost)
        - get(solution.tariff_revenue)
        - get(solution.export_tax_revenue)
    )

    def percent(log_change: Array) -> Array:
        return np.asarray(100 * np.expm1(log_change))

    table: dict[str, tuple[tuple[str, ...], Array, str, str]] = {
        "real_income": (
            region,
            percent(get(solution.log_real_income)),
            "percent",
            "change of final spending deflated by its price, (Y'/Y)/P",
        ),
        "real_wage": (
            region,
            percent(get(solution.log_wage) - get(solution.log_final_price)),
            "percent",
            "change of the wage deflated by the price of final spending, w/P",
        ),
        "consumer_price": (
            region,
            percent(get(solution.log_final_price)),
            "percent",
            "change of the price of final spending, world value added as numeraire",
        ),
        "terms_of_trade": (
            region,
            100 * (sold - bought) / income0,
            "percent of base income",
            "price change of exports less imports at producer prices, base trade as weights; a "
            "first-order gain only with constant returns and no subsidy (Caliendo and Parro 2015)",
        ),
        "volume_of_trade": (
            region,
            100 * volume / income0,
            "percent of base income",
            "base duties times the change of real imports; a first-order gain only with constant "
            "returns and no subsidy (Caliendo and Parro 2015)",
        ),
        "nominal_income": (region, get(solution.income), money, "final spending"),
        "nominal_income_base": (region, income0, money, "final spending"),
        "tariff_revenue": (
            region,
            get(solution.tariff_revenue),
            money,
            "duties collected on imports",
        ),
        "tariff_revenue_base": (
            region,
            revenue_from_tariffs0,
            money,
            "duties collected on imports",
        ),
        "subsidy_cost": (region, get(solution.subsidy_cost), money, "production subsidies paid"),
        "preference_cost": (
            region,
            get(solution.preference_cost),
            money,
            "what public buyers pay above the cheapest sourcing",
        ),
        "fiscal_cost": (
            region,
            fiscal1 - fiscal0,
            money,
            "subsidies, preference, outlays and excess cost of public funds less tariff and export "
            "tax revenue; change from base",
        ),
        "output": (cell, revenue1, money, "sales of producers at producer prices"),
        "output_base": (cell, revenue0, money, "sales of producers at producer prices"),
        "output_volume": (
            cell,
            100 * (volume_change - 1),
            "percent",
            "change of sales deflated by the producer price",
        ),
        "value_added": (cell, va1, money, "value added of the sector"),
        "value_added_base": (cell, va0, money, "value added of the sector"),
        "world_value_added_share": (
            cell,
            100 * va1 / world_va0,
            "percent of world value added",
            "value added of the sector over value added of the world",
        ),
        "self_sufficiency": (
            cell,
            100 * divide(_own(flow1), used1),
            "percent",
            "domestic share of domestic use, by location of production, before duties",
        ),
        "self_sufficiency_base": (
            cell,
            100 * divide(_own(flow0), used0),
            "percent",
            "domestic share of domestic use, by location of production, before duties",
        ),
        "imported_input_share": (
            cell,
            100 * imported1,
            "percent",
            "imported share of the inputs of the using sector, at user prices",
        ),
        "imported_input_share_base": (
            cell,
            100 * imported0,
            "percent",
            "imported share of the inputs of the using sector, at user prices",
        ),
        "world_output_share": (
            cell,
            100 * divide(revenue1, np.broadcast_to(revenue1.sum(axis=0), revenue1.shape)),
            "percent",
            "region's share of the world output of the sector, by location",
        ),
        "world_output_share_base": (
            cell,
            100 * divide(revenue0, np.broadcast_to(revenue0.sum(axis=0), revenue0.shape)),
            "percent",
            "region's share of the world output of the sector, by location",
        ),
        "flow": (
            flow,
            flow1.transpose(1, 0, 2),
            money,
            "sales of the supplier's sector to the user region, all uses, before duties",
        ),
        "flow_base": (
            flow,
            flow0.transpose(1, 0, 2),
            money,
            "sales of the supplier's sector to the user region, all uses, before duties",
        ),
    }
    limit_cost = get(solution.log_limit_cost)
    if limit_cost.any():
        table["limit_cost"] = (
            flow,
            percent(limit_cost.transpose(1, 0, 2)),
            "percent",
            "iceberg cost that holds a limited flow at its limit",
        )
    variables: dict[str, Any] = {
        name: (dimensions, values, {"units": unit, "definition": definition})
        for name, (dimensions, values, unit, definition) in table.items()
    }
    return xr.Dataset(
        variables,
        {
            "region": list(regions),
            "supplier": list(regions),
            "user": list(regions),
            "sector": list(sectors),
        },
    )


def _imported_inputs(
    input_shares: Float[np.ndarray, "k n k"], origins: Float[np.ndarray, "n k n g"]
) -> Float[np.ndarray, "n k"]:
    """Imported share of intermediate spending of (n, j)."""
    home = np.einsum("nkn->kn", origins[..., 0])
    return np.asarray(np.einsum("knj,kn->nj", input_shares, 1 - home))
