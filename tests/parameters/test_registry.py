"""Values that a scenario may replace; regimes and exchange rates."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from zizhu.errors import ParameterError
from zizhu.parameters import currencies, exchange_rate, parameters, regime, regimes, values

PAPERS = ("lashkaripour-lugovskyy", "bartelme", "caliendo-parro")


def test_values_default_to_the_registry():
    found = values()
    assert found == {name: entry.value for name, entry in parameters().items()}
    assert values({"public_funds": 1.3})["public_funds"] == 1.3
    assert values() == found
    assert found["decoupling_tariff"] == 32
    assert found["procurement_preference"] == 20


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"public_fund": 1.3}, "'public_fund' is unknown; did you mean public_funds?"),
        ({"public_funds": 2.0}, "public_funds is 2, outside its range 1 to 1.5"),
        ({"public_funds": 0.5}, "outside its range"),
        ({"public_funds": "1.3"}, "a number is right"),
        ({"public_funds": True}, "a number is right"),
        ({"public_funds": float("nan")}, "a number is right"),
        ({"decoupling_tariff": 80}, "10 to 60 percentage point"),
    ],
)
def test_values_refused(given, words):
    with pytest.raises(ParameterError) as error:
        values(given)
    assert words in str(error.value)


@pytest.mark.parametrize("name", [*PAPERS, "uniform"])
def test_regimes_cover_every_sector(name, world):
    chosen = regime(name)
    theta, psi = chosen.by_sector(world.isic, world.sectors)
    assert theta.shape == psi.shape == (38,)
    assert (theta > 0).all()
    assert (psi >= 0).all()
    assert (psi * theta < 1).all()
    assert len(chosen.source) > 20
    covered = [d for row in chosen.rows for d in range(row.isic[0], row.isic[1] + 1)]
    assert len(covered) == len(set(covered)), "a division is in two rows"


def test_scale_times_trade_elasticity():
    """psi theta is near its limit in petroleum and below it everywhere else."""
    rows = {row.name: row for row in regime("lashkaripour-lugovskyy").rows}
    products = {name: row.trade * row.scale for name, row in rows.items()}
    assert max(products.values()) < 1
    near = {name for name, product in products.items() if product > 0.9}
    assert near
    for name in PAPERS[1:]:
        for row in regime(name).rows:
            assert row.trade * row.scale <= 0.9 + 1e-12, (name, row.name)
    assert all(row.scale == 0 for row in regime("caliendo-parro").rows)


def test_known_elasticities_by_sector(world):
    """Values of the papers' tables, by the world's codes."""
    at = world.sectors.index
    theta, psi = regime("lashkaripour-lugovskyy").by_sector(world.isic, world.sectors)
    assert theta[at("C26")] == pytest.approx(1.235)
    assert psi[at("C26")] == pytest.approx(0.552)
    theta, _ = regime("caliendo-parro").by_sector(world.isic, world.sectors)
    assert theta[at("C19")] == pytest.approx(64.85)
    assert theta[at("C26")] == pytest.approx((12.95 + 3.95 + 8.71) / 3, abs=1e-3)
    assert theta[at("K")] == pytest.approx(8.22)


def test_a_sector_over_two_rows_has_their_mean():
    theta, _ = regime("caliendo-parro").by_sector({"X": (16, 17)}, ["X"])
    np.testing.assert_allclose(theta, (11.5 + 16.52) / 2)


def test_unknown_sectors_and_regimes():
    with pytest.raises(ParameterError, match="sector food has no ISIC divisions"):
        regime("bartelme").by_sector({}, ["food"])
    theta, psi = regime("uniform").by_sector({}, ["food"])
    assert (theta[0], psi[0]) == (5.0, 0.0)
    with pytest.raises(ParameterError, match="did you mean bartelme"):
        regime("bartelm")
    assert set(regimes()) == {*PAPERS, "uniform"}


def test_exchange_rates():
    assert currencies()[:2] == ["USD", "CNY"]
    assert exchange_rate("USD", dt.date(1900, 1, 1)).per_usd == 1
    yuan = exchange_rate("CNY", dt.date(2017, 3, 1))
    assert yuan.per_usd == pytest.approx(6.76, abs=0.005)
    assert "Penn World Table" in yuan.source
    for currency in currencies()[1:]:
        for year in (2005, 2019):
            assert exchange_rate(currency, dt.date(year, 7, 1)).per_usd > 0


def test_a_listed_day_serves_half_a_year_around_it():
    assert exchange_rate("CNY", dt.date(2024, 5, 24)).per_usd == 7.242
    assert exchange_rate("CNY", dt.date(2024, 10, 1)).date == "2024-05-24"


def test_rates_after_the_published_ones_say_what_they_are():
    recalled = exchange_rate("CNY", dt.date(2022, 7, 1))
    assert recalled.per_usd == pytest.approx(6.73, abs=0.005)
    assert "recalled" in recalled.source
    later = exchange_rate("EUR", dt.date(2031, 7, 1))
    assert later.date == "2024"
    assert later.source.startswith("assumption: the rate of 2024 goes on")
    with pytest.raises(
        ParameterError, match="no exchange rate for 2004; rates are known from 2005"
    ):
        exchange_rate("CNY", dt.date(2004, 7, 1))
    with pytest.raises(ParameterError, match="did you mean CNY"):
        exchange_rate("CNH", dt.date(2017, 1, 1))
