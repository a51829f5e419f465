"""Rows of the panel's tables, and what a series says of its move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zizhu.errors import HistoryError
from zizhu.history import Row, Series, join, logit, read_table
from zizhu.history.reader import COLUMNS

FIRST = Row(
    subject="etch",
    node="semiconductors/etch",
    region="CHN",
    place="world",
    basis="headquarters",
    measure="sales",
    kind="market",
    year=2019.0,
    percent=3.0,
    source="A",
    confidence="read",
    note="n",
)


def series(*percents: float, years: tuple[float, ...] = ()) -> Series:
    years = years or tuple(2010.0 + n for n in range(len(percents)))
    rows = [replace(FIRST, year=y, percent=p) for y, p in zip(years, percents, strict=True)]
    (found,) = join(rows)
    return found


@pytest.mark.parametrize(
    ("percents", "direction"),
    [
        ((50.0, 52.1), "rises"),
        ((50.0, 52.0), "stands"),
        ((52.0, 50.0), "stands"),
        ((52.1, 50.0), "falls"),
        # Below 10 percent 0.3 in log odds are a move.
        ((1.0, 1.5), "rises"),
        ((1.5, 1.0), "falls"),
        ((1.0, 1.3), "stands"),
        # What no source prints is no move.
        ((0.0, 0.1), "stands"),
        # What happens in between is none of the whole span.
        ((20.0, 90.0, 20.0), "stands"),
    ],
)
def test_directions(percents, direction):
    found = series(*percents)
    assert found.direction == direction
    assert [found.rises, found.falls, found.stands] == [
        direction == one for one in ("rises", "falls", "stands")
    ]
    assert found.moved == pytest.approx(percents[-1] - percents[0])


def test_the_pace_is_the_change_of_the_logit_a_year():
    found = series(3.0, 10.7, years=(2019.0, 2024.0))
    assert found.pace == pytest.approx((np.log(10.7 / 89.3) - np.log(3 / 97)) / 5)
    assert series(3.0).pace == 0.0
    assert logit(0.0) == logit(0.1) == pytest.approx(-logit(100.0))


def test_rows_are_joined_in_the_order_of_years():
    later = replace(FIRST, year=2024.5, percent=10.0, source="B", confidence="low", note="m.")
    again = replace(FIRST, year=2022.0, percent=7.0, confidence="recalled", note="")
    other = replace(FIRST, region="USA")
    found, usa = join([later, FIRST, other, again])
    assert found.years == (2019.0, 2022.0, 2024.5)
    assert found.percents == (3.0, 7.0, 10.0)
    assert found.source == "A; B"
    assert found.note == "n; m"
    assert found.confidences == ("read", "recalled", "low")
    # The weakest.
    assert found.confidence == "recalled"
    assert (found.name, usa.name) == ("etch.chn.world", "etch.usa.world")


def test_names_tell_series_apart():
    others = [
        replace(FIRST, basis="location"),
        replace(FIRST, measure="capacity"),
        replace(FIRST, node=""),
        replace(FIRST, subject="Etch!"),
    ]
    names = [one.name for one in join([FIRST, *others])]
    assert len(set(names)) == len(names)
    assert "etch.chn.world.location" in names


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"year": 2019.0, "percent": 4.0}, "year 2019 stands twice"),
        ({"year": 2020.0, "kind": "capacity"}, "kinds market and capacity"),
    ],
)
def test_a_series_says_one_thing_a_year(change, words):
    with pytest.raises(HistoryError, match=words):
        join([FIRST, replace(FIRST, **change)])


HEAD = ",".join(COLUMNS)
GOOD = "etch,semiconductors/etch,CHN,world,headquarters,sales,market,2019,3,A,read,"


def test_a_table_is_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"# source: S\n# licence: L\n{HEAD}\n{GOOD}\n", encoding="utf-8")
    assert read_table(path) == (replace(FIRST, note=""),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD.replace('basis', 'base')}\n{GOOD}", "has no column basis"),
        (f"{HEAD},more\n{GOOD},1", "column 'more' is unknown"),
        (f"{HEAD}\n{GOOD.replace('etch,', ',', 1)}", "row 1, column subject: it is empty"),
        (f"{HEAD}\n{GOOD.replace('world', 'wold')}", "'wold' is unknown; did you mean world"),
        (f"{HEAD}\n{GOOD.replace('market', 'sector x')}", "column kind: 'sector x' is unknown"),
        (f"{HEAD}\n{GOOD.replace(',read', ',sure')}", "column confidence: 'sure' is unknown"),
        (f"{HEAD}\n{GOOD.replace('CHN', 'China')}", "column region: 'China' is none"),
        (f"{HEAD}\n{GOOD.replace('semiconductors/', '')}", "column node: 'etch' is none"),
        (f"{HEAD}\n{GOOD.replace(',3,', ',101,')}", "'101' is not right; a number from 0 to 100"),
        (f"{HEAD}\n{GOOD.replace(',3,', ',nan,')}", "'nan' is not right"),
        (f"{HEAD}\n{GOOD.replace('2019', 'now')}", "column year: 'now' is not right"),
        ("", "cannot be read"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(tmp_path, text, words):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HistoryError) as stop:
        read_table(path)
    assert words in str(stop.value)
    assert "history table bad.csv" in str(stop.value)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(HistoryError, match=r"history table none\.csv cannot be read"):
        read_table(tmp_path / "none.csv")
