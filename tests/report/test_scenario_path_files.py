"""Files, comparison and explanation of scenarios with years."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from drives import FOCUS, FUND, drive, no_drive, quick_drive, scenario
from rich.console import Console
from small_paths import LAST

from zizhu.errors import ScenarioError
from zizhu.indicators.battlegrounds import battleground_list
from zizhu.indicators.glossary import glossary
from zizhu.indicators.path import SCENARIO
from zizhu.parameters import parameters
from zizhu.report import explain, write
from zizhu.report.scenario_path import compare
from zizhu.report.scenario_path.items import shown_items
from zizhu.report.scenario_path.write import csv_tables, groups


def printed(content: object, width: int = 80) -> str:
    text = io.StringIO()
    Console(file=text, width=width, highlight=False).print(content)
    return text.getvalue()


def test_files_hold_every_table(tmp_path):
    files = write(drive(), tmp_path)
    names = {file.stem for file in files}
    assert names == {"report", "path", "manifest", *csv_tables(drive())}
    board = pd.read_csv(tmp_path / "tables" / "scoreboard.csv").set_index("battleground")
    found = drive().battlegrounds.sel(run=SCENARIO, year=LAST, battleground="semiconductors")
    assert board.loc["semiconductors", str(LAST)] == pytest.approx(float(found.chain_share))
    spent = pd.read_csv(tmp_path / "tables" / "spending.csv")
    assert spent[str(LAST)].sum() == pytest.approx(drive().compiled.ledger.by_year[-1] / 1e3)
    terms = pd.read_csv(tmp_path / "tables" / "terms.csv")
    assert set(terms.item) == set(shown_items())
    for name, group in groups(drive()).items():
        with xr.open_dataset(tmp_path / "path.nc", group=name, engine="h5netcdf") as read:
            assert set(read) == set(group)
    with xr.open_datatree(tmp_path / "path.nc", engine="h5netcdf") as tree:
        assert set(groups(drive())) <= set(tree.children)
    with xr.open_dataset(tmp_path / "path.nc", engine="h5netcdf") as read:
        np.testing.assert_allclose(
            read.real_income_effect, drive().outcome.dataset.real_income_effect
        )
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["focus"] == FOCUS
    assert [one["label"] for one in manifest["scenario"]["measures"]] == [
        "duty",
        "support",
        "fund",
    ]


def test_an_earlier_run_leaves_nothing_behind(tmp_path):
    write(drive(), tmp_path)
    assert (tmp_path / "tables" / "doubts.csv").is_file()
    write(no_drive(), tmp_path)
    assert not (tmp_path / "tables" / "doubts.csv").exists()
    assert not (tmp_path / "tables" / "shocks.csv").exists()


def test_comparison_shows_both_in_80_columns():
    both = [drive(), quick_drive()]
    text = printed(compare.comparison(both))
    assert max(map(len, text.splitlines())) <= 80
    assert "nan" not in text
    incomes = compare.incomes(both)
    assert incomes.index[0] == FOCUS
    for place, one in enumerate(both):
        effect = one.outcome.dataset.real_income_effect.sel(region=FOCUS, year=LAST)
        assert incomes.loc[FOCUS, (place, LAST)] == pytest.approx(float(effect))
    board = compare.shares(both)
    share = quick_drive().battlegrounds.chain_share.sel(run=SCENARIO, year=LAST)
    assert board.loc["semiconductors", "1"] == pytest.approx(
        float(share.sel(battleground="semiconductors"))
    )
    lines = [line for line in text.splitlines() if line.startswith("planned outlays")]
    own = [one.compiled.ledger.of(region=FOCUS).new.total / 1e3 for one in both]
    assert lines[0].split()[-2:] == [f"{value:,.1f}" for value in own]
    assert "Whether it pays as an insurance" in text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"years": None, "targets": []}, "drive runs to 2026 and other has no years"),
        ({"years": 2025}, "years is 2026 in drive and 2025 in other"),
        ({"focus": "USA"}, "focus is CHN in drive and USA in other"),
        ({"world": "2017"}, "world is 2022 in drive and 2017 in other"),
    ],
)
def test_what_has_no_common_scale_is_refused(other, said):
    measures = [] if "years" in other and other["years"] is None else [FUND]
    with pytest.raises(ScenarioError, match=f"compare: {said}"):
        compare.require_comparable([scenario(), scenario("other", measures=measures, **other)])


def test_static_scenarios_are_comparable():
    still = scenario("still", years=None, targets=[], measures=[])
    compare.require_comparable([still, still.model_copy(update={"world": "2017"})])


def test_a_mixed_comparison_is_one_sentence(zz):
    said = zz("compare", "china-2035", "decoupling").complaint
    assert "china-2035 runs to 2035 and decoupling has no years" in said


@pytest.mark.parametrize("name", sorted({*glossary(), *battleground_list()}))
def test_every_item_has_a_page(name):
    for found in explain.look_up(name):
        text = printed(explain.item_page(found))
        assert max(map(len, text.splitlines())) <= 80
        assert found.title.split()[0] in text
        content = json.loads(json.dumps(explain.item_json(found), allow_nan=False))
        assert content["name"] == name


def test_the_list_has_every_item_and_its_section():
    text = printed(explain.item_list())
    assert max(map(len, text.splitlines())) <= 80
    for name in glossary():
        assert name in text
    by_name = {one["name"]: one for one in explain.list_json()}
    assert by_name["break_even"]["sections"] == ["Resilience"]
    assert by_name["capital"]["sections"] == []


def test_every_variable_of_a_path_is_explained():
    known = {str(name) for name in drive().outcome.dataset}
    for group in groups(drive()).values():
        known |= {str(name) for name in group}
    # The attribution has the shares of battlegrounds; a battleground's own lack is `lacking_part`.
    assert known <= set(glossary())


def test_names_do_not_hide_each_other():
    both = set(glossary()) & set(parameters())
    assert both  # talent_abroad is an indicator and a parameter
    for name in both:
        kinds = [explain.item_json(one)["kind"] for one in explain.look_up(name)]
        assert kinds == ["indicator", "parameter"]


def test_explain_on_the_command_line(zz):
    found = zz("explain", "break_even", "--json")
    assert found.code == 0
    (content,) = json.loads(found.out)
    assert content["kind"] == "indicator"
    assert content["computed"] == "zizhu.laboratory.scenario_path.resilience.break_even"
    assert set(content["parameters"]) <= set(parameters())
    assert json.loads(zz("explain", "leakage", "--json").out)[0]["kind"] == "parameter"
    assert "did you mean break_even?" in zz("explain", "brake_even").complaint


def test_a_name_like_no_other_is_refused_too():
    with pytest.raises(ScenarioError, match="known: value_added"):
        explain.look_up("0123456789")
