"""Reading the data set of Felbermayr, Groeschl and Heiland (2022) as a base economy."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from zizhu.errors import WorldError
from zizhu.model import Economy

_ARRAYS = (
    "countries",
    "trade_share",
    "tariff",
    "io_coef",
    "va_share",
    "final_share",
    "expenditure",
    "surplus",
    "value_added",
)
_MANUFACTURED = 22


@dataclass(frozen=True)
class Tables:
    """The base of 2014, the tariffs of no customs union, and what was published.

    theta         trade elasticities, means over the authors' draws
    surplus_share [n] surplus over income (value added and tariff revenue) in the data
    no_union      [i,k,n] tariffs where members of the EU levy on each other what they levy on all
    published     [n] percent
    """

    regions: tuple[str, ...]
    economy: Economy
    theta: Float[np.ndarray, " k"]
    surplus_share: Float[np.ndarray, " n"]
    no_union: Float[np.ndarray, "i k i"]
    members: Bool[np.ndarray, " n"]
    published: Float[np.ndarray, " n"]


def _csv(file: Path, *columns: str) -> pd.DataFrame:
    try:
        found = pd.read_csv(file)
    except (OSError, ValueError, EOFError) as error:
        raise WorldError(f"table {file} cannot be read") from error
    missing = [column for column in columns if column not in found]
    if missing:
        raise WorldError(f"table {file}: column {missing[0]} is missing")
    return found


def read(folder: Path) -> Tables:
    """Read the archive; raises `WorldError` naming the file that is missing or wrong."""
    file = folder / "wiod2014_44x50.npz"
    try:
        with np.load(file) as data:
            missing = [name for name in _ARRAYS if name not in data]
            if missing:
                raise WorldError(f"table {file}: array {missing[0]} is missing")
            raw = {name: data[name] for name in _ARRAYS}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise WorldError(f"table {file} cannot be read") from error
    regions = tuple(map(str, raw["countries"]))
    origin = raw["trade_share"].astype(float).transpose(2, 0, 1)  # i k n
    origin = _shares(origin)
    tariff = raw["tariff"].astype(float).transpose(2, 0, 1) - 1
    value_added, spending = raw["value_added"], raw["expenditure"]
    before_duty = origin / (1 + tariff)
    duty = (spending * (1 - before_duty.sum(axis=0))).sum(axis=0)
    share = raw["surplus"] / (value_added + duty)
    flows = before_duty * spending
    economy = Economy(
        origin_shares=jnp.asarray(origin[..., None]),
        input_shares=jnp.asarray(_shares(raw["io_coef"].astype(float).transpose(1, 0, 2))),
        value_added_share=jnp.asarray(raw["va_share"].T),
        final_sector_shares=jnp.asarray(_shares(raw["final_share"])[..., None]),
        final_use_shares=jnp.ones((len(regions), 1)),
        cost=jnp.asarray(flows.sum(axis=2)),
        income=jnp.asarray((value_added + duty) * (1 - share)),
        wage_bill=jnp.asarray(value_added),
        deficit=jnp.asarray(-raw["surplus"]),
        tariff=jnp.asarray(tariff),
        export_tax=jnp.zeros(tariff.shape),
        subsidy=jnp.zeros(flows.shape[:2]),
    )
    table = _csv(folder / "table5_real_consumption_pct.csv", "iso", "eu", "S1_customs")
    table = table.set_index("iso").loc[list(regions)]
    members = table.eu.notna().to_numpy()
    theta = -_csv(folder / "tableA2_trade_elasticity.csv", "minus_inv_theta").minus_inv_theta
    services = np.full(flows.shape[1] - _MANUFACTURED, theta.iloc[_MANUFACTURED])
    return Tables(
        regions,
        economy,
        np.concatenate([theta.iloc[:_MANUFACTURED], services]),
        share,
        _no_union(folder / "counterfactual_tariffs_2014.csv.gz", regions, members, tariff),
        members,
        table.S1_customs.to_numpy(dtype=float),
    )


def _no_union(
    file: Path,
    regions: tuple[str, ...],
    members: Bool[np.ndarray, " n"],
    tariff: Float[np.ndarray, "i k i"],
) -> Float[np.ndarray, "i k i"]:
    """Most-favoured-nation tariffs between members, those of the base elsewhere."""
    found = _csv(file, "iso1", "iso2", "sector", "tau_mfn_w")
    place = {region: at for at, region in enumerate(regions)}
    rate = np.zeros_like(tariff)  # services carry none
    exporter, importer = found.iso1.map(place), found.iso2.map(place)
    rate[exporter, found.sector.astype(int) - 1, importer] = found.tau_mfn_w
    between = np.outer(members, members) & ~np.eye(len(regions), dtype=bool)
    return np.where(between[:, None, :], rate, tariff)


def _shares(values: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Values over their sum along the first axis, zero where nothing is there."""
    total = values.sum(axis=0)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))
