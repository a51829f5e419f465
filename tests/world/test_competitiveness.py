"""Comparative advantage from trade, its table, and the process that moves it."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from calibration_2017 import data_folder

from zizhu.errors import WorldError
from zizhu.laboratory.backtest.sector_tables import shipped_table
from zizhu.parameters import values
from zizhu.world import open_world
from zizhu.world.build import competitiveness as builder
from zizhu.world.build import persistence
from zizhu.world.build.persistence import Estimate, Panel, pooled, process, projection
from zizhu.world.competitiveness import competitiveness_table, read_competitiveness

_RNG = np.random.default_rng(7)


def test_effects_of_a_gravity_world_are_found():
    a, b = _RNG.uniform(0.5, 2.0, (2, 6, 3))
    a /= a.sum(axis=0)
    sales = np.einsum("ik,nk->ikn", a, b)
    own = np.arange(6)
    sales[own, :, own] = 1e6
    found = builder.exporter_effects(sales)
    np.testing.assert_allclose(np.exp(found), a, rtol=1e-9)
    # Size, wages and currency of a region, and the size of a sector, drop out.
    scaled = sales * np.array([1.0, 5, 1, 1, 2, 1])[:, None, None] * np.array([1.0, 7, 3])[:, None]
    np.testing.assert_allclose(
        builder.competitiveness(scaled), builder.competitiveness(sales), atol=1e-9
    )


def test_a_region_without_exports_is_not_measured():
    sales = _RNG.uniform(1.0, 2.0, (4, 2, 4))
    sales[2, 1] = 0.0
    found = builder.competitiveness(sales)
    assert np.isnan(found[2, 1])
    assert np.isfinite(np.delete(found.ravel(), 5)).all()
    # Means over what is measured are zero, by region and by sector.
    np.testing.assert_allclose(np.nansum(found, axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(np.nansum(found, axis=1), 0.0, atol=1e-9)


def test_the_builder_makes_the_shipped_table(tmp_path):
    folder = data_folder("icio_cube/icio_cube_2022.npz")
    made = builder.build(folder, tmp_path / "competitiveness.csv")
    shipped = files("zizhu.world") / "tables" / "competitiveness.csv"
    assert made.read_text("utf-8") == shipped.read_text("utf-8")
    with pytest.raises(WorldError, match=r"icio_cube_2017\.npz is not in"):
        builder.text_of(tmp_path)


def test_the_table_covers_the_shipped_worlds():
    table = competitiveness_table()
    world = open_world("2022")
    for (year, region, sector), one in table.items():
        assert year in builder.YEARS
        assert region in world.regions
        assert sector in world.sectors
        assert abs(one.level) < 8
        assert abs(one.change) < 0.7
    assert {region for _, region, _ in table} == set(world.regions)
    # What everybody knows of Chinese trade.
    china = {s: one for (y, r, s), one in table.items() if (y, r) == (2022, "CHN")}
    assert china["C26"].level > 1
    assert china["C10T12"].level < 0
    assert china["C29"].change == max(one.change for one in china.values())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2022,CHN,C26,1.0", "line 2"),
        ("2022,CHN,C26,high,0.0", "two numbers"),
        ("2022,CHN,C26,nan,0.0", "finite"),
        ("2022,CHN,C26,1.0,0.0\n2022,CHN,C26,1.0,0.0", "twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, words):
    path = tmp_path / "own.csv"
    path.write_text(f"year,region,sector,level,change\n{row}\n", encoding="utf-8")
    with pytest.raises(WorldError, match=words):
        read_competitiveness(path)
    path.write_text("year,region\n", encoding="utf-8")
    with pytest.raises(WorldError, match="columns"):
        read_competitiveness(path)


def test_reversion_is_found_again():
    """A first-order process, long past its start, loses the same part every year."""
    steps = [_RNG.normal(size=(60, 40)) / np.sqrt(1 - 0.9**2)]
    for _ in range(16):
        steps.append(0.9 * steps[-1] + _RNG.normal(size=(60, 40)))
    found = projection(Panel("made up", np.array(steps), np.ones((17, 60, 40))))
    # What is lost over three years, a year late, by year.
    lost = (1 - 0.9**3) / 3 * 0.9
    assert found.reversion.value == pytest.approx(lost, abs=4 * found.reversion.error)
    assert found.reversion.error < 0.1 * lost
    assert found.momentum.value == pytest.approx(0.0, abs=4 * found.momentum.error)


def test_momentum_is_found_again():
    """Straight lines: every change comes again whole."""
    slope = _RNG.normal(size=(30, 20))
    level = np.array([_RNG.normal(size=(30, 20))]) + np.arange(17)[:, None, None] * slope
    found = projection(Panel("lines", level, np.ones(level.shape)))
    assert found.momentum.value == pytest.approx(1.0)
    assert found.reversion.value == pytest.approx(0.0, abs=1e-9)


def test_noise_that_does_not_last_is_no_shock():
    walk = np.cumsum(0.1 * _RNG.normal(size=(17, 60, 30)), axis=0)
    noise = 0.2 * _RNG.normal(size=walk.shape)
    flat = np.ones(walk.shape)
    assert persistence.lasting_shock(Panel("walk", walk + noise, flat)) == pytest.approx(
        0.1, rel=0.15
    )


def test_pooling_widens_where_estimates_differ():
    same = pooled([Estimate(1.0, 0.1), Estimate(1.0, 0.1)])
    apart = pooled([Estimate(0.0, 0.1), Estimate(2.0, 0.1)])
    assert same.error == pytest.approx(0.1 / np.sqrt(2))
    assert apart.value == pytest.approx(1.0)
    assert apart.error > 0.9
    unequal = pooled([Estimate(0.0, 0.1), Estimate(0.2, 0.2)])
    assert 0.0 < unequal.value < 0.1


def test_registered_values_are_the_estimates():
    table = shipped_table("sector_posterior").set_index("parameter")
    registered = values()
    assert registered["sector_reversion"] == pytest.approx(table.best["sector_reversion"], abs=5e-5)
    assert registered["sector_momentum"] == pytest.approx(table.best["sector_momentum"], abs=5e-4)
    assert registered["sector_fade"] == pytest.approx(table.best["sector_fade"], abs=5e-3)
    assert registered["sector_shock"] == pytest.approx(table.best["sector_shock"], abs=5e-4)


def test_projections_say_what_the_posterior_says():
    """The older way, least squares on each panel: within the posterior's spread."""
    found = process(persistence.panels(data_folder("wiod2013/wiod2013_1995.npz")))
    table = shipped_table("sector_posterior").set_index("parameter")
    for name, value in (
        ("sector_reversion", found.reversion.value),
        ("sector_momentum", found.momentum.value),
        ("sector_fade", found.fade.value),
        ("sector_shock", found.shock),
    ):
        assert abs(value - table.best[name]) < 2 * table.sd[name]
