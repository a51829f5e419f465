"""Numbers of spreadsheets in any language: read right, or refused in one sentence."""

from __future__ import annotations

import re
from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.errors import WorldError
from zizhu.world import read_csv, read_margins
from zizhu.world.sheets.numbers import Numbers

WIDE = "\uff33\uff2f\uff35\uff34\uff28"  # SOUTH as a Chinese or Japanese keyboard may write it
YAML = "year: 2020\ncurrency: EUR\n"
# Sales of food and tools; `write` puts each number as some spreadsheet would.
ROWS = (
    ("NORTH", "FOOD", "NORTH", "TOOL", 1080),
    ("NORTH", "FOOD", "SOUTH", "household", 20500),
    ("NORTH", "TOOL", "NORTH", "FOOD", 1200),
    ("SOUTH", "FOOD", "SOUTH", "household", 60300),
    ("SOUTH", "TOOL", "SOUTH", "FOOD", 1500),
    ("SOUTH", "TOOL", "SOUTH", "government", 4000),
    ("NORTH", "TOOL", "SOUTH", "household", 3000),
)


def column(texts: list[str], separator: str = ";", given: str | None = None) -> list[float]:
    """The numbers of a column of texts."""
    numbers = Numbers(Path("flows.csv"), "value", separator, given)
    values = array("d", [])
    for row, text in enumerate(texts):
        values.append(numbers.read(text, row + 2, row))
    numbers.settle(values, "ASK")
    return list(values)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.080", "0,5"], [1080.0, 0.5]),
        (["0,5", "1.080"], [0.5, 1080.0]),
        (["1.080", "2.345.678"], [1080.0, 2345678.0]),
        (["1.080", "12.25"], [1.08, 12.25]),
        (["12.25", "-1.080"], [12.25, -1.08]),
        (["1.080", "0.125"], [1.08, 0.125]),
        (["1.080", "1.5e3", "1e3"], [1.08, 1500.0, 1000.0]),
        (["1,080", "0,5"], [1.08, 0.5]),
        (["-1.080,25", "+3,5E+02", "17"], [-1080.25, 350.0, 17.0]),
        (["1080", "12"], [1080.0, 12.0]),
    ],
)
@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_other_cells_tell(texts: list[str], values: list[float], separator: str) -> None:
    assert column(texts, separator) == values


def test_where_nothing_tells_it_is_asked() -> None:
    wanted = (
        r"^flows.csv, line 3: field value is '1\.080', which may be 1080 or 1\.08: no other number "
        "of the file tells; ASK$"
    )
    with pytest.raises(WorldError, match=wanted):
        column(["17", "1.080", "12.345"])
    assert column(["1.080", "17"], given="comma") == [1080.0, 17.0]
    assert column(["1.080", "17"], given="point") == [1.08, 17.0]


def test_between_commas_a_point_is_a_decimal_point() -> None:
    assert column(["1.080", "17"], ",") == [1.08, 17.0]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["0,5", "12.25"], r"line 3: .* is '12\.25', and '0,5' in line 2 .* decimal comma; write"),
        (["12.25", "0,5"], r"line 3: .* is '0,5', and '12\.25' in line 2 .* decimal point; write"),
        (["1.080", "12.25", "3.456.789"], r"is '3\.456\.789', and '12\.25' in line 3"),
        (["0,5", "1.08.0"], r"is '1\.08\.0'; a number with a decimal comma is right"),
        (["0,5", "nan"], "is 'nan'; a number with a decimal comma is right"),
        (["nan"], "is 'nan'; a number with a decimal comma is right|is 'nan'; a number is right"),
        ([""], "is empty; a number is right"),
        (["0,5", ""], "is empty; a number is right"),
        (["1e300"], "is '1e300'; a number"),
        (["0,5", "1e300"], "is '1e300'; a number is right"),
        (["1,080.50"], "is '1,080.50'; a number"),
    ],
)
def test_what_is_no_number_is_refused(texts: list[str], words: str) -> None:
    with pytest.raises(WorldError, match=words):
        column(texts)


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1), st.integers(0, 2))
def test_a_german_column_is_read_as_it_was_meant(cents: list[int], places: int) -> None:
    """Thousands in groups, a decimal comma; one cell with decimals tells."""
    values = [number / 10**places for number in cents]
    swap = str.maketrans(".,", ",.")
    texts = [f"{value:,.{places}f}".translate(swap) for value in values]
    assert column([*texts, "0,5"]) == [*values, 0.5]


def folder(place: Path, text: str, yaml: str = YAML) -> Path:
    """A table of one's own with these flows."""
    place.mkdir(exist_ok=True)
    (place / "world.yaml").write_text(yaml, encoding="utf-8")
    (place / "flows.csv").write_text(text, encoding="utf-8")
    return place


def flows(write: str, separator: str = ";", head: str = "") -> str:
    """The file, each number written by a format or with a point for thousands."""
    lines = [separator.join(("supplier", "sector", "user", "use", "value"))]
    for *labels, value in ROWS:
        text = f"{value:,}".replace(",", ".") if write == "grouped" else format(value, write)
        lines.append(separator.join((*labels, text)))
    return head + "\n".join(lines) + "\n"


def test_a_german_file_is_read_or_asked_about(tmp_path: Path) -> None:
    plain = read_csv(folder(tmp_path / "plain", flows("d", ",")))
    grouped = flows("grouped")
    with pytest.raises(WorldError, match=r"which may be 1080 or 1\.08: .*; write decimal: comma"):
        read_csv(folder(tmp_path / "open", grouped))
    told = read_csv(folder(tmp_path / "told", grouped, YAML + "decimal: comma\n"))
    np.testing.assert_array_equal(told.intermediate, plain.intermediate)
    np.testing.assert_array_equal(told.final, plain.final)
    shown = read_csv(folder(tmp_path / "shown", grouped.replace("3.000\n", "3.000,00\n")))
    np.testing.assert_array_equal(shown.final, plain.final)
    with pytest.raises(WorldError, match=r"decimal is 'dot'; point or comma is right"):
        read_csv(folder(tmp_path / "wrong", grouped, YAML + "decimal: dot\n"))


def test_the_hint_of_a_spreadsheet_is_no_header(tmp_path: Path) -> None:
    plain = read_csv(folder(tmp_path / "plain", flows("d", ",")))
    hinted = folder(tmp_path / "hinted", flows("d", ";", head="sep=;\n"))
    np.testing.assert_array_equal(read_csv(hinted).final, plain.final)
    with pytest.raises(WorldError, match="line 3: field value is 'x'"):
        read_csv(folder(hinted, flows("d", ";", head="sep=;\n").replace("1080", "x")))


def test_margins_are_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "margins.csv"
    head = "margin;supplier;value;weight\n"
    file.write_text(head + "gdp;NORTH;1.080;0,5\ngdp;SOUTH;2,5;1\n", encoding="utf-8")
    assert [(row.value, row.weight) for row in read_margins(file)] == [(1080.0, 0.5), (2.5, 1.0)]
    file.write_text(head + "gdp;NORTH;1.080;1\n", encoding="utf-8")
    with pytest.raises(WorldError, match=r"may be 1080 or 1\.08"):
        read_margins(file)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("SOUTH,TOOL,SOUTH,g", "South,TOOL,SOUTH,g", "line 7, field supplier: 'South' differs"),
        ("SOUTH,TOOL,SOUTH,FOOD", "SOUTH,tool,SOUTH,FOOD", "field sector: 'tool' differs"),
        ("SOUTH,TOOL,SOUTH,g", f"{WIDE},TOOL,SOUTH,g", f"field supplier: '{WIDE}' differs"),
        ("SOUTH,FOOD,", "SOUTH\u00a0,FOOD,", None),
        ("SOUTH,TOOL,SOUTH,FOOD", "SOUTH,Total,SOUTH,FOOD", "field sector: 'Total' names a sum"),
        ("SOUTH,TOOL,SOUTH,FOOD", "WLD,TOOL,SOUTH,FOOD", "field supplier: 'WLD' names a sum"),
        ("SOUTH,TOOL,SOUTH,FOOD", "SOUTH,VALU,SOUTH,FOOD", "'VALU' names a sum or a row of the"),
    ],
)
def test_one_label_in_two_spellings_and_rows_of_sums(
    tmp_path: Path, old: str, new: str, words: str | None
) -> None:
    text = flows("d", ",")
    assert old in text
    place = folder(tmp_path / "mine", text.replace(old, new))
    if words is None:  # spaces around a label are no part of it
        assert read_csv(place).regions == ("NORTH", "SOUTH")
        return
    with pytest.raises(WorldError, match=re.escape(words)):
        read_csv(place)
