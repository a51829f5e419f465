"""Negative final uses: the documented rule that removes them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def remove_negative_uses(
    intermediate: Float[np.ndarray, "s s"],
    final: Float[np.ndarray, "s f"],
    value_added: Float[np.ndarray, " s"],
    taxes: Float[np.ndarray, " s"],
) -> tuple[
    Float[np.ndarray, "s s"],
    Float[np.ndarray, "s f"],
    Float[np.ndarray, " s"],
    Float[np.ndarray, " s"],
    float,
]:
    """Set negative final uses (inventory run-downs) to zero and rebuild output around the rest.

    Output follows from the Leontief inverse, x = (I - A)^-1 f, with cost shares kept: the rule of
    Costinot and Rodriguez-Clare (2014). Rows and columns run over (region, sector). Returns the
    four tables and the value removed as a share of final use.
    """
    negative = np.minimum(final, 0.0)
    if not negative.any():
        return intermediate, final, value_added, taxes, 0.0
    kept = final - negative
    output = intermediate.sum(axis=1) + final.sum(axis=1)
    shares = np.divide(
        intermediate, output[None, :], out=np.zeros_like(intermediate), where=output[None, :] > 0
    )
    rebuilt = np.linalg.solve(np.eye(len(output)) - shares, kept.sum(axis=1))
    growth = np.divide(rebuilt, output, out=np.ones_like(output), where=output > 0)
    removed = float(-negative.sum() / kept.sum())
    return shares * rebuilt[None, :], kept, value_added * growth, taxes * growth, removed
