"""Each lever: its example works, and its wedges have the right sign in the right cells only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from zizhu.errors import ScenarioError
from zizhu.policy import Scenario, compile_wedges, context_of, lever, levers
from zizhu.policy.levers.export_control import PROHIBITIVE
from zizhu.policy.measure import Measure

FOLDER = Path(__file__).parents[2] / "src" / "zizhu" / "policy" / "levers"

# Levers with a meaning in a run without years, all measures in force at once.
STATIC = tuple(
    name
    for name, schema in levers().items()
    if schema.wedges is not Measure.wedges and name not in ("counter_control", "decoupling")
)
OLD = (
    "export_control",
    "labour_supply",
    "procurement_preference",
    "production_subsidy",
    "productivity",
    "tariff",
    "trade_agreement",
    "trade_cost",
)


def scenario(*texts: str, **fields) -> Scenario:
    """A scenario with measures given as YAML text."""
    measures = [yaml.safe_load(text) for text in texts]
    return Scenario.model_validate({"name": "t", "title": "t", "measures": measures, **fields})


@pytest.fixture
def compiled(world):
    """Compile measures given as YAML text on the shipped world."""

    def compile_texts(*texts, **fields):
        return compile_wedges(scenario(*texts, **fields), world)

    return compile_texts


@pytest.fixture
def at(world):
    """Indices of a supplier, a sector and a user."""

    def index(region, sector, user):
        return (
            world.regions.index(region),
            world.sectors.index(sector),
            world.regions.index(user),
        )

    return index


def touched(wedges) -> set[str]:
    return {name for name in wedges._fields if wedges.touched(name).any()}


def test_the_levers_are_the_files_of_the_folder():
    assert set(levers()) >= set(OLD)
    assert list(levers()) == sorted(
        path.stem for path in FOLDER.glob("*.py") if path.stem[0] != "_"
    )
    assert len(levers()) == 34
    assert set(STATIC) >= {*OLD, "demand_policy", "lockdown", "local_support", "upgrading"}
    for name, schema in levers().items():
        assert schema.acts_through
        assert schema.known
        assert schema.__doc__
        for field, info in schema.model_fields.items():
            assert info.description or field == "lever", (name, field)
    with pytest.raises(ScenarioError, match="did you mean tariff"):
        lever("tarif")


@pytest.mark.parametrize("name", STATIC)
def test_example_compiles_and_never_touches_own_sales(name, compiled, world):
    wedges = compiled(lever(name).example)
    assert touched(wedges)
    own = np.arange(len(world.regions))
    for flow in ("tariff", "export_tax", "log_iceberg", "log_flow_limit"):
        assert not wedges.touched(flow)[own, :, own].any(), flow


@pytest.mark.parametrize("name", STATIC)
def test_example_survives_its_own_yaml(name, compiled, world):
    first = scenario(lever(name).example)
    text = yaml.safe_dump(first.model_dump(mode="json", by_alias=True))
    again = Scenario.model_validate(yaml.safe_load(text))
    assert again == first
    for one, other in zip(compile_wedges(first, world), compile_wedges(again, world), strict=True):
        np.testing.assert_array_equal(one, other)


def test_tariff_adds(compiled, at):
    wedges = compiled(lever("tariff").example)
    assert touched(wedges) == {"tariff"}
    assert wedges.tariff[at("CHN", "C26", "USA")] == pytest.approx(0.25)
    assert wedges.tariff.sum() == pytest.approx(0.5)  # C26 and C27, no other cell
    assert np.count_nonzero(wedges.tariff) == 2


def test_tariff_by_sector_and_negative(compiled, at):
    text = (
        "{lever: tariff, label: x, importers: USA, exporters: CHN, size: {C26: 5 pp, C27: -1 pp}}"
    )
    wedges = compiled(text)
    assert wedges.tariff[at("CHN", "C26", "USA")] == pytest.approx(0.05)
    assert wedges.tariff[at("CHN", "C27", "USA")] == pytest.approx(-0.01)
    assert np.count_nonzero(wedges.tariff) == 2


def test_tariff_sets(compiled, world):
    wedges = compiled(
        "{lever: tariff, label: x, importers: EU, exporters: all, sectors: goods, rate: 12 %}"
    )
    eu = world.regions.index("EU")
    goods = [k for k, s in enumerate(world.sectors) if s[0] in "ABC"]
    total = (world.tariff + wedges.tariff)[:, goods, eu]
    np.testing.assert_allclose(np.delete(total, eu, axis=0), 0.12)
    assert (total[eu] == 0).all()
    others = np.ones(wedges.tariff.shape, dtype=bool)
    others[:, goods, eu] = False
    assert not wedges.tariff[others].any()


def test_tariff_named_twice(compiled):
    text = (
        "{lever: tariff, label: x, importers: USA, exporters: CHN, size: {goods: 5 pp, C26: 1 pp}}"
    )
    with pytest.raises(ScenarioError, match=r"size\.C26: a sector of it has a size already"):
        compiled(text)


def test_export_control_cut_limits_the_flow(compiled, at):
    wedges = compiled(lever("export_control").example)
    assert touched(wedges) == {"log_flow_limit"}
    assert wedges.limits_flows
    for seller in ("USA", "JPN", "EU"):
        assert np.exp(wedges.log_flow_limit[at(seller, "C28", "CHN")]) == pytest.approx(0.2)
    assert np.isfinite(wedges.log_flow_limit).sum() == 3


def test_export_control_of_everything_is_prohibitive(compiled, at):
    text = "{lever: export_control, label: x, suppliers: USA, users: CHN, sectors: C28, cut: 100 %}"
    wedges = compiled(text)
    assert touched(wedges) == {"log_iceberg"}
    np.testing.assert_array_equal(wedges.log_iceberg[at("USA", "C28", "CHN")], PROHIBITIVE)
    assert np.count_nonzero(wedges.log_iceberg) == 4


def test_export_control_cost(compiled, at):
    text = "{lever: export_control, label: x, suppliers: USA, users: CHN, sectors: C28, cost: 10 %}"
    wedges = compiled(text)
    np.testing.assert_allclose(wedges.log_iceberg[at("USA", "C28", "CHN")], np.log(1.1))
    assert np.count_nonzero(wedges.log_iceberg) == 4  # intermediate and three final uses


def test_trade_cost_by_use(compiled, at, world):
    wedges = compiled(lever("trade_cost").example)
    cell = wedges.log_iceberg[at("USA", "J62_63", "CHN")]
    np.testing.assert_allclose(cell, [np.log(1.1), 0, 0, 0])
    assert np.count_nonzero(wedges.log_iceberg) == 2 * 2
    assert wedges.differs_by_use
    lower = compiled("{lever: trade_cost, label: x, suppliers: all, users: all, size: -5 %}")
    regions, sectors = len(world.regions), len(world.sectors)
    assert np.count_nonzero(lower.log_iceberg) == regions * (regions - 1) * sectors * 4
    assert (lower.log_iceberg <= 0).all()
    assert not lower.differs_by_use


def test_labour_supply(compiled, world):
    wedges = compiled(lever("labour_supply").example)
    assert touched(wedges) == {"log_labour"}
    expected = np.zeros(7)
    expected[world.regions.index("CHN")] = np.log(1 - 0.135)
    np.testing.assert_allclose(wedges.log_labour, expected)


def test_productivity(compiled, world):
    wedges = compiled(lever("productivity").example)
    assert touched(wedges) == {"log_productivity"}
    # The example names C24, which this world has as a group of two sectors.
    assert world.groups["C24"] == ("C24A", "C24B")
    for sector in world.groups["C24"]:
        cell = world.regions.index("CHN"), world.sectors.index(sector)
        assert wedges.log_productivity[cell] == pytest.approx(np.log(1.03))
    assert np.count_nonzero(wedges.log_productivity) == 2


def test_procurement_preference(compiled, world):
    wedges = compiled(lever("procurement_preference").example)
    assert touched(wedges) == {"home_preference"}
    assert wedges.differs_by_use
    row = wedges.home_preference[world.regions.index("CHN")]
    goods = np.array([s[0] in "ABC" for s in world.sectors])
    np.testing.assert_allclose(row[goods], np.log(1.2))
    assert not row[~goods].any()
    assert np.count_nonzero(wedges.home_preference) == 24


def test_procurement_needs_a_government(world, tables):
    changed = tables(final_uses=("household", "investment"))
    with pytest.raises(ScenarioError, match="has no government use; its uses are household, inv"):
        compile_wedges(
            scenario("{lever: procurement_preference, label: x, regions: N}"),
            type(world)(**changed),
        )


def test_subsidy_rate_and_amount(compiled, world):
    china, chips = world.regions.index("CHN"), world.sectors.index("C26")
    rate = compiled(lever("production_subsidy").example)
    assert touched(rate) == {"subsidy"}
    assert rate.subsidy[china, chips] == pytest.approx(0.05)
    assert np.count_nonzero(rate.subsidy) == 1
    # 67.5876 bn CNY of 2017 are 10 bn USD: the share of cost is amount / (revenue + amount).
    text = "{lever: production_subsidy, label: x, regions: CHN, sectors: [C26, C28], size: %s}"
    money = compiled(text % "67.5876 bn CNY").subsidy[china]
    revenue = world.output[china, [chips, world.sectors.index("C28")]].sum()
    np.testing.assert_allclose(money[money > 0], 1e4 / (revenue + 1e4), rtol=1e-9)
    gdp = compiled(text % "0.1 % of GDP").subsidy[china, chips]
    amount = 0.001 * world.gdp[china]
    assert gdp == pytest.approx(amount / (revenue + amount))


def test_subsidy_is_converted_at_the_measure_s_date(compiled, world):
    text = "{lever: production_subsidy, label: x, regions: CHN, sectors: C26, size: 100 bn CNY%s}"
    cell = world.regions.index("CHN"), world.sectors.index("C26")
    now, later = (
        compiled(text % "").subsidy[cell],
        compiled(text % ", from: 2024-05-24").subsidy[cell],
    )
    assert later < now
    assert later / now == pytest.approx(6.75876 / 7.242, rel=0.01)


def test_agreement(compiled, world, at):
    wedges = compiled(lever("trade_agreement").example)
    assert touched(wedges) == {"tariff", "log_iceberg"}
    for one, other in (("CHN", "JPN"), ("JPN", "CHN")):
        cell = at(one, "C29", other)
        assert wedges.tariff[cell] == pytest.approx(-0.9 * world.tariff[cell])
        np.testing.assert_allclose(wedges.log_iceberg[cell], np.log(0.98))
    assert (wedges.tariff <= 0).all()
    outside = [r for r, name in enumerate(world.regions) if name not in ("CHN", "JPN")]
    for axis in (0, 2):
        assert not np.take(wedges.tariff, outside, axis=axis).any()
        assert not np.take(wedges.log_iceberg, outside, axis=axis).any()
    assert not wedges.log_iceberg[:, world.sectors.index("K")].any()


def test_measures_add_up_and_the_tighter_limit_holds(compiled, at):
    cut = "{lever: export_control, label: %s, suppliers: USA, users: CHN, sectors: C28, cut: %s%s}"
    tariff = lever("tariff").example
    wedges = compiled(
        tariff,
        cut % ("a", "50 %", ""),
        cut % ("b", "80 %", ", adds: true"),
        lever("productivity").example,
    )
    assert np.exp(wedges.log_flow_limit[at("USA", "C28", "CHN")]) == pytest.approx(0.2)
    assert wedges.tariff[at("CHN", "C26", "USA")] == pytest.approx(0.25)
    assert touched(wedges) == {"tariff", "log_flow_limit", "log_productivity"}


def test_overlap_is_refused_unless_it_adds(compiled, at):
    text = "{lever: tariff, label: %s, importers: USA, exporters: %s, sectors: C26, size: 5 pp%s}"
    one, other = text % ("one", "CHN", ""), text % ("two", "[CHN, EU]", "")
    with pytest.raises(ScenarioError) as error:
        compiled(one, other)
    assert "measure two: it overlaps with measure one on C26 from CHN to USA" in str(error.value)
    assert "adds: true" in str(error.value)
    both = compiled(one, text % ("two", "[CHN, EU]", ", adds: true"))
    assert both.tariff[at("CHN", "C26", "USA")] == pytest.approx(0.10)
    assert both.tariff[at("EU", "C26", "USA")] == pytest.approx(0.05)
    apart = compiled(one, text % ("two", "EU", ""))
    assert np.count_nonzero(apart.tariff) == 2


def test_totals_have_limits(compiled):
    subsidy = "{lever: production_subsidy, label: %s, regions: CHN, sectors: C26, size: 50 %%%s}"
    with pytest.raises(ScenarioError, match="subsidies exceed 90 % of cost in total"):
        compiled(subsidy % ("a", ""), subsidy % ("b", ", adds: true"))
    tariff = "{lever: tariff, label: %s, importers: USA, exporters: CHN, size: -60 pp%s}"
    with pytest.raises(ScenarioError, match="tariffs fall below -95 % in total"):
        compiled(tariff % ("a", ""), tariff % ("b", ", adds: true"))


def test_groups(compiled, at, world):
    text = "{lever: tariff, label: x, importers: west, exporters: CHN, sectors: chips, size: 5 pp}"
    wedges = compiled(text, groups={"west": ["USA", "EU"], "chips": ["C26"]})
    assert np.count_nonzero(wedges.tariff) == 2
    context = context_of(scenario(groups={"west": ["USA", "EU"]}), world)
    # In the world's order, whatever the group's.
    assert [world.regions[i] for i in context.regions("west", field="x")] == ["EU", "USA"]
    assert len(context.sectors("manufacturing")) == 19
    assert len(context.sectors("services")) == 14
    assert context.use_indices("all") == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["CHN", "C26", "all", "goods"])
def test_a_group_may_not_hide_a_label(name, compiled):
    with pytest.raises(ScenarioError, match=rf"groups\.{name}: .* has this name already"):
        compiled(groups={name: ["USA"]})


def test_no_measure_is_neutral(compiled, world):
    wedges = compiled()
    assert not touched(wedges)
    assert not wedges.differs_by_use
    assert not wedges.limits_flows
    assert wedges.log_iceberg.shape == (7, 38, 7, 1 + len(world.final_uses))
