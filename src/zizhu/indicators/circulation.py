"""Dual circulation: value added that lives from demand at home, and from demand abroad."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.labelled import Variable, dataset, divide, own, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_CELL, _REGION = ("region", "sector"), ("region",)


def circulation(world: World | Leontief) -> xr.Dataset:
    """Value added of (n, k) due to domestic and to foreign final demand.

        internal[n,k]  = v[nk] (L f_n)[nk]                  final demand of n itself
        external[n,k]  = v[nk] sum over m != n of (L f_m)[nk]   final demand of others

    which add up to value added. `internal_share` is internal over value added, in percent;
    `dual_circulation_ratio` is internal over external, a number: above one where more value added
    lives from demand at home. Variables that start with `region_` are of all sectors together.
    Inputs that go abroad and return in goods for domestic final demand count as internal.

    Final demand includes investment. The name is that of the policy (dual circulation, 2020); the
    split is the value added content of final demand, Johnson and Noguera (2012), Timmer et al.
    (2013).
    """
    system = system_of(world)
    absorbed = system.value_added_share[..., None] * system.output_by_final_demand
    internal = own(absorbed)
    external = (absorbed * (1 - np.eye(internal.shape[0]))[:, None, :]).sum(axis=2)
    home, abroad = internal.sum(axis=1), external.sum(axis=1)
    money = f"million {system.world.currency}"
    share = "value added due to domestic final demand, over value added"
    ratio = "value added due to domestic over value added due to foreign final demand"
    return dataset(
        system.world,
        {
            "internal": Variable(
                _CELL, internal, money, "value added due to domestic final demand"
            ),
            "external": Variable(_CELL, external, money, "value added due to foreign final demand"),
            "internal_share": Variable(
                _CELL, percent(internal, internal + external), "percent", share
            ),
            "dual_circulation_ratio": Variable(_CELL, divide(internal, external), "1", ratio),
            "region_internal_share": Variable(
                _REGION, percent(home, home + abroad), "percent", f"{share}, all sectors"
            ),
            "region_dual_circulation_ratio": Variable(
                _REGION, divide(home, abroad), "1", f"{ratio}, all sectors"
            ),
        },
    )
