"""A static measure on a path: its wedges, in each year as far as it is in force."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.path_context import PathContext
from zizhu.policy.path_wedges import PathWedges
from zizhu.policy.wedges import Wedges


def on_path(static: Wedges, force: Float[np.ndarray, " t"], context: PathContext) -> PathWedges:
    """Static wedges times the part in force in each year.

    Raises `ScenarioError` for what a path does not have: limits on flows, trade costs by use.
    """
    if static.limits_flows:
        raise ScenarioError(
            "cut: a path has no limits on flows of sectors; name `nodes` of a chain whose sales "
            "are barred, or give `cost`"
        )
    cost = static.log_iceberg
    if (cost != cost[..., :1]).any():
        raise ScenarioError("uses: a path has one trade cost for all uses; leave uses out")
    changes = static._asdict()
    del changes["log_flow_limit"]
    changes["log_iceberg"] = cost[..., 0]
    moved = {
        name: force.reshape(-1, *[1] * values.ndim) * values
        for name, values in changes.items()
        if values.any()
    }
    return context.no_path()._replace(**moved)
