"""How few suppliers a region buys from: Herfindahl index, largest supplier, effective number."""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.labelled import Variable, dataset, divide
from zizhu.world import World

USES = ("all", "intermediate")
SCOPES = ("imports", "total")
_DIMS = ("use", "scope", "user", "sector")


def concentration(world: World) -> xr.Dataset:
    """Concentration of the suppliers of sector k to user region n.

    With s[i] the share of supplier region i in what n buys of k, before duties:

        hhi               = sum_i s[i]^2        1 for one supplier, 1/m for m equal ones
        largest_share     = max_i s[i]          in percent, and its supplier, `largest_supplier`
        effective_number  = 1 / hhi             as many equal suppliers would give this index

    `use` is all uses or intermediate use; `scope` is imports, or total use with own sales as one
    more supplier. Where nothing is bought values are not a number and the supplier is empty. A
    region that stands for many countries counts as one supplier.

    Source: Herfindahl (1950), Hirschman (1964).
    """
    abroad = 1 - np.eye(len(world.regions))[:, None, :]
    flows = {"all": world.flows, "intermediate": world.intermediate.sum(axis=3)}
    shape = (len(USES), len(SCOPES), len(world.regions), len(world.sectors))
    hhi, share = np.empty(shape), np.empty(shape)
    largest = np.empty(shape, dtype=np.array(world.regions).dtype)
    for use, name in enumerate(USES):
        for scope, mask in enumerate((abroad, 1.0)):
            part = supplier_shares(flows[name] * mask)
            hhi[use, scope] = (part**2).sum(axis=0).T
            share[use, scope] = part.max(axis=0).T
            first = np.array(world.regions)[np.nan_to_num(part).argmax(axis=0).T]
            largest[use, scope] = np.where(np.isnan(share[use, scope]), "", first)
    return dataset(
        world,
        {
            "hhi": Variable(
                _DIMS, hhi, "1", "Herfindahl-Hirschman index of supplier shares, 0 to 1"
            ),
            "largest_supplier": Variable(
                _DIMS, largest, "1", "supplier region with the largest share"
            ),
            "largest_share": Variable(
                _DIMS, 100 * share, "percent", "share of the largest supplier region"
            ),
            "effective_number": Variable(
                _DIMS, 1 / hhi, "1", "number of equal suppliers with the same index, 1/hhi"
            ),
        },
        {"use": USES, "scope": SCOPES},
    )


def supplier_shares(flows: Float[np.ndarray, "i k n"]) -> Float[np.ndarray, "i k n"]:
    """Share of each supplier in what (k, n) is bought, not a number where nothing is."""
    return divide(flows, flows.sum(axis=0, keepdims=True))
