"""Money for research, counted against research that grows with the economy anyway.

The model's research effort is money relative to the base year's, and its baseline has the effort
constant: research grows with GDP. New money M_t therefore counts as M_t GDP_0 / GDP_t, and what is
needed only to keep its weight is used without effect (wedge `outlay`), so that all of it costs.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges


def research_wedges(context: PathContext, money: Float[np.ndarray, "t n"]) -> PathWedges:
    """Research and outlay wedges of real new money, million a year."""
    counted = money * context.gdp[0] / context.gdp
    return context.no_path()._replace(research=counted, outlay=money - counted)


def baseline_research(context: PathContext) -> Float[np.ndarray, "t n"]:
    """Million a year of the baseline: the base year's share of GDP."""
    return np.asarray(context.research * context.gdp / context.gdp[0])
