"""The accounts of one table from the point of view of one region: indicators, and their errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Float, Int, Shaped

from zizhu.indicators import (
    Leontief,
    circulation,
    figure_errors,
    input_reliance,
    market_reliance,
    position,
    self_sufficiency,
    value_added_trade,
)
from zizhu.laboratory.dependence.answer import Column, Table
from zizhu.world import World
from zizhu.world.classification import is_good

Array = Float[np.ndarray, "..."]


class Accounts:
    """Indicators of a world, each computed when first asked for, from one factorisation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.system = Leontief(world)

    @cached_property
    def reliance(self) -> xr.Dataset:
        """Foreign input reliance."""
        return input_reliance(self.system)

    @cached_property
    def markets(self) -> xr.Dataset:
        """Foreign market reliance."""
        return market_reliance(self.system)

    @cached_property
    def trade(self) -> xr.Dataset:
        """Trade in value added."""
        return value_added_trade(self.system)

    @cached_property
    def sufficiency(self) -> xr.Dataset:
        """Self-sufficiency, six definitions."""
        return self_sufficiency(self.system)

    @cached_property
    def position(self) -> xr.Dataset:
        """Upstreamness and downstreamness."""
        return position(self.system)

    @cached_property
    def circulation(self) -> xr.Dataset:
        """Demand at home and abroad."""
        return circulation(self.system)

    @cached_property
    def errors(self) -> xr.Dataset:
        """Relative errors of figures of reliance."""
        return figure_errors(self.system)

    @cached_property
    def flows(self) -> xr.DataArray:
        """Sales by supplier, sector and user, all uses, before duties."""
        table = self.world
        return xr.DataArray(
            table.flows,
            {
                "supplier": list(table.regions),
                "sector": list(table.sectors),
                "user": list(table.regions),
            },
        )

    @cached_property
    def goods(self) -> list[str]:
        """Sectors that make goods; all sectors of a world that does not say what they make."""
        table = self.world
        found = [s for s in table.sectors if is_good(table.isic.get(s, ()))]
        return found or list(table.sectors)

    def published(self, sector: str) -> bool:
        """Whether sales of this sector by supplier and user are published, not estimated."""
        doubt = self.world.doubt
        return is_good(self.world.isic.get(sector, ())) and (doubt is None or doubt.published)

    def leader(self, region: str, sector: str | None = None) -> str:
        """The foreign supplier with the largest look-through reliance that is one country.

        A rest of the world or of a union is many; it is named only where there is nobody else.
        """
        named = self.countries(region)
        reliance = self.reliance.sel(region=region, supplier=named)
        share = (
            reliance.region_look_through_share
            if sector is None
            else reliance.look_through_share.sel(sector=sector)
        )
        return named[int(np.nan_to_num(share.values).argmax())]

    def countries(self, region: str) -> list[str]:
        """All other regions but rests of the world or of a union; these too if nobody else is."""
        others = self.others(region)
        return [one for one in others if not is_rest(self.world, one)] or others

    def others(self, region: str) -> list[str]:
        """All other regions."""
        return [other for other in self.world.regions if other != region]

    def inputs_error(
        self, region: str, suppliers: list[str], sector: str | None = None, *, face: bool = False
    ) -> float:
        """Error of the reliance of a region, or one sector of it, on some or all foreign suppliers.

        The mean over sectors, weighted by what each uses of production there.
        """
        kind = "" if face else "_look_through"
        amount = self.reliance["face_value" if face else "look_through"].sel(region=region)
        weight = amount.sel(supplier=suppliers) * self._output(region)
        if len(suppliers) == len(self.world.regions) - 1:
            error = self.errors[f"foreign_inputs{kind}_error"].sel(region=region)
            weight = weight.sum("supplier")
        else:
            error = self.errors[f"inputs{kind}_error"].sel(region=region, supplier=suppliers)
        if sector is not None:
            error, weight = error.sel(sector=sector), weight.sel(sector=sector)
        error = error.transpose(*weight.dims)
        return _mean(error.values, weight.fillna(0.0).values)

    def purchase_error(self, user: str, sector: str) -> float:
        """Error of what a region buys of a product by supplier; none where it is published."""
        if self.published(sector):
            return 0.0
        others = self.others(user)
        error = self.errors.sales_error.sel(sector=sector, market=user, region=others)
        return _mean(error.values, self.flows.sel(sector=sector, user=user, supplier=others).values)

    def sales_error(self, region: str, sector: str | None = None) -> float:
        """Error of how far sales of a region, or one sector of it, depend on all other markets."""
        error = self.errors.foreign_sales_look_through_error.sel(region=region)
        weight = self.flows.sel(supplier=region, user=self.others(region)).sum("user")
        if sector is not None:
            return float(error.sel(sector=sector))
        return _mean(error.values, weight.values)

    def _output(self, region: str) -> xr.DataArray:
        size = self.world.output[self.world.regions.index(region)]
        return xr.DataArray(size, {"sector": list(self.world.sectors)})


def largest(
    amounts: Float[np.ndarray, "s c"], suppliers: list[str]
) -> tuple[Int[np.ndarray, " c"], Shaped[np.ndarray, " c"]]:
    """Place and name of the largest supplier of each column, no name where nothing is bought."""
    first = amounts.argmax(axis=0)
    found = amounts.max(axis=0) > 0
    return first, np.where(found, np.array(suppliers)[first], "")


def _mean(values: Array, weight: Array) -> float:
    total = float(weight.sum())
    return float((values * weight).sum()) / total if total > 0 else 0.0


def is_rest(world: World, region: str) -> bool:
    """Whether a region stands for all countries that are not named, by its name."""
    return region == "ROW" or world.region_name(region).lower().startswith("rest of")


def source_of(world: World) -> str:
    """Where numbers of the accounts come from."""
    return f"world {world.name}: {world.source or 'source not given'}"


class Numbers(NamedTuple):
    """A column of a table under construction: values, unit, definition, error of its cells."""

    values: Any
    units: str
    definition: str
    error: Any = None
    source: str = ""


def make_table(
    accounts: Accounts,
    name: str,
    title: str,
    keys: Mapping[str, Any],
    numbers: Mapping[str, Numbers],
    *,
    rank_by: str | None = None,
) -> Table:
    """Put columns beside each other, the largest of `rank_by` first; what is not a number last."""
    frame = pd.DataFrame({key: list(labels) for key, labels in keys.items()})
    errors = pd.DataFrame(index=frame.index)
    for column, one in numbers.items():
        frame[column] = one.values
        if one.error is not None and accounts.world.doubt is not None:
            errors[column] = one.error
    if rank_by is not None:
        frame = frame.sort_values(rank_by, ascending=False, kind="stable")
        errors = errors.loc[frame.index].reset_index(drop=True)
        frame = frame.reset_index(drop=True)
    source = source_of(accounts.world)
    columns = {
        column: Column(one.units, one.definition, one.source or source)
        for column, one in numbers.items()
    }
    return Table(name, title, frame, tuple(keys), columns, errors)
