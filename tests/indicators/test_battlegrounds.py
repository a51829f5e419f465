"""Battlegrounds: the list stands on what exists, and shares are the means that they say."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
import yaml
from small_paths import busy_path, small_path

from zizhu.chains import shipped_chains
from zizhu.errors import ScenarioError
from zizhu.evidence import facts
from zizhu.evidence.documents import documents
from zizhu.indicators.battlegrounds import (
    battleground,
    battleground_list,
    battleground_share,
    battlegrounds,
    read_battlegrounds,
)
from zizhu.world import open_world

SHARES = (
    "final_share",
    "chain_share",
    "chain_share_location",
    "chain_share_headquarters",
    "sector_share",
)


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return busy_path().dataset


def made_up() -> xr.Dataset:
    """Two nodes of one chain and one of another, two years, one region; shares by hand."""
    nodes = ["semiconductors/ic", "semiconductors/etch", "semiconductors/wfe", "ai/hbm"]
    dims = ("run", "year", "region", "node")
    home = np.array([[[[10.0, 30.0, np.nan, 0.0]], [[20.0, 40.0, np.nan, 0.0]]]])
    bought = np.array([[[[3.0, 1.0, 9.0, 0.0]], [[1.0, 3.0, 9.0, 0.0]]]])
    lack = np.array([[[[0.0, 5.0, 50.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]]]])
    by_sector = ("run", "year", "region", "sector")
    return xr.Dataset(
        {
            "node_home_share": (dims, home),
            "node_bought": (dims, bought),
            "node_lack": (dims, lack),
            "home_share": (by_sector, np.array([[[[90.0, 50.0]], [[80.0, 60.0]]]])),
            "use": (by_sector, np.array([[[[1.0, 3.0]], [[1.0, 1.0]]]])),
        },
        {
            "run": ["scenario"],
            "year": [2022, 2023],
            "region": ["CHN"],
            "sector": ["C19", "C20"],
            "node": nodes,
            "node_counts": ("node", ["headquarters", "location", "assembled", "headquarters"]),
        },
    )


def test_list_stands_on_what_exists():
    entries = battleground_list()
    kinds = [entry.kind for entry in entries.values()]
    assert (kinds.count("battleground"), kinds.count("traditional")) == (11, 2)
    chains, known = shipped_chains(), facts()
    for entry in entries.values():
        assert set(entry.facts) <= set(known), entry.name
        assert set(entry.documents) <= set(documents()), entry.name
        assert entry.documents or entry.facts, entry.name
        assert set(entry.chains) <= set(chains), entry.name
        assert bool(entry.chains) == bool(entry.final), entry.name
        assert entry.made_in, entry.name
        for node in entry.final:
            chain, _, name = node.partition("/")
            assert chain in entry.chains, node
            final = chains[chain].final
            bought_for = {edge.input for edge in chains[chain].inputs(final)}
            assert not chains[chain].nodes[name].assembled, node
            assert name == final or (chains[chain].nodes[final].assembled and name in bought_for)
    assert [entry.name for entry in entries.values() if not entry.market] == ["quantum"]


def test_sectors_are_those_of_the_shipped_world():
    sectors = set(open_world("2022").sectors)
    for entry in battleground_list().values():
        assert {*entry.sectors, *entry.made_in} <= sectors, entry.name


def test_shares_by_hand():
    table = battlegrounds(made_up(), "CHN").sel(run="scenario")
    chips = table.sel(battleground="semiconductors")
    np.testing.assert_allclose(chips.final_share, [10.0, 20.0])
    np.testing.assert_allclose(chips.chain_share, [(30 + 30) / 4, (20 + 120) / 4])
    np.testing.assert_allclose(chips.chain_share_location, [30.0, 40.0])
    np.testing.assert_allclose(chips.chain_share_headquarters, [10.0, 20.0])
    np.testing.assert_allclose(chips.weakest_share, [10.0, 20.0])
    assert list(chips.weakest.values) == ["semiconductors/ic"] * 2
    # What buyers put together themselves is not what they lack; what nobody lacks has no name.
    assert list(chips.lacking.values) == ["semiconductors/etch", ""]
    np.testing.assert_allclose(chips.lack, [5.0, 0.0])
    np.testing.assert_allclose(chips.purchases, [3.0, 1.0])
    assert chips.final_counts.item() == "headquarters"
    # No purchases, no share; no node, no share.
    assert np.isnan(table.sel(battleground="ai").chain_share).all()
    assert np.isnan(table.sel(battleground="steel").sector_share).all()
    oil = table.sel(battleground="petrochemicals")
    np.testing.assert_allclose(oil.sector_share, [(90 + 150) / 4, 70.0])
    assert oil.weakest.values.tolist() == ["", ""]
    share = battleground_share(made_up(), "CHN", "petrochemicals")
    np.testing.assert_allclose(share.sel(run="scenario"), [60.0, 70.0])
    share = battleground_share(made_up(), "CHN", "semiconductors")
    np.testing.assert_allclose(share.sel(run="scenario"), [10.0, 20.0])


def labelled(dataset: xr.Dataset, region: str, name: str) -> xr.Dataset:
    """The same with labelled arithmetic, one battleground at a time."""
    entry, here = battleground(name), dataset.sel(region=region)
    counts, bought, lack = here["node_counts"], here["node_bought"], here["node_lack"]
    nodes = here["node"].to_series()
    final = xr.DataArray(nodes.isin(entry.final))
    whole = xr.DataArray(nodes.str.partition("/")[0].isin(entry.chains)) & (counts != "assembled")
    sectors = xr.DataArray(here["sector"].to_series().isin(entry.sectors))

    def mean(share: str, weight: str, part: xr.DataArray) -> xr.DataArray:
        held = here[share].where(part)
        over = str(part.dims[0])
        weights = here[weight].where(held.notnull())
        return (held * weights).sum(over) / weights.sum(over).where(lambda total: total > 0)

    home = here["node_home_share"].where(whole & (bought > 0))
    short = lack.where(whole & (bought > 0) & (lack > 0))
    return xr.Dataset(
        {
            "final_share": mean("node_home_share", "node_bought", final),
            "chain_share": mean("node_home_share", "node_bought", whole),
            "chain_share_location": mean(
                "node_home_share", "node_bought", whole & (counts == "location")
            ),
            "chain_share_headquarters": mean(
                "node_home_share", "node_bought", whole & (counts == "headquarters")
            ),
            "sector_share": mean("home_share", "use", sectors),
            "weakest": home.idxmin("node", fill_value=""),
            "weakest_share": home.min("node"),
            "lacking": short.idxmax("node", fill_value=""),
            "lack": short.max("node").fillna(0.0),
            "purchases": bought.where(final).sum("node", min_count=1),
        }
    )


@pytest.mark.parametrize("region", ["CHN", "USA"])
def test_all_at_once_is_each_in_turn(dataset, region):
    table = battlegrounds(dataset, region)
    for name in table.battleground.values:
        here, each = table.sel(battleground=name), labelled(dataset, region, str(name))
        for variable in here.data_vars:
            values, expected = here[variable].values, each[variable].values
            if variable in ("weakest", "lacking"):
                assert (values == expected).all(), (name, variable)
            else:
                np.testing.assert_allclose(values, expected, rtol=1e-12, err_msg=f"{name}")
        share = battleground_share(dataset, region, str(name))
        counted = "final_share" if here["purchases"].notnull().any() else "sector_share"
        np.testing.assert_allclose(share, each[counted], rtol=1e-12)


def test_on_a_path(dataset):
    table = battlegrounds(dataset, "CHN")
    assert table.final_share.dims == ("run", "year", "battleground")
    for name in SHARES:
        known = table[name].values[np.isfinite(table[name].values)]
        assert known.size, name
        assert (known >= -1e-9).all(), name
        assert (known <= 100 + 1e-9).all(), name
    for name, variable in table.data_vars.items():
        assert set(variable.attrs) == {"long_name", "units", "definition"}, name
        assert "{" not in " ".join(variable.attrs.values()), name
    # The whole is a mean of what is counted either way.
    chips = table.sel(battleground="semiconductors")
    both = np.stack([chips.chain_share_location, chips.chain_share_headquarters])
    assert (both.min(axis=0) <= chips.chain_share.values).all()
    assert (chips.chain_share.values <= both.max(axis=0)).all()
    assert (table.weakest_share <= table.chain_share + 1e-9).where(table.weakest != "", True).all()
    here = dataset.sel(region="CHN", run="baseline", year=2022)
    for name in table.battleground.values:
        weakest = str(table.weakest.sel(battleground=name, run="baseline", year=2022).item())
        if weakest:
            share = table.weakest_share.sel(battleground=name, run="baseline", year=2022)
            assert float(here.node_home_share.sel(node=weakest)) == float(share)


def test_money_for_a_node_moves_its_field():
    money = "node_money region=CHN node=semiconductors/etch size=5bn years=2023-"
    table = battlegrounds(small_path(money).dataset, "CHN")
    gone = table.chain_share.sel(run="scenario") - table.chain_share.sel(run="baseline")
    assert float(gone.sel(battleground="semiconductors").isel(year=-1)) > 0.01
    assert float(abs(gone.sel(battleground="vehicles-batteries").isel(year=-1))) < 0.01


def test_without_measures_both_runs_are_the_same():
    table = battlegrounds(small_path().dataset, "CHN")
    for variable in table.data_vars.values():
        one, other = (variable.sel(run=run).drop_vars("run") for run in ("scenario", "baseline"))
        assert one.equals(other)


def test_unknown_names(dataset):
    with pytest.raises(ScenarioError, match=r"'semiconductor' is unknown; did you mean semicond"):
        battleground("semiconductor")
    with pytest.raises(ScenarioError, match=r"region: 'CHI' is not in this path; did you mean CHN"):
        battlegrounds(dataset, "CHI")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"market": "perhaps"}, "steel, field market: 'perhaps' found"),
        ({"kind": "field"}, "steel, field kind: 'field' found, 'battleground' or 'traditional'"),
        ({"caveat": None}, "steel, field caveat"),
        ({"weight": 3}, "steel, field weight: there is no such field"),
    ],
)
def test_wrong_file(tmp_path, change, words):
    fields = battleground("steel").model_dump(mode="json") | change
    fields.pop("name")
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump({"steel": fields}), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_battlegrounds(file)
    assert f"battleground file {file}, " in str(error.value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
