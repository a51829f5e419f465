"""Other structures of the model, as alike as nobody can tell: a few, each a choice of its own.

What the scenario asks for keeps the weight that the parameter `other_structure` leaves; the others
share it alike. They are other published elasticities, sectors without scale economies, and trade
that brings no ideas. Mechanisms that nobody doubts are not switched off here: what they are worth
is said by `doubts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from zizhu.errors import ParameterError, ScenarioError
from zizhu.laboratory.case import elasticities_of
from zizhu.laboratory.path.arguments import Choices
from zizhu.laboratory.path.case import Curvature, PathCase, curvature_of
from zizhu.parameters import regimes, values
from zizhu.policy.scenario import ElasticityOverrides, Options

# One elasticity for all is for teaching, not a rival of what was estimated.
_NO_RIVAL = ("uniform",)


class Alternative(NamedTuple):
    """A structure.

    name          what differs from what was asked; `as asked`
    scale, elasticities  of sectors, as in `path_case`
    switches      all that are set
    curvature     elasticities and levels; None as the case has them
    """

    name: str
    scale: str
    elasticities: str
    switches: Mapping[str, bool]
    curvature: Curvature | None = None


def alternatives(
    case: PathCase, choices: Choices, overrides: Mapping[str, float]
) -> list[Alternative]:
    """What was asked first, then the others that have a unique equilibrium."""
    asked = Alternative("as asked", case.scale_regime, choices.elasticities, choices.switches)
    found = [
        asked._replace(name=f"elasticities={name}", elasticities=name)
        for name in regimes()
        if name not in (*_NO_RIVAL, choices.elasticities)
    ]
    if case.scale_regime != "none":
        found.append(asked._replace(name="scale=none", scale="none"))
    found = [one for one in found if _unique(case, one, overrides)]
    if choices.switches.get("ideas", True):
        found.append(
            asked._replace(name="ideas=off", switches={**choices.switches, "ideas": False})
        )
    return [asked, *found]


def with_curvature(case: PathCase, one: Alternative, overrides: Mapping[str, float]) -> Alternative:
    """A structure with its elasticities and levels, where they are not those of the case."""
    if one.name == "as asked" or one.name.startswith("ideas"):
        return one
    curvature = curvature_of(
        case.world, case.growth, overrides, scale=one.scale, elasticities=one.elasticities
    )
    return one._replace(curvature=curvature)


def weights(case: PathCase, number: int) -> list[float]:
    """Weights of so many structures, what was asked first."""
    other = case.parameters["other_structure"] if number > 1 else 0.0
    return [1 - other, *np.full(number - 1, other / max(number - 1, 1)).tolist()]


def _unique(case: PathCase, one: Alternative, overrides: Mapping[str, float]) -> bool:
    """Whether scale economies are weak enough for a unique equilibrium."""
    scale = "none" if one.scale == "none" else "labour"
    options = Options(elasticities=one.elasticities, scale=scale)
    given = {**values(overrides), "public_funds": 1.0}
    try:
        elasticities_of(case.world, options, ElasticityOverrides(), given)
    except (ScenarioError, ParameterError):
        return False
    return True
