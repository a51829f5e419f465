"""What sources say of a node beside what the yearly loop uses."""

from pathlib import Path

import numpy as np
import pytest

from zizhu.chains import load_chain
from zizhu.chains.regions import region_of
from zizhu.laboratory.path.node_base import base_of, node_base
from zizhu.laboratory.path.technology import chains_on
from zizhu.parameters import values

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "chain.yaml"
NAME = "batteries_nev"


@pytest.fixture(scope="module")
def chains(world):
    return chains_on(world, values(), [NAME])


def bought_nodes():
    return [name for name, node in load_chain(NAME).nodes.items() if not node.assembled]


def test_every_figure_of_a_node_stands_beside_what_is_used(chains, world):
    for name in bought_nodes():
        base = base_of(chains, f"{NAME}/{name}", world)
        row = chains.nodes.index(f"{NAME}/{name}")
        sourcing, bought = chains.walked.sourcing[row], chains.walked.bought[row]
        assert (base.node, base.base_year) == (f"{NAME}/{name}", world.year)
        assert base.size == pytest.approx(bought.sum())
        misses = [abs(one.miss) for one in base.figures]
        assert misses == sorted(misses, reverse=True)
        for one in base.figures:
            if one.what == "world market":
                assert one.used == pytest.approx(base.size)
                continue
            place = world.regions.index(one.region)
            if one.what == "home share":
                assert one.used == pytest.approx(100 * sourcing[place, place])
            else:
                sold = 100 * bought @ sourcing[:, place] / bought.sum()
                assert one.used == pytest.approx(sold, rel=1e-9)
            if abs(one.miss) > 1e-6 and one.measured < 99:
                assert np.sign(one.miss) == np.sign(one.difference)


def test_shares_buyers_and_markets_add_up(chains, world):
    base = base_of(chains, f"{NAME}/cell", world)
    assert sum(one.bought for one in base.buyers) == pytest.approx(100)
    assert [one.bought for one in base.buyers] == sorted(
        (one.bought for one in base.buyers), reverse=True
    )
    shares = [one for one in base.figures if one.what == "world share"]
    assert sum(one.used for one in shares) == pytest.approx(100)
    assert sum(one.measured for one in shares) == pytest.approx(100)
    given = load_chain(NAME).nodes["cell"].suppliers[0]
    china = next(one for one in shares if one.region == "CHN")
    assert china.given == given
    assert china.published == pytest.approx(
        100 * given.shares["CHN"] / sum(given.shares.values()), abs=1
    )


def test_a_share_out_of_a_rest_is_marked(chains, world):
    base = base_of(chains, f"{NAME}/cell", world)
    countries = set(load_chain(NAME).nodes["cell"].suppliers[0].shares) - {"OTHER", "EUR"}
    named = {region_of(country, world.regions) for country in countries}
    shares = [one for one in base.figures if one.what == "world share"]
    assert {one.region for one in shares if one.named} == named
    assert not all(one.named for one in shares)


def test_what_its_buyer_assembles_and_what_is_not_there_has_no_base(world):
    robots = chains_on(world, values(), ["robots_cnc"])
    assert load_chain("robots_cnc").nodes["smart_factory"].assembled
    assert base_of(robots, "robots_cnc/smart_factory", world) is None
    assert base_of(robots, "robots_cnc/nothing", world) is None


def test_a_chain_file_of_the_user_is_walked_alone(world):
    chain = load_chain(EXAMPLE)
    name = next(name for name, node in chain.nodes.items() if not node.assembled)
    base = node_base(EXAMPLE, name, world)
    assert base.node == f"{chain.chain}/{name}"
    assert base.figures
