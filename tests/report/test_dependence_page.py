"""The page, tables and sentences of an answer about dependence."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import zizhu
from zizhu.errors import OutputError, WorldError
from zizhu.indicators import extraction, input_reliance, self_sufficiency
from zizhu.laboratory import dependence_of
from zizhu.report.dependence import answer_page, page_html, write_dependence
from zizhu.report.dependence.tables import csv_tables
from zizhu.world import World, open_history, open_world


def shown(answer) -> str:
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.capture() as caught:
        console.print(answer_page(answer))
    console.file.close()
    return caught.get()


@pytest.fixture(scope="module")
def seven(world) -> World:
    return world


@pytest.fixture(scope="module")
def of_region(seven):
    return dependence_of("CHN", world=seven, equilibrium=False, draws=2)


@pytest.fixture(scope="module")
def of_sector(seven):
    return dependence_of("CHN", sector="C26", world=seven, equilibrium=False, draws=2)


@pytest.fixture(scope="module")
def of_pair(seven):
    return dependence_of("China", sector="C26", on="japan", world=seven, equilibrium=False, draws=0)


def test_numbers_are_those_of_the_indicators(of_region, of_sector, seven):
    reliance = input_reliance(seven).sel(region="CHN")
    foreign = reliance.region_look_through_share.drop_sel(supplier="CHN")
    headlines = of_region.headlines
    assert headlines["look_through"].value == pytest.approx(float(foreign.sum()))
    suppliers = of_region.tables["suppliers"].frame.set_index("supplier")
    assert suppliers.look_through["USA"] == pytest.approx(float(foreign.sel(supplier="USA")))
    assert suppliers.look_through.is_monotonic_decreasing
    six = self_sufficiency(seven).sel(region="CHN", sector="C26")
    table = of_sector.tables["self_sufficiency"].frame
    assert len(table) == 6
    assert of_sector.headlines["home_share"].value == pytest.approx(float(six.home_share))
    cut = extraction(seven, suppliers="USA", users="CHN", sectors="C26", cut=0.9)
    lost = of_sector.tables["suppliers"].frame.set_index("supplier").supplier_income_exposed
    assert lost["USA"] == pytest.approx(float(cut.region_value_added_lost.sel(region="USA")))


def test_parts_add_up(of_region, of_sector):
    frame = of_region.tables["sectors"].frame
    assert frame.weight.sum() == pytest.approx(100)
    assert np.allclose(frame.look_through, frame.face_value + frame.hidden)
    exposure = of_region.tables["exposure"].frame.groupby("sector").look_through.sum()
    assert np.allclose(exposure, 100)
    origins = of_sector.tables["origins"].frame
    assert origins.look_through.sum() == pytest.approx(100)
    abroad = origins[origins.supplier != "CHN"].look_through.sum()
    assert abroad == pytest.approx(of_sector.headlines["look_through"].value)
    inputs = of_sector.tables["inputs"].frame
    assert np.allclose(inputs.look_through, inputs.face_value + inputs.hidden)


def test_pair_is_the_same_seen_from_the_other_side(of_pair, seven):
    back = dependence_of("JPN", sector="C26", on="CHN", world=seven, equilibrium=False, draws=0)
    for name, one in of_pair.headlines.items():
        if not name.startswith("reverse_"):
            assert one.value == back.headlines[f"reverse_{name}"].value
    assert of_pair.slug == "CHN-C26-on-JPN"
    assert list(of_pair.tables["losses"].frame.user) == ["CHN", "JPN"]


def test_marks_and_ranges(of_region, of_sector):
    one = of_region.headlines["look_through"]
    assert one.low < one.value < one.high
    assert of_region.headlines["home_share_goods"].low is None, "published data: no range"
    assert of_sector.headlines["home_share"].error == 0
    table = of_sector.tables["inputs"]
    assert table.marked(0, "face_value") == (table.errors.face_value[0] > 0.3)
    assert "~" in shown(of_sector)


def test_a_world_without_errors_has_no_marks(small):
    answer = dependence_of("N", sector="C10T12", world=small, equilibrium=False)
    assert answer.draws == 0
    assert not any(one.marked or one.low is not None for one in answer.headlines.values())
    assert "history" not in answer.tables
    text = shown(answer)
    assert "does not say how wrong" in text
    assert "~" not in text
    assert "North" in page_html(answer)


@pytest.mark.parametrize("asked", ["of_region", "of_sector", "of_pair"])
def test_terminal_fits_80_columns(asked, request):
    text = shown(request.getfixturevalue(asked))
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text, re.findall(r".*….*", text)
    assert "nan" not in text


@pytest.mark.parametrize("asked", ["of_region", "of_sector", "of_pair"])
def test_page_is_whole(asked, request):
    answer = request.getfixturevalue(asked)
    page = page_html(answer)
    assert page.count("<html") == page.count("</html>") == 1
    body = page[page.index("<body>") :]
    assert "http" not in re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)
    assert ">nan<" not in body
    assert "Location is not ownership" in body
    for table in answer.tables.values():
        assert all(column.definition and column.units for column in table.columns.values())


def test_csv_is_long_and_says_what_it_is(of_region, tmp_path):
    files = write_dependence(of_region, tmp_path / "out")
    names = {file.stem for file in files}
    assert names == {"report", *csv_tables(of_region)}
    for file in files:
        if file.suffix == ".csv":
            table = pd.read_csv(file)
            assert {"measure", "value", "unit", "definition", "year", "source", "marked"} <= set(
                table
            )
            assert table.unit.notna().all()
            assert (table.year == 2017).all()
    (tmp_path / "out" / "tables" / "losses.csv").write_text("old")
    write_dependence(of_region, tmp_path / "out")
    assert not (tmp_path / "out" / "tables" / "losses.csv").exists()


def test_nothing_is_left_half_written(of_region, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OutputError, match="No space left"):
        write_dependence(of_region, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_wrong_questions_are_refused(small, seven):
    with pytest.raises(WorldError, match="did you mean CHN"):
        dependence_of("CHNN", world=seven)
    with pytest.raises(WorldError, match="sector: 'C62' is not in world"):
        dependence_of("CHN", sector="C62", world=seven)
    with pytest.raises(WorldError, match="overlap"):
        dependence_of("N", on="N", world=small)
    with pytest.raises(WorldError, match="draws: -1"):
        dependence_of("N", world=small, draws=-1)


@pytest.mark.long
def test_equilibrium_losses_of_a_small_world(small):
    answer = dependence_of("N", on="S", sector="C10T12", world=small)
    losses = answer.tables["losses"].frame
    assert losses.real_income_loss.notna().all()
    assert answer.model["largest_residual"] < 1e-6
    assert "would fall by" in shown(answer)


def test_shipped_world_with_a_group_and_history():
    answer = zizhu.dependence("EU", on="CHN", equilibrium=False, draws=0)
    assert answer.region == "EU"
    assert "DEU" not in answer.world.regions
    history = answer.tables["history"].frame.set_index("year")
    assert list(history.index) == list(range(2011, 2023))
    world = open_world()
    flow = open_history().flow.sel(year=2022).drop_sel(sector="services").sum("sector")
    members = list(world.groups["EU"])
    bought = flow.sel(user=members).sum("user")
    imports = bought.drop_sel(supplier=members).sum()
    share = 100 * float(bought.sel(supplier="CHN") / imports)
    assert history.import_share[2022] == pytest.approx(share, rel=1e-4)
    assert answer.headlines["import_share"].value == pytest.approx(share, rel=0.01)
