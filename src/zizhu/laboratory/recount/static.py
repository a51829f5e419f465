"""Indicators of a static run counted again from its equilibrium. See `indicators.static`."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from zizhu.laboratory.recount.misses import Misses, differs, miss
from zizhu.policy import Wedges
from zizhu.world import World

_CELL = ("region", "sector")
_FLOW = ("supplier", "sector", "user")


def static_misses(
    table: xr.Dataset, economy: Any, solution: Any, wedges: Wedges, world: World
) -> Misses:
    """Every indicator of one equilibrium against its base.

    Flows are formed from who supplies which part of whose spending, and not read.
    """
    get = np.asarray
    abroad = (1 - np.eye(len(world.regions)))[:, None, :]
    duty0, levy0, paid0 = get(economy.tariff), get(economy.export_tax), get(economy.subsidy)
    duty1, levy1 = duty0 + abroad * wedges.tariff, levy0 + abroad * wedges.export_tax
    price, income0 = np.exp(get(solution.log_price)), get(economy.income)
    cost0, cost1 = get(economy.cost), get(solution.cost)
    beta0, beta1 = get(economy.value_added_share), get(solution.value_added_share)

    inputs0 = (get(economy.input_shares) * ((1 - beta0) * cost0)[None]).sum(axis=2)
    final0 = get(economy.final_sector_shares) * (get(economy.final_use_shares) * income0[:, None])
    spent0 = np.concatenate([inputs0[..., None], final0], axis=2)
    flow0 = _flows(get(economy.origin_shares), spent0, duty0, levy0)
    flow1 = _flows(get(solution.origin_shares), get(solution.spending), duty1, levy1)

    level = np.exp(get(solution.log_final_price))
    income1 = get(solution.income)
    made0, made1 = flow0.sum(axis=2), flow1.sum(axis=2)
    used0, used1 = flow0.sum(axis=0).T, flow1.sum(axis=0).T
    own0, own1 = (np.stack([f[n, :, n] for n in range(len(f))]) for f in (flow0, flow1))
    sent0 = flow0 * (1 + levy0) * abroad
    dearer = price - 1
    sold = (sent0 * dearer[:, :, None]).sum(axis=(1, 2))
    bought = (sent0 * dearer[:, :, None]).sum(axis=(0, 1))
    # Real imports, at the prices of the base year to first order.
    grown = np.where(flow0 > 0, flow1 / np.where(flow0 > 0, flow0, 1.0), 1.0) - 1
    volume = (duty0 * flow0 * (grown - dearer[:, :, None])).sum(axis=(0, 1))
    revenue0 = (duty0 * (1 + levy0) * flow0).sum(axis=(0, 1))
    revenue1 = (duty1 * (1 + levy1) * flow1).sum(axis=(0, 1))
    levied0, levied1 = (levy0 * flow0).sum(axis=(1, 2)), (levy1 * flow1).sum(axis=(1, 2))
    subsidies = ((paid0 + wedges.subsidy) * cost1).sum(axis=1)
    public = (
        subsidies
        - (paid0 * cost0).sum(axis=1)
        + get(solution.resource_cost)
        + get(solution.preference_cost)
        - (revenue1 - revenue0)
        - (levied1 - levied0)
    )
    world0 = (beta0 * cost0).sum()

    def shown(name: str, dims: tuple[str, ...] = ("region",)) -> np.ndarray:
        return np.asarray(table[name].transpose(*dims).values)

    cells = {
        "output": made1,
        "output_base": made0,
        "value_added": beta1 * cost1,
        "value_added_base": beta0 * cost0,
    }
    shares = {
        "self_sufficiency": _part(own1, used1),
        "self_sufficiency_base": _part(own0, used0),
        "world_output_share": _part(made1, np.broadcast_to(made1.sum(axis=0), made1.shape)),
        "world_output_share_base": _part(made0, np.broadcast_to(made0.sum(axis=0), made0.shape)),
        "world_value_added_share": 100 * beta1 * cost1 / world0,
        "imported_input_share": _imported(solution),
        "imported_input_share_base": _imported(economy),
    }
    money = {
        "nominal_income": income1,
        "nominal_income_base": income0,
        "tariff_revenue": revenue1,
        "tariff_revenue_base": revenue0,
        "subsidy_cost": subsidies,
        "preference_cost": get(solution.preference_cost),
        "fiscal_cost": public,
    }
    wage = np.exp(get(solution.log_wage))
    changes = {
        "real_income": income1 / income0 / level,
        "real_wage": wage / level,
        "consumer_price": level,
        "terms_of_trade": 1 + (sold - bought) / income0,
        "volume_of_trade": 1 + volume / income0,
    }
    volumes = _part(made1, made0) / price - 100
    found = {
        "labels": differs(
            [table["region"].values.tolist(), table["sector"].values.tolist()],
            [list(world.regions), list(world.sectors)],
        ),
        "real income and prices": max(
            miss(shown(name), 100 * (value - 1), 100.0) for name, value in changes.items()
        ),
        # Differences of large sums: relative to the world's income.
        "revenues and costs": max(
            miss(shown(name), value, income0.max()) for name, value in money.items()
        ),
        "levels in money": max(
            *(miss(shown(name, _CELL), value) for name, value in cells.items()),
            miss(shown("flow", _FLOW), flow1),
            miss(shown("flow_base", _FLOW), flow0),
        ),
        "shares of sectors": max(
            miss(shown(name, _CELL), value, 100.0) for name, value in shares.items()
        ),
        "output": miss(
            shown("output_volume", _CELL), volumes, 100 + np.abs(np.nan_to_num(volumes))
        ),
    }
    if "limit_cost" in table:
        limit = 100 * (np.exp(get(solution.log_limit_cost).transpose(1, 0, 2)) - 1)
        found["costs of limits"] = miss(shown("limit_cost", _FLOW), limit, 100 + np.abs(limit))
    return found


def _flows(origin: Any, spent: Any, duty: Any, levy: Any) -> np.ndarray:
    """Sales before duties [i,k,n]."""
    if origin.shape[3] == 1:
        bought = origin[..., 0] * spent.sum(axis=2)[None]
    else:
        bought = (origin * spent[None]).sum(axis=3)
    return np.asarray(bought / ((1 + duty) * (1 + levy)))


def _part(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Percent, not a number where there is nothing."""
    some = other > 0
    return np.asarray(np.where(some, 100 * one / np.where(some, other, 1.0), np.nan))


def _imported(state: Any) -> np.ndarray:
    """Percent of the inputs of (n, j) from abroad."""
    origin, gamma = np.asarray(state.origin_shares)[..., 0], np.asarray(state.input_shares)
    regions = range(origin.shape[0])
    foreign = np.stack([origin[:, :, n].sum(axis=0) - origin[n, :, n] for n in regions])  # n k
    # Shares of origin of what is not bought add up to nothing, and home has nothing of it.
    foreign = np.where(np.stack([origin[:, :, n].sum(axis=0) for n in regions]) > 0, foreign, 1.0)
    return np.asarray(100 * (gamma * foreign.T[:, :, None]).sum(axis=0))
