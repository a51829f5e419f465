"""What sources say of a node at the base year of a path: shares, home shares, market, pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.chains import Node
from zizhu.laboratory.base import Dated, dated
from zizhu.laboratory.path.walk import Figures
from zizhu.world import World


@dataclass(frozen=True)
class NodeFigures:
    """Figures of a node, and how fast shares moved: log odds a year [n], 0 where not observed.

    known  the same with dates and what each rests on
    """

    figures: Figures
    pace: Float[np.ndarray, " n"]
    known: Dated


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
    known = dated(node, world.regions, output, year, parameters)
    market = (known.market.size, known.market.error) if known.market else None
    figures = Figures(known.shares, known.shares_error, known.measured, market)
    return NodeFigures(figures, known.paces.pace, known)
