"""Builders of the panel's tables, on small sources and on the real ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest
from calibration_2017 import data_folder

from zizhu.errors import HistoryError
from zizhu.history.build import TABLES, build, text_of
from zizhu.history.build.domestic_use import domestic_use
from zizhu.history.build.knowledge import patents
from zizhu.history.build.minerals import SUBJECTS, minerals
from zizhu.history.build.models import models
from zizhu.history.build.solar import solar
from zizhu.history.build.trade import tools_trade
from zizhu.history.panel import table_files
from zizhu.history.reader import join, read_table


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    raw = text.encode()
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return folder


def shares(table: pd.DataFrame, **which: str) -> dict[float, float]:
    for column, value in which.items():
        table = table[table[column] == value]
    return dict(zip(table.year, table.percent, strict=True))


MINERAL = "bgs_commodity_trans,erml_sub_commodity,country_iso3_code,year,quantity\n"


def test_minerals_start_with_the_largest_maker_and_sum_the_union(tmp_path):
    text = MINERAL + "".join(
        f'"gallium, primary",,{country},{year},{tonnes}\n'
        for country, year, tonnes in [
            ("KOR", 2009, 5),
            ("CHN", 2010, 60),
            ("DEU", 2010, 15),
            ("SVK", 2010, 5),
            ("KOR", 2010, 20),
            ("CHN", 2011, 90),
            ("DEU", 2011, 10),
            # Nearly nothing, and nothing.
            ("JPN", 2011, 0.01),
            ("USA", 2011, 0),
        ]
    )
    others = [key for key in SUBJECTS if key[0] != "gallium, primary"]
    text += "".join(f'"{name}",{part},CHN,2010,1\n' for name, part in others)
    found = minerals(put(tmp_path, "minerals/bgs_production_1995_2023.csv.gz", text))
    assert set(found.subject) == {subject for subject, _, _ in SUBJECTS.values()}
    found = found[found.subject == "primary gallium"]
    assert set(found.region) == {"CHN", "EU", "KOR"}
    assert shares(found, region="CHN") == pytest.approx({2010: 60, 2011: 100 * 90 / 100.01})
    assert shares(found, region="EU") == pytest.approx({2010: 20, 2011: 100 * 10 / 100.01})
    # No figure is no zero.
    assert shares(found, region="KOR") == pytest.approx({2010: 20})
    assert found[found.region == "EU"].note.iloc[0] == "20 in 2010, 10 in 2011 tonnes"


def test_a_mineral_that_is_missing_is_named(tmp_path):
    text = MINERAL + '"gallium, primary",,CHN,2010,60\n'
    with pytest.raises(HistoryError, match="the source has no rare earth oxides"):
        minerals(put(tmp_path, "minerals/bgs_production_1995_2023.csv.gz", text))


def test_models_of_two_countries_are_split(tmp_path):
    one = "China,China"
    two = "United States of America,China"
    three = "France"
    rows = [f'2020-0{n % 9 + 1}-01,"{one}"\n' for n in range(9)]
    rows += [f'2020-01-01,"{two}"\n'] * 10 + [f'2020-01-01,"{three}"\n', "2020-01-01,\n"]
    rows += ["2019-01-01,China\n"]
    text = "Publication date,Country (of organization)\n" + "".join(rows)
    found = models(put(tmp_path, "ai/epoch_notable_models_2026-01.csv.gz", text))
    # One of 2019 is too few.
    assert shares(found, region="CHN") == pytest.approx({2020: 70})
    assert shares(found, region="USA") == pytest.approx({2020: 25})
    assert shares(found, region="EU") == pytest.approx({2020: 5})


def test_solar_leaves_out_missing_values_and_what_is_repeated(tmp_path):
    put(
        tmp_path,
        "solar/pvice_market_share_polysilicon.csv",
        "Country,2004,2005,2006,2021,2022\nChina,0,1,2,77,77\nUSA,100,99,98,20,20\n"
        "SKorea,0,0,0,3,3\n",
    )
    put(
        tmp_path,
        "solar/jhelvy_pv_production_gw_2010_2021.csv",
        "country,year,production_gw\nChina,2010,9\nEurope,2010,3\nROW,2010,8\n",
    )
    put(
        tmp_path,
        "solar/iea2022_pv_module_production_gw_digitised.csv",
        "year,China,ROW\n2010.0,5,5\n2022.0,9,1\n",
    )
    found = solar(tmp_path)
    assert shares(found, node="solar_pv/polysilicon", region="CHN") == {2005: 1, 2006: 2, 2021: 77}
    assert shares(found, node="solar_pv/polysilicon", region="KOR") == {2021: 3}
    assert shares(found, node="solar_pv/cell", region="CHN") == {2010: 45}
    assert shares(found, node="solar_pv/cell", region="EUR") == {2010: 15}
    assert shares(found, node="solar_pv/module", region="CHN") == {2010: 50, 2022: 90}


def test_ratios_that_mean_nothing_are_left_out(tmp_path):
    text = "group,year,domestic_share_of_use\nships,2002,-0.4\nships,2007,0.9\nships,2012,1.2\n"
    name = "domestic_share/china_domestic_share_by_group_2002_2018.csv"
    found = domestic_use(put(tmp_path, name, text))
    assert shares(found, subject="ships", place="home") == pytest.approx({2007: 90})
    assert set(found.node) == {"sector:C301"}


def test_patents_are_shares_of_the_world_without_those_of_no_field(tmp_path):
    rows = [
        "semiconductors,World,2020,200",
        "semiconductors,China,2020,50",
        "UNASSIGNED,World,2020,9",
    ]
    rows += ["semiconductors,EU-27<sup>b</sup>,2020,30", "ALL,World,2020,1000", "ALL,India,2020,10"]
    text = "\n".join(["wipo_field,economy,year,families", *rows])
    name = "knowledge/patent_families_by_field_1998_2020.csv.gz"
    found = patents(put(tmp_path, name, text))
    assert set(found.subject) == {"patents: semiconductors", "patents: all fields"}
    assert shares(found, region="CHN") == {2020: 25}
    assert shares(found, region="EU") == {2020: 15}
    assert shares(found, region="IND") == {2020: 1}


def test_exports_alone_are_counted_and_taiwan_is_found(tmp_path):
    codes = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "SGP", "MYS", "ISR")
    rows = [
        f"2020,Export,{code},{code},{hs},10" for code in codes for hs in (848620, 903082, 903141)
    ]
    rows += [f'2020,Export,,"Other Asia, nes",{hs},10' for hs in (848620, 903082, 903141)]
    rows += ["2020,Import,CHN,CHN,848620,1000", "2020,Export,NLD,NLD,848620,100"]
    text = "\n".join(["year,flow,iso3,reporter,hs6,value_usd", *rows])
    found = tools_trade(put(tmp_path, "trade/sme_world_trade_by_reporter_2016_2020.csv.gz", text))
    tools = found[found.subject.str.contains("848620")]
    assert shares(tools, region="CHN") == pytest.approx({2020: 5})
    assert shares(tools, region="TWN") == pytest.approx({2020: 5})
    assert shares(tools, region="EU") == pytest.approx({2020: 55})


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(HistoryError, match="history table solar: a source is missing in"):
        text_of("solar", tmp_path)
    with pytest.raises(HistoryError, match="a source is missing"):
        build(tmp_path)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_shipped_tables_are_what_the_builders_make(name):
    data = data_folder("technology_history/observed_moves.csv")
    (path,) = [path for path in table_files() if path.stem == name]
    assert text_of(name, data) == path.read_text(encoding="utf-8")


def test_observed_moves_stand_in_the_panel_once():
    (press,) = [path for path in table_files() if path.stem == "press"]
    found = {one.subject: one for one in join(read_table(press))}
    assert found["industrial robots in China"].percents == (27.0, 47.0, 57.0)
    assert found["lithography"].percents == (0.2,)
    assert "methods" in found["CVD tools"].note
    assert found["SiC substrates"].confidence == "recalled"
