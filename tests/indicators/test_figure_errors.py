"""Errors of figures."""

from __future__ import annotations

import numpy as np

from zizhu.indicators import LARGE_ERROR, figure_errors, input_reliance
from zizhu.world import World, open_world


def test_a_figure_has_the_error_of_its_class() -> None:
    world = open_world("2022")
    assert world.doubt is not None
    errors, shares = figure_errors(world), input_reliance(world)["direct_share"]
    sizes = set()
    for supplier, region, sector in (
        ("TWN", "CHN", "C26"),
        ("KOR", "VNM", "C26"),
        ("NLD", "CHN", "C26"),
    ):
        percent = float(shares.sel(supplier=supplier, region=region, sector=sector))
        size = "share >= 5%" if percent >= 5 else "share >= 1%" if percent >= 1 else "share < 1%"
        sizes.add(size)
        row = "own" if region in world.doubt.own_structure else "pooled"
        expected = world.doubt.figures["inputs face value", "goods", size, row]  # type: ignore[index]
        found = errors["inputs_error"].sel(supplier=supplier, region=region, sector=sector)
        assert float(found) == expected
    assert len(sizes) == 3
    together = errors["foreign_inputs_error"]
    assert float(together.sel(region="CHN", sector="C26")) < LARGE_ERROR
    assert bool((errors["foreign_inputs_look_through_error"] < together).all())


def test_published_sales_of_goods_have_no_error() -> None:
    errors = figure_errors(open_world("2022"))
    assert float(errors["sales_error"].sel(sector="C26").max()) == 0.0
    assert float(errors["foreign_sales_error"].sel(sector="J62_63").min()) > LARGE_ERROR


def test_a_world_without_doubt_has_no_errors(small: World) -> None:
    assert all(np.all(table == 0) for table in figure_errors(small).data_vars.values())
