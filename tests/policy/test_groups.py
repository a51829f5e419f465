"""Names that the world has for several regions or sectors, in scenarios."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.errors import ScenarioError, WorldError
from zizhu.laboratory import elasticities_of
from zizhu.parameters import values
from zizhu.policy import Scenario, compile_wedges, context_of, load_scenario
from zizhu.world import World, aggregate, open_world

UNION = ("DEU", "NLD", "FRA", "ITA", "REU")


@pytest.fixture(scope="module")
def shipped():
    """The default world."""
    return open_world()


def scenario(groups=None, **measure) -> Scenario:
    """One tariff of five points, with some fields replaced."""
    tariff = {"lever": "tariff", "label": "x", "importers": "USA", "exporters": "CHN"}
    fields = {"sectors": "C26", "size": "5 pp", **measure}
    if isinstance(fields["size"], dict):  # it names the sectors
        del fields["sectors"]
    measures = [{**tariff, **fields}]
    content = {"name": "t", "title": "t", "measures": measures, "groups": groups or {}}
    return Scenario.model_validate(content)


def hit(wedges, world):
    """Suppliers, sectors and users that a tariff touches."""
    places = np.argwhere(wedges.tariff)
    names = (world.regions, world.sectors, world.regions)
    return tuple({label[at] for at in places[:, axis]} for axis, label in enumerate(names))


def test_groups_of_the_shipped_worlds(shipped):
    wanted = {"EU": UNION, "C24": ("C24A", "C24B"), "C30": ("C301", "C302T309")}
    for world in (shipped, open_world("2017")):
        assert world.groups == wanted


def test_a_group_of_regions(shipped):
    wedges = compile_wedges(scenario(importers="EU"), shipped)
    assert hit(wedges, shipped) == ({"CHN"}, {"C26"}, set(UNION))
    assert wedges.tariff.sum() == pytest.approx(5 * 0.05)


def test_a_group_of_sectors(shipped):
    wedges = compile_wedges(scenario(sectors=["C24", "C26"]), shipped)
    assert hit(wedges, shipped)[1] == {"C24A", "C24B", "C26"}
    # As a key of a table of sizes it serves as well.
    sizes = compile_wedges(scenario(size={"C24": "1 pp", "C30": "2 pp"}), shipped)
    china, america = map(shipped.regions.index, ("CHN", "USA"))
    by_sector = dict(zip(shipped.sectors, sizes.tariff[china, :, america], strict=True))
    found = {sector: rate for sector, rate in by_sector.items() if rate}
    wanted = {"C24A": 0.01, "C24B": 0.01, "C301": 0.02, "C302T309": 0.02}
    assert found == pytest.approx(wanted)


def test_a_scenario_s_group_made_from_a_world_s(shipped):
    made = scenario({"west": ["USA", "EU", "GBR"]}, importers="west")
    users = {"USA", "GBR", *UNION}
    assert hit(compile_wedges(made, shipped), shipped)[2] == users
    metals = scenario({"metals": ["C24", "C25"]}, sectors="metals")
    assert hit(compile_wedges(metals, shipped), shipped)[1] == {"C24A", "C24B", "C25"}


def test_a_scenario_s_group_stands_before_the_world_s(shipped):
    own = scenario({"EU": ["DEU", "FRA"]}, importers="EU")
    assert hit(compile_wedges(own, shipped), shipped)[2] == {"DEU", "FRA"}
    # It may add to the world's of the same name.
    wider = scenario({"EU": ["EU", "GBR"]}, importers="EU")
    assert hit(compile_wedges(wider, shipped), shipped)[2] == {*UNION, "GBR"}
    assert context_of(wider, shipped).groups["C24"] == ("C24A", "C24B")


def test_unknown_members_suggest_groups_too(shipped):
    with pytest.raises(ScenarioError, match="did you mean EU"):
        context_of(scenario({"west": ["EUX"]}), shipped)
    with pytest.raises(ScenarioError, match="region 'C24A' is not in world 2022"):
        compile_wedges(scenario(importers="C24"), shipped)


def test_a_label_of_the_same_name_is_no_group(world):
    """Summed to EU with Britain, the world's EU is a region, and its group is gone."""
    assert "EU" in world.regions
    assert "EU" not in world.groups
    assert hit(compile_wedges(scenario(importers="EU"), world), world)[2] == {"EU"}


def test_sums_keep_the_groups_that_they_do_not_cut(shipped):
    rest = [region for region in shipped.regions if region not in ("DEU", "FRA", "ITA")]
    south = {"DEU": ["DEU"], "LATIN": ["FRA", "ITA"], **{region: [region] for region in rest}}
    assert set(aggregate(shipped, regions=south).groups["EU"]) == {"DEU", "NLD", "LATIN", "REU"}
    cut = {"NEAR": ["ITA", "CHE"], **{r: [r] for r in shipped.regions if r not in ("ITA", "CHE")}}
    assert "EU" not in aggregate(shipped, regions=cut).groups
    metals = {"C24": ["C24A", "C24B"]}
    one = {**metals, **{s: [s] for s in shipped.sectors if s not in metals["C24"]}}
    found = aggregate(shipped, sectors=one)
    assert "C24" in found.sectors
    assert set(found.groups) == {"EU", "C30"}


@pytest.mark.parametrize(
    "groups", [{"X": ("N", "M")}, {"X": ()}, {"N": ("N", "S")}, {"X": ("N", "G")}]
)
def test_groups_that_a_world_refuses(tables, groups):
    with pytest.raises(WorldError, match=r"group \w is .*a group has a name of its own"):
        World(**tables(groups=groups))


def test_elasticities_of_a_group_are_those_of_its_members(shipped):
    given = ["elasticities.scale.C24=0", "elasticities.trade.C30=7"]
    chosen = load_scenario("baseline", given)
    found, _ = elasticities_of(
        shipped, chosen.options, chosen.elasticities, values(chosen.parameters)
    )
    at = shipped.sectors.index
    assert [float(found.scale[at(code)]) for code in ("C24A", "C24B")] == [0.0, 0.0]
    assert [float(found.trade[at(code)]) for code in ("C301", "C302T309")] == [7.0, 7.0]
