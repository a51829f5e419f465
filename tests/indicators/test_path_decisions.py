"""Indicators of a path for decisions: chokepoints, partners, targets, circulation, content."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
import xarray as xr
from small_paths import LAST, busy_path, four_by_six, small_path

from zizhu.errors import ScenarioError
from zizhu.indicators.battlegrounds import battlegrounds
from zizhu.indicators.channels import income_by_channel
from zizhu.indicators.circulation import circulation
from zizhu.indicators.path_choke import binding_spells, chokepoints_by_year
from zizhu.indicators.targets import target_results
from zizhu.laboratory.scenario_path.readings import circulation_of, origins, partners_of
from zizhu.model.chain_demand import sourcing_shares
from zizhu.policy.target import Target
from zizhu.world import World

EUV = "semiconductors/lith_euv"


@pytest.fixture(scope="module")
def busy():
    return busy_path()


def barred_node(lack, barred, home) -> xr.Dataset:
    """One node of one region over years, by hand."""
    dims = ("run", "year", "region", "node")

    def column(values):
        return dims, np.array(values, dtype=float)[None, :, None, None]

    years = list(range(2022, 2022 + len(lack)))
    return xr.Dataset(
        {
            "node_lack": column(lack),
            "node_barred": column(barred),
            "node_home_share": column(home),
            "node_bought": column([2.0] * len(lack)),
        },
        {"run": ["scenario"], "year": years, "region": ["CHN"], "node": ["semiconductors/etch"]},
    )


def test_spells_by_hand():
    # Half of what came from abroad is barred and then replaced from home; free in 2024, short again
    # in 2025 only.
    data = barred_node([0, 0, 0, 9, 0], [0, 40, 40, 40, 40], [20, 20, 92, 92, 92])
    table = chokepoints_by_year(data, "CHN", 5.0).isel(run=0, node=0)
    np.testing.assert_allclose(table["squeeze"], [0, 40, 4, 4, 4])
    assert table.binds.values.tolist() == [False, True, False, True, False]
    (spell,) = binding_spells(data, "CHN", 5.0)
    assert (spell.first, spell.last, spell.stopped) == (2023, 2025, 2026)
    assert (spell.peak, spell.now, spell.lack) == pytest.approx((40.0, 4.0, 0.0))
    assert spell.peak_year == 2023
    assert (spell.root, spell.purchases) == (True, 2.0)
    (spell,) = binding_spells(data, "CHN", 3.0)
    assert (spell.first, spell.last, spell.stopped) == (2023, 2026, None)
    assert binding_spells(data, "CHN", 50.0) == ()
    # Nobody is choked by what nobody buys.
    assert binding_spells(data.assign(node_bought=0 * data.node_bought), "CHN", 5.0) == ()


@pytest.mark.parametrize(
    ("barred", "home", "squeeze"),
    [
        # All that came from abroad is barred and home has not moved: the whole of it is missing.
        ([0, 50], [50, 50], 50.0),
        ([0, 100], [0, 0], 100.0),
        # More than came from abroad cannot be barred.
        ([0, 70], [50, 40], 60.0),
        # Nothing came from abroad, so nothing of it is barred.
        ([0, 0], [100, 60], 0.0),
    ],
)
def test_squeeze_is_a_part_of_what_came_from_abroad(barred, home, squeeze):
    table = chokepoints_by_year(barred_node([0, 0], barred, home), "CHN", 5.0)
    found = table["squeeze"].isel(run=0, node=0)
    np.testing.assert_allclose(found, [0, squeeze])


def test_chokepoints_of_a_path(busy):
    spells = binding_spells(busy.dataset, "CHN")
    of = {(spell.run, spell.node): spell for spell in spells}
    euv = of["baseline", EUV]
    assert euv.root
    assert euv.stopped is None
    # All that serves plants above the threshold is barred, and next to none serves others.
    barred = busy.dataset.node_barred.sel(run="baseline", node=EUV, region="CHN")
    assert euv.peak == pytest.approx(float(barred.max()))
    assert 97 < float(barred.min()) < float(barred.max()) < 100
    # Advanced plants lack for want of tools, and are barred themselves by nobody.
    assert not of["baseline", "semiconductors/patterning"].root
    assert not [spell for spell in spells if spell.first > spell.last]
    # What elsewhere is short of is what makers lack, not what is barred.
    assert not any(spell.root for spell in binding_spells(busy.dataset, "USA"))
    with pytest.raises(ScenarioError, match="region: 'CN' is not in this path"):
        binding_spells(busy.dataset, "CN")


def test_partners_add_up(busy):
    path = busy.path
    table = partners_of(path, "CHN")
    np.testing.assert_allclose(table.market_share.sum("partner"), 100.0, rtol=1e-12)
    # What one gains of the market, others lose.
    gone = table.market_share.sel(run="scenario") - table.market_share.sel(run="baseline")
    np.testing.assert_allclose(gone.sum("partner"), 0.0, atol=1e-10)
    np.testing.assert_allclose(
        table.sales_change,
        table.sales_in_region.sel(run="scenario") - table.sales_in_region.sel(run="baseline"),
    )
    sold = table.sales_in_region.sel(run="baseline")
    near = 100 * table.sales_change / sold
    np.testing.assert_allclose(
        near.where(sold > 0), table.sales_change_percent.where(sold > 0), atol=1e-8
    )
    # Sales to all users add up to revenue, whose value the dataset has as volume times price.
    flow = np.asarray(path.record.solution.flow).sum(axis=3).transpose(0, 2, 1)
    base = np.asarray(path.baseline.solution.flow).sum(axis=3).transpose(0, 2, 1)
    np.testing.assert_allclose(table.world_sales_change, flow - base)
    np.testing.assert_array_equal(
        table.income_effect.transpose("year", "partner"), busy.real_income_effect
    )
    assert (np.sign(table.income_gain) == np.sign(table.income_effect)).all()
    # A Chinese tariff on American electronics sends Chinese buyers elsewhere.
    assert float(table.sales_change.sel(partner="USA", sector="C26", year=2024)) < 0
    with pytest.raises(ScenarioError, match="region: 'CHI' is not in world"):
        partners_of(path, "CHI")


def target(**fields) -> Target:
    return Target.model_validate({"label": "t", "region": "CHN", "year": 2025, **fields})


def test_targets(busy):
    data, labels = busy.dataset, busy.path.case.labels
    node = "semiconductors/etch"
    share = data.node_home_share.sel(run="scenario", region="CHN", node=node)
    low = float(share.sel(year=2025)) - 0.5
    results = target_results(
        data,
        [
            target(label="low", node="etch", at_least=f"{low} %"),
            target(label="high", node=node, at_least="99 %"),
            target(label="late", node=node, at_least=f"{low} %", year=LAST + 4),
            target(label="cars", sector="C29", at_least="50 %"),
            target(label="chips", battleground="semiconductors", at_least="70 %"),
        ],
        labels,
    )
    assert len(results) == 10
    of = {(one.label, one.run): one for one in results}
    one = of["low", "scenario"]
    assert one.reached is True
    assert one.value == pytest.approx(low + 0.5)
    assert one.gap == pytest.approx(0.5)
    years = share.year.values[share.values >= low]
    assert one.first_year == years[0] <= 2025
    assert one.definition == "by headquarters, what users buy"
    assert of["high", "scenario"].reached is False
    assert of["high", "scenario"].first_year is None
    late = of["late", "baseline"]
    assert late.reached is None
    assert np.isnan(late.value)
    assert f"{LAST + 4} lies outside the path, 2022 to {LAST}" in late.note
    cars = data.home_share.sel(run="baseline", region="CHN", sector="C29", year=2025)
    assert of["cars", "baseline"].value == pytest.approx(float(cars))
    assert of["cars", "baseline"].definition == "by location, the sector"
    assert of["chips", "baseline"].value < 20


def test_a_source_that_counts_otherwise_is_told(busy):
    data, labels = busy.dataset, busy.path.case.labels
    same, other, unknown, late = target_results(
        data.sel(run=["scenario"]),
        [
            target(label="same", node="etch", at_least="10 %", counts="headquarters"),
            target(label="other", node="etch", at_least="10 %", counts="location"),
            target(label="unknown", node="etch", at_least="10 %"),
            target(label="late", sector="C29", at_least="1 %", year=2040, counts="headquarters"),
        ],
        labels,
    )
    for one in (same, unknown):
        assert (one.otherwise, one.note) == (False, "")
    assert other.otherwise
    assert "of other counts by location, the model by headquarters" in other.note
    assert late.otherwise
    assert late.note.startswith(f"2040 lies outside the path, 2022 to {LAST}; the source of late")
    (chips,) = target_results(
        data.sel(run=["scenario"]),
        [target(battleground="semiconductors", at_least="1 %", counts="headquarters")],
        labels,
    )
    assert not chips.otherwise
    assert chips.definition == "by headquarters, what users buy"


def test_chips_by_location_are_the_work_of_plants(busy):
    """A target by location is not compared with the seat of who sells chips."""
    data = busy.dataset.sel(run=["scenario"])
    (chips,) = target_results(
        data,
        [target(battleground="semiconductors", at_least="1 %", counts="location")],
        busy.path.case.labels,
    )
    assert not chips.otherwise
    assert chips.definition == "by location, the work of plants in what users buy"
    assert "the part that plants at home have in the work of plants" in chips.note
    board = battlegrounds(data, "CHN").sel(battleground="semiconductors", run="scenario")
    assert chips.value == float(board.plants_at_home.sel(year=2025))
    assert chips.value != float(board.final_share.sel(year=2025))
    # Of software no plant is known: what there is, marked as another thing.
    (other,) = target_results(
        data,
        [target(battleground="rail", at_least="1 %", counts="location")],
        busy.path.case.labels,
    )
    assert other.otherwise == bool(np.isfinite(other.value))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"node": "etches"}, "target t, node: no chain has a node 'etches'; did you mean etch"),
        ({"node": "semiconductors/*"}, "nodes; one is right"),
        ({"node": "semiconductors/wfe"}, "is put together by its buyers and has no domestic share"),
        ({"sector": "C99"}, "target t, sector: sector 'C99' is not in world"),
        ({"battleground": "chip"}, "target t, battleground 'chip' is unknown"),
        ({"sector": "C26", "region": "DEU"}, "target t, region: 'DEU' is not in this path"),
    ],
)
def test_wrong_targets(busy, fields, words):
    with pytest.raises(ScenarioError) as error:
        target_results(busy.dataset, [target(at_least="50 %", **fields)], busy.path.case.labels)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_circulation_is_that_of_the_table_in_the_base_year(busy):
    table = circulation_of(busy.path)
    both = table.internal + table.external
    np.testing.assert_allclose(both, busy.value_added, rtol=1e-7)
    base = circulation(pooled(four_by_six()))
    for name in base.data_vars:
        found = table[name].sel(run="baseline", year=2022)
        # The effort behind EUV in the base year moves it by little.
        np.testing.assert_allclose(found, base[name], rtol=2e-3, err_msg=str(name))


def pooled(world: World) -> World:
    """The world as a path sees it: all uses of a product buy it from the same origins.

    Net taxes on products other than duties are value added.
    """
    paid = 1 + world.tariff[..., None]
    uses = np.concatenate([world.intermediate, world.final], axis=3)
    spent = (uses * paid).sum(axis=0)
    part = spent / spent.sum(axis=2, keepdims=True)
    flows = world.flows[..., None] * part[None]
    inputs = flows[..., : len(world.sectors)]
    duties = (inputs * world.tariff[..., None]).sum(axis=(0, 1))
    return replace(
        world,
        intermediate=inputs,
        final=flows[..., len(world.sectors) :],
        value_added=world.output - inputs.sum(axis=(0, 1)) - duties,
        taxes=duties,
    )


def test_content_against_a_linear_system(busy):
    """The walk from raw materials up gives what one large system of equations gives.

    What users put together at the end of a chain is bought as its inputs are.
    """
    path = busy.path
    technology, names = path.case.base.technology, path.case.chains.names
    found = origins(path)
    at, last = len(path.case.years) - 1, LAST
    sourcing, demand = jax.tree.map(
        lambda leaf: leaf[at], (path.record.chains.sourcing, path.record.flows.demand)
    )
    share = np.asarray(sourcing_shares(sourcing, demand))
    inputs = np.asarray(technology.inputs) + np.asarray(technology.tools)
    assembled = np.asarray(technology.assembled)
    own, (places, regions) = 1 - inputs.sum(axis=1), share.shape[:2]
    assert (own > -1e-12).all()
    system = np.eye(places * regions).reshape(places, regions, places, regions)
    right = np.zeros((places, regions, regions))
    for p in range(places):
        # From whom inputs are bought, seen from the buyer: himself if he assembles.
        makers = np.eye(regions) if assembled[p] else share[p]
        system[p] -= np.einsum("ni,m->nmi", makers, inputs[p])
        right[p] = own[p] * makers
    solved = np.linalg.solve(
        system.reshape(places * regions, -1), right.reshape(places * regions, regions)
    ).reshape(places, regions, regions)
    ends = np.asarray(technology.final)
    work = np.where(assembled[ends], own[ends], 0.0)
    final = solved[ends] - work[:, None, None] * np.eye(regions)
    final = (final / (1 - work)[:, None, None]).transpose(1, 0, 2)
    np.testing.assert_allclose(found.sel(run="scenario", year=last), 100 * final, atol=1e-9)
    total = found.sum("origin")
    assert float(total.max()) <= 100 + 1e-9
    assert float(total.min()) > 90
    home = busy.content_share
    assert home.dims == ("run", "year", "region", "chain")
    assert list(home.chain.values) == list(names)
    for region in home.region.values:
        np.testing.assert_allclose(
            home.sel(region=region), found.sel(region=region, origin=region), rtol=1e-12
        )
    # Purchases of the final product, without the work of who puts it together.
    bought = np.asarray(path.record.flows.demand.bought)[:, ends].transpose(0, 2, 1) * (1 - work)
    np.testing.assert_allclose(busy.chain_bought.sel(run="scenario"), bought, rtol=1e-12)
    kinds = busy.chain_home_value.sel(value_kind=["headquarters", "location"]).sum("value_kind")
    np.testing.assert_allclose(100 * kinds / busy.chain_bought, home, rtol=1e-12)


def test_channels_are_read_largest_first(busy):
    found = income_by_channel(busy.dataset, "CHN")
    sizes = np.abs(found.values)
    assert (np.diff(sizes) <= 0).all()
    effect = 100 * np.log1p(busy.real_income_effect.sel(region="CHN", year=LAST) / 100)
    assert found.attrs["total"] == pytest.approx(float(effect), abs=1e-9)
    with pytest.raises(ScenarioError, match=f"2024 was not decomposed; known: 2022, {LAST}"):
        income_by_channel(busy.dataset, "CHN", 2024)
    with pytest.raises(ScenarioError, match="None was not decomposed; known: none"):
        income_by_channel(small_path().dataset, "CHN")
