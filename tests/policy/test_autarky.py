"""The lever that cuts regions off: what it closes, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from zizhu.errors import ScenarioError
from zizhu.policy import Scenario, compile_wedges
from zizhu.policy.levers.autarky import WALL
from zizhu.world import World, open_world


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped world, in which two regions have no mining of their own."""
    return open_world("2022")


def wall(world, text: str, **options: str) -> np.ndarray:
    """Log iceberg costs of one autarky measure [i,k,n,u]."""
    measure = {"lever": "autarky", "label": "alone", **yaml.safe_load(text)}
    scenario = Scenario.model_validate(
        {"name": "t", "title": "t", "measures": [measure], "options": options}
    )
    return compile_wedges(scenario, world).log_iceberg


def test_a_region_is_cut_off_both_ways_and_the_others_are_not(world):
    cost = wall(world, "regions: CHN", deficits="zero")
    china = world.regions.index("CHN")
    others = np.arange(len(world.regions)) != china
    assert (cost[china][:, others] == WALL).all()
    assert (cost[others][:, :, china] == WALL).all()
    assert not cost[china, :, china].any()
    assert not cost[np.ix_(others, range(len(world.sectors)), others)].any()


def test_sectors_are_kept_open(world):
    cost = wall(world, "{regions: CHN, sectors: [C26, C27], keeps: C27}")
    closed = cost.any(axis=(0, 2, 3))
    assert [world.sectors[k] for k in np.flatnonzero(closed)] == ["C26"]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("regions: CHN", {}, "CHN has no trade left .* set options.deficits=zero"),
        ("regions: all", {"deficits": "zero"}, "no home supplier for some use .*origins=pooled"),
        (
            "regions: [CHN, SGP]",
            {"deficits": "zero", "origins": "pooled"},
            "no home supplier in SGP B05_06, SGP B07_08, SGP B09, where autarky has no price",
        ),
        ("{sectors: C26, keeps: C26}", {}, "keeps: no sector is left to cut off"),
        ("regions: ATL", {"deficits": "zero"}, "region 'ATL' is not in world"),
    ],
)
def test_what_has_no_answer_is_refused_in_a_sentence(world, text, options, words):
    with pytest.raises(ScenarioError, match=words):
        wall(world, text, **options)
