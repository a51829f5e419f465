"""Draws from the errors of a world."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.errors import WorldError
from zizhu.world import World, draw, open_world
from zizhu.world.classification import is_good


@pytest.fixture(scope="module")
def estimated() -> World:
    world = open_world("2022")
    rest = tuple(r for r in world.regions if r not in ("CHN", "USA", "TWN"))
    services = tuple(s for s in world.sectors if not is_good(world.isic[s]))
    others = tuple(s for s in world.sectors if s not in (*services, "C26", "C28"))
    return world.aggregate(
        regions={"CHN": ["CHN"], "USA": ["USA"], "TWN": ["TWN"], "REST": rest},
        sectors={"C26": ["C26"], "C28": ["C28"], "GOODS": others, "SERVICES": services},
    )


def test_what_is_known_stays(estimated: World) -> None:
    drawn = draw(estimated, 7)
    goods = [k for k, s in enumerate(estimated.sectors) if is_good(estimated.isic[s])]
    np.testing.assert_allclose(drawn.flows[:, goods], estimated.flows[:, goods], rtol=1e-9)
    services = [k for k in range(len(estimated.sectors)) if k not in goods]
    np.testing.assert_allclose(
        drawn.flows[:, services].sum(axis=1), estimated.flows[:, services].sum(axis=1), rtol=1e-9
    )
    share = estimated.value_added / estimated.output
    np.testing.assert_allclose(drawn.value_added / drawn.output, share, atol=1e-4)


def test_a_seed_gives_its_table_and_another_seed_another(estimated: World) -> None:
    one, same, other = draw(estimated, 1), draw(estimated, 1), draw(estimated, 2)
    np.testing.assert_array_equal(one.intermediate, same.intermediate)
    moved = np.abs(one.intermediate - other.intermediate).sum() / one.intermediate.sum()
    assert 0.01 < moved < 0.5


def test_draws_centre_on_the_world(estimated: World) -> None:
    total = np.mean([draw(estimated, seed).intermediate for seed in range(60)], axis=0)
    large = estimated.intermediate > 0.02 * estimated.output[None, None]
    ratio = total[large] / estimated.intermediate[large]
    assert abs(np.average(ratio, weights=estimated.intermediate[large]) - 1) < 0.02


def test_no_errors_no_draws(small: World) -> None:
    with pytest.raises(WorldError, match="does not say how wrong"):
        draw(small, 1)
