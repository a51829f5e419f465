"""Reading the tables of Caliendo and Parro (2015) as a base economy."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
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


def _table(file: Path, *columns: str) -> pd.DataFrame:
    """A long table with the columns that are wanted."""
    try:
        found = pd.read_csv(file)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise WorldError(f"table {file} cannot be read") from error
    missing = [column for column in columns if column not in found]
    if missing:
        raise WorldError(f"table {file}: column {missing[0]} is missing")
    return found


def _cells(file: Path, axes: Mapping[str, list[str]], column: str) -> Float[np.ndarray, "..."]:
    """One column of a long table as an array with an axis for each of `axes`."""
    found = _table(file, *axes, column).set_index(list(axes))[column]
    wanted = (
        pd.MultiIndex.from_product(list(axes.values()))
        if len(axes) > 1
        else next(iter(axes.values()))
    )
    if found.index.duplicated().any():
        raise WorldError(f"table {file}: a cell appears twice")
    values = pd.to_numeric(found.reindex(wanted), errors="coerce").to_numpy(dtype=float)
    lost = int(np.isnan(values).sum())
    if lost:
        raise WorldError(f"table {file}: {lost} cells are missing or not numbers in {column}")
    return values.reshape([len(labels) for labels in axes.values()])


def read(folder: Path) -> Tables:
    """Read the long tables; raises `WorldError` naming the file that is missing or wrong."""
    trade = folder / "trade.csv.gz"
    flow = _table(trade, "exporter", "sector", "importer")
    regions, sectors = list(dict.fromkeys(flow.exporter)), list(dict.fromkeys(flow.sector))
    by_flow = {"exporter": regions, "sector": sectors, "importer": regions}
    flows, before, after = (
        _cells(trade, by_flow, column) for column in ("value", "tariff_bln", "tariff_cfl")
    )
    value_added = _cells(
        folder / "value_added.csv.gz", {"region": regions, "sector": sectors}, "value"
    )
    inputs = _cells(
        folder / "intermediate_consumption.csv.gz",
        {"input": sectors, "region": regions, "sector": sectors},
        "value",
    )
    final = _cells(
        folder / "final_consumption.csv.gz", {"sector": sectors, "region": regions}, "value"
    )
    deficit = _cells(folder / "deficit.csv.gz", {"region": regions}, "D")
    theta = _cells(folder / "theta.csv.gz", {"sector": sectors}, "value")

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
        export_tax=jnp.zeros(flows.shape),
        subsidy=jnp.zeros(revenue.shape),
    )
    return Tables(tuple(regions), tuple(sectors), economy, after, theta)


def _share(values: Float[np.ndarray, "..."], axis: int) -> Float[np.ndarray, "..."]:
    total = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))
