"""An observation counts once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_history_series import FIRST

from zizhu.history import Series, join
from zizhu.history.twins import repeated


def one(*observed: tuple[float, float], **fields: str) -> Series:
    row = replace(FIRST, **fields)
    (found,) = join(replace(row, year=year, percent=percent) for year, percent in observed)
    return found


LONG = one((2015.0, 5.0), (2019.0, 8.0), (2020.0, 9.5), (2024.0, 20.0), subject="read")
SHORT = ((2019.0, 8.0), (2020.4, 9.45), (2022.0, 15.0))


def test_a_chain_gives_way_to_a_table():
    chain = one(*SHORT, subject="chain")
    assert repeated([LONG], [chain]) == {chain: LONG}


@pytest.mark.parametrize(
    "fields",
    [
        {"region": "JPN"},
        {"place": "home"},
        {"node": "software_stack/database"},
    ],
)
def test_what_differs_stays(fields):
    assert not repeated([LONG], [one(*SHORT, subject="chain", **fields)])


def test_chance_and_other_definitions_stay():
    # One observation alike, or fewer than half; another share in the same year.
    assert not repeated([LONG], [one((2019.0, 8.0), (2022.0, 15.0), subject="chain")])
    few = ((2019.0, 8.0), (2020.0, 9.5), (2021.0, 1.0), (2022.0, 2.0), (2023.0, 3.0))
    assert not repeated([LONG], [one(*few, subject="chain")])
    odd = ((2019.0, 8.0), (2020.0, 9.5), (2024.0, 30.0))
    assert not repeated([LONG], [one(*odd, subject="chain")])
    patents = one(*zip(LONG.years, LONG.percents, strict=True), kind="patents")
    assert not repeated([patents], [one(*SHORT, subject="chain")])


def test_of_two_tables_the_longer_stays():
    short = one((2019.0, 8.0), (2020.0, 9.5), subject="read", measure="else")
    assert repeated([short, LONG], []) == {short: LONG}
    # Of another subject it may be chance.
    assert not repeated([replace(short, subject="other", node=""), LONG], [])


def test_of_two_nodes_of_a_chain_the_product_stays():
    part = one(*SHORT, subject="part", node="semiconductors/etch")
    product = one(*SHORT, subject="product", node="semiconductors/ic")
    assert repeated([], [part, product]) == {part: product}
