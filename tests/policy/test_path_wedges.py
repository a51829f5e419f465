"""The arrays of a path: nothing is nothing, order never matters, parts stay parts."""

from __future__ import annotations

from typing import get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zizhu.errors import ScenarioError
from zizhu.policy.path_wedges import PARTS, PathWedges

SHAPE = (3, 4, 2, 5, 2)  # years, regions, sectors, nodes, firms
NONE = PathWedges.none(*SHAPE)


def random(seed: int, density: float = 0.5) -> PathWedges:
    """Wedges on a random part of the cells, with parts of exactly nothing and everything."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, zeros in NONE._asdict().items():
        drawn = rng.uniform(0, 1, zeros.shape) if name in PARTS else rng.normal(size=zeros.shape)
        if name in PARTS:
            drawn = np.where(rng.uniform(size=zeros.shape) < 0.2, 1.0, drawn)
        arrays[name] = np.where(rng.uniform(size=zeros.shape) < density, drawn, 0.0)
    return PathWedges(**arrays)


def same(one: PathWedges, two: PathWedges, tolerance: float = 0.0) -> bool:
    return all(
        np.allclose(a, b, rtol=0, atol=tolerance) for a, b in zip(one, two, strict=True)
    ) and (tolerance > 0 or all((a == b).all() for a, b in zip(one, two, strict=True)))


def test_none_is_none():
    assert NONE.is_none
    assert NONE.shape == SHAPE
    for name in PathWedges._fields:
        changed = np.array(getattr(NONE, name))
        changed.flat[-1] = 1e-300
        assert not NONE._replace(**{name: changed}).is_none, name


def test_axes():
    t, n, k, m, f = SHAPE
    axes = {"tiki": (t, n, k, n), "tik": (t, n, k), "ti": (t, n), "tmi": (t, m, n)}
    axes |= {"tmii": (t, m, n, n), "tii": (t, n, n), "tf": (t, f)}
    for name, kind in get_type_hints(PathWedges).items():
        letters = kind.dim_str.replace(" ", "")
        assert getattr(NONE, name).shape == axes[letters], name


def test_none_cannot_be_changed_by_accident():
    for values in NONE:
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 1.0
    random(1).together(NONE).tariff[...] = 1.0  # results may be


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_order_does_not_matter(a, b, c):
    one, two, three = random(a), random(b), random(c)
    assert same(one.together(two), two.together(one))
    left, right = one.together(two).together(three), one.together(two.together(three))
    assert same(left, right, 1e-14)
    for name in PARTS:
        whole = getattr(left, name)
        assert ((whole >= 0) & (whole <= 1)).all()
        assert (whole >= getattr(one, name) - 1e-15).all()
        assert (whole[getattr(two, name) == 1.0] == 1.0).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_none_has_no_effect(seed):
    some = random(seed)
    assert same(some.together(NONE), some)
    assert same(NONE.together(some), some)


def test_changes_add_and_parts_combine():
    one, two = random(1), random(2)
    both = one.together(two)
    for name in PathWedges._fields:
        a, b = getattr(one, name), getattr(two, name)
        wanted = 1 - (1 - a) * (1 - b) if name in PARTS else a + b
        np.testing.assert_allclose(getattr(both, name), wanted, rtol=0, atol=1e-15, err_msg=name)


@pytest.mark.parametrize("axis", range(5))
def test_different_paths_are_refused(axis):
    other = list(SHAPE)
    other[axis] = 1  # would broadcast
    with pytest.raises(ScenarioError, match="different paths") as found:
        NONE.together(PathWedges.none(*other))
    assert ("3 years, 4 regions, 2 sectors, 5 nodes, 2 firms") in str(found.value)


def test_a_path_without_chains_or_firms():
    bare = PathWedges.none(2, 3, 4, 0, 0)
    assert bare.shape == (2, 3, 4, 0, 0)
    assert bare.together(bare).is_none
