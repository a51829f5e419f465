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
from zizhu.indicators.battleground_tiers import battleground_tiers
from zizhu.indicators.battlegrounds import (
    PLANTS_OF,
    battleground,
    battleground_list,
    battleground_share,
    battlegrounds,
    read_battlegrounds,
)
from zizhu.world import open_world

ALONG = (
    "chain_share",
    "chain_share_location",
    "chain_share_headquarters",
    "headquarters_part",
    "plants_at_home",
)
SHARES = ("final_share", *ALONG, "sector_share")


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return busy_path().dataset


def made_up() -> xr.Dataset:
    """Two nodes of one chain and one of another, two years, one region; shares by hand.

    The last node stands in the file of one chain and goes into both.
    """
    nodes = ["semiconductors/ic", "semiconductors/etch", "semiconductors/wfe", "ai/hbm"]
    dims = ("run", "year", "region", "node")
    home = np.array([[[[10.0, 30.0, np.nan, 0.0]], [[20.0, 40.0, np.nan, 0.0]]]])
    bought = np.array([[[[3.0, 1.0, 9.0, 0.0]], [[1.0, 3.0, 9.0, 0.0]]]])
    lack = np.array([[[[0.0, 5.0, 50.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]]]])
    by_chain, by_sector = ("run", "year", "region", "chain"), ("run", "year", "region", "sector")
    # Of ten bn bought: headquarters, location, plants.
    value = np.array([[[[[1.0, 2.0, 3.0], [0.0] * 3]], [[[3.0, 2.0, 1.5], [0.0] * 3]]]])
    return xr.Dataset(
        {
            "node_home_share": (dims, home),
            "node_bought": (dims, bought),
            "node_lack": (dims, lack),
            "chain_bought": (by_chain, np.array([[[[10.0, 0.0]], [[20.0, 0.0]]]])),
            "chain_home_value": ((*by_chain, "value_kind"), value),
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
            "node_tier": ("node", ["materials", "tools", "", "materials"]),
            "node_new": ("node", [0.5, 1.0, 0.0, 1.0]),
            "chain": ["semiconductors", "ai"],
            "value_kind": ["headquarters", "location", "plants"],
            "chain_member": (("chain", "node"), [[True] * 4, [False, False, False, True]]),
            "chain_value": (("chain", "value_kind"), [[0.8, 0.2, 0.3], [0.0, 1.0, 0.0]]),
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
    np.testing.assert_allclose(chips.chain_share, [100 * 3 / 10, 100 * 5 / 20])
    np.testing.assert_allclose(chips.chain_share_location, [100 * 2 / 2, 100 * 2 / 4])
    np.testing.assert_allclose(chips.chain_share_headquarters, [100 * 1 / 8, 100 * 3 / 16])
    np.testing.assert_allclose(chips.headquarters_part, [80.0, 80.0])
    np.testing.assert_allclose(chips.plants_at_home, [100 * 3 / 3, 100 * 1.5 / 6])
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
    for counts in (None, "location", "headquarters"):
        found = battleground_share(made_up(), "CHN", "petrochemicals", counts)
        np.testing.assert_allclose(found.share.sel(run="scenario"), [60.0, 70.0])
        assert (found.counts, found.of) == ("location", "the sector")
    for counts in (None, "headquarters"):
        found = battleground_share(made_up(), "CHN", "semiconductors", counts)
        np.testing.assert_allclose(found.share.sel(run="scenario"), [10.0, 20.0])
        assert (found.counts, found.of) == ("headquarters", "what users buy")
    found = battleground_share(made_up(), "CHN", "semiconductors", "location")
    np.testing.assert_allclose(found.share.sel(run="scenario"), [100.0, 25.0])
    assert (found.counts, found.of) == ("location", PLANTS_OF)


def test_tiers_by_hand():
    """Counted alike, final products left out, what is in another of its tier counted once."""
    data = made_up().copy(deep=True)
    data["node_bought"][0, 0, 0] = [3.0, 1.0, 9.0, 2.0]
    data["node_home_share"][0, 0, 0, 3] = 7.0
    table = battleground_tiers(data, "CHN").sel(run="scenario", battleground="semiconductors")
    tools = table.sel(tier="tools", counts="location")
    np.testing.assert_allclose(tools.tier_share, [30.0, 40.0])
    np.testing.assert_allclose(tools.tier_bought, [1.0, 3.0])
    # The chip is what users buy; memory is a part of it, from the file of another chain.
    parts = table.sel(tier="materials", counts="headquarters")
    np.testing.assert_allclose(parts.tier_share, [7.0, np.nan])
    np.testing.assert_allclose(parts.tier_bought, [2.0, 0.0])
    assert np.isnan(table.sel(tier="tools", counts="headquarters").tier_share).all()
    # Where the chip is a part of something else, half of it is in the other part already.
    data["chain_member"][1] = True
    data = data.assign_coords(node=["semiconductors/ic", "b", "c", "ai/hbm"])
    ai = battleground_tiers(data, "CHN").sel(run="scenario", battleground="ai")
    parts = ai.sel(tier="materials", counts="headquarters", year=2022)
    np.testing.assert_allclose(parts.tier_bought, 0.5 * 3 + 2)
    np.testing.assert_allclose(parts.tier_share, (0.5 * 3 * 10 + 2 * 7) / (0.5 * 3 + 2))


def test_no_final_product_is_in_another():
    """Each product once: what users buy of one is not inside another that they buy."""
    chains = shipped_chains()
    for entry in battleground_list().values():
        for node in entry.final:
            name, _, of = node.partition("/")
            inside = {of}
            for below in reversed(chains[name].order()):
                if any(edge.parent in inside for edge in chains[name].parents(below)):
                    inside.add(below)
            others = {n.partition("/")[2] for n in entry.final if n.startswith(f"{name}/")} - {of}
            assert not inside & others, node


def labelled(dataset: xr.Dataset, region: str, name: str) -> xr.Dataset:
    """The same with labelled arithmetic, one battleground at a time."""
    entry, here = battleground(name), dataset.sel(region=region)
    counts, bought, lack = here["node_counts"], here["node_bought"], here["node_lack"]
    nodes = here["node"].to_series()
    final = xr.DataArray(nodes.isin(entry.final))
    of_field = here["chain"].isin(list(entry.chains))
    whole = here["chain_member"].where(of_field, False).any("chain") & (counts != "assembled")
    sectors = xr.DataArray(here["sector"].to_series().isin(entry.sectors))

    def mean(share: str, weight: str, part: xr.DataArray) -> xr.DataArray:
        held = here[share].where(part)
        over = str(part.dims[0])
        weights = here[weight].where(held.notnull())
        return (held * weights).sum(over) / weights.sum(over).where(lambda total: total > 0)

    by_kind = here["chain_home_value"].where(of_field).sum("chain")
    in_all = (here["chain_bought"] * here["chain_value"]).where(of_field).sum("chain")
    in_all = in_all.where(in_all > 0)
    two = ["headquarters", "location"]

    def part(of: xr.DataArray, kind: str) -> xr.DataArray:
        return 100 * of.sel(value_kind=kind, drop=True) / in_all.sel(value_kind=kind, drop=True)

    home = here["node_home_share"].where(whole & (bought > 0))
    short = lack.where(whole & (bought > 0) & (lack > 0))
    return xr.Dataset(
        {
            "final_share": mean("node_home_share", "node_bought", final),
            "chain_share": 100
            * by_kind.sel(value_kind=two).sum("value_kind")
            / in_all.sel(value_kind=two).sum("value_kind", min_count=1),
            "chain_share_location": part(by_kind, "location"),
            "chain_share_headquarters": part(by_kind, "headquarters"),
            "headquarters_part": 100
            * in_all.sel(value_kind="headquarters", drop=True).fillna(0.0)
            / in_all.sel(value_kind=two).sum("value_kind", min_count=1),
            "plants_at_home": part(by_kind, "plants"),
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
        share = battleground_share(dataset, region, str(name)).share
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
    # The whole is the mean of what is counted either way, and never more than the final product.
    part = table.headquarters_part.fillna(0.0) / 100
    mean = part * table.chain_share_headquarters.fillna(0.0)
    mean += (1 - part) * table.chain_share_location.fillna(0.0)
    known = table.chain_share.notnull()
    np.testing.assert_allclose(mean.where(known), table.chain_share, rtol=1e-12)
    assert known.any("battleground").all()
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
