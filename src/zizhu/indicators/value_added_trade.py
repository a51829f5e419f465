"""Trade in value added: whose value added is in exports, and where value added is absorbed.

Sources: Hummels, Ishii and Yi (2001) for vertical specialisation; Koopman, Wang and Wei (2014) and
OECD, Guide to the Trade in Value Added indicators, for the measures in global tables (EXGR,
EXGR_DVA, EXGR_FVA, BSCI, FFD_DVA); Johnson and Noguera (2012) for value-added exports.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.labelled import Variable, dataset, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_CELL, _REGION = ("region", "sector"), ("region",)


def value_added_trade(world: World | Leontief) -> xr.Dataset:
    """Value added in gross exports by origin, participation in chains, and demand abroad.

    With e[n,j] gross exports of (n, j), all uses, at basic prices before duties, v value added per
    unit of output and L the Leontief inverse of the whole world:

        exports[n,j]                = e
        origin[i,n,j]               = sum_k v[ik] L[ik,nj] e[nj]    value added of i (EXGR_BSCI)
        domestic_value_added[n,j]   = origin[n,n,j]                 (EXGR_DVA)
        foreign_value_added[n,j]    = sum over i != n of origin     (EXGR_FVA, vertical
                                      specialisation in a global table)
        taxes[n,j]                  = sum_ik t[ik] L[ik,nj] e[nj]   net taxes on inputs, any region

    The last three add up to exports. By region, and in percent of its exports:

        backward_participation[n]   = sum_j foreign_value_added
        forward_participation[i]    = sum over n != i and j of origin[i,n,j], over exports of i

    Backward participation is also given by sector. Value added that crosses borders more than once
    is counted in the exports of every country that it passes, as in TiVA.

        absorbed[i,k,n]             = v[ik] (L f)[ik,n]    value added of (i,k) in final demand of n
        value_added_exports[i,k]    = sum over n != i of absorbed    (FFD_DVA)
        vax_ratio[i]                = sum_k value_added_exports over exports of i, percent

    Money is in millions of the world's currency. `absorbed` adds up to value added over markets.
    """
    system = system_of(world)
    table = system.world
    money = f"million {table.currency}"
    abroad = 1 - np.eye(len(table.regions))
    exports = (table.flows * abroad[:, None, :]).sum(axis=2)
    origin = system.value_added_content * exports
    home = np.einsum("nnj->nj", origin)
    foreign = (origin * abroad[:, :, None]).sum(axis=0)
    taxes = system.solve_transposed(system.tax_share[..., None])[..., 0] * exports
    total = exports.sum(axis=1)
    in_others = (origin.sum(axis=2) * abroad).sum(axis=1)
    absorbed = system.value_added_share[..., None] * system.output_by_final_demand
    sent = (absorbed * abroad[:, None, :]).sum(axis=2)
    of_exports = "percent of exports"
    return dataset(
        table,
        {
            "exports": Variable(_CELL, exports, money, "gross exports, all uses, before duties"),
            "origin": Variable(
                ("supplier", "region", "sector"),
                origin,
                money,
                "value added of the supplier region in the exports of the sector",
            ),
            "domestic_value_added": Variable(
                _CELL, home, money, "value added of the region itself in its exports"
            ),
            "foreign_value_added": Variable(
                _CELL, foreign, money, "value added of other regions in its exports"
            ),
            "taxes": Variable(
                _CELL, taxes, money, "net taxes on inputs, of any region, in its exports"
            ),
            "backward_participation": Variable(
                _REGION,
                percent(foreign.sum(axis=1), total),
                of_exports,
                "foreign value added in exports, over exports",
            ),
            "sector_backward_participation": Variable(
                _CELL,
                percent(foreign, exports),
                of_exports,
                "foreign value added in exports of the sector, over these exports",
            ),
            "forward_participation": Variable(
                _REGION,
                percent(in_others, total),
                of_exports,
                "value added of the region in the exports of others, over its own exports",
            ),
            "absorbed": Variable(
                ("region", "sector", "market"),
                absorbed,
                money,
                "value added of the sector that final demand of the market absorbs",
            ),
            "value_added_exports": Variable(
                _CELL, sent, money, "value added of the sector that final demand abroad absorbs"
            ),
            "vax_ratio": Variable(
                _REGION,
                percent(sent.sum(axis=1), total),
                of_exports,
                "value added absorbed abroad, over gross exports",
            ),
        },
    )
