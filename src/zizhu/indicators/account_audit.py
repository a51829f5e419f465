"""Audit of the accounts: identities of a Leontief system, recomputed from the table itself.

The solver's answers are audited against its equations (`zizhu.model.audit`); these are the same for
indicators: what they rest on must hold before any of them is a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from zizhu.errors import WorldError

if TYPE_CHECKING:
    from zizhu.indicators.leontief import Leontief

# Relative. Solves in double precision miss by some 1e-13, a world's own accounts by rounding.
LARGEST_GAP = 1e-9


@dataclass(frozen=True)
class AccountAudit:
    """Largest gap of each identity, relative.

    columns  v + tax_share + column sums of A against one, less what the world's accounts miss by
    output   L f against output x, with f all final demand
    rounds   L f against f + A (L f), the product formed from the table, not from the factors
    uses     how far a unit of output is sold to less than one use in all: upstreamness
             (L x) / x below one
    inputs   how far a unit of output needs less than itself: column sums of L below one
    """

    columns: float
    output: float
    rounds: float
    uses: float
    inputs: float

    @property
    def largest(self) -> float:
        """Worst gap; NaN if any identity could not be computed."""
        return float(np.max(list(vars(self).values())))

    def require(self, world: str) -> None:
        """Raise `WorldError` unless every identity holds."""
        if not self.largest <= LARGEST_GAP:
            gaps = {name: np.nan_to_num(gap, nan=np.inf) for name, gap in vars(self).items()}
            worst = max(gaps, key=lambda name: gaps[name])
            raise WorldError(
                f"world {world}: its accounts do not add up: {_SAID[worst]} by "
                f"{gaps[worst]:.1e} of output, {LARGEST_GAP:.0e} is allowed"
            )


_SAID = {
    "columns": "inputs, taxes and value added miss output",
    "output": "what final demand needs misses output",
    "rounds": "the inverse misses its own equation",
    "uses": "upstreamness is below one",
    "inputs": "column sums of the Leontief inverse are below one",
}


def audit_of_accounts(system: Leontief) -> AccountAudit:
    """Recompute what a Leontief system rests on, from the world's tables and two solves."""
    world, output = system.world, system.output
    cells, made = output.size, output > 0
    scale = np.where(made, output, 1.0)
    # Cells with hardly any output are judged against a millionth of the region's, as worlds are.
    size = np.maximum(output, 1e-6 * output.sum(axis=1, keepdims=True))
    size = np.where(size > 0, size, 1.0)
    used = world.intermediate.sum(axis=(0, 1)) / scale
    columns = used + system.value_added_share + system.tax_share
    slack = max(identity.relative for identity in world.identities())
    final = system.final_demand.sum(axis=2)
    needed, stages = np.moveaxis(system.solve(np.stack([final, output], axis=2)), 2, 0)
    again = world.intermediate.reshape(cells, cells) @ (needed / scale).reshape(cells)
    content = system.solve_transposed(np.ones((*output.shape, 1)))[..., 0]
    return AccountAudit(
        columns=_largest(np.abs(columns - 1.0) * output / size, made) - slack,
        output=_largest(np.abs(needed - output) / size, made),
        rounds=_largest(np.abs(needed - final - again.reshape(output.shape)) / size, made),
        uses=_largest((output - stages) / size, made),
        inputs=_largest(1.0 - content, made),
    )


def _largest(gap: Float[np.ndarray, "i k"], made: np.ndarray) -> float:
    return float(np.max(gap[made], initial=0.0))


def least_of_inverse(inverse: Float[np.ndarray, "c c"]) -> float:
    """Least element of L - I; L is I + A + A^2 + ..., so that none is below zero."""
    least = float(inverse.min())
    return min(least, float(inverse.diagonal().min()) - 1.0)
