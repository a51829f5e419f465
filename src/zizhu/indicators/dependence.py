"""All dependence indicators of a world from one factorisation."""

from __future__ import annotations

import xarray as xr

from zizhu.indicators.circulation import circulation
from zizhu.indicators.concentration import concentration
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.indicators.position import position
from zizhu.indicators.reliance import input_reliance, input_reliance_by_input, market_reliance
from zizhu.indicators.self_sufficiency import self_sufficiency
from zizhu.indicators.value_added_trade import value_added_trade
from zizhu.world import World


def dependence(world: World | Leontief) -> dict[str, xr.Dataset]:
    """Every dependence table that needs no user or cut to be named, by name of its function.

    The Leontief system is factorised once for all of them.
    """
    system = system_of(world)
    return {
        "input_reliance": input_reliance(system),
        "input_reliance_by_input": input_reliance_by_input(system),
        "market_reliance": market_reliance(system),
        "value_added_trade": value_added_trade(system),
        "concentration": concentration(system.world),
        "self_sufficiency": self_sufficiency(system),
        "position": position(system),
        "circulation": circulation(system),
    }
