"""What a world refuses, and that each refusal says what and where."""

from __future__ import annotations

import re

import numpy as np
import pytest
from jaxtyping import config

from zizhu.errors import WorldError
from zizhu.world import World, open_world


@pytest.mark.parametrize("year", ["2017", "2022"])
def test_shipped_world_is_balanced(year):
    world = open_world(year)
    assert {identity.name for identity in world.identities()} == {"output", "trade"}
    for identity in world.identities():
        assert identity.holds
        assert identity.relative < 1e-9
    assert abs(world.deficit.sum()) < 1e-9 * world.gdp.sum()
    assert world.output.shape == (29, 38)
    np.testing.assert_allclose(world.flows.sum(axis=2), world.output, rtol=1e-12)
    assert world.region_name("CHN") == "China"
    assert world.region_name("XXX") == "XXX"
    assert world.sector_name("C26") == "Electronics and optics"


@pytest.mark.parametrize("year", ["2017", "2022"])
def test_shipped_world_says_that_it_is_estimated(year):
    """What is estimated, how far official shares were missed, and how wrong cells may be."""
    world = open_world(year)
    assert world.notes[0].startswith("estimated: ")
    assert re.search(r"missed by \d+\.\d and \d+\.\d percent", world.notes[1])
    assert world.doubt is not None
    assert not world.pooled_origins
    war = [note for note in world.notes if "tariff war" in note or "additional tariffs" in note]
    assert len(war) == 1
    assert war[0].startswith({"2017": "tariffs are those before", "2022": "the US and Ch"}[year])


def test_output_by_cost_must_equal_output_by_use(tables):
    changed = tables()
    changed["value_added"] = changed["value_added"].copy()
    changed["value_added"][1, 2] *= 1.01
    with pytest.raises(WorldError, match="output by use equals output by cost fails by") as error:
        World(**changed)
    assert "at S G" in str(error.value)
    assert "rebalance" in str(error.value)


def test_a_gap_of_a_hair_is_rounding(tables):
    changed = tables()
    changed["value_added"] = changed["value_added"] * (1 + 1e-8)
    assert 0 < World(**changed).identities()[0].relative < 1e-7


@pytest.mark.parametrize("table", ["intermediate", "final", "value_added", "taxes", "tariff"])
def test_not_a_number(tables, table):
    changed = tables()
    changed[table] = changed[table].copy()
    changed[table][1, 2] = np.nan
    with pytest.raises(WorldError, match=f"table {table} has .* not numbers, the first at S G"):
        World(**changed)


@pytest.mark.parametrize("table", ["intermediate", "final", "value_added"])
def test_negative_cell(tables, table):
    changed = tables()
    changed[table] = changed[table].copy()
    changed[table][0, 1] = -3.0
    with pytest.raises(WorldError, match=rf"table {table} has \d+ negative cells.* at N C10T12"):
        World(**changed)


@pytest.mark.parametrize(
    ("value", "words"),
    [(-1.0, "a tariff is a fraction above -1"), (25.0, "write 0.25 for 25 percent")],
)
def test_tariff_out_of_range(tables, value, words):
    changed = tables()
    changed["tariff"] = changed["tariff"].copy()
    changed["tariff"][1, 2, 0] = value
    with pytest.raises(WorldError, match="at S G N") as error:
        World(**changed)
    assert words in str(error.value)


def test_tariff_on_own_sales(tables):
    changed = tables()
    changed["tariff"] = changed["tariff"].copy()
    changed["tariff"][1, 2, 1] = 0.1
    with pytest.raises(WorldError, match=r"own sales of S in G carry a tariff of 0\.1;"):
        World(**changed)


def test_inputs_above_output(tables):
    changed = tables()
    changed["intermediate"] = changed["intermediate"].copy()
    changed["intermediate"][:, :, 0, 1] *= 20
    with pytest.raises(WorldError, match="inputs and duties of N C10T12 exceed its output"):
        World(**changed)


def test_region_without_value_added(tables):
    changed = tables()
    changed["value_added"] = changed["value_added"].copy()
    changed["value_added"][1] = 0
    with pytest.raises(WorldError, match="region S has no value added"):
        World(**changed)


@pytest.mark.parametrize(
    ("field", "labels", "words"),
    [
        ("regions", ("N", "N"), "region N appears twice"),
        ("sectors", ("A", "G", "G"), "sector G appears twice"),
        ("final_uses", ("household", "household"), "final use household appears twice"),
        ("final_uses", ("household", "army"), "final use 'army' is unknown"),
    ],
)
def test_labels(tables, field, labels, words):
    with pytest.raises(WorldError, match=words):
        World(**tables(**{field: labels}))


def test_shapes(tables):
    """The package's own check: that of the test run is switched off here."""
    changed = tables()
    config.update("jaxtyping_disable", True)
    try:
        with pytest.raises(WorldError, match=r"table taxes has shape \(2, 2\), \(2, 3\) is right"):
            World(**{**changed, "taxes": changed["taxes"][:, :2]})
    finally:
        config.update("jaxtyping_disable", False)
