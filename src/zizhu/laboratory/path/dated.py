"""What sources say of a node at the base year of a path: shares, home shares, market, pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains import Node
from zizhu.laboratory.base import Measured
from zizhu.laboratory.bottleneck.sourcing import entered, spread
from zizhu.laboratory.path.walk import Figures
from zizhu.world import World


@dataclass(frozen=True)
class NodeFigures:
    """Figures of a node, and how fast shares moved: log odds a year [n], 0 where not observed."""

    figures: Figures
    pace: Float[np.ndarray, " n"]


def figures_of(
    node: Node,
    world: World,
    year: int,
    output: Float[np.ndarray, " n"],
    parameters: Mapping[str, float],
) -> NodeFigures:
    """Figures of a node that is bought, by region of a world.

    output  weights by which groups of countries are spread over regions
    """
    shares = entered(spread(node, output, world.regions), parameters["entry_share"])
    error = {"high": "confirmed", "medium": "medium", "low": "recalled"}
    size = parameters[f"share_error_{error[node.suppliers[0].confidence]}"]
    home = {}
    for place, region in enumerate(world.regions):
        found = node.home_share(region)
        if found is not None:
            home[place] = Measured(min(found.value, 100) / 100, 0.3)
    market = None
    if node.market:
        nearest = min(node.market, key=lambda one: abs(one.year - year))
        market = (nearest.value, {"high": 0.1, "medium": 0.25, "low": 0.5}[nearest.confidence])
    return NodeFigures(
        Figures(shares, np.full(len(shares), size), home, market), np.zeros(len(shares))
    )
