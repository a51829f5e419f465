"""Sizes: numbers with units."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.errors import ParameterError, ScenarioError
from zizhu.policy.units import GDP, MONEY, PERCENT, POINTS, Size, parse_size

EVERY = (PERCENT, POINTS, GDP, MONEY)
NUMBERS = st.decimals(-10_000, 10_000, places=4, allow_nan=False).map(float)
SPELLINGS = {
    "%": PERCENT,
    " %": PERCENT,
    " percent": PERCENT,
    " per cent": PERCENT,
    "pp": POINTS,
    " percentage points": POINTS,
    " percentage point": POINTS,
    " % of GDP": GDP,
    " percent of gdp": GDP,
}
SCALES = {"": 1.0, "thousand ": 1e3, "mn ": 1e6, "million ": 1e6, "bn ": 1e9, "billion ": 1e9}


@given(NUMBERS, st.sampled_from(sorted(SPELLINGS)))
def test_every_spelling_of_shares(number, unit):
    size = parse_size(f"{number!r}{unit}", *EVERY)
    assert size == Size(number, SPELLINGS[unit])
    assert size.fraction == pytest.approx(number / 100, rel=1e-12)


@given(NUMBERS, st.sampled_from(sorted(SCALES)), st.sampled_from(["USD", "CNY", "eur"]))
def test_every_spelling_of_money(number, scale, currency):
    size = parse_size(f"{number!r} {scale}{currency}", *EVERY)
    assert (size.kind, size.currency) == (MONEY, currency.upper())
    assert size.value == pytest.approx(number * SCALES[scale], rel=1e-12)


@given(NUMBERS, st.sampled_from(EVERY))
def test_what_is_printed_is_read_back(number, kind):
    size = Size(number * 1e9 if kind == MONEY else number, kind, "CNY" if kind == MONEY else None)
    again = parse_size(str(size), kind)
    assert (again.kind, again.currency) == (size.kind, size.currency)
    assert again.value == pytest.approx(size.value, rel=1e-11)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        size = parse_size(text, *EVERY)
    except ScenarioError:
        return
    assert size.kind in EVERY
    assert parse_size(str(size), size.kind).value == pytest.approx(size.value, rel=1e-11)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.5 %", 1234.5), ("12,345,678 %", 12345678), ("1_000 %", 1000), ("+3e2 %", 300)],
)
def test_thousands(text, value):
    assert parse_size(text, PERCENT).value == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (25, "25 has no unit; write '20 %'"),
        (0.25, "0.25 has no unit"),
        ("25", "'25' has no unit"),
        ("344 bn", "'344 bn' has no unit"),
        ("1,5 %", "'1,5 %' is not a size"),
        ("12,34 %", "'12,34 %' is not a size"),
        ("1.2.3 %", "'1.2.3 %' is not a size"),
        ("5 bn %", "'5 bn %' is not a size"),
        ("1e999 %", "'1e999 %' is not a size"),
        ("some %", "'some %' is not a size"),
        ("nan %", "'nan %' is not a size"),
        ("", "'' is not a size"),
        (None, "None is not a size"),
        (["5 %"], "['5 %'] is not a size"),
        ("5 prozent", "did you mean percent?"),
        ("5 bn CNX", "unit 'CNX' in '5 bn CNX' is unknown; did you mean CNY?"),
        ("5 percentage points", "is in percentage points; write '20 %'"),
        ("5 % of GDP", "is in % of GDP; write '20 %'"),
        ("5 bn USD", "'5 bn USD' is in money; write '20 %'"),
    ],
)
def test_refused(text, words):
    with pytest.raises(ScenarioError) as error:
        parse_size(text, PERCENT)
    assert words in str(error.value)


def test_the_third_chip_fund():
    """344 bn CNY were 47.5 bn USD on 24 May 2024."""
    size = parse_size("344 bn CNY", MONEY)
    assert size.money("USD", dt.date(2024, 5, 24)) == pytest.approx(47.5e9, rel=0.03)
    assert size.money("CNY", dt.date(2024, 5, 24)) == pytest.approx(344e9, rel=1e-12)


def test_money_converts_through_the_dollar():
    day = dt.date(2017, 7, 1)
    assert parse_size("6.75876 bn CNY", MONEY).money("USD", day) == pytest.approx(1e9)
    euros = parse_size("1 bn EUR", MONEY)
    there = Size(euros.money("CNY", day), MONEY, "CNY").money("EUR", day)
    assert there == pytest.approx(1e9, rel=1e-12)
    with pytest.raises(ParameterError, match="no exchange rate for 2004"):
        euros.money("USD", dt.date(2004, 1, 1))
    later = [euros.money("USD", dt.date(year, 7, 1)) for year in (2030, 2040)]
    assert later[0] == later[1]  # the last known rate goes on


@pytest.mark.parametrize("text", ["344 bn RMB", "344 bn rmb", "344 bn yuan", "344 bn cny"])
def test_other_names_of_a_currency_are_read(text):
    assert str(parse_size(text, MONEY)) == "344 bn CNY"
