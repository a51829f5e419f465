"""Foreign value added in exports: closed forms, and what is told of a path from 2011."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.evidence import content
from zizhu.evidence.content import EXPORTS, FIRST, LAST, foreign_content, observed
from zizhu.indicators.path_circulation import Accounts
from zizhu.laboratory.validation import Runs


def accounts(seed: int = 0, regions: int = 3, sectors: int = 4) -> tuple[Accounts, np.ndarray]:
    """Books that balance: what is not an input is value added."""
    random = np.random.default_rng(seed)
    sold = random.random((regions, sectors, regions))
    by_input = random.random((sectors, regions, sectors))
    by_input /= by_input.sum(axis=2, keepdims=True)
    final = 5 * random.random((regions, sectors, regions))
    output = (sold + final).sum(axis=2)
    inputs = np.einsum("ikn,knj->nj", sold, by_input)
    return Accounts(sold, by_input, final, output), output - inputs


@pytest.mark.parametrize("place", [0, 1, 2])
def test_all_value_added_in_exports_is_somebodys(place):
    """By any region's own makers and by all others, a unit of exports is one unit."""
    books, added = accounts()
    foreign, exports = foreign_content(books, added, place)
    others = np.zeros_like(added)
    others[place] = added[place]
    # The same sum with the region's own value added alone.
    flows = (books.sold[..., None] * books.by_input[None]).reshape(added.size, added.size)
    need = np.eye(added.size) - flows / books.output.reshape(-1)
    own = np.linalg.solve(need.T, (others / books.output).reshape(-1)).reshape(added.shape)[place]
    np.testing.assert_allclose(foreign + own, 1.0, rtol=1e-12)
    sold = (books.sold + books.final)[place]
    np.testing.assert_allclose(exports, np.delete(sold, place, axis=1).sum(axis=1))


def test_who_buys_nothing_abroad_has_no_foreign_value_added():
    books, _ = accounts()
    sold = books.sold.copy()
    sold[1:, :, 0] = 0.0
    inputs = np.einsum("ikn,knj->nj", sold, books.by_input)
    output = (sold + books.final).sum(axis=2)
    closed = Accounts(sold, books.by_input, books.final, output)
    foreign, _ = foreign_content(closed, output - inputs, 0)
    np.testing.assert_allclose(foreign, 0.0, atol=1e-15)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_change_is_held_against_the_change_of_the_tables(name):
    moved = observed(name, LAST) - observed(name, FIRST)
    numbers = {f"{one} {year}": 20.0 for one in EXPORTS for year in (FIRST, LAST)}
    numbers[f"{name} {LAST}"] = 20.0 + moved
    (check,) = content.GROUP.checks(numbers)
    agrees = {part.name: part.agrees for part in check.parts}
    assert agrees[f"content_{name}_change"] is True
    other = next(one for one in EXPORTS if one != name)
    assert agrees[f"content_{other}_change"] is False


@pytest.mark.long
def test_a_path_from_2011_starts_at_its_table_and_misses_the_fall():
    """Published misses: imported parts fell by several points, growth alone moves them little."""
    found = content.GROUP.measure(Runs())
    assert set(found) == set(content.GROUP.names)
    for name in EXPORTS:
        assert found[f"{name} {FIRST}"] == pytest.approx(observed(name, FIRST), abs=0.5)
    (check,) = content.GROUP.checks(found)
    assert {part.name for part in check.missed} == {f"content_{name}_change" for name in EXPORTS}
