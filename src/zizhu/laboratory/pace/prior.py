"""What was believed before the panel was looked at: one normal each, in unbounded form.

Every prior is an assumption with its reason; `PRIORS` is what the documentation prints.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from zizhu.laboratory.pace.observed import CONFIDENCES, KINDS, MAKERS
from zizhu.laboratory.pace.process import Numbers


@dataclass(frozen=True)
class Prior:
    """Normal of the number itself, or of its logarithm.

    log     whether it is of the logarithm: numbers that are above zero
    reason  why this mean and spread
    """

    mean: float
    spread: float
    log: bool
    reason: str


_FOLLOW = Prior(
    np.log(0.1),
    0.8,
    True,
    "assumption: about a tenth of a gap is closed in a year at the leader's "
    "effort; published rates of convergence of productivity are 2 to 10 percent",
)
_HARDNESS = Prior(
    0.5,
    0.5,
    False,
    "assumption: what takes twice as long to qualify moves between as fast and half as fast",
)
_DRIFT = Prior(0.0, 0.1, False, "assumption: no group of makers is known to gain")
_SPREAD = Prior(
    np.log(0.15),
    0.5,
    True,
    "assumption: shares differ by 0.15 log odds a year, within a factor of 1.6",
)
_FADE = Prior(
    np.log(0.15),
    0.4,
    True,
    "assumption: half of a pace is left after five years, within a factor of 1.5",
)
_SHOCK = Prior(
    np.log(0.1), 0.6, True, "assumption: a tenth of log odds a year, within a factor of 1.8"
)
_ERROR = {
    "read": Prior(np.log(0.05), 0.6, True, "assumption: one point around a half"),
    "medium": Prior(np.log(0.1), 0.6, True, "assumption: twice that"),
    "low": Prior(
        np.log(0.25), 0.6, True, "assumption: definitions differ by six points around a half"
    ),
}

_GROWTH = Prior(
    0.5,
    0.3,
    False,
    "assumption: a part of the growth of an economy is felt in each of "
    "its technologies, between none and all",
)

PRIORS: dict[str, Prior] = {
    "follow": _FOLLOW,
    "growth": _GROWTH,
    "hardness": _HARDNESS,
    **{f"drift {maker} {kind}": _DRIFT for maker in MAKERS for kind in KINDS},
    **{f"spread {kind}": _SPREAD for kind in KINDS},
    **{f"fade {kind}": _FADE for kind in KINDS},
    **{f"shock {kind}": _SHOCK for kind in KINDS},
    **{f"error {confidence}": _ERROR[confidence] for confidence in CONFIDENCES},
}
NAMES = tuple(PRIORS)


def numbers_of(point: Float[Array, " p"]) -> Numbers:
    """The process's numbers at a point of the unbounded space, in the order of `NAMES`."""
    found = {
        name: jnp.exp(value) if prior.log else value
        for (name, prior), value in zip(PRIORS.items(), point, strict=True)
    }

    def group(word: str, of: tuple[str, ...]) -> Float[Array, " g"]:
        return jnp.stack([found[f"{word} {name}"] for name in of])

    return Numbers(
        follow=found["follow"],
        growth=found["growth"],
        hardness=found["hardness"],
        drift=jnp.stack([group(f"drift {maker}", KINDS) for maker in MAKERS]),
        spread=group("spread", KINDS),
        fade=group("fade", KINDS),
        shock=group("shock", KINDS),
        error=group("error", CONFIDENCES),
    )


def log_prior(point: Float[Array, " p"]) -> Float[Array, ""]:
    """Log density of the priors, up to a constant."""
    mean = jnp.asarray([one.mean for one in PRIORS.values()])
    spread = jnp.asarray([one.spread for one in PRIORS.values()])
    return -0.5 * jnp.sum(((point - mean) / spread) ** 2)
