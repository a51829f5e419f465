"""Hypothetical extraction by accounting: what stands behind flows that are cut.

Two readings of the same cut, each at given input ratios. Neither is a forecast: nobody replaces
anything. The model's answer, where everybody does, is `zizhu.laboratory.equilibrium_extraction`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.indicators.labelled import Variable, dataset, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_CELL, _REGION = ("region", "sector"), ("region",)

Names = str | Iterable[str] | None


def extraction(
    world: World | Leontief,
    *,
    suppliers: Names = None,
    sectors: Names = None,
    users: Names = None,
    cut: float = 1.0,
    own_sales: bool = False,
) -> xr.Dataset:
    """What is lost if flows from suppliers to users in sectors fall by the share `cut`.

    A name, a group of the world, several, or None for all: a supplier country is
    `suppliers="CHN"`, one flow names all three, a sector is `sectors="C26"`. Own sales are left
    alone unless `own_sales`. With m[i,k,n] equal to `cut` on the flows that are cut and zero
    elsewhere, Z* = (1 - m) Z and f* = (1 - m) f:

    Demand side, whose income hangs on the sales (Dietzenbacher, van Burken and Kondo 2019; Los,
    Timmer and de Vries 2016). The flows are set to zero, users do not buy elsewhere instead, all
    other final demand and the outputs' other inputs stay:

        output_lost[i,k]       = x - (I - A*)^-1 f*    A* = Z* x^-1
        value_added_lost[i,k]  = v output_lost

    It measures what would no longer be bought from the supplier side and from its own suppliers:
    exposed income of sellers, not the harm to users. `region_` variables are in percent of the
    region's output or value added.

    Supply side, how far users' output contains what is cut:

        direct_cut_content[n,j] = 100 sum_ik m A[ik,nj]               value, first tier
        cut_content[n,j]        = 100 sum_ik,ml m A[ik,ml] L[ml,nj]   value, all tiers
        stopped_output[n,j]     = 100 max_k sum_i m Z[ik,nj] / sum_i Z[ik,nj]

    in percent of output. `stopped_output` is the output that cannot be made if every sector's
    product is needed in fixed proportion, other suppliers of it deliver no more than before, and
    stocks are empty: no substitution at all, however small the input, hence an upper bound of the
    first round. Further rounds are left out on purpose: with shortages passed on in proportion, a
    sector that uses its own product shrinks to nothing, whatever the cut. `final_use_cut[n]` is the
    part of final spending of n that is cut, in percent.

    Raises `WorldError` for a name that the world does not have, an empty target, or a share that
    is not above 0 and at most 1.
    """
    system = system_of(world)
    table, output = system.world, system.output
    if not 0 < cut <= 1:
        raise WorldError(f"cut: {cut:g} found; it must be a share above 0, at most 1")
    target = flow_target(table, suppliers, sectors, users, own_sales=own_sales)
    share = cut * target
    remaining = _output_after(system, share)
    lost = np.maximum(output - remaining, 0.0)
    value_lost = system.value_added_share * lost
    scale = np.where(output > 0, output, 1.0)
    by_sector = np.einsum("ikn,iknj->knj", share, table.intermediate)
    direct = np.where(output > 0, by_sector.sum(axis=0) / scale, 0.0)
    content = system.solve_transposed(direct[..., None])[..., 0]
    used = table.intermediate.sum(axis=0)
    stopped = np.divide(by_sector, used, out=np.zeros_like(used), where=used > 0).max(axis=0)
    final = system.final_demand
    money = f"million {table.currency}"
    return dataset(
        table,
        {
            "output_lost": Variable(
                _CELL, lost, money, "output no longer needed when the flows are not bought"
            ),
            "value_added_lost": Variable(
                _CELL, value_lost, money, "value added in output no longer needed"
            ),
            "region_output_lost": Variable(
                _REGION,
                percent(lost.sum(axis=1), output.sum(axis=1)),
                "percent",
                "output no longer needed, over output",
            ),
            "region_value_added_lost": Variable(
                _REGION,
                percent(value_lost.sum(axis=1), table.gdp),
                "percent",
                "value added in output no longer needed, over value added",
            ),
            "direct_cut_content": Variable(
                _CELL, 100 * direct, "percent of output", "inputs that are cut, first tier"
            ),
            "cut_content": Variable(
                _CELL, 100 * content, "percent of output", "inputs that are cut, all tiers"
            ),
            "stopped_output": Variable(
                _CELL,
                100 * stopped,
                "percent of output",
                "largest cut share of any sector's input: output that stops in the first round "
                "without any substitution, an upper bound",
            ),
            "final_use_cut": Variable(
                _REGION,
                percent(np.einsum("ikn,ikn->n", share, final), final.sum(axis=(0, 1))),
                "percent of final use",
                "final use that is cut",
            ),
        },
    )


def flow_target(
    world: World, suppliers: Names, sectors: Names, users: Names, *, own_sales: bool = False
) -> Bool[np.ndarray, "i k i"]:
    """Whether a flow is meant; None is all, own sales only if asked for.

    Raises `WorldError` for an unknown name or if no flow is left.
    """
    target = np.zeros(world.tariff.shape, dtype=bool)
    target[
        np.ix_(
            _places(suppliers, world.regions, "suppliers", world),
            _places(sectors, world.sectors, "sectors", world),
            _places(users, world.regions, "users", world),
        )
    ] = True
    if not own_sales:
        places = np.arange(len(world.regions))
        target[places, :, places] = False
    if not target.any():
        raise WorldError("the target is empty: own sales are not touched unless asked for")
    return target


def _places(names: Names, known: tuple[str, ...], field: str, world: World) -> list[int]:
    if names is None:
        return list(range(len(known)))
    chosen: set[int] = set()
    for name in [names] if isinstance(names, str) else names:
        for member in world.groups.get(name, (name,)):
            if member not in known:
                raise WorldError(
                    f"{field}: {quoted(member)} is not in world {world.name}"
                    f"{did_you_mean(member, [*known, *world.groups])}"
                )
            chosen.add(known.index(member))
    return sorted(chosen)


def _output_after(system: Leontief, share: Float[np.ndarray, "i k i"]) -> Float[np.ndarray, "i k"]:
    """Output for the final demand that is left, with the cut inputs gone.

    I - A* = (I - A) + E D, where E picks the rows that are cut and D holds what they lose, so that
    the factors of I - A serve again (Sherman, Morrison and Woodbury).
    """
    table, shape = system.world, system.output.shape
    cells = system.output.size
    demand = (system.final_demand * (1 - share)).sum(axis=2)
    rows = np.argwhere(share.any(axis=2))
    scale = np.where(system.output > 0, system.output, 1.0)
    pick = np.zeros((*shape, len(rows)))
    loss = np.empty((len(rows), cells))
    for place, (i, k) in enumerate(rows):
        pick[i, k, place] = 1.0
        loss[place] = (share[i, k][:, None] * table.intermediate[i, k] / scale).reshape(cells)
    before = system.solve(demand[..., None]).reshape(cells)
    columns = system.solve(pick).reshape(cells, len(rows))
    correction = np.linalg.solve(np.eye(len(rows)) + loss @ columns, loss @ before)
    return np.asarray((before - columns @ correction).reshape(shape))
