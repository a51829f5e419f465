"""Figures of dependence in a true and a rebuilt table: how wrong the figures are, not the cells.

Errors of cells cancel in sums; what a reader sees is a sum. Each figure is computed in both
tables and compared as cells are (value-weighted root mean square of ln(rebuilt / true)).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from zizhu.world.doubt import FIGURE_SIZE

Table = Float[np.ndarray, "..."]


def figures_of(
    uses: Float[np.ndarray, "i k i ju"], value_added: Float[np.ndarray, "i k"]
) -> dict[str, tuple[Table, Table]]:
    """Shares [partner, region, sector] by name, with the value that each share is of.

    inputs  partner's share of the inputs of (n,j), face value or look-through (gross production
            of the partner in one unit of output, the unit itself left out)
    sales   partner's share of the sales of (n,k), face value or look-through (Ghosh)
    """
    count, width = value_added.shape
    size = count * width
    z = uses[..., :width]
    inputs = z.sum(axis=1)  # i n j
    output = uses.sum(axis=(2, 3))
    x = np.where(output > 0, output, 1.0).ravel()
    flat = z.reshape(size, size)
    made = (np.linalg.inv(np.eye(size) - flat / x[None, :]) - np.eye(size)).reshape(
        count, width, count, width
    )
    content = made.sum(axis=1)  # i n j
    sales = uses.sum(axis=3).transpose(2, 0, 1)  # market, n, k
    bought = (np.linalg.inv(np.eye(size) - flat / x[:, None]) - np.eye(size)).reshape(
        count, width, count, width
    )
    carried = bought.sum(axis=3).transpose(2, 0, 1)  # market, n, k
    spent, sold = inputs.sum(axis=0), output

    def shares(flows: Table) -> Table:
        total = flows.sum(axis=0)
        return np.asarray(np.divide(flows, total, out=np.zeros_like(flows), where=total > 0))

    return {
        "inputs face value": (shares(inputs), spent),
        "inputs look-through": (shares(content), spent),
        "sales face value": (shares(sales), sold),
        "sales look-through": (shares(carried), sold),
    }


def foreign(shares: Table) -> Table:
    """Shares of all foreign partners together [region, sector]."""
    abroad = 1.0 - np.eye(shares.shape[0])
    return np.asarray(np.einsum("inj,in->nj", shares, abroad))


def size_of(shares: Table) -> np.ndarray:
    """Index of the size class of shares."""
    bounds = list(FIGURE_SIZE.values())
    return np.where(shares >= bounds[0], 0, np.where(shares >= bounds[1], 1, 2))
