"""The decomposition counted again from what its coalitions are worth.

Shapley values are sums of dividends: a coalition's worth beyond that of all its parts, shared alike
among its members (Harsanyi 1963),

    d(S)  =  sum over T in S of (-1)^(|S|-|T|) v(T),     phi_p  =  sum over S with p of d(S) / |S|

which is another way to the same numbers than the mean over orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from zizhu.laboratory.recount.misses import Misses, joined, miss


def why_misses(table: xr.DataArray, games: Sequence[Any], path: Any) -> Misses:
    """Contributions by channel, that they add up to the effect, and the two ends of every game."""
    found: Misses = {"contributions": 0.0}
    years = list(path.case.years)
    one, other = path.record.solution, path.baseline.solution
    base = path.case.base.economy.income
    income = [
        np.log(np.asarray(run.income) / base) - np.asarray(run.log_final_price)
        for run in (other, one)
    ]
    for game in games:
        at = years.index(game.year)
        shown = table.sel(decomposed_year=game.year).transpose("region", "channel")
        whole = 100 * (income[1][at] - income[0][at])
        found["contributions"] = max(
            found["contributions"], miss(shown.values.sum(axis=1), whole, 100.0)
        )
        if not len(game.channels):
            found["contributions"] = max(
                found["contributions"], miss(shown.values, 0 * shown.values)
            )
            continue
        dividends = np.array(game.worth, dtype=float)
        rows = np.arange(len(dividends))
        for bit in range(len(game.channels)):
            inside = rows[(rows >> bit) & 1 == 1]
            dividends[inside] -= dividends[inside ^ (1 << bit)]
        members = np.array([bin(row).count("1") for row in rows])
        shares = dividends / np.maximum(members, 1)[:, None]
        expected = dict.fromkeys(map(str, shown["channel"].values), np.zeros(len(whole)))
        for bit, channel in enumerate(game.channels):
            expected[channel] = 100 * shares[(rows >> bit) & 1 == 1].sum(axis=0)
        parts = [
            miss(shown.sel(channel=channel).values, values, 100.0)
            for channel, values in expected.items()
        ]
        ends = game.worth[0], game.worth[-1]
        # Nobody, sourcing aside, is the baseline; everybody with it the scenario.
        ended = [miss(end, run[at], 1.0) for end, run in zip(ends, income, strict=True)]
        found = joined(found, {"contributions": max(*parts, *ended)})
    return found
