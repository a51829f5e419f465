"""Openness to people, patents and licences of other regions, cut or added to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from zizhu.errors import ScenarioError
from zizhu.policy.path_context import PathContext


def isolation(
    context: PathContext,
    learners: Sequence[int],
    teachers: Sequence[int],
    part: float,
    force: Float[np.ndarray, " t"],
) -> Float[np.ndarray, "t n n"]:
    """Part of the learners' openness to the teachers that is cut, below zero: added; never to self.

    Raises `ScenarioError` if nothing but a region's openness to itself is left.
    """
    mask = np.zeros((len(context.world.regions),) * 2)
    mask[np.ix_(learners, teachers)] = 1.0
    np.fill_diagonal(mask, 0.0)
    if not mask.any():
        region = context.world.regions[learners[0]]
        raise ScenarioError(f"the target is empty: nobody can be cut off from {region} but others")
    return np.asarray(part * force[:, None, None] * mask)
