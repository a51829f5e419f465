"""What the builder reads: sums of the published tables, in our regions and sectors."""

from __future__ import annotations

import numpy as np
import pytest
from calibration_2017 import data_folder

from zizhu.errors import WorldError
from zizhu.world.build import oecd
from zizhu.world.build.gdp import gdp_table
from zizhu.world.build.make import war_tariffs
from zizhu.world.build.oecd import GOODS, REGION_NAMES, ROWS, SECTORS, SINGLE, region_of
from zizhu.world.build.wiod import read_wiod

YEAR = 2020


@pytest.fixture(scope="module")
def folder():
    """The data folder, or a reason to skip."""
    return data_folder("icio_cube")


def test_sectors_and_regions_are_named_once():
    assert len(SINGLE) == len(set(SINGLE)) == 29
    assert set(REGION_NAMES) == set(SINGLE)
    assert len(SECTORS) == len(set(SECTORS)) == 38
    assert GOODS == 24
    assert all(row.cube for row in ROWS[:GOODS])
    assert not any(row.cube for row in ROWS[GOODS:])
    # No row of a source is used twice but those that we split.
    cube = [code for row in ROWS for code in row.cube]
    assert len(cube) == len(set(cube))


@pytest.mark.parametrize(
    ("country", "region"),
    [
        *(("NZL", "ANZ"), ("AUS", "ANZ"), ("CHN", "CHN"), ("POL", "REU"), ("ESP", "REU")),
        *(("DEU", "DEU"), ("GBR", "GBR"), ("NOR", "ROW"), ("ZAF", "ROW")),
    ],
)
def test_region_of(country, region):
    assert region_of(country) == region


def test_cube(folder):
    """Sums are kept, row by row; duties between regions too."""
    data = oecd.read(folder, f"icio_cube/icio_cube_{YEAR}.npz")
    codes, countries = list(map(str, data["sectors"])), list(map(str, data["countries"]))
    trade, tariff = data["trade"].astype(float), data["tariff"].astype(float)
    cube = oecd.read_cube(folder, YEAR)
    np.testing.assert_allclose(cube.trade.sum(), trade.sum(), rtol=1e-12)
    steel, china, america = codes.index("C24A"), countries.index("CHN"), countries.index("USA")
    at = SECTORS.index("C24A"), SINGLE.index("CHN"), SINGLE.index("USA")
    np.testing.assert_allclose(cube.trade[at[1], at[0], at[2]], trade[china, steel, america])
    np.testing.assert_allclose(cube.tariff[at[1], at[0], at[2]], tariff[china, steel, america])
    # The union's imports of steel from China: seven and twenty members in five regions.
    union = [countries.index(code) for code in oecd.EUROPEAN_UNION]
    ours = [SINGLE.index(code) for code in ("DEU", "NLD", "FRA", "ITA", "REU")]
    np.testing.assert_allclose(
        cube.trade[at[1], at[0], ours].sum(), trade[china, steel, union].sum()
    )
    paid = (trade * tariff)[china, steel, union].sum()
    np.testing.assert_allclose(
        (cube.trade[:, :GOODS] * cube.tariff)[at[1], at[0], ours].sum(), paid
    )
    # Crops are two rows of the cube.
    both = [codes.index("A01"), codes.index("A02")]
    np.testing.assert_allclose(cube.trade[at[1], 0, at[2]], trade[china, both, america].sum())
    assert not np.einsum("iki->ik", cube.tariff).any()


def test_pooled(folder):
    """Seven groups of 2017: sums are the source's, whatever is split."""
    pooled = oecd.read_pooled(folder)
    data = oecd.read(folder, "calibration_2017_7x44.npz")
    assert (pooled.membership.sum(axis=1) == 1).all()
    np.testing.assert_allclose(pooled.trade.sum(), data["trade"].sum())
    output = data["trade"].sum(axis=2)
    inputs = (1 - data["va_share"]) * output
    np.testing.assert_allclose(pooled.inputs.sum(axis=(0, 2)), inputs.sum(axis=1))
    codes = list(map(str, data["sectors"]))
    # Steel and other metals together are C24, with the value added of C24.
    two = [SECTORS.index("C24A"), SECTORS.index("C24B")]
    whole = codes.index("C24")
    np.testing.assert_allclose(
        pooled.trade[:, two].sum(axis=1), data["trade"][:, whole], rtol=1e-12
    )
    for k in two:
        np.testing.assert_allclose(pooled.value_added[:, k], data["va_share"][:, whole])
    china = list(map(str, data["regions"])).index("CHN")
    np.testing.assert_allclose(
        pooled.inputs[:, china, SECTORS.index("C26")].sum(), inputs[china, codes.index("C26")]
    )


def test_official(folder):
    official = oecd.read_official(folder)
    data = oecd.read(folder, "icio_2020_77x11.npz")
    assert (official.membership.sum(axis=1) == 1).all()
    np.testing.assert_allclose(official.intermediate.sum(), data["Z"].sum())
    np.testing.assert_allclose(official.final.sum(), np.maximum(data["Y"], 0).sum())
    inputs = official.intermediate.sum(axis=(0, 1))
    output = inputs / (1 - official.value_added - official.taxes)
    np.testing.assert_allclose(output.sum(), data["X"].sum(), rtol=1e-3)
    assert ((official.final_taxes > -0.05) & (official.final_taxes < 0.25)).all()


def test_old(folder):
    """The old table's countries and sectors: every one of ours has one, totals are WIOD's."""
    old, table = oecd.read_old(folder), read_wiod(folder, oecd.OLD_YEAR)
    assert (old.country.sum(axis=1) == 1).all()
    assert (old.sectors.sum(axis=1) == 1).all()
    np.testing.assert_allclose(
        old.value_added.sum(axis=1).sum(), table.value_added.sum(), rtol=0.01
    )
    # Output by use equals output by cost; water transport of Luxembourg misses 4 million.
    output = table.flows.sum(axis=2)
    gap = np.abs(table.intermediate.sum(axis=(0, 1)) + table.value_added - output)
    assert gap.sum() < 5
    assert gap.max() == gap[table.regions.index("LUX"), table.sectors.index("61")]


def test_gdp(folder):
    found = gdp_table(folder)
    assert found["USA", 2022] == pytest.approx(26e6, rel=0.03)
    assert found["CHN", 2022] == pytest.approx(18e6, rel=0.03)
    made_of = oecd.read_ingredients(folder, 2022)
    union = sum(found[code, 2022] for code in oecd.EUROPEAN_UNION)
    ours = sum(made_of.gdp[SINGLE.index(code)] for code in ("DEU", "NLD", "FRA", "ITA", "REU"))
    assert ours == pytest.approx(union)
    assert made_of.gdp[SINGLE.index("TWN")] == oecd.TAIWAN_GDP[2022]
    assert [SINGLE[n] for n in np.flatnonzero(np.isnan(made_of.gdp))] == ["ROW"]


def test_war_tariffs(folder):
    """Both parts of a split sector have the rate of the whole; services none."""
    us, china = war_tariffs(folder)
    data = oecd.read(folder, "calibration_2017_7x44.npz")
    codes = list(map(str, data["sectors"]))
    for found, name in ((us, "us_tariff_on_china"), (china, "china_tariff_on_us")):
        for code, whole in (("C26", "C26"), ("C24A", "C24"), ("C24B", "C24"), ("C301", "C30")):
            assert found[SECTORS.index(code)] == pytest.approx(data[name][codes.index(whole)])
        assert (found[:GOODS] >= 0).all()
        assert not found[GOODS:].any()


def test_missing_sources(tmp_path):
    for reader, name in (
        (lambda: oecd.read_cube(tmp_path, 2022), "icio_cube_2022.npz is not in"),
        (lambda: oecd.read_pooled(tmp_path), "calibration_2017_7x44.npz is not in"),
        (lambda: oecd.read_official(tmp_path), "icio_2020_77x11.npz is not in"),
        (lambda: read_wiod(tmp_path, 2011), "wiod2013_2011.npz is not in"),
        (lambda: gdp_table(tmp_path), "gdp_current_usd.csv is not in"),
    ):
        with pytest.raises(WorldError, match=name):
            reader()
