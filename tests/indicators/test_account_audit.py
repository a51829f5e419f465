"""Accounts are audited when they are made; the order of a table in memory changes no indicator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from account_worlds import pymrio_of, random_world, world_of
from jaxtyping import config

import zizhu
from zizhu.errors import WorldError
from zizhu.indicators import Leontief, input_reliance, position
from zizhu.indicators import leontief as leontief_module
from zizhu.world import World

TABLES = ("intermediate", "final", "value_added", "taxes", "tariff")


def in_columns(world: World) -> World:
    """The same world from tables whose columns are in sequence, as pandas hands them over."""
    return replace(world, **{name: np.asfortranarray(getattr(world, name)) for name in TABLES})


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_memory_changes_nothing(seed: int) -> None:
    rows = random_world(seed)
    columns = in_columns(rows)
    for name in TABLES:
        table = getattr(columns, name)
        assert table.flags.c_contiguous
        assert not table.flags.writeable
    for one, other in (
        (position(rows), position(columns)),
        (input_reliance(rows), input_reliance(columns)),
    ):
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("seed", range(3))
def test_inverse_and_stages_are_those_of_pymrio(seed: int) -> None:
    world = in_columns(random_world(seed))
    system, cells = Leontief(world), world.output.size
    peer = pymrio_of(world)
    found = system.inverse().reshape(cells, cells)
    np.testing.assert_allclose(found, peer.L.to_numpy(), rtol=1e-12, atol=1e-14)
    stages = position(world)["upstreamness"].to_numpy().ravel()
    np.testing.assert_allclose(stages, peer.G.to_numpy().sum(axis=1), rtol=1e-12)
    assert stages.min() >= 1.0


def test_the_caller_keeps_the_array_and_the_world_its_numbers() -> None:
    world = random_world(0)
    mine = np.array(world.taxes)
    made = replace(world, taxes=mine)
    mine[0, 0] += 1.0
    np.testing.assert_array_equal(made.taxes, world.taxes)
    with pytest.raises(ValueError, match="read-only"):
        made.taxes[0, 0] = 0.0
    # A view that cannot be written to is no promise: what it is a view of can.
    base = np.array(world.taxes)
    view = base[:]
    view.flags.writeable = False
    made = replace(world, taxes=view)
    base[0, 0] += 1.0
    np.testing.assert_array_equal(made.taxes, world.taxes)
    # What belongs to a world already is shared, not copied.
    assert replace(world, name="again").intermediate is world.intermediate


@pytest.fixture
def no_types() -> Iterator[None]:
    """The package's own checks: those of the test run are switched off here."""
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", False)


@pytest.mark.usefixtures("no_types")
@pytest.mark.parametrize("kind", [np.float32, np.int64])
def test_other_kinds_of_numbers_are_taken(kind: type) -> None:
    world = random_world(1)
    tables = {name: np.round(getattr(world, name), 0).astype(kind) for name in TABLES}
    tables["tariff"] = np.zeros_like(tables["tariff"])
    tables["taxes"] = np.zeros_like(tables["taxes"])
    output = tables["intermediate"].sum(axis=(2, 3)) + tables["final"].sum(axis=(2, 3))
    tables["value_added"] = output - tables["intermediate"].sum(axis=(0, 1))
    made = replace(world, **tables)
    assert all(getattr(made, name).dtype == np.float64 for name in TABLES)
    assert Leontief(made).audit.largest < 1e-9


def test_single_precision_solves_as_double_does(world: World) -> None:
    """Rounded to single precision in columns, a world moves by that rounding and no more."""
    single = {name: np.asfortranarray(getattr(world, name), dtype=np.float32) for name in TABLES}
    found, expected = (
        zizhu.run("tariff-war-2018", world=one, variants=False, drivers=False)
        for one in (replace(world, **single), world)
    )
    assert found.audit.largest < 1e-9
    np.testing.assert_allclose(found.real_income, expected.real_income, atol=1e-6)


@pytest.mark.usefixtures("no_types")
def test_complex_numbers_are_refused() -> None:
    world = random_world(1)
    with pytest.raises(WorldError, match="table taxes holds complex128, real numbers are right"):
        replace(world, taxes=world.taxes.astype(complex))


@pytest.mark.parametrize("absent", [None, (1, 2)])
def test_the_audit_of_a_sound_world_finds_rounding_only(absent: tuple[int, int] | None) -> None:
    audit = Leontief(random_world(2, absent=absent)).audit
    assert 0 <= audit.largest < 1e-12
    assert audit.uses == 0.0
    assert audit.inputs == 0.0


def test_the_fault_that_was_there_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """I - A without its diagonal: what writing into a copy of the system left."""
    real = np.divide

    def without_ones(*args: object, out: np.ndarray | None = None, **kwargs: object) -> object:
        found = real(*args, out=out, **kwargs)
        if out is not None and out.ndim == 2 and out.shape[0] == out.shape[1]:
            out.ravel()[:: out.shape[0] + 1] -= 1.0
        return found

    monkeypatch.setattr(leontief_module.np, "divide", without_ones)
    with pytest.raises(WorldError, match="its accounts do not add up"):
        Leontief(random_world(0))


@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_a_system_that_is_slightly_off_is_no_number(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every solve off by a thousandth."""
    solved = Leontief._solved
    monkeypatch.setattr(
        Leontief, "_solved", lambda self, sides, **kw: factor * solved(self, sides, **kw)
    )
    with pytest.raises(WorldError, match="what final demand needs misses output"):
        Leontief(random_world(0))


def test_a_closed_circle_of_sectors_has_no_accounts() -> None:
    """Two sectors that sell only to each other: no output follows from final demand."""
    flows, final = np.zeros((1, 3, 1, 3)), np.zeros((1, 3, 1, 1))
    flows[0, 0, 0, 1] = flows[0, 1, 0, 0] = 5.0
    final[0, 2, 0, 0] = 10.0
    with pytest.raises(WorldError, match="sell all that they make to each other"):
        Leontief(world_of(flows, final))
