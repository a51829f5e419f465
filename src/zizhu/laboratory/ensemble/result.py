"""The answer of an ensemble: every headline by draw, and bands read from the draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Float

from zizhu.indicators.path import BASELINE, SCENARIO
from zizhu.laboratory.ensemble.design import GROUPS
from zizhu.laboratory.ensemble.split import Share, variance_shares

# Ends and middle of a band.
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """A scenario and its baseline under many draws.

    dataset  by `draw`: `solved`, `place` [group], `real_income_effect` [region,year],
             `domestic_share` [run,battleground,year], `tier_share` [run,battleground,tier,counts,
             year], `node_home_share`, `node_lack` and `binds` [run,node,year], `outlay`,
             `cost_per_point` [battleground], `target_value` and `target_reached` [run,target]; not
             a number where a draw was not solved
    central  the same of the path as registered, without `draw`
    trouble  why draws were not solved, by draw
    """

    dataset: xr.Dataset
    central: xr.Dataset
    trouble: Mapping[int, str]

    @property
    def number(self) -> int:
        """Pairs that were asked for."""
        return int(self.dataset.sizes["draw"])

    @property
    def solved(self) -> int:
        """Pairs of which every year was solved."""
        return int(self.dataset["solved"].sum())

    @cached_property
    def bands(self) -> xr.Dataset:
        """Quantiles of everything over the draws that were solved, by `quantile`.

        Linear between order statistics (Hyndman and Fan 1996, type 7). Parts of draws, such as
        `target_reached` and `binds`, are means: probabilities.
        """
        known = self.dataset.isel(draw=np.flatnonzero(self.dataset["solved"].values))
        found = {
            str(name): _part(values) if name in CHANCES else _quantiles(values)
            for name, values in known.data_vars.items()
            if name not in ("solved", "place")
        }
        return xr.Dataset(found).assign_coords(quantile=list(QUANTILES))

    def band(self, name: str, **at: object) -> tuple[float, float]:
        """Ends of the band of one number: not numbers where no draw has it."""
        found = self.bands[name].sel(at)
        return float(found.sel(quantile=QUANTILES[0])), float(found.sel(quantile=QUANTILES[-1]))

    def split(self, values: xr.DataArray) -> dict[str, Share]:
        """What part of the variance of an answer by draw each group is: see `split`."""
        place = self.dataset["place"]
        by_group = {group: place.sel(group=group).values for group in GROUPS}
        return variance_shares(np.asarray(values.values, dtype=float), by_group)

    def splits(self, region: str) -> pd.DataFrame:
        """Variance shares of headlines in the last year: income, and shares that move or spread.

        One row an answer; `share`, `error` by group, and `spread`, the standard deviation.
        """
        last = self.dataset.isel(year=-1)
        answers = {"real income": last["real_income_effect"].sel(region=region)}
        titles = last["title"]
        for name in last["battleground"].values:
            here = last["domestic_share"].sel(battleground=name)
            if np.isfinite(here).any() and bool(last["market"].sel(battleground=name)):
                answers[str(titles.sel(battleground=name).item())] = here.sel(run=SCENARIO)
        rows = {}
        for title, values in answers.items():
            parts = self.split(values)
            rows[title] = {
                "spread": float(values.std("draw", ddof=1)) if self.solved > 1 else np.nan,
                **{group: one.share for group, one in parts.items()},
                **{f"{group} error": one.error for group, one in parts.items()},
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("answer")

    def table(self) -> pd.DataFrame:
        """Every band as one row: variable, where, run, year, p10, p50, p90, central."""
        frames = [
            self._rows(name, self.bands[name], self.central[name]) for name in self.bands.data_vars
        ]
        return pd.concat(frames, ignore_index=True)[list(COLUMNS)]

    def _rows(self, name: object, band: xr.DataArray, central: xr.DataArray) -> pd.DataFrame:
        if name in CHANCES:
            # The part of draws in which it is so stands for the middle.
            table = band.rename("p50").to_dataset()
        else:
            table = xr.Dataset(
                {
                    label: band.sel(quantile=share, drop=True)
                    for label, share in zip(("p10", "p50", "p90"), QUANTILES, strict=True)
                }
            )
        table = table.reset_coords(drop=True).assign(central=central.reset_coords(drop=True))
        # A number without axes has no rows of its own.
        frame = (table if table.sizes else table.expand_dims(only=[0])).to_dataframe().reset_index()
        frame = frame.dropna(subset=["p50"])
        where = [name for name in _PLACES if name in frame]
        said = pd.Series("", frame.index)
        for axis in where:
            said = said + frame[axis].astype(str) + " "
        for missing in ("run", "year", "p10", "p90"):
            if missing not in frame:
                frame[missing] = np.nan if missing in ("p10", "p90") else ""
        return frame.assign(variable=str(name), where=said.str.rstrip())


# Yes or no by draw: what is told is how often.
CHANCES = ("target_reached", "binds")
COLUMNS = ("variable", "where", "run", "year", "p10", "p50", "p90", "central")
_PLACES = ("region", "battleground", "tier", "counts", "node", "target")


def quantile(values: Sequence[float] | Float[np.ndarray, " d"], share: float) -> float:
    """One quantile of draws, by hand: linear between order statistics."""
    ordered = np.sort(np.asarray(values, dtype=float))
    place = share * (len(ordered) - 1)
    low = int(np.floor(place))
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def _part(values: xr.DataArray) -> xr.DataArray:
    """Mean over draws; not a number without any."""
    if not values.sizes["draw"]:
        return xr.full_like(values.sum("draw"), np.nan)
    return values.mean("draw", skipna=False)


def _quantiles(values: xr.DataArray) -> xr.DataArray:
    rest = [str(name) for name in values.dims if name != "draw"]
    found = values.transpose("draw", *rest).values.astype(float)
    if not len(found):
        table = np.full((len(QUANTILES), *found.shape[1:]), np.nan)
    else:
        # A cell that some draws have and others do not has no band.
        table = np.quantile(found, QUANTILES, axis=0)
    kept = {name: of for name, of in values.coords.items() if "draw" not in of.dims}
    return xr.DataArray(table, kept, ("quantile", *rest), attrs=values.attrs)


RUNS = (SCENARIO, BASELINE)
