"""Reading the tables of Caliendo and Parro (2015) as a base economy."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from zizhu.errors import WorldError
from zizhu.model import Economy


@dataclass(frozen=True)
class Tables:
    """The base economy of 1993 as the authors form it, tariffs after NAFTA, and theta.

    Spending shares of final use are what intermediate use leaves; negative ones are truncated to
    zero and renormalised, so that the base does not add up until it is solved once.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    economy: Economy
    tariff_after: Float[np.ndarray, "i k i"]
    theta: Float[np.ndarray, " k"]


def read(folder: Path) -> Tables:
    """Read the long tables; raises `WorldError` naming the file that is missing or wrong."""

    def table(name: str, *columns: str) -> pd.DataFrame:
        file = folder / f"{name}.csv.gz"
        try:
            found = pd.read_csv(file)
        except (OSError, ValueError, EOFError, zlib.error) as error:
            raise WorldError(f"table {file} cannot be read") from error
        missing = [column for column in columns if column not in found]
        if missing:
            raise WorldError(f"table {file}: column {missing[0]} is missing")
        return found

    trade = table("trade", "sector", "exporter", "importer", "value", "tariff_bln", "tariff_cfl")
    regions, sectors = list(dict.fromkeys(trade.exporter)), list(dict.fromkeys(trade.sector))
    cells = pd.MultiIndex.from_product([regions, sectors, regions])
    trade = trade.set_index(["exporter", "sector", "importer"]).reindex(cells)
    shape = (len(regions), len(sectors), len(regions))

    def cube(column: str) -> Float[np.ndarray, "i k n"]:
        return trade[column].to_numpy(dtype=float).reshape(shape)

    flows, before, after = cube("value"), cube("tariff_bln"), cube("tariff_cfl")
    value_added = (
        table("value_added", "region", "sector", "value")
        .pivot(index="region", columns="sector", values="value")
        .loc[regions, sectors]
        .to_numpy()
    )
    inputs = (
        table("intermediate_consumption", "input", "region", "sector", "value")
        .set_index(["input", "region", "sector"])["value"]
        .reindex(pd.MultiIndex.from_product([sectors, regions, sectors]))
        .to_numpy()
        .reshape(shape[1], shape[0], shape[1])
    )
    final = (
        table("final_consumption", "region", "sector", "value")
        .pivot(index="sector", columns="region", values="value")
        .loc[sectors, regions]
        .to_numpy()
    )
    deficit = table("deficit", "region", "D").set_index("region")["D"].loc[regions].to_numpy()
    theta = table("theta", "sector", "value").set_index("sector")["value"].loc[sectors].to_numpy()

    paid = flows * (1 + before)
    revenue = flows.sum(axis=2)
    wages = value_added.sum(axis=1)
    income = wages + (flows * before).sum(axis=(0, 1)) + deficit
    economy = Economy(
        origin_shares=jnp.asarray(_share(paid, 0)[..., None]),
        input_shares=jnp.asarray(_share(inputs, 0)),
        value_added_share=jnp.asarray(
            np.divide(value_added, revenue, out=np.ones_like(revenue), where=revenue > 0)
        ),
        final_sector_shares=jnp.asarray(_share(final, 0)[..., None]),
        final_use_shares=jnp.ones((len(regions), 1)),
        cost=jnp.asarray(revenue),
        income=jnp.asarray(income),
        wage_bill=jnp.asarray(wages),
        deficit=jnp.asarray(deficit),
        tariff=jnp.asarray(before),
        export_tax=jnp.zeros(shape),
        subsidy=jnp.zeros(revenue.shape),
    )
    return Tables(tuple(regions), tuple(sectors), economy, after, theta)


def _share(values: Float[np.ndarray, "..."], axis: int) -> Float[np.ndarray, "..."]:
    total = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))
