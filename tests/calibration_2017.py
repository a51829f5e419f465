"""The data folder, and the 7x44 table of 2017 on which the design's tariff-war figures rest."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from zizhu.world import World
from zizhu.world.catalogue import DATA_VARIABLE
from zizhu.world.classification import isic_divisions
from zizhu.world.ras import Margin, fit

SOURCE_FILE = "calibration_2017_7x44.npz"
# Share of the government in final use (assumption of the design's computation).
GOVERNMENT = 0.15


def data_folder(needed: str = SOURCE_FILE) -> Path:
    """The folder with the project's tables, or a reason to skip."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get(DATA_VARIABLE) or beside)
    if not (folder / needed).exists():
        if os.environ.get("CI") and folder.is_dir():
            pytest.fail(f"{needed} is not in the data folder")
        pytest.skip(f"{needed} is not here: set {DATA_VARIABLE}")
    return folder


@cache
def calibration_world() -> World:
    """The published shares scaled to trade, output and value added; origins pooled."""
    with np.load(data_folder() / SOURCE_FILE) as data:
        given = {name: data[name] for name in data.files}
    trade, tariff, share = given["trade"], given["tariff_prewar"], given["va_share"]
    regions, sectors = (tuple(map(str, given[name])) for name in ("regions", "sectors"))
    width = len(sectors)
    inputs = (1 - share) * trade.sum(axis=2)  # n j
    paid = trade * (1 + tariff)
    spending = paid.sum(axis=0)  # k n
    final = spending.sum(axis=0) - inputs.sum(axis=1)
    start = np.concatenate(
        [
            given["input_share"].transpose(1, 0, 2) * inputs,
            (given["final_share"] * final[:, None]).T[..., None],
        ],
        axis=2,
    )  # k n j+1
    columns = np.concatenate([inputs, final[:, None]], axis=1)
    by_use = fit(
        start, [Margin("spending", (0, 1), spending), Margin("inputs", (1, 2), columns)]
    ).table
    flows = (paid / spending / (1 + tariff))[..., None] * by_use[None]
    intermediate = flows[..., :width]
    taxes = (intermediate * tariff[..., None]).sum(axis=(0, 1))
    return World(
        name="calibration",
        year=2017,
        currency="USD",
        regions=regions,
        sectors=sectors,
        final_uses=("household", "government"),
        intermediate=intermediate,
        final=flows[..., width:] * np.array([1 - GOVERNMENT, GOVERNMENT]),
        value_added=trade.sum(axis=2) - intermediate.sum(axis=(0, 1)) - taxes,
        taxes=taxes,
        tariff=tariff,
        isic={code: isic_divisions(code) for code in sectors},
        pooled_origins=True,
    )
