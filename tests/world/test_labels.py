"""Labels of worlds: whole numbers become text, look-alikes and rows of sums are refused."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import config

from zizhu.errors import WorldError
from zizhu.world import World
from zizhu.world.labels import as_text, folded, look_alikes, sums_of_others


def test_whole_numbers_become_their_digits(tables) -> None:
    changed = tables(
        regions=(1, np.int64(2)),
        sectors=(1, 2, 3),
        region_names={1: "North"},
        isic={2: (10, 11)},
        groups={"BOTH": (1, 2)},
    )
    config.update("jaxtyping_disable", True)
    try:
        with pytest.raises(WorldError, match="group BOTH"):
            World(**{**changed, "groups": {"BOTH": (1, 9)}})
        world = World(**changed)
    finally:
        config.update("jaxtyping_disable", False)
    assert world.regions == ("1", "2")
    assert world.sectors == ("1", "2", "3")
    assert world.region_name("1") == "North"
    assert world.isic == {"2": (10, 11)}
    assert world.groups == {"BOTH": ("1", "2")}


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (True, "region label True is a bool"),
        (1.5, r"region label 1\.5 is a float"),
        (None, "region label None is a NoneType"),
        ("", "a region label is empty"),
        (" ", "a region label is empty"),
        ("CH\x00N", r"region label 'CH\\x00N' has a control character"),
        ("CH\nN", r"region label 'CH\\nN' has a control character"),
    ],
)
def test_what_is_no_label(label: object, words: str) -> None:
    with pytest.raises(WorldError, match=words):
        as_text("region", ["DEU", label])


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("CHN", "Chn"), "regions 'CHN' and 'Chn' differ by case or spaces only"),
        (("São Tomé", "Sa\u0303o Tome\u0301"), "differ by case or spaces only"),
        (("N", "TOTAL"), "region 'TOTAL' names a sum or a row of the accounts, not a region"),
    ],
)
def test_a_world_refuses_look_alikes_and_sums(tables, labels, words) -> None:
    with pytest.raises(WorldError, match=words):
        World(**tables(regions=labels, region_names={}))


def test_a_state_may_be_va_but_a_sector_may_not(tables) -> None:
    assert World(**tables(regions=("VA", "S"), region_names={})).regions == ("VA", "S")
    with pytest.raises(WorldError, match="sector 'VA' names"):
        World(**tables(sectors=("A", "VA", "G"), isic={}))


def test_a_row_of_sums_is_known_by_its_numbers(tables) -> None:
    """Whatever it is called, a sector that sells everywhere what all others sell is their sum."""
    changed = tables()
    z, f = changed["intermediate"].copy(), changed["final"].copy()
    changed["tariff"] = np.zeros_like(changed["tariff"])
    z[:, 2], f[:, 2] = z[:, :2].sum(axis=1), f[:, :2].sum(axis=1)
    z *= 0.1
    output = z.sum(axis=(2, 3)) + 0.1 * f.sum(axis=(2, 3))
    changed |= {"intermediate": z, "final": 0.1 * f, "taxes": np.zeros((2, 3))}
    changed["value_added"] = output - z.sum(axis=(0, 1))
    with pytest.raises(WorldError, match="sector 'G' sells to every use what all other sectors"):
        World(**changed)


def test_two_that_are_equal_are_no_sum() -> None:
    assert not sums_of_others(np.ones((2, 2, 2)), 0).any()
    assert not sums_of_others(np.zeros((3, 1, 1)), 0).any()
    table = np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 7.0]])
    assert sums_of_others(table[..., None], 0).tolist() == [False, False, True]


def test_folding() -> None:
    assert folded("  Rest  of\u00a0WORLD ") == "rest of world"
    assert look_alikes(["A", "B"]) is None
