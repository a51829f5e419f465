"""The Leontief system of a world, factorised once and solved as often as indicators need."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from jaxtyping import Float

from zizhu.world import World

# Right-hand sides that are solved together where all columns are needed: wide enough for fast
# matrix products, narrow enough not to matter beside the factors.
BLOCK = 256


class Leontief:
    """L = (I - A)^-1 of a world, with A[ik,nj] = Z[i,k,n,j] / x[n,j].

    I - A is factorised once (LU, double precision). Products with L and with its transpose are
    triangular solves for the given right-hand sides; L itself is formed only by `inverse`. A cell
    without output has a column of zeros in A, so that its column of L is the unit vector.

    Letters: i, n regions; k, j sectors; b right-hand sides.

    world               the world that it was made from
    output              x[i,k], sales to all users before tariffs
    value_added_share   v[n,j] = VA / x, zero without output
    tax_share           net taxes on products paid by the sector over x, duties included

    Columns add up: v + tax_share + the column sum of A is one wherever there is output, as exactly
    as the world's own accounts do.

    Source: Miller and Blair (2022), Input-Output Analysis, chapters 2 and 3.
    """

    world: World
    output: Float[np.ndarray, "i k"]
    value_added_share: Float[np.ndarray, "i k"]
    tax_share: Float[np.ndarray, "i k"]

    def __init__(self, world: World) -> None:
        from scipy.linalg import lu_factor  # noqa: PLC0415 (slow, and paths do without)

        self.world = world
        self.output = world.output
        scale = np.where(self.output > 0, self.output, 1.0)
        self.value_added_share = np.where(self.output > 0, world.value_added / scale, 0.0)
        self.tax_share = np.where(self.output > 0, world.taxes / scale, 0.0)
        cells = self.output.size
        # In C order whatever the world's arrays are in: only then is the line below a view.
        system = np.ascontiguousarray(
            np.divide(world.intermediate.reshape(cells, cells), -scale.reshape(cells))
        )
        system.reshape(-1)[:: cells + 1] += 1.0
        # LAPACK wants columns in sequence: the transpose is that without a copy, and is
        # factorised in place. All solves below therefore swap the two systems.
        self._factors = lu_factor(system.T, overwrite_a=True, check_finite=False)

    def solve(self, demand: Float[np.ndarray, "i k b"]) -> Float[np.ndarray, "i k b"]:
        """Output that final demand needs, directly and indirectly: L y for each column y."""
        return self._solved(demand, transposed=True)

    def solve_transposed(self, content: Float[np.ndarray, "i k b"]) -> Float[np.ndarray, "i k b"]:
        """What is in one unit of final output of each cell, given what is in output: L' c.

        With c one for the cells of a region and zero elsewhere it is the gross production there
        that a unit of final output of (n, j) needs; with c = v there, the value added.
        """
        return self._solved(content, transposed=False)

    def _solved(
        self, sides: Float[np.ndarray, "i k b"], *, transposed: bool
    ) -> Float[np.ndarray, "i k b"]:
        from scipy.linalg import lu_solve  # noqa: PLC0415 (slow, and paths do without)

        flat = sides.reshape(self.output.size, -1)
        found = lu_solve(self._factors, flat, trans=1 if transposed else 0, check_finite=False)
        return np.asarray(found).reshape(sides.shape)

    @property
    def coefficients(self) -> Float[np.ndarray, "i k i k"]:
        """A[i,k,n,j], input per unit of output; formed anew at each call."""
        return np.asarray(
            self.world.intermediate / np.where(self.output > 0, self.output, 1.0)[None, None]
        )

    def inverse(self) -> Float[np.ndarray, "i k i k"]:
        """L[i,k,n,j] in full; formed anew at each call, as large as the table itself."""
        from scipy.linalg import lu_solve  # noqa: PLC0415 (slow, and paths do without)

        cells = self.output.size
        full = np.empty((cells, cells))
        for start in range(0, cells, BLOCK):
            sides = np.zeros((cells, min(BLOCK, cells - start)))
            sides[np.arange(start, start + sides.shape[1]), np.arange(sides.shape[1])] = 1.0
            full[:, start : start + sides.shape[1]] = lu_solve(
                self._factors, sides, trans=1, overwrite_b=True, check_finite=False
            )
        return full.reshape(*self.output.shape, *self.output.shape)

    def own_blocks(self) -> Float[np.ndarray, "n k k"]:
        """L[n,k,n,j], the blocks of each region on its own products, without the rest of L."""
        regions, sectors = self.output.shape
        together = max(1, BLOCK // sectors)
        blocks = np.empty((regions, sectors, sectors))
        for start in range(0, regions, together):
            chosen = range(start, min(start + together, regions))
            sides = np.zeros((regions, sectors, len(chosen), sectors))
            for place, region in enumerate(chosen):
                sides[region, :, place, :] = np.eye(sectors)
            found = self.solve(sides.reshape(regions, sectors, -1)).reshape(sides.shape)
            for place, region in enumerate(chosen):
                blocks[region] = found[region, :, place, :]
        return blocks

    def by_region(self, values: Float[np.ndarray, "i k"]) -> Float[np.ndarray, "i k i"]:
        """One column per region: `values` on its own cells, zero elsewhere."""
        return np.asarray(values[:, :, None] * np.eye(len(self.world.regions))[:, None, :])

    @cached_property
    def production_content(self) -> Float[np.ndarray, "i n j"]:
        """Gross production in region i per unit of final output of (n, j): sum over k of L."""
        found = self.solve_transposed(self.by_region(np.ones_like(self.output)))
        return np.ascontiguousarray(found.transpose(2, 0, 1))

    @cached_property
    def value_added_content(self) -> Float[np.ndarray, "i n j"]:
        """Value added of region i per unit of final output of (n, j): sum over k of v L."""
        found = self.solve_transposed(self.by_region(self.value_added_share))
        return np.ascontiguousarray(found.transpose(2, 0, 1))

    @cached_property
    def final_demand(self) -> Float[np.ndarray, "i k n"]:
        """Final demand of region n, all final uses, by supplier and sector."""
        return np.asarray(self.world.final.sum(axis=3))

    @cached_property
    def output_by_final_demand(self) -> Float[np.ndarray, "i k n"]:
        """Output of (i, k) that final demand of region n needs: L f of n; sums over n to x."""
        return self.solve(self.final_demand)


def system_of(world: World | Leontief) -> Leontief:
    """The Leontief system of a world; one that is there already is used as it is."""
    return world if isinstance(world, Leontief) else Leontief(world)
