"""Foreign input and market reliance: at face value, and looking through supply chains.

Source: Baldwin, Freeman and Theodorakopoulos (2023), "Hidden Exposure: Measuring US Supply Chain
Reliance", Brookings Papers on Economic Activity, Fall (NBER 31820), and the same authors (2022),
"Horses for Courses", NBER 30525. They count gross production, not value added: a plant that closes
stops all that it makes, whoever earned the value added in it.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.labelled import Variable, dataset, divide, percent
from zizhu.indicators.leontief import Leontief, system_of
from zizhu.world import World

_BUYER = ("supplier", "region", "sector")
_SELLER = ("region", "sector", "market")
_CELL = ("region", "sector")
_OUTPUT, _INPUTS = "percent of output", "percent of total inputs"


def input_reliance(world: World | Leontief) -> xr.Dataset:
    """Foreign input reliance (FIR) of each using sector (n, j), by supplier region i.

    With A the input coefficients and H = L - I = A + A^2 + ... all gross production that a unit of
    output of (n, j) needs beyond itself:

        face_value[i,n,j]    = 100 sum_k A[ik,nj]          inputs bought from i directly
        look_through[i,n,j]  = 100 sum_k H[ik,nj]          production in i, all tiers
        hidden               = look_through - face_value   never negative, as H - A = A^2 + ...

    in percent of the output of (n, j). Look-through counts a good each time it is used in further
    production, as gross trade does, so that it may exceed 100. Hence the shares, which divide all
    three by the same total, the inputs of all tiers and all sources, sum_il H[il,nj]:

        face_value_share, look_through_share, hidden_share   in percent of total inputs

    One total for all keeps hidden = look-through less face value true of the shares; look-through
    shares add up to 100 over suppliers, face-value shares to what the first tier is of all tiers.
    `direct_share` is the familiar share in the inputs of the first tier alone,
    sum_k A[ik,nj] / sum_il A[il,nj]. The unit of output itself is left out (H, not L): it is not an
    input, and it would count as domestic. `production_share` keeps it,
    100 sum_k L[ik,nj] / sum_il L[il,nj], the share of all production behind the output that is made
    in i; foreign shares are then lower by the same factor for all suppliers.

    Variables that start with `foreign_` are sums over suppliers other than n, [region, sector].
    Those that start with `region_` are of the whole region, sectors weighted by output. Cells
    without output, or without inputs where a share of inputs is asked for, are not a number.
    """
    system = system_of(world)
    table, output = system.world, system.output
    bought = table.intermediate.sum(axis=1)  # i n j
    # A cell without output needs nothing and has no column in A.
    direct = np.where(output > 0, bought / np.where(output > 0, output, 1.0), np.nan)
    content = system.production_content
    itself = np.eye(len(table.regions))[:, :, None]
    through = np.where(output > 0, content - itself, np.nan)
    hidden = through - direct
    total = through.sum(axis=0)
    dims, cell, pair = _BUYER, _CELL, ("supplier", "region")
    weight = np.where(output > 0, output, 0.0)
    sums = {
        name: np.nansum(values * weight, axis=2)
        for name, values in (("face", direct), ("through", through), ("hidden", hidden))
    }
    all_tiers = sums["through"].sum(axis=0)
    first = "inputs bought directly from the supplier region"
    tiers = "gross production in the supplier region that goes into the output, all tiers (L - I)"
    rest = "look-through less face value: what is inside the inputs bought from others"
    by_supplier = {
        "face_value": Variable(dims, 100 * direct, _OUTPUT, first),
        "look_through": Variable(dims, 100 * through, _OUTPUT, tiers),
        "hidden": Variable(dims, 100 * hidden, _OUTPUT, rest),
        "face_value_share": Variable(
            dims, percent(direct, total), _INPUTS, f"{first}, over inputs of all tiers and sources"
        ),
        "look_through_share": Variable(
            dims, percent(through, total), _INPUTS, f"{tiers}, over inputs of all tiers and sources"
        ),
        "hidden_share": Variable(
            dims, percent(hidden, total), _INPUTS, f"{rest}, over inputs of all tiers and sources"
        ),
        "direct_share": Variable(
            dims,
            percent(direct, direct.sum(axis=0)),
            "percent of direct inputs",
            f"{first}, over all inputs bought directly",
        ),
        "production_share": Variable(
            dims,
            percent(through + itself, total + 1),
            "percent of all production",
            "gross production in the supplier region behind the output, the output itself included "
            "(L), over such production everywhere",
        ),
    }
    foreign = {
        f"foreign_{name}": Variable(
            cell,
            (one.values * (1 - itself)).sum(axis=0),
            one.units,
            f"sum over foreign suppliers: {one.definition}",
        )
        for name, one in by_supplier.items()
    }
    of_region = {
        f"region_{name}_share": Variable(
            pair, percent(sums[key], all_tiers), _INPUTS, f"{text}, sectors weighted by output"
        )
        for name, key, text in (
            ("face_value", "face", first),
            ("look_through", "through", tiers),
            ("hidden", "hidden", rest),
        )
    }
    return dataset(table, {**by_supplier, **foreign, **of_region})


def input_reliance_by_input(world: World | Leontief) -> xr.Dataset:
    """Foreign input reliance of each using sector (n, j), by the supplied sector k.

        face_value[k,n,j]   = 100 sum over i != n of A[ik,nj]
        look_through[k,n,j] = 100 sum over i != n of H[ik,nj]
        hidden              = look_through - face_value

    in percent of the output of (n, j), with H = L - I as in `input_reliance`; sums over k are its
    `foreign_` variables. Needs the diagonal blocks of L, and so as many solves as there are cells;
    never L as a whole.
    """
    system = system_of(world)
    table, output = system.world, system.output
    scale = np.where(output > 0, output, np.nan)
    home = np.einsum("nknj->knj", table.intermediate)
    direct = (table.intermediate.sum(axis=0) - home) / scale
    sectors = len(table.sectors)
    every = np.broadcast_to(np.eye(sectors)[None], (len(table.regions), sectors, sectors))
    # The unit of output itself is domestic, so that L serves for H in what is foreign.
    all_sources = system.solve_transposed(np.ascontiguousarray(every)).transpose(2, 0, 1)
    through = all_sources - system.own_blocks().transpose(1, 0, 2)
    through = np.where(output > 0, through, np.nan)
    dims = ("input", "region", "sector")
    return dataset(
        table,
        {
            "face_value": Variable(
                dims, 100 * direct, _OUTPUT, "inputs bought directly from abroad, by sector"
            ),
            "look_through": Variable(
                dims,
                100 * through,
                _OUTPUT,
                "gross production abroad that goes into the output, all tiers (L - I), by sector",
            ),
            "hidden": Variable(
                dims, 100 * (through - direct), _OUTPUT, "look-through less face value"
            ),
        },
    )


def market_reliance(world: World | Leontief) -> xr.Dataset:
    """Foreign market reliance (FMR) of each selling sector (i, k), by market region n.

    The mirror of input reliance on the sales side, with B[ik,nj] = Z[ik,nj] / x[ik] and
    G = (I - B)^-1 the Ghosh inverse, G = diag(x)^-1 L diag(x):

        face_value[i,k,n]   = 100 sum_j B[ik,nj]         output sold to producers in n directly
        look_through[i,k,n] = 100 sum_j (G - I)[ik,nj]   production in n that uses it, all tiers
        hidden              = look_through - face_value

    in percent of the output of (i, k); the `_share` variables divide all three by the same total,
    all production that uses the output, at all tiers and in all markets.

    Producers are not the only buyers. Final uses enter in

        sales[i,k,n]        = 100 (sum_j Z[ik,nj] + f[ik,n]) / x[ik]   sold to n, all uses
        final_market[i,k,n] = 100 (L f)[ik,n] / x[ik]                  where final demand takes it

    which both add up to 100 over markets. Variables that start with `foreign_` are sums over
    markets other than i, [region, sector]. Cells without output are not a number.
    """
    system = system_of(world)
    table, output = system.world, system.output
    scale = np.where(output > 0, output, np.nan)[:, :, None]
    sold = table.intermediate.sum(axis=3)
    direct = sold / scale
    itself = np.eye(len(table.regions))[:, None, :]
    through = system.solve(system.by_region(output)) / scale - itself
    hidden = through - direct
    total = through.sum(axis=2, keepdims=True)
    first = "output sold directly to producers in the market"
    tiers = "gross production in the market that uses the output, all tiers (Ghosh, G - I)"
    rest = "look-through less face value: what reaches the market inside products of others"
    users = "percent of all production that uses the output"
    whole = ", over production that uses it at all tiers in all markets"
    variables = {
        "face_value": Variable(_SELLER, 100 * direct, _OUTPUT, first),
        "look_through": Variable(_SELLER, 100 * through, _OUTPUT, tiers),
        "hidden": Variable(_SELLER, 100 * hidden, _OUTPUT, rest),
        "face_value_share": Variable(_SELLER, percent(direct, total), users, first + whole),
        "look_through_share": Variable(_SELLER, percent(through, total), users, tiers + whole),
        "hidden_share": Variable(_SELLER, percent(hidden, total), users, rest + whole),
        "sales": Variable(
            _SELLER,
            100 * divide(sold + system.final_demand, output[:, :, None]),
            _OUTPUT,
            "output sold to the market, all uses",
        ),
        "final_market": Variable(
            _SELLER,
            100 * divide(system.output_by_final_demand, output[:, :, None]),
            _OUTPUT,
            "output that final demand of the market takes, directly or inside other products",
        ),
    }
    foreign = {
        f"foreign_{name}": Variable(
            _CELL,
            _abroad(one.values),
            one.units,
            f"sum over foreign markets: {one.definition}",
        )
        for name, one in variables.items()
    }
    return dataset(table, {**variables, **foreign})


def _abroad(values: Float[np.ndarray, "i k n"]) -> Float[np.ndarray, "i k"]:
    return np.asarray((values * (1 - np.eye(values.shape[0]))[:, None, :]).sum(axis=2))
