"""The table of growth and the outlook: what the builder makes, and what the reader refuses."""

from __future__ import annotations

import math
from importlib.resources import files

import pytest
from calibration_2017 import data_folder

from zizhu.errors import WorldError
from zizhu.world import open_world
from zizhu.world.build import growth as builder
from zizhu.world.classification import EUROPEAN_UNION
from zizhu.world.growth import growth_tables, read_countries, read_outlook

# The countries that the default world names, with the members of its groups.
NAMED = set(open_world("2022").regions) - {"ANZ", "REU", "ROW"} | {"AUS", "NZL"}


def shipped(name: str):
    return files("zizhu.world") / name


@pytest.fixture
def table(tmp_path):
    """Write a changed copy of the shipped table."""

    def changed(old: str, new: str):
        text = shipped("tables/growth.csv").read_text("utf-8")
        assert old in text
        path = tmp_path / "growth.csv"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return changed


@pytest.fixture
def outlook(tmp_path):
    """Write a changed copy of the shipped outlook."""

    def changed(old: str, new: str):
        text = shipped("outlook.yaml").read_text("utf-8")
        assert old in text
        path = tmp_path / "outlook.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return changed


def test_the_builder_makes_the_shipped_table(tmp_path):
    folder = data_folder("knowledge/pwt10.01.csv.gz")
    made = builder.build(folder, tmp_path / "growth.csv")
    assert made.read_text("utf-8") == shipped("tables/growth.csv").read_text("utf-8")


def test_the_builder_says_what_is_missing(tmp_path):
    with pytest.raises(WorldError, match=r"gdp_current_usd\.csv is not in"):
        builder.growth_table(tmp_path)
    (tmp_path / "gdp_current_usd.csv").write_text("country,code,year,gdp_usd\n")
    with pytest.raises(WorldError, match="table of growth: a source is missing"):
        builder.growth_table(tmp_path)


def test_figures_of_the_sources():
    countries = growth_tables().countries
    assert len(countries) > 180
    china, usa = countries["CHN"], countries["USA"]
    assert china.labour_share == pytest.approx(0.586, abs=1e-3)
    assert usa.capital_output_ratio == pytest.approx(3.358, abs=1e-3)
    assert usa.tfp_growth == pytest.approx(0.0056, abs=1e-4)
    assert china.gdp_2022 == pytest.approx(17.9e6, rel=0.01)
    assert countries["TWN"].gdp_2022 == 760_000
    # Spending in current dollars: 3.46 percent of 23.3 tn, and 2.43 of 17.8.
    assert usa.research_spending == pytest.approx(806_000, rel=0.02)
    assert china.research_spending == pytest.approx(0.0243 * 17.8e6, rel=0.01)
    assert countries["VNM"].labour_share is None
    assert countries["POL"].research_of == "rest of EU"
    assert countries["DEU"].research_of == "own"
    assert countries["IND"].research_of is None


def test_growth_rates_agree_with_each_other():
    """Output per worker and GDP are of one source: five years lie inside ten."""
    for one in growth_tables().countries.values():
        if one.gdp_growth_2009_2019 is not None and one.gdp_growth_2014_2019 is not None:
            first = 2 * one.gdp_growth_2009_2019 - one.gdp_growth_2014_2019
            assert abs(first) < 0.3, one.country


def test_the_outlook_covers_the_world():
    tables = growth_tables()
    age, gdp = tables.outlook.working_age, tables.outlook.gdp_growth
    assert age.status == "read"
    assert "recalled" in (gdp.status, tables.outlook.research_intensity.status)
    assert set(tables.countries) - set(age.values) <= {"MSR"}
    assert set(gdp.values) >= NAMED
    # Sums of the United Nations' age groups in thousands, 2022 and 2035.
    for country, start, end in (("CHN", 984305, 930551), ("IND", 960806, 1079133)):
        assert age.values[country] == pytest.approx(100 * math.log(end / start) / 13, abs=0.006)
    for country, block in ((c, tables.outlook.research_intensity.values) for c in sorted(NAMED)):
        known = tables.countries[country].research_spending is not None
        assert known != (country in block), country
    assert not set(EUROPEAN_UNION) & set(tables.outlook.research_intensity.values)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("USA,0.5971", "USA,59.71", "line .*: field labour_share"),
        ("USA,0.5971", "USA,nan", "field labour_share"),
        ("USA,0.5971", "usa,0.5971", "field country"),
        ("USA,0.5971", "CHN,0.5971", "country CHN appears twice"),
        ("USA,0.5971", "USA,0.5971,1", "cells found, 15 are right"),
        ("labour_share,capital", "labor_share,capital", "columns must be"),
        (",own\n", ",theirs\n", "field research_of"),
    ],
)
def test_a_bad_table_is_refused(table, old, new, said):
    with pytest.raises(WorldError, match=said):
        read_countries(table(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("status: read", "status: believed", "field working_age.status"),
        ("WORLD: 0.80", "EARTH: 0.80", "field working_age.values has no WORLD"),
        ("CHN: -0.43", "CHN: -43", "field working_age.values.CHN"),
        ("gdp_growth:", "gdp:", "field gdp"),
        ("gdp_growth:", "gdp_growth: [", "not valid YAML"),
    ],
)
def test_a_bad_outlook_is_refused(outlook, old, new, said):
    with pytest.raises(WorldError, match=said):
        read_outlook(outlook(old, new))


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(WorldError, match="cannot be read"):
        read_countries(tmp_path / "none.csv")
    with pytest.raises(WorldError, match="cannot be read"):
        read_outlook(tmp_path / "none.yaml")
    empty = tmp_path / "empty.csv"
    empty.write_text("# nothing\n")
    with pytest.raises(WorldError, match="columns must be"):
        read_countries(empty)
