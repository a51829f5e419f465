"""Updating a table: margins are reached, what is not asked for stays, nonsense is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zizhu.errors import OutputError, WorldError
from zizhu.world import Wanted, World, own_margins, read_margins, update, write_margins
from zizhu.world.updating.margins import COLUMNS

TABLES = ("intermediate", "final", "value_added", "taxes", "tariff")


def random_world(seed: int, *, regions: int = 2, sectors: int = 3) -> World:
    """Cells of many sizes, some empty; duties and another tax on inputs."""
    rng = np.random.default_rng(seed)
    z = rng.lognormal(0, 2, (regions, sectors, regions, sectors))
    z *= rng.random(z.shape) < 0.8
    f = rng.lognormal(0, 1, (regions, sectors, regions, 2)) + 1.0
    f *= 1 + z.sum(axis=(0, 1)).max()  # enough sales for value added everywhere
    tariff = 0.3 * rng.random((regions, sectors, regions))
    tariff[np.arange(regions), :, np.arange(regions)] = 0
    taxes = (z * tariff[..., None]).sum(axis=(0, 1)) + 0.05 * z.sum(axis=(0, 1))
    names = [f"R{n}" for n in range(regions)]
    return World(
        name="random", year=2020, currency="USD", regions=tuple(names),
        sectors=tuple(f"S{k}" for k in range(sectors)), final_uses=("household", "investment"),
        intermediate=z, final=f,
        value_added=z.sum(axis=(2, 3)) + f.sum(axis=(2, 3)) - z.sum(axis=(0, 1)) - taxes,
        taxes=taxes, tariff=tariff,
    )  # fmt: skip


def table_of(world: World) -> np.ndarray:
    return np.concatenate([world.intermediate, world.final], axis=3)


def close(one: World, other: World, factor: float = 1.0) -> None:
    for name in TABLES:
        grown = getattr(other, name) * (1.0 if name == "tariff" else factor)
        np.testing.assert_allclose(
            getattr(one, name), grown, rtol=1e-9, atol=1e-9 * other.output.max(), err_msg=name
        )


def scaled(rows: list[Wanted], factor: float) -> list[Wanted]:
    return [replace(row, value=row.value * factor) for row in rows]


ANY = [("supplier", "sector"), ("user", "use"), ("supplier", "user"), ("sector", "use"), ()]
seeds = st.integers(0, 2**32 - 1)


def test_no_margins_leave_the_world_as_it_is(small):
    found = update(small, [], year=2018)
    close(found.world, small)
    assert (found.world.year, found.world.name) == (2018, "small-2018")
    assert (found.growth, found.moved, dict(found.gaps)) == (0, 0, {})
    assert found.world.notes[:-1] == small.notes
    assert "0.00 percent of it moved" in found.world.notes[-1]


@given(seeds, st.lists(st.sampled_from(ANY), unique=True), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_its_own_margins_leave_the_world_as_it_is(seed, by, added, gdp):
    world = random_world(seed)
    kinds = ["output"] * (("supplier", "sector") not in by)
    kinds += ["value_added"] * added + ["gdp"] * gdp
    found = update(world, own_margins(world, *by, kinds=kinds))
    close(found.world, world)
    assert found.moved < 1e-10


@given(seeds, st.lists(st.sampled_from(ANY), unique=True, min_size=1))
@settings(max_examples=25, deadline=None)
def test_all_margins_doubled_double_the_world(seed, by):
    world = random_world(seed)
    found = update(world, scaled(own_margins(world, *by, kinds=["value_added", "gdp"]), 2.0))
    close(found.world, world, 2.0)
    assert found.growth == pytest.approx(1, rel=1e-9)
    assert found.moved < 1e-9


@given(seeds, seeds, st.booleans())
@settings(max_examples=25, deadline=None)
def test_margins_of_another_world_are_reached(seed, other, added):
    """Sums of a table with the same empty cells: purchases by use, or value added, are met."""
    world = random_world(seed)
    rng = np.random.default_rng(other)
    moved = np.exp(0.2 * rng.standard_normal(table_of(world).shape)) * table_of(world)
    z, f = moved[..., :3], moved[..., 3:]
    taxes = (z * world.tariff[..., None]).sum(axis=(0, 1)) + 0.05 * z.sum(axis=(0, 1))
    left = moved.sum(axis=(2, 3)) - z.sum(axis=(0, 1)) - taxes
    target = replace(world, intermediate=z, final=f, value_added=np.maximum(left, 0), taxes=taxes)
    rows = own_margins(target, ("supplier", "sector"), ("supplier", "user"))
    rows += own_margins(target, kinds=["value_added"] if added else [])
    rows += own_margins(target, *([] if added else [("user", "use")]))
    found = update(world, rows)
    reached = table_of(found.world)
    for axes in ((2, 3), (1, 3)) if added else ((2, 3), (1, 3), (0, 1)):
        np.testing.assert_allclose(reached.sum(axis=axes), moved.sum(axis=axes), rtol=1e-9)
    if added:
        np.testing.assert_allclose(found.world.value_added, left, atol=1e-9 * left.max())
        np.testing.assert_allclose(found.world.gdp, target.gdp, rtol=1e-9)
    assert max(found.gaps.values()) < 1e-9


def test_trade_of_the_shipped_world(world):
    """One bilateral flow halved, every GDP grown: both hold, as do the rates of tax."""
    others = [r for r in world.regions if r not in ("CHN", "USA")]
    world = world.aggregate(regions={"CHN": ["CHN"], "USA": ["USA"], "ROW": others})
    at = world.sectors.index("C26")
    rows = [Wanted("gdp", 1.05 * world.gdp[n], r) for n, r in enumerate(world.regions)]
    half = 0.5 * world.flows[0, at, 1]
    rows.append(Wanted("sales", half, "CHN", "C26", "USA", source="customs"))
    found = update(world, rows, year=world.year + 1, name="new")
    np.testing.assert_allclose(found.world.gdp, 1.05 * world.gdp, rtol=1e-9)
    np.testing.assert_allclose(found.world.flows[0, at, 1], half, rtol=1e-9)
    np.testing.assert_array_equal(found.world.tariff, world.tariff)
    duties = (found.world.intermediate * world.tariff[..., None]).sum(axis=(0, 1))
    before = (world.intermediate * world.tariff[..., None]).sum(axis=(0, 1))
    np.testing.assert_allclose(
        (found.world.taxes - duties) / found.world.intermediate.sum(axis=(0, 1)),
        (world.taxes - before) / world.intermediate.sum(axis=(0, 1)),
        atol=1e-12,
    )
    assert found.world.name == "new"
    assert set(found.gaps) == {"sales by supplier and sector and user", "gdp by region"}
    assert max(found.gaps.values()) < 1e-9
    note = next(n for n in found.world.notes if n.startswith("margin sales"))
    assert "1 sums, missed by" in note
    assert note.endswith("source: customs")
    assert f"({world.year}) to 4 sums of {world.year + 1}" in " ".join(found.world.notes)


def test_a_gdp_alone_keeps_the_share_of_value_added(small):
    found = update(small, [Wanted("gdp", 2 * small.gdp[0], "N")]).world
    assert found.gdp[0] == pytest.approx(2 * small.gdp[0], rel=1e-10)
    assert found.output[0].sum() == pytest.approx(2 * small.output[0].sum(), rel=1e-10)


def test_value_added_with_output_moves_the_inputs(small):
    rows = [
        Wanted("output", small.output[0, 1], "N", "C10T12"),
        Wanted("value_added", 1.1 * small.value_added[0, 1], "N", "C10T12"),
    ]
    found = update(small, rows).world
    assert found.output[0, 1] == pytest.approx(small.output[0, 1], rel=1e-10)
    assert found.value_added[0, 1] == pytest.approx(1.1 * small.value_added[0, 1], rel=1e-10)
    # Output that follows from trade by buyer is given as well.
    rows = own_margins(small, ("supplier", "sector", "user"))
    found = update(small, [*rows, Wanted("value_added", 40.0, "N", "C10T12")]).world
    np.testing.assert_allclose(found.flows, small.flows, rtol=1e-10)
    assert found.value_added[0, 1] == pytest.approx(40, rel=1e-10)


def test_gdp_that_is_the_sum_of_given_value_added(small):
    rows = scaled(own_margins(small, kinds=["value_added"]), 1.1)
    found = update(small, [*rows, Wanted("gdp", 1.1 * small.gdp[0], "N")]).world
    np.testing.assert_allclose(found.value_added, 1.1 * small.value_added, rtol=1e-9)
    with pytest.raises(WorldError, match="but the value added given for its sectors sums to"):
        update(small, [*rows, Wanted("gdp", 1.2 * small.gdp[0], "N")])


def test_whole_sides_of_the_table(small):
    rows = [
        Wanted("sales", 0.5 * small.intermediate[:, :, 0].sum(), user="N", use="intermediate"),
        Wanted("sales", 1.5 * small.final[:, :, 0].sum(), user="N", use="final"),
    ]
    found = update(small, rows).world
    np.testing.assert_allclose(found.intermediate[:, :, 0], 0.5 * small.intermediate[:, :, 0])
    np.testing.assert_allclose(found.final[:, :, 0], 1.5 * small.final[:, :, 0])
    np.testing.assert_allclose(found.final[:, :, 1], small.final[:, :, 1])


def test_a_weight_below_one_is_fitted(small):
    total = small.output.sum()
    row = Wanted("sales", 2 * total, weight=0.5)
    found = update(small, [row])
    # Half the way in logarithms: (2 T / T) ** 0.5.
    assert found.growth == pytest.approx(np.sqrt(2) - 1, rel=1e-9)
    assert found.gaps == {"sales in all, fitted with weight 0.5": pytest.approx(1 - np.sqrt(0.5))}
    both = update(small, [row, *own_margins(small, ("supplier",))])
    assert both.growth == pytest.approx(0, abs=1e-10)
    output = Wanted("output", 2 * small.output[0, 0], "N", "A", weight=0.5)
    added = Wanted("value_added", small.value_added[0, 0], "N", "A")
    found = update(small, [output, added])
    assert found.world.value_added[0, 0] == pytest.approx(small.value_added[0, 0], rel=1e-9)
    assert 1 < found.world.output[0, 0] / small.output[0, 0] < 2


def test_a_sum_of_zero_empties_the_cells(small):
    found = update(small, [Wanted("sales", 0.0, "N", "A", "S")]).world
    assert found.flows[0, 0, 1] == 0
    assert all(identity.holds for identity in found.identities())


def test_origins_stay_pooled_unless_a_margin_separates_them(small):
    pooled = replace(small, pooled_origins=True)
    assert update(pooled, own_margins(pooled, ("supplier", "user"))).world.pooled_origins
    by_use = Wanted("sales", 30.0, "N", user="S", use="household")
    assert not update(pooled, [by_use]).world.pooled_origins


def test_a_group_is_no_label(small):
    grouped = replace(small, groups={"BOTH": ("N", "S")})
    with pytest.raises(WorldError, match="field supplier: BOTH is a group of small; give its memb"):
        update(grouped, [Wanted("gdp", 1.0, "BOTH")])


def test_progress_is_told(small):
    said: list[str] = []
    update(small, own_margins(small, ("supplier",)), progress=said.append)
    assert said[0].startswith("scaling, pass 1, factors change by")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([Wanted("sale", 1.0)], ["margin 'sale'", "did you mean sales"]),
        ([Wanted("sales", 1.0, "M")], ["supplier", "region 'M'", "small"]),
        ([Wanted("sales", 1.0, "N", "a")], ["sector", "'a'", "did you mean A"]),
        ([Wanted("sales", 1.0, use="houshold")], ["use", "did you mean household"]),
        ([Wanted("sales", -1.0)], ["sales is -1", "0 or more"]),
        ([Wanted("sales", np.inf)], ["inf"]),
        ([Wanted("sales", 1.0, weight=0.0)], ["weight", "0 found"]),
        ([Wanted("sales", 1.0, weight=1.1)], ["weight", "1.1 found"]),
        ([Wanted("gdp", 1.0)], ["supplier", "is blank", "gdp fills supplier"]),
        ([Wanted("gdp", 1.0, "N", "A")], ["sector", "'A', blank is right"]),
        ([Wanted("output", 1.0, "N")], ["sector", "is blank", "supplier and sector"]),
        ([Wanted("value_added", 1.0, "N", "A", use="A")], ["use", "blank is right"]),
        ([Wanted("sales", 1.0, "N")] * 2, ["sales N", "given already", "one row for each"]),
        (
            [Wanted("sales", 1.0, "N", "A"), Wanted("output", 1.0, "N", "A")],
            ["output N A", "given already"],
        ),
        (
            [Wanted("sales", 50.0), Wanted("sales", 100.0, "N"), Wanted("sales", 50.0, "S")],
            ["the sum of everything is 150 by `sales by supplier`", "50 by `sales in all`"],
        ),
        (
            [Wanted("sales", 50.0, "N"), Wanted("output", 60.0, "N", "A")],
            ["the sum for supplier N", "60", "50", "make them agree"],
        ),
        (
            [
                Wanted("sales", 90.0, user="N", use="final"),
                Wanted("sales", 100.0, user="N", use="household"),
            ],
            ["user N, use final is 100", "90 by `sales by user and intermediate or final`"],
        ),
        (
            [Wanted("output", 50.0, "N", "A"), Wanted("value_added", 60.0, "N", "A")],
            ["value_added N A is to be 60", "more than its output of 50"],
        ),
        ([Wanted("sales", 1e4, user="N", use="A")], ["value added of N A would be -", "inputs"]),
    ],
)
def test_what_cannot_be_is_refused(small, rows, words):
    with pytest.raises(WorldError) as error:
        update(small, rows)
    missing = [word for word in words if word not in str(error.value)]
    assert not missing, (missing, str(error.value))


def test_nothing_to_scale(small):
    flows = small.intermediate.copy()
    flows[0, 0, 1, :] = 0
    final = small.final.copy()
    final[0, 0, 1, :] = 0
    lost = small.intermediate.sum(axis=(0, 1)) - flows.sum(axis=(0, 1))
    output = flows.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    taxes = (flows * small.tariff[..., None]).sum(axis=(0, 1))
    assert lost.any()
    world = replace(
        small, intermediate=flows, final=final, taxes=taxes,
        value_added=output - flows.sum(axis=(0, 1)) - taxes,
    )  # fmt: skip
    with pytest.raises(WorldError, match="sales N A S is to be 5, but the table has nothing there"):
        update(world, [Wanted("sales", 5.0, "N", "A", "S")])
    # What is empty and not named is no gap in a margin.
    update(world, own_margins(world, ("supplier", "sector", "user")))


def test_margins_that_only_scaling_finds_contradictory(small):
    """Every common sum agrees, but one buyer would need more from a supplier than it sells."""
    rows = own_margins(small, ("supplier", "sector"))
    sales = small.flows[0, 0].sum()
    rows += [
        Wanted("sales", 0.8 * sales, "N", "A", use="household"),
        Wanted("sales", 0.8 * sales, "N", "A", "N"),
        Wanted("sales", 0.1 * sales, "N", "A", "N", "household"),
    ]
    with pytest.raises(WorldError) as error:
        update(small, rows)
    for word in ("margins: factors", "contradict each other", "a weight below 1"):
        assert word in str(error.value)


def test_margins_are_written_and_read(small, tmp_path):
    rows = own_margins(small, ("supplier", "use"), (), kinds=["gdp", "output"], source="a, b")
    rows.append(Wanted("value_added", 1.5, "N", "A", weight=0.25))
    path = write_margins(rows, tmp_path / "deep" / "m.csv")
    assert [replace(row, place="") for row in read_margins(path)] == rows
    assert path.read_text().splitlines()[0] == ",".join(COLUMNS)
    assert [file.name for file in path.parent.iterdir()] == ["m.csv"]
    with pytest.raises(OutputError, match="cannot be written"):
        write_margins(rows, path / "m.csv")
    with pytest.raises(WorldError, match="did you mean gdp"):
        own_margins(small, kinds=["gdpp"])
    with pytest.raises(WorldError, match="did you mean user"):
        own_margins(small, ("users",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("margin,supplier\n", ["line 1", "column 'value' is missing"]),
        ("margin,value,suplier\n", ["line 1", "'suplier'", "did you mean supplier"]),
        ("margin,value\nsales,5\nsalse,5\n", ["line 3", "'salse'", "did you mean sales"]),
        ("margin,value\nsales,5 bn\n", ["line 2: field value", "'5 bn'", "a number is right"]),
        ("margin,value,weight\nsales,5,x\n", ["line 2: field weight", "'x'"]),
        ("margin,value,weight\nsales,5,2\n", ["line 2, field weight", "2 found"]),
        ("margin,value,supplier\ngdp,5,M\n", ["line 2, field supplier", "region 'M'"]),
        ("margin,value\nsales,5\nsales,6\n", ["line 3: sales", "given already in line 2"]),
        ("margin,value\nsales,-5\n", ["line 2: sales is -5"]),
    ],
)
def test_a_margins_file_that_is_wrong(small, tmp_path, text, words):
    path = tmp_path / "m.csv"
    path.write_text(text)
    with pytest.raises(WorldError) as error:
        update(small, read_margins(path))
    missing = [word for word in ("m.csv", *words) if word not in str(error.value)]
    assert not missing, (missing, str(error.value))
