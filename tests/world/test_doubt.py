"""Errors by class: which class a cell has, and what survives files and sums."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.world import World, aggregate, open_world
from zizhu.world.doubt import (
    SIZE,
    CellClass,
    Doubt,
    FigureClass,
    class_of,
    every_class,
    every_figure,
)

CLASSES = list(every_class())
FIGURES = list(every_figure())


def made_up(*own: str) -> Doubt:
    """A doubt whose every class has an error of its own."""
    cells = {one: round(0.01 + 0.001 * n, 3) for n, one in enumerate(CLASSES)}
    figures = {one: round(0.02 + 0.001 * n, 3) for n, one in enumerate(FIGURES)}
    return Doubt(cells, figures, own, "made up")


@pytest.fixture
def doubtful(tables) -> World:
    """A small world of which region N had a table of its own."""
    return World(**tables(doubt=made_up("N")))


def test_classes_are_all_combinations():
    assert len(CLASSES) == len(set(CLASSES)) == 2 * 2 * 5 * 3 * 2
    assert len(FIGURES) == len(set(FIGURES)) == 4 * 2 * 4 * 2


def test_class_of_every_cell(doubtful):
    """The index is that of the class found by words, cell by cell."""
    uses = np.concatenate([doubtful.intermediate, doubtful.final], axis=3)
    uses[0, 0, 1, 2] *= 1e-3  # medium and small cells
    uses[0, 1, 1, 2] *= 3e-2
    goods = (True, True, False)
    found = class_of(uses, goods, doubtful.final_uses, (True, False))
    bought = uses.sum(axis=(0, 1))
    seen = set()
    for i, k, n, j in np.ndindex(*uses.shape):
        share = uses[i, k, n, j] / bought[n, j]
        sectors = ("goods sectors", "goods sectors", "services sectors")
        wanted = CellClass(
            "goods" if goods[k] else "services",
            "domestic" if i == n else "imported",
            (*sectors, *doubtful.final_uses)[j],
            next(name for name, least in SIZE.items() if share >= least),
            ("own", "pooled")[n],
        )
        assert CLASSES[found[i, k, n, j]] == wanted
        seen.add(wanted.size)
    assert seen == {"large", "medium", "small"}


def test_class_of_refuses_other_shapes(small):
    uses = np.concatenate([small.intermediate, small.final], axis=3)
    with pytest.raises(ValueError, match="3 sectors, 4 uses are right"):
        class_of(uses, (True, True, False), ("household",), (True, True))


def test_a_user_that_buys_nothing_has_small_cells(small):
    uses = np.concatenate([small.intermediate, small.final], axis=3)
    uses[:, :, 1, 0] = 0.0
    found = class_of(uses, (True, True, False), small.final_uses, (True, True))
    assert {CLASSES[n].size for n in found[:, :, 1, 0].ravel()} == {"small"}


def test_text_and_back():
    doubt = made_up("N", "S")
    again = Doubt.from_json(doubt.to_json())
    assert again == doubt


@pytest.mark.parametrize("kind", ["errors", "figures"])
def test_a_class_without_an_error_is_refused(kind):
    doubt = made_up("N")
    held = dict(getattr(doubt, kind))
    first = next(iter(held))
    del held[first]
    parts = {"errors": doubt.errors, "figures": doubt.figures, kind: held}
    text = Doubt(parts["errors"], parts["figures"], ("N",), "").to_json()
    with pytest.raises(ValueError, match="has no error") as error:
        Doubt.from_json(text)
    assert "|".join(first) in str(error.value)


def test_relative_errors_of_a_world(doubtful, small):
    """One error for each cell of the table, final uses after the sectors."""
    assert small.relative_errors() is None
    found = doubtful.relative_errors()
    assert found.shape == (2, 3, 2, 3 + 2)
    # A, C10T12 are goods; all cells are large here.
    wanted = CellClass("goods", "imported", "government", "large", "own")
    assert found[1, 0, 0, 4] == doubtful.doubt.errors[wanted]
    wanted = CellClass("services", "domestic", "services sectors", "large", "pooled")
    assert found[1, 2, 1, 2] == doubtful.doubt.errors[wanted]


def test_a_sum_has_its_own_structure_if_all_members_have(tables):
    both, one = (World(**tables(doubt=made_up(*own))) for own in (("N", "S"), ("S",)))
    together = {"ALL": ["N", "S"]}
    assert aggregate(both, regions=together).doubt.own_structure == ("ALL",)
    assert aggregate(one, regions=together).doubt.own_structure == ()
    renamed = aggregate(one, regions={"X": ["N"], "Y": ["S"]}).doubt
    assert renamed.own_structure == ("Y",)
    assert renamed.errors == one.doubt.errors
    assert renamed.figures == one.doubt.figures
    assert aggregate(World(**tables()), regions=together).doubt is None


@pytest.mark.parametrize("year", ["2017", "2022"])
def test_shipped_worlds_know_their_errors(year):
    world = open_world(year)
    errors = world.relative_errors()
    assert errors.shape == (29, 38, 29, 41)
    assert (errors > 0).all()
    own = set(world.doubt.own_structure)
    assert {"CHN", "USA", "TWN", "DEU", "REU"} <= own
    assert not own & {"VNM", "SGP", "CHE", "ROW"}
    assert set(map(type, world.doubt.figures)) == {FigureClass}
    # By value, domestic cells are known better than imported ones, large better than small.
    uses = np.concatenate([world.intermediate, world.final], axis=3)
    home = np.eye(29, dtype=bool)[:, None, :, None]

    def mean(chosen):
        return np.average(errors, weights=uses * chosen)

    assert mean(home) < mean(~home)
