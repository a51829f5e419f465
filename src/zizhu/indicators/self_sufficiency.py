"""Self-sufficiency by sector under each definition in use; they differ, so each has its name."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.labelled import Variable, dataset, divide, own, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_CELL = ("region", "sector")


def self_sufficiency(world: World | Leontief) -> xr.Dataset:
    """Self-sufficiency of region n in sector k, six definitions, each in percent.

    With q[i,k,n] sales of (i, k) to n for all uses before duties, x output, X and M exports and
    imports, f final demand, A input coefficients, v value added per unit, L the Leontief inverse:

        home_share              q[n,k,n] / sum_i q[i,k,n]          domestic share of domestic use
        output_to_use           x[n,k] / sum_i q[i,k,n]            above 100: net exporter
        trade_balance           (X - M) / (X + M)                  -100 to 100
        value_added_home_share  sum_i (sum_l v[nl] L[nl,ik]) f[i,k,n] / sum_i f[i,k,n]
                                domestic value added in what final demand buys of k, all tiers
        input_home_share        sum_l A[nl,nk] / sum_il A[il,nk]   domestic share of k's own inputs
        world_share             x[n,k] / sum_i x[i,k]              share of world output

    Where nothing is used, traded, bought or made the ratio is not a number. What is missing from
    100 in the value added share is foreign value added and net taxes on inputs.
    """
    system = system_of(world)
    table, output, flows = system.world, system.output, system.world.flows
    used, sold_at_home = flows.sum(axis=0).T, own(flows)
    # Summed, not taken as a difference: rounding would look like trade where there is none.
    trade = flows * (1 - np.eye(len(table.regions)))[:, None, :]
    exports, imports = trade.sum(axis=2), trade.sum(axis=0).T
    final = system.final_demand
    inside = np.einsum("nik,ikn->nk", system.value_added_content, final)
    inputs = table.intermediate.sum(axis=1)  # i n j
    return dataset(
        table,
        {
            "home_share": Variable(
                _CELL,
                percent(sold_at_home, used),
                "percent",
                "domestic share of domestic use, all uses, before duties",
            ),
            "output_to_use": Variable(
                _CELL, percent(output, used), "percent", "output over domestic use, all uses"
            ),
            "trade_balance": Variable(
                _CELL,
                100 * divide(exports - imports, exports + imports),
                "percent",
                "exports less imports over exports plus imports",
            ),
            "value_added_home_share": Variable(
                _CELL,
                percent(inside, final.sum(axis=0).T),
                "percent",
                "domestic value added in what domestic final demand buys of the sector from all "
                "suppliers, through all tiers",
            ),
            "input_home_share": Variable(
                _CELL,
                percent(np.einsum("nnj->nj", inputs), inputs.sum(axis=0)),
                "percent",
                "domestic share of the direct inputs that the sector uses, before duties",
            ),
            "world_share": Variable(
                _CELL,
                percent(output, output.sum(axis=0, keepdims=True)),
                "percent",
                "share of world output of the sector, by location of production",
            ),
        },
    )
