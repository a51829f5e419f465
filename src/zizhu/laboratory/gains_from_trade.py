"""The gains from trade of every region of a world: the closed form, and the solver beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from zizhu.errors import WorldError, did_you_mean, quoted
from zizhu.laboratory.case import economy_of
from zizhu.model import Economy, Elasticities
from zizhu.model.audit import audit
from zizhu.model.equilibrium import solve
from zizhu.model.gains import log_autarky
from zizhu.model.rebase import rebase as rebased
from zizhu.model.shock import NoShock
from zizhu.parameters import regime
from zizhu.world import World, open_world

# A wall leaves e^-30 of foreign flows or less, at unchanged prices, and costs e^8 at least: without
# trade nothing holds the wages of regions together, and where goods are near substitutes a wall
# that only just closes is soon undercut.
_CLOSED, _LEAST_COST = 30.0, 8.0
# Tariff revenue or deficits above this part of final spending are told.
_NOTABLE = 1e-6
ONE_SECTOR_ELASTICITY = 5.0

_DEFINITIONS = {
    "one_sector": "one sector, home's share of all spending",
    "many_sectors": "many sectors, no inputs",
    "with_intermediates": "many sectors with intermediates",
    "solver": "the model solved with foreign trade walled off, many sectors with intermediates",
}


def gains_from_trade(
    world: World | str | Path | None = None,
    elasticities: str | float | Mapping[str, float] | Sequence[float] = "caliendo-parro",
    *,
    regions: str | Sequence[str] | None = None,
    one_sector_elasticity: float = ONE_SECTOR_ELASTICITY,
    rebase: bool = False,
    solver: bool = False,
) -> xr.Dataset:
    """What autarky would cost each region, percent of real income.

    1 - W_n(autarky)/W_n = 1 - prod over j,k of lambda_nn,k^(alpha_nj a_n,jk / theta_k)
    (Arkolakis, Costinot and Rodriguez-Clare 2012), with lambda_nn,k the part of spending on k that
    stays at home, alpha_nj final spending shares, a_n the Leontief inverse of cost shares. Without
    inputs a_n is the identity; with one sector lambda_nn is home's share of all spending.

    world         a `World`, a catalogue name or a path; the default world if left out
    elasticities  trade elasticities: a named regime, one number, by sector, or in their order
    regions       labels or groups to be shown; all if left out
    one_sector_elasticity  elasticity of the column `one_sector`
    rebase        first solve the world without tariffs and deficits, on which the formula is exact
    solver        also solve the model with foreign trade walled off (needs `rebase` unless the
                  world has neither tariffs nor deficits)

    The formula is exact for Cobb-Douglas nests, origins common to all uses, constant returns, no
    taxes and no deficits. Origins are pooled here; on a world with tariffs or deficits and without
    `rebase` it is evaluated at the measured shares, as in the literature, and `notes` says how far
    the world is from the conditions. A region that lacks a home supplier of something that it uses
    has no finite price in autarky: its number is missing, and `notes` names it.

    Returns a dataset over `region` with `one_sector`, `many_sectors`, `with_intermediates` and, if
    asked for, `solver`; `to_dataframe()` makes it a table. Raises `WorldError` for what is unknown
    or cannot be solved, `NotConverged` if there is no equilibrium.
    """
    table = world if isinstance(world, World) else open_world(world)
    theta = _theta(table, elasticities)
    if not one_sector_elasticity > 0:
        raise WorldError(
            f"one_sector_elasticity: {one_sector_elasticity:g} found; a number above 0 is right"
        )
    shown = _regions(table, regions)
    economy = economy_of(table, pooled=True)
    notes = list(_conditions(economy))
    if notes and solver and not rebase:
        raise WorldError(
            f"world {table.name}: solver needs a world without tariffs and deficits, and {notes[0]}"
            "; give rebase=True"
        )
    if rebase:
        economy = undistorted(economy, theta)
        notes = ["solved without tariffs and deficits first: shares are those of that equilibrium"]
    logs = log_autarky(economy, theta, one_sector_elasticity)
    bare = _bare(economy)
    columns = {name: _percent(values) for name, values in logs._asdict().items()}
    notes += [
        f"{table.regions[n]} has no home supplier in {', '.join(np.array(table.sectors)[bare[n]])}:"
        " no finite price in autarky, hence no number"
        for n in np.flatnonzero(bare.any(axis=1))
    ]
    if solver:
        columns["solver"] = _percent(_solved(table, economy, theta, bare))
    dataset = xr.Dataset(
        {
            name: (
                ("region",),
                values,
                {
                    "units": "percent",
                    "definition": f"real income lost in autarky: {_DEFINITIONS[name]}",
                },
            )
            for name, values in columns.items()
        },
        {"region": list(table.regions)},
        {
            "world": table.name,
            "elasticities": elasticities if isinstance(elasticities, str) else "given",
            "notes": "; ".join(notes),
        },
    )
    return dataset.isel(region=shown)


def _percent(logs: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    return np.asarray(np.where(np.isfinite(logs), -100 * np.expm1(logs), np.nan))


def undistorted(economy: Economy, theta: Float[np.ndarray, " k"]) -> Economy:
    """The equilibrium of the same economy without taxes and deficits."""
    free = replace(
        economy,
        tariff=jnp.zeros_like(economy.tariff),
        export_tax=jnp.zeros_like(economy.export_tax),
        subsidy=jnp.zeros_like(economy.subsidy),
    )
    return rebased(free, Elasticities.of(theta), zero_deficits=True)


def walled_off(economy: Economy, theta: Float[np.ndarray, " k"]) -> NoShock:
    """Trade costs in all sectors between all regions through which next to nothing passes."""
    foreign = (1.0 - jnp.eye(economy.regions))[:, None, :]
    dear = foreign * jnp.asarray(np.maximum(_CLOSED / theta, _LEAST_COST))[None, :, None]
    wall = jnp.broadcast_to(dear[..., None], economy.origin_shares.shape)
    return NoShock.of(economy)._replace(log_iceberg=wall)


def _solved(
    world: World,
    economy: Economy,
    theta: Float[np.ndarray, " k"],
    bare: Bool[np.ndarray, "n k"],
) -> Float[np.ndarray, " n"]:
    if bare.any():
        n, k = np.argwhere(bare)[0]
        raise WorldError(
            f"world {world.name}: solver: {world.regions[n]} has no home supplier in "
            f"{world.sectors[k]}, where autarky has no price; sum regions or sectors first"
        )
    elasticities = Elasticities.of(theta)
    shock = walled_off(economy, theta)
    solution = solve(economy, elasticities, shock)
    # Markets that a wall all but closes miss by more than the search's own residual of 1e-9: 2e-9
    # was seen on the table of 2008. It is compared to 1e-6, so that 1e-8 is asked for.
    audit(economy, elasticities, shock, solution).require(1e-8)
    return np.asarray(solution.log_real_income)


def _bare(economy: Economy) -> Bool[np.ndarray, "n k"]:
    """Where a region uses, directly or through inputs, what nobody at home supplies."""
    here = np.arange(economy.regions)
    own = np.asarray(economy.origin_shares)[here, :, here, 0]
    spent = np.asarray(economy.spending()).sum(axis=2).T
    return np.asarray((own <= 0) & (spent > 0))


def _conditions(economy: Economy) -> tuple[str, ...]:
    """In words, how far a world is from free of tariffs and deficits; nothing if it is."""
    income = np.asarray(economy.income)
    flow = np.asarray(economy.origin_shares[..., 0]) * np.asarray(economy.spending().sum(axis=2))
    tariff = np.asarray(economy.tariff)
    duty = (flow * tariff / (1 + tariff)).sum(axis=(0, 1)) / income
    deficit = np.abs(np.asarray(economy.deficit)) / income
    found = []
    if duty.max() > _NOTABLE:
        found.append(f"tariffs raise up to {100 * duty.max():.2g} percent of final spending")
    if deficit.max() > _NOTABLE:
        found.append(f"deficits or surpluses reach {100 * deficit.max():.2g} percent of it")
    return tuple(found)


def _theta(
    world: World, given: str | float | Mapping[str, float] | Sequence[float]
) -> Float[np.ndarray, " k"]:
    sectors = world.sectors
    if isinstance(given, str):
        return regime(given).by_sector(world.isic, sectors)[0]
    if isinstance(given, Mapping):
        for name in given:
            if name not in sectors:
                raise WorldError(
                    f"elasticities: sector {quoted(name)} is not in world {world.name}"
                    f"{did_you_mean(str(name), sectors)}"
                )
        lacking = [name for name in sectors if name not in given]
        if lacking:
            raise WorldError(f"elasticities: sector {lacking[0]} has none; give one for each")
        given = [given[name] for name in sectors]
    try:
        theta = np.broadcast_to(np.asarray(given, dtype=float), (len(sectors),))
    except ValueError as error:
        raise WorldError(
            f"elasticities: {np.size(given)} values found; one, or one for each of the "
            f"{len(sectors)} sectors is right"
        ) from error
    if not (np.isfinite(theta) & (theta > 0)).all():
        at = int(np.argmax(~(np.isfinite(theta) & (theta > 0))))
        raise WorldError(
            f"elasticities: {theta[at]:g} found in sector {sectors[at]}; it must be above 0"
        )
    return np.array(theta)


def _regions(world: World, names: str | Sequence[str] | None) -> list[int]:
    if names is None:
        return list(range(len(world.regions)))
    chosen: list[int] = []
    for name in [names] if isinstance(names, str) else names:
        for member in world.groups.get(name, (name,)):
            if member not in world.regions:
                raise WorldError(
                    f"regions: {quoted(member)} is not in world {world.name}"
                    f"{did_you_mean(member, [*world.regions, *world.groups])}"
                )
            place = world.regions.index(member)
            if place not in chosen:
                chosen.append(place)
    if not chosen:
        raise WorldError("regions: nothing is named; name one or leave it out")
    return chosen


__all__ = ["gains_from_trade", "undistorted", "walled_off"]
