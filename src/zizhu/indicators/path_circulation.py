"""Dual circulation along a path: the same split as `circulation`, in every year of both runs.

Each year's accounts are those of its equilibrium. With x revenue, every flow from (i, k) to a use
of region n is the part of n's spending on k that the use makes up:

    Z_iknj = q_ikn X_knj / sum_u X_knu,        A_ik,nj = Z_iknj / x_nj
    internal_nk = v_nk (L f_n)_nk,             external_nk = v_nk sum over m != n of (L f_m)_nk

q are flows at producer prices before duties. Where uses have origins of their own, q is divided by
their own shares first. v is the model's value added over revenue, net taxes on products other than
duties included, so that internal and external add up to the path's `value_added`; the static table
of `circulation` leaves these taxes out of value added, which moves shares by little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from jaxtyping import Float

from zizhu.errors import NotConverged
from zizhu.indicators.glossary import attributes
from zizhu.indicators.labelled import divide, percent
from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.model.path_record import Record
from zizhu.policy.path_labels import PathLabels

Array = Float[np.ndarray, "..."]

# Part of a cell's output that production may move by in the last round, and the most rounds.
_ROUNDING, _MOST = 1e-14, 1000
_CELL, _REGION = ("run", "year", "region", "sector"), ("run", "year", "region")


class Accounts(NamedTuple):
    """One year's flows, in the parts that intermediate flows are products of.

    sold      what cell (i, k) sells as inputs to region n, producer prices
    by_input  part of what n spends on inputs of k that its sector j spends
    final     what (i, k) sells to final demand of n
    output    revenue
    """

    sold: Float[np.ndarray, "i k n"]
    by_input: Float[np.ndarray, "k n j"]
    final: Float[np.ndarray, "i k n"]
    output: Float[np.ndarray, "i k"]


def path_circulation(scenario: Record, baseline: Record, labels: PathLabels) -> xr.Dataset:
    """Value added due to domestic and to foreign final demand by run, year, region and sector.

    Variables are those of `circulation`: `internal`, `external`, `internal_share`,
    `dual_circulation_ratio` and, of all sectors together, those that start with `region_`.
    """
    split = [_of_run(run) for run in (scenario, baseline)]
    internal, external = (np.stack([one[part] for one in split]) for part in (0, 1))
    home, abroad = internal.sum(axis=3), external.sum(axis=3)
    table = {
        "internal": (_CELL, internal),
        "external": (_CELL, external),
        "internal_share": (_CELL, percent(internal, internal + external)),
        "dual_circulation_ratio": (_CELL, divide(internal, external)),
        "region_internal_share": (_REGION, percent(home, home + abroad)),
        "region_dual_circulation_ratio": (_REGION, divide(home, abroad)),
    }
    coordinates = {
        "run": [SCENARIO, BASELINE],
        "year": list(labels.years),
        "region": list(labels.world.regions),
        "sector": list(labels.world.sectors),
    }
    currency = labels.world.currency
    return xr.Dataset(
        {
            name: (dims, of, attributes(name, currency=currency))
            for name, (dims, of) in table.items()
        },
        coordinates,
    )


def _of_run(record: Record) -> tuple[Array, Array]:
    """Internal and external [t,n,k]."""
    made, split = None, []
    for at in range(np.shape(record.solution.log_wage)[0]):
        accounts, value_added = accounts_of_year(record, at)
        # The year before is a good guess.
        made = production(accounts, made)
        split.append(_split(made, accounts.output, value_added))
    internal, external = zip(*split, strict=True)
    return np.stack(internal), np.stack(external)


def accounts_of_year(record: Record, at: int) -> tuple[Accounts, Float[np.ndarray, "n k"]]:
    """Accounts of one year of a run, by its place, and value added."""
    solution = record.solution
    flow = np.asarray(solution.flow)[at].transpose(1, 0, 2)  # i k n
    spending = np.asarray(solution.spending)[at]  # k n u, intermediate first
    origin = np.asarray(solution.origin_shares)[at]  # i k n g
    value_added = (np.asarray(solution.value_added_share) * np.asarray(solution.cost))[at]
    inputs = (np.asarray(solution.input_shares)[at]) * (
        np.asarray(solution.cost)[at] - value_added
    )  # k n j, user prices
    # Duties and export taxes are the same for all uses of a flow, so that they cancel here.
    bought = origin * (spending if origin.shape[3] > 1 else spending.sum(axis=2, keepdims=True))
    total = bought.sum(axis=3, keepdims=True)
    part = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    if origin.shape[3] == 1:
        whole = spending.sum(axis=2, keepdims=True)
        uses = np.divide(spending, whole, out=np.zeros_like(spending), where=whole > 0)
        part = np.broadcast_to(uses[None], (*flow.shape, spending.shape[2]))
    by_use = flow[..., None] * part
    spent = inputs.sum(axis=2, keepdims=True)
    by_input = np.divide(inputs, spent, out=np.zeros_like(inputs), where=spent > 0)
    final = by_use[..., 1:].sum(axis=3)  # i k n
    return Accounts(by_use[..., 0], by_input, final, flow.sum(axis=2)), value_added


def production(
    accounts: Accounts, guess: Float[np.ndarray, "n j m"] | None = None
) -> Float[np.ndarray, "n j m"]:
    """Output y of every cell (n, j) due to final demand of each region m: y = A y + f.

    A_ik,nj = sold_ikn by_input_knj / x_nj is never written out. Inputs from home are solved for
    region by region, those from abroad are iterated upon: as long as every cell adds value, all
    columns of A add up to less than one and what is left shrinks. Raises `NotConverged`.
    """
    sold, by_input, final, output = accounts
    scale = np.where(output > 0, output, 1.0)
    regions, sectors = output.shape
    here = np.arange(regions)
    asked = by_input.transpose(1, 0, 2) / scale[:, None]  # n k j
    from_home = np.linalg.inv(np.eye(sectors) - sold[here, :, here, None] * asked)
    imported = sold.transpose(1, 0, 2).copy()  # k i n
    imported[:, here, here] = 0.0
    tolerance = _ROUNDING * scale[..., None]
    made = np.zeros_like(final) if guess is None else guess
    for _ in range(_MOST):
        abroad = imported @ (asked @ made).transpose(1, 0, 2)  # k i m
        following = from_home @ (final + abroad.transpose(1, 0, 2))
        moved, made = np.abs(following - made), following
        if (moved <= tolerance).all():
            return np.asarray(made)
    raise NotConverged(
        f"dual circulation: production still moves by {(moved / scale[..., None]).max():.0e} of "
        f"output after {_MOST} rounds; a cell adds no value"
    )


def _split(
    made: Float[np.ndarray, "i k m"],
    output: Float[np.ndarray, "i k"],
    value_added: Float[np.ndarray, "i k"],
) -> tuple[Array, Array]:
    scale = np.where(output > 0, output, 1.0)
    absorbed = np.where(output > 0, value_added / scale, 0.0)[..., None] * made
    internal = np.einsum("nkn->nk", absorbed)
    return np.asarray(internal), np.asarray(absorbed.sum(axis=2) - internal)
