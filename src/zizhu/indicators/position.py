"""Where a sector stands in chains: upstreamness and downstreamness."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zizhu.indicators.labelled import Variable, dataset, divide
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_CELL, _REGION = ("region", "sector"), ("region",)


def position(world: World | Leontief) -> xr.Dataset:
    """Upstreamness and downstreamness of each (n, k), and of each region weighted by output.

        upstreamness[n,k]    = row sum of the Ghosh inverse (I - B)^-1, B[ik,nj] = Z[ik,nj] / x[ik]
        downstreamness[n,k]  = column sum of the Leontief inverse

    Upstreamness is the average number of stages until final use, one for what is only sold to final
    use. Downstreamness is the average number of stages since primary inputs (value added and net
    taxes), one for what uses no inputs. Cells without output are not a number.

    Sources: Antràs, Chor, Fally and Hillberry (2012); Fally (2012); Miller and Temurshoev (2017);
    Antràs and Chor (2018).
    """
    system = system_of(world)
    output = system.output
    made = np.where(output > 0, 1.0, np.nan)
    # (I - B)^-1 = diag(x)^-1 L diag(x), so that its row sums take one solve.
    up = divide(system.solve(output[..., None])[..., 0], output)
    # The column sums of L are those of its row blocks by region.
    down = system.production_content.sum(axis=0) * made
    size = output.sum(axis=1)
    stages = "stages"
    return dataset(
        system.world,
        {
            "upstreamness": Variable(
                _CELL, up, stages, "average number of stages until final use, one for final goods"
            ),
            "downstreamness": Variable(
                _CELL, down, stages, "average number of stages since primary inputs"
            ),
            "region_upstreamness": Variable(
                _REGION,
                divide(np.nansum(up * output, axis=1), size),
                stages,
                "upstreamness of the region's sectors, weighted by output",
            ),
            "region_downstreamness": Variable(
                _REGION,
                divide(np.nansum(down * output, axis=1), size),
                stages,
                "downstreamness of the region's sectors, weighted by output",
            ),
        },
    )
