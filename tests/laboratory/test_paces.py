"""Dated figures of a node: their pace, what they are at the base year, which ones count."""

import numpy as np
import pytest

from zizhu.chains import HomeShare, Node, SupplierBlock
from zizhu.chains.motion import Market
from zizhu.laboratory.base import (
    carried,
    dated,
    market_figure,
    market_size,
    pace,
    reconcile,
)
from zizhu.laboratory.base.vintages import Figure, pace_of_figures
from zizhu.parameters import values

REGIONS = ("CHN", "USA", "DEU", "ITA", "ROW")
OUTPUT = np.array([4.0, 3.0, 2.0, 1.0, 5.0])
YEARS = {"value": 3, "low": 2, "high": 4, "source": "assumption: test", "confidence": "low"}
# A prior spread that is wide beside the errors, and no rounding: most tests are about neither.
ROUNDING = ("share_error_absolute", "home_share_error_absolute")
NUMBERS = {**values(), "pace_spread": 0.25, **dict.fromkeys(ROUNDING, 0.0)}
SPREAD = NUMBERS["pace_spread"]


def block(year, shares, *, measure="revenue", basis="headquarters", confirmed=None):
    return SupplierBlock(
        basis=basis,
        year=year,
        measure=measure,
        shares=shares,
        confirmed=tuple(shares) if confirmed is None else confirmed,
        source="assumption: test",
        confidence="low",
    )


def home(year, value, definition="home_market", *, region="CHN", scope="", confidence="high"):
    return HomeShare(
        region=region,
        definition=definition,
        scope=scope,
        means="test",
        year=year,
        value=value,
        low=value,
        high=value,
        source="assumption: test",
        confidence=confidence,
    )


def node(*blocks, homes=()):
    return Node(
        name="test",
        stage="input",
        input="component",
        suppliers=blocks,
        home_shares=homes,
        years_to_qualify=YEARS,
    )


def odds(percent):
    return np.log(percent / (100 - percent))


def test_pace_of_two_figures_is_their_slope_shrunk_by_its_error():
    error = 0.1
    figures = [Figure(2019, odds(5), error), Figure(2023, odds(15), error)]
    found = pace_of_figures(figures, 2022, SPREAD, "x")
    slope, doubt = (odds(15) - odds(5)) / 4, error * np.sqrt(2) / 4
    assert found.value == pytest.approx(slope * (1 - doubt**2 / (doubt**2 + SPREAD**2)))
    assert found.error == pytest.approx(SPREAD * doubt / np.hypot(SPREAD, doubt))
    assert found.origin == "x, 2019 to 2023"
    sure = [one._replace(error=1e-6) for one in figures]
    assert pace_of_figures(sure, 2022, SPREAD, "x").value == pytest.approx(slope)
    lost = [one._replace(error=1e3) for one in figures]
    assert pace_of_figures(lost, 2022, SPREAD, "x").value == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("years", [(), (2022,), (2022, 2023), (2000, 2010), (2022, 2022)])
def test_figures_that_span_too_little_or_lie_too_far_give_no_pace(years):
    figures = [Figure(year, 0.1 * year, 0.1) for year in years]
    assert pace_of_figures(figures, 2022, SPREAD, "x") is None


def test_more_than_two_figures_are_fitted_by_least_squares():
    years = np.array([2018, 2020, 2023])
    values_ = np.array([-2.0, -1.7, -0.9])
    figures = [Figure(int(y), float(v), 1e-5) for y, v in zip(years, values_, strict=True)]
    wanted = np.polyfit(years, values_, 1)[0]
    assert pace_of_figures(figures, 2022, SPREAD, "x").value == pytest.approx(wanted)


def test_paces_come_from_blocks_of_the_definition_that_is_used():
    found = pace(
        node(
            block(2024, {"CHN": 20, "USA": 50, "OTHER": 30}),
            block(2019, {"CHN": 10, "USA": 60, "OTHER": 30}),
            block(2019, {"CHN": 40, "USA": 30, "OTHER": 30}, basis="location"),
        ),
        REGIONS,
        2022,
        NUMBERS,
    )
    assert found.pace[0] == pytest.approx((odds(20) - odds(10)) / 5, rel=0.01)
    assert found.pace[1] == pytest.approx((odds(50) - odds(60)) / 5, rel=0.02)
    assert found.observed.tolist() == [True, True, False, False, False]
    assert (found.pace[2:] == 0).all()
    assert (found.error[2:] == SPREAD).all()
    assert found.origins[0] == "world shares, revenue, 2019 to 2024"


def test_rounding_blurs_the_pace_of_small_shares():
    rounded = {**NUMBERS, **{name: values()[name] for name in ROUNDING}}
    small = node(block(2023, {"CHN": 0.6, "USA": 99.4}), block(2019, {"CHN": 0.3, "USA": 99.7}))
    large = node(block(2023, {"CHN": 46, "USA": 54}), block(2019, {"CHN": 30, "USA": 70}))
    kept = [
        pace(one, REGIONS, 2022, rounded).pace[0] / pace(one, REGIONS, 2022, NUMBERS).pace[0]
        for one in (small, large)
    ]
    assert kept[0] < 0.5
    assert 0.98 < kept[1] < 1
    homes = [node(block(2022, {"CHN": 1}), homes=(home(2022, part),)) for part in (1, 50)]
    errors = [dated(one, REGIONS, OUTPUT, 2022, rounded).home[0].error for one in homes]
    assert errors[0] > 5 * errors[1]


def test_a_country_that_one_vintage_does_not_name_has_no_pace():
    blocks = (
        block(2024, {"CHN": 20, "USA": 50, "OTHER": 30}),
        block(2019, {"CHN": 10, "OTHER": 90}),
    )
    found = pace(node(*blocks), REGIONS, 2022, NUMBERS)
    assert found.observed.tolist() == [True, False, False, False, False]


def test_europe_moves_as_one_and_merged_countries_by_their_sum():
    blocks = (
        block(2024, {"EUR": 20, "VNM": 6, "THA": 4, "OTHER": 70}),
        block(2020, {"EUR": 30, "VNM": 2, "THA": 3, "OTHER": 65}),
    )
    found = pace(node(*blocks), REGIONS, 2022, NUMBERS)
    assert found.pace[2] == found.pace[3] < 0
    assert found.pace[4] == pytest.approx((odds(10) - odds(5)) / 4, rel=0.01)


def test_home_shares_stand_in_and_say_so():
    homes = (home(2019, 10), home(2023, 30), home(2019, 1, scope="the newest part"))
    found = pace(node(block(2022, {"CHN": 20, "USA": 80}), homes=homes), REGIONS, 2022, NUMBERS)
    wanted = (odds(30) - odds(10)) / 4
    assert 0.9 * wanted < found.pace[0] < wanted
    assert found.home[0].value == found.pace[0]
    assert "no world shares of several dates" in found.origins[0]
    assert found.origins[0].startswith("home market, 2019 to 2023")


def test_world_share_figures_of_the_same_basis_come_before_home_shares():
    figures = [home(year, share, "world_share_location") for year, share in ((2018, 5), (2022, 10))]
    markets = [home(2018, 50), home(2022, 50)]
    by_place = block(2022, {"CHN": 20, "USA": 80}, basis="location")
    found = pace(node(by_place, homes=(*figures, *markets)), REGIONS, 2022, NUMBERS)
    assert found.pace[0] > 0.1
    assert found.home[0].value == 0
    by_firm = block(2022, {"CHN": 20, "USA": 80})
    assert pace(node(by_firm, homes=(*figures, *markets)), REGIONS, 2022, NUMBERS).pace[0] == 0


def test_carried_shares_shift_in_log_odds_and_sum_to_one():
    shares, speed = np.array([0.2, 0.5, 0.3]), np.array([0.3, 9.0, 9.0])
    moved = np.array([True, False, False])
    found = carried(shares, speed, moved, -2.0)
    assert odds(100 * found[0]) == pytest.approx(odds(20) - 0.6)
    assert found.sum() == pytest.approx(1)
    assert found[1] / found[2] == pytest.approx(5 / 3)
    np.testing.assert_allclose(carried(found, speed, moved, 2.0), shares)
    every = carried(shares, np.array([0.1, 0.1, -0.2]), np.ones(3, dtype=bool), -2.0)
    assert every.sum() == pytest.approx(1)
    assert every[2] > shares[2]


def test_a_later_block_is_carried_back_and_ages():
    one = node(
        block(2024, {"CHN": 20, "USA": 80}, confirmed=("CHN", "USA")),
        block(2019, {"CHN": 10, "USA": 90}),
    )
    found = dated(one, REGIONS, OUTPUT, 2022, NUMBERS)
    assert found.published[0] == pytest.approx(0.2)
    assert 0.15 < found.shares[0] < 0.16  # log odds halfway between 10 and 20 percent and later
    assert found.carried.tolist() == [True, True, False, False, False]
    assert found.shares.sum() == pytest.approx(1)
    still = dated(node(one.suppliers[0]), REGIONS, OUTPUT, 2022, NUMBERS)
    np.testing.assert_allclose(still.shares, still.published)
    assert not still.carried.any()
    assert still.shares_error[0] > found.shares_error[0] > NUMBERS["share_error_confirmed"]
    at_date = dated(node(one.suppliers[0]), REGIONS, OUTPUT, 2024, NUMBERS)
    assert at_date.shares_error[0] == pytest.approx(NUMBERS["share_error_confirmed"])


def test_what_is_spread_over_regions_was_said_by_no_source():
    one = node(block(2022, {"CHN": 20, "EUR": 50, "OTHER": 30}))
    found = dated(one, REGIONS, OUTPUT, 2022, NUMBERS)
    assert found.shares_error[0] == NUMBERS["share_error_confirmed"]
    assert (found.shares_error[1:] == NUMBERS["share_error_spread"]).all()


def test_the_figure_of_the_home_market_and_no_other_is_used():
    others = [
        home(2022, 90, name)
        for name in (
            "world_share_headquarters",
            "world_share_location",
            "installed_use",
            "local_content",
            "home_capacity",
            "other",
        )
    ]
    part = home(2022, 80, scope="the newest part")
    made = node(block(2022, {"CHN": 20, "USA": 80}), homes=(*others, part))
    assert market_figure(made, "CHN", 2022) is None
    markets = (home(2019, 10), home(2023, 30), home(2025, 40))
    sales = (home(2022, 80, "firms_over_use"), home(2022, 60, "output_over_use"))
    every = node(block(2022, {"CHN": 20, "USA": 80}), homes=(*others, part, *sales, *markets))
    assert market_figure(every, "CHN", 2022) == markets[1]
    assert market_figure(every, "USA", 2022) is None
    by_firm = node(block(2022, {"CHN": 20, "USA": 80}), homes=sales)
    assert market_figure(by_firm, "CHN", 2022) == sales[0]
    by_place = node(block(2022, {"CHN": 20, "USA": 80}, basis="location"), homes=sales)
    assert market_figure(by_place, "CHN", 2022) == sales[1]
    found = dated(by_firm, REGIONS, OUTPUT, 2022, NUMBERS).home[0]
    assert found.share == pytest.approx(0.8)
    assert found.error == NUMBERS["home_share_error_recalled"]
    exporter = node(block(2022, {"CHN": 20, "USA": 80}), homes=(home(2022, 150, "firms_over_use"),))
    assert market_figure(exporter, "CHN", 2022) is None
    whole = node(block(2022, {"CHN": 20, "USA": 80}), homes=(home(2022, 100),))
    assert 0.99 < dated(whole, REGIONS, OUTPUT, 2022, NUMBERS).home[0].share < 1


def test_home_shares_are_carried_to_the_base_year_too():
    homes = (home(2020, 10), home(2025, 30))
    one = node(block(2022, {"CHN": 20, "USA": 80}), homes=homes)
    found = dated(one, REGIONS, OUTPUT, 2022, NUMBERS).home[0]
    assert found.given.year == 2020
    assert found.carried
    assert 0.14 < found.share < 0.17  # log odds two fifths of the way from 10 to 30 percent
    alone = dated(node(one.suppliers[0], homes=homes[:1]), REGIONS, OUTPUT, 2022, NUMBERS).home[0]
    assert alone.share == pytest.approx(0.1)
    assert not alone.carried
    assert alone.error > found.error


def test_a_wide_range_counts_for_more_than_the_confidence():
    wide = home(2022, 30).model_copy(update={"low": 5.0, "high": 80.0})
    blocks = block(2022, {"CHN": 20, "USA": 80})
    sure = dated(node(blocks, homes=(home(2022, 30),)), REGIONS, OUTPUT, 2022, NUMBERS)
    vague = dated(node(blocks, homes=(wide,)), REGIONS, OUTPUT, 2022, NUMBERS)
    assert sure.home[0].error == NUMBERS["home_share_error_confirmed"]
    assert vague.home[0].error > 0.8


def test_dated_figures_go_into_the_table():
    one = node(block(2022, {"CHN": 20, "USA": 60, "OTHER": 20}), homes=(home(2022, 60),))
    base = dated(one, REGIONS, OUTPUT, 2022, NUMBERS)
    found = reconcile(
        base.shares, base.shares_error, OUTPUT, base.measured, NUMBERS["chain_home_bias"]
    )
    assert found.home[0] == pytest.approx(0.6, abs=0.005)
    assert found.shares[0] == pytest.approx(0.2, abs=0.005)
    assert found.bias[0] > 5


def market(year, value, confidence="high", spread=0.0):
    return Market(
        year=year,
        value=value,
        low=value * (1 - spread),
        high=value * (1 + spread),
        measure="sales",
        source="assumption: test",
        confidence=confidence,
    )


def test_market_size_grows_between_figures_and_ages_without():
    assert market_size((), 2022, NUMBERS) is None
    one = market_size((market(2024, 40.0),), 2022, NUMBERS)
    assert (one.size, one.carried) == (40.0, False)
    assert one.error == pytest.approx(
        np.hypot(NUMBERS["market_error_confirmed"], 2 * NUMBERS["market_drift"])
    )
    two = market_size((market(2020, 10.0), market(2025, 40.0)), 2022, NUMBERS)
    assert two.size == pytest.approx(10 * 4**0.4)
    assert two.carried
    assert two.given.year == 2020
    exact = market_size((market(2020, 10.0), market(2022, 13.0, "low")), 2022, NUMBERS)
    assert (exact.size, exact.carried) == (13.0, False)
    assert exact.error == NUMBERS["market_error_recalled"]
    assert market_size((market(2022, 13.0, spread=0.9),), 2022, NUMBERS).error > 0.5
